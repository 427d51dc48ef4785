"""Render workbooks and web pages to the pictures of the documentation.

Workbooks are printed by LibreOffice, web pages by Chromium; Poppler draws what they print.

python tools/make_pictures.py    writes docs/pictures/

It needs openpyxl and xlgoals, so run it by the Python of the virtual environment.

The workbooks ask for 宋体 and 黑体, which only Chinese Windows has. Noto Serif CJK SC and Noto Sans
CJK SC stand in for them here, so that the pictures look like the form on the units' screens.
"""

import os
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

from bootstrap import ROOT, SetUpError, run_main, run_quietly
from half_filled import BLANK, HALF_FILLED_SHEET, SELF_CHECK, half_fill, opened
from office import (
    convert_with_libreoffice,
    ensure_libreoffice,
    missing_packages,
    recalculate_with_libreoffice,
)
from unit_story import first_try

PICTURES = ROOT / "docs" / "pictures"
FILLED = ROOT / "examples" / "filled-2020.xlsx"
# Only a form's first page has this text; the guide before it may take more than one page.
FIRST_PAGE_OF_FORM = "项目名称："
CAMPAIGN, CARRIED_SHEET = ROOT / "examples" / "campaign-2021.toml", "项目2"

_A3 = 8
_MARGIN = 12  # pixels kept round a picture that is cut to what it shows
_DESK, _PHONE = (1000, 1100), (360, 740)  # windows
_GAP = 100  # pixels of white above the foot of a page

# The sheets of a summary workbook, and what their pictures are called.
SUMMARY_SHEETS = {
    "总览": "overview",
    "项目汇总": "projects",
    "类别小计": "by-category",
    "单位小计": "by-unit",
    "指标明细": "indicators",
    "问题清单": "problems",
    "报送情况": "returns",
    "文件清单": "files",
}

_STAND_INS = {
    "宋体": "Noto Serif CJK SC",
    "SimSun": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
    "SimHei": "Noto Sans CJK SC",
}
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">{system}</include>
{matches}
</fontconfig>
"""
_MATCH = """<match target="pattern">
<test name="family" qual="any"><string>{asked}</string></test>
<edit name="family" mode="prepend_first" binding="strong"><string>{given}</string></edit>
</match>"""
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def main() -> int:
    """Write the pictures of the documentation."""
    for needed in (FILLED, BLANK):
        if not needed.is_file():
            raise SetUpError(f"There is no {needed.relative_to(ROOT)} to make pictures of.")
    with tempfile.TemporaryDirectory() as folder:
        guide, *filled = _guide_and_form(FILLED, Path(folder, "filled"))
        _, *blank = _guide_and_form(BLANK, Path(folder, "blank"))
        screen, self_check = _half_filled_pictures(Path(folder, "half"))
        pictures = {"filled-guide.png": guide, **_returned_pictures(Path(folder, "returned"))}
        for kind, pages in (("filled", filled), ("blank", blank)):
            pictures.update({f"{kind}-page{n}.png": page for n, page in enumerate(pages, 1)})
        pictures.update({"half-filled-screen.png": screen, "self-check.png": self_check})
        pictures["carried-screen.png"] = _carried_picture(Path(folder, "carried"))
        pictures.update(_summary_pictures(Path(folder, "summary")))
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, page in pictures.items():
            (PICTURES / name).write_bytes(page.read_bytes())
            print(f"{(PICTURES / name).relative_to(ROOT)}  {page.stat().st_size // 1024} KB")
    return 0


def render(workbook: Path, outdir: Path, dpi: int = 80) -> "list[Path]":
    """One PNG for each page that the workbook prints, in the order of printing."""
    with tempfile.TemporaryDirectory() as folder:
        return draw(print_pages(workbook, Path(folder)), outdir, dpi)


def _guide_and_form(workbook: Path, folder: Path) -> "tuple[Path, Path, Path]":
    """The guide's first page and the first form's two."""
    pdf = print_pages(workbook, folder)
    texts = page_texts(pdf)
    form = next((n for n, page in enumerate(texts) if FIRST_PAGE_OF_FORM in page), len(texts))
    pages = draw(pdf, folder)
    if not 0 < form < len(pages) - 1:
        raise SetUpError(f"{workbook} does not print a guide and a form of two pages.")
    return pages[0], pages[form], pages[form + 1]


def _half_filled_pictures(folder: Path) -> "tuple[Path, Path]":
    """A form as its filler sees it on the screen, and what 自检 says of it."""
    folder.mkdir()
    workbook = half_fill(BLANK, folder / "half.xlsx")
    screen, self_check = (
        print_pages(one_sheet(workbook, name, folder / f"{n}.xlsx"), folder)
        for n, name in enumerate((HALF_FILLED_SHEET, SELF_CHECK))
    )
    return draw(screen, folder, 120, cut=True)[0], draw(self_check, folder, 90, cut=True)[0]


def _carried_picture(folder: Path) -> Path:
    """A form that a refresh has prefilled, as its filler sees it on the screen."""
    from xlgoals.campaign.refresh import refresh
    from xlgoals.campaign.source import read_campaign

    refresh(read_campaign(CAMPAIGN), outbox=folder / "outbox", jobs=1)
    (workbook,) = (folder / "outbox").glob("*.xlsx")
    screen = one_sheet(workbook, CARRIED_SHEET, folder / "one.xlsx")
    return draw(print_pages(screen, folder), folder, 100, cut=True)[0]


def _summary_pictures(folder: Path) -> "dict[str, Path]":
    """The beginning of each sheet of a summary workbook, and the page of status, by name."""
    from contextlib import chdir

    import xlgoals
    from make_season import DEADLINE, INBOX, ROSTER, make_season
    from xlgoals.html.status_page import status_html
    from xlgoals.season.roster import read_roster
    from xlgoals.summary.write import write_summary

    # The times that the sheets show are those of the machine that writes them.
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    make_season(folder)
    workbook = folder / "summary.xlsx"
    with chdir(folder):  # so that its files are shown as finance would see them
        season = xlgoals.consolidate([INBOX], roster=read_roster(ROSTER), deadline=DEADLINE)
        write_summary(workbook.name, season)
    pdf = print_pages(workbook, folder)
    pages = draw(pdf, folder / "72", 72, cut=True)
    overview, *_ = draw(pdf, folder / "90", 90, cut=True)
    first: dict[str, Path] = {}
    for text, page in zip(page_texts(pdf), pages, strict=True):
        title, *_ = text.split()
        first.setdefault(title, page)
    pictures = {f"summary-{name}.png": first[title] for title, name in SUMMARY_SHEETS.items()}
    page = folder / "html-status.html"
    page.write_text(status_html(season), encoding="utf-8")
    status = screen_of(page, folder / "html-status.png", _DESK)
    return {**pictures, "summary-overview.png": overview, "html-status.png": status}


def _returned_pictures(folder: Path) -> "dict[str, Path]":
    """What a unit gets back: the list of problems, the form with its marks, the same as a page."""
    from dataclasses import replace

    import xlgoals
    from xlgoals.html.check_page import check_html

    (folder / "typed").mkdir(parents=True)
    typed, returned = first_try(folder / "typed" / "sent.xlsx"), folder / "returned.xlsx"
    soffice = ensure_libreoffice()
    if soffice is None:
        raise SetUpError("The pictures need LibreOffice, so none are made.")
    (sent,) = recalculate_with_libreoffice(soffice, [typed], folder, folder / "saving")
    submission = xlgoals.read(sent)
    returned.write_bytes(xlgoals.annotated_copy(sent, submission))
    pdf = print_pages(returned, folder)
    form = next(n for n, page in enumerate(page_texts(pdf)) if FIRST_PAGE_OF_FORM in page)
    page = folder / "page.html"
    page.write_text(check_html([replace(submission, file="社区科普讲堂.xlsx")]), encoding="utf-8")
    return {
        # The first page is cut to the list, the form's is shown as it is printed.
        "returned-list.png": draw(pdf, folder / "cut", 90, cut=True)[0],
        "returned-form.png": draw(pdf, folder)[form],
        "html-check.png": screen_of(page, folder / "desk.png", _DESK),
        "html-check-phone.png": screen_of(page, folder / "phone.png", _PHONE),
    }


def screen_of(page: Path, target: Path, size: "tuple[int, int]") -> Path:
    """The top of a web page in a window of so many pixels."""
    from browser import chromium

    width, height = size
    with chromium() as browser:
        window = browser.new_page(viewport={"width": width, "height": height})
        window.goto(page.resolve().as_uri())
        window.screenshot(path=target)
    return target


def one_sheet(workbook: Path, name: str, target: Path) -> Path:
    """A copy that prints a sheet alone, with all that the screen shows of it, on one page."""
    book = opened(workbook)
    for other in book.worksheets:
        if other.title != name:
            other.sheet_state = "hidden"
            other.print_area = None  # LibreOffice prints the areas of hidden sheets, too
    sheet = book[name]
    book.active = book.index(sheet)
    columns = sheet.column_dimensions.values()
    hidden = [column.min for column in columns if column.hidden]
    last = sheet.cell(sheet.max_row, min(hidden) - 1 if hidden else sheet.max_column)
    sheet.print_area = f"A1:{last.coordinate}"
    sheet.print_options.headings = bool(hidden)  # messages speak of rows and columns
    sheet.row_breaks.brk = []
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if hidden else 0
    sheet.page_setup.paperSize = _A3 if hidden else sheet.page_setup.paperSize
    sheet.page_setup.blackAndWhite = False
    book.save(target)
    return target


def page_texts(pdf: Path) -> "list[str]":
    """The text of each page of a PDF, cell by cell even where a cell has several lines."""
    text = pdf.with_suffix(".txt")
    run_quietly(["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), str(text)])
    return text.read_text(encoding="utf-8").split("\f")[:-1]


def draw(pdf: Path, outdir: Path, dpi: int = 80, cut: bool = False) -> "list[Path]":
    """One PNG for each page of a PDF, whole or cut to what is on it."""
    outdir.mkdir(parents=True, exist_ok=True)
    pages = []
    with tempfile.TemporaryDirectory() as folder:
        run_quietly(["pdftoppm", "-r", str(dpi), str(pdf), str(Path(folder, "page"))])
        for number, image in enumerate(sorted(Path(folder).glob("page-*.ppm")), 1):
            page = outdir / f"{pdf.stem}-{number}.png"
            pixels = _read_ppm(image.read_bytes())
            page.write_bytes(_png(*(_cut(*pixels) if cut else pixels)))
            pages.append(page)
    return pages


def print_pages(workbook: Path, folder: Path) -> Path:
    """The PDF that a workbook prints, once LibreOffice has worked out every formula anew."""
    soffice = ensure_libreoffice()
    if soffice is None or set(missing_packages()) - {"gnumeric", "python3-uno"}:
        raise SetUpError("The pictures need all of these, so none are made.")
    folder.mkdir(parents=True, exist_ok=True)
    fonts = folder / "fonts.conf"
    matches = [_MATCH.format(asked=asked, given=given) for asked, given in _STAND_INS.items()]
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    fonts.write_text(_FONTS.format(system=system, matches="\n".join(matches)), encoding="utf-8")
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    return convert_with_libreoffice(soffice, workbook, "pdf", folder, folder / "profile", env)


def _cut(width: int, height: int, rgb: bytes) -> "tuple[int, int, bytes]":
    """What is left of an image without its white edges, and without the foot of its page."""
    rows = [rgb[start : start + 3 * width] for start in range(0, 3 * width * height, 3 * width)]
    inked = [number for number, row in enumerate(rows) if row.strip(b"\xff")]
    if not inked:
        return width, height, rgb
    if len(inked) > 1:
        foot = [n for n in range(1, len(inked)) if inked[n] - inked[n - 1] > _GAP]
        inked = inked[: foot[-1]] if foot else inked
    rows = rows[max(inked[0] - _MARGIN, 0) : inked[-1] + 1 + _MARGIN]
    left = min((len(row) - len(row.lstrip(b"\xff"))) // 3 for row in rows)
    right = max(-(-len(row.rstrip(b"\xff")) // 3) for row in rows)
    left, right = max(left - _MARGIN, 0), min(right + _MARGIN, width)
    rows = [row[3 * left : 3 * right] for row in rows]
    return right - left, len(rows), b"".join(rows)


def _read_ppm(data: bytes) -> "tuple[int, int, bytes]":
    magic, width, height, depth = data.split(maxsplit=4)[:4]
    wanted = 3 * int(width) * int(height)
    if magic != b"P6" or depth != b"255":
        raise SetUpError("pdftoppm wrote an image of an unexpected kind.")
    # Counted from the end, because the first pixels may look like white space.
    return int(width), int(height), data[len(data) - wanted :]


def _png(width: int, height: int, rgb: bytes) -> bytes:
    """A PNG with a palette: the finest shades that fit into 16 colours, else into 256."""
    colours = list(zip(rgb[::3], rgb[1::3], rgb[2::3], strict=True))
    for step, size in ((17, 16), (15, 256), (17, 256), (51, 256)):
        shade = [round(value / step) * step for value in range(256)]
        nearest = {c: (shade[c[0]], shade[c[1]], shade[c[2]]) for c in set(colours)}
        palette = sorted(set(nearest.values()))
        if len(palette) <= size:
            break
    place = {colour: index for index, colour in enumerate(palette)}
    index_of = {colour: place[near] for colour, near in nearest.items()}
    pixels = bytes(index_of[colour] for colour in colours)
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    bits = 8
    if len(palette) <= 16:
        bits, rows = 4, [_packed(row) for row in rows]
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, bits, 3, 0, 0, 0)
    flat = bytes(value for colour in palette for value in colour)
    chunks = ((b"IHDR", header), (b"PLTE", flat), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _packed(row: bytes) -> bytes:
    """Two pixels a byte."""
    even = row + b"\0" * (len(row) % 2)
    return bytes(a << 4 | b for a, b in zip(even[::2], even[1::2], strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(__doc__)
    run_main(main)
