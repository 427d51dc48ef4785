"""Render workbooks to the pictures of the documentation: LibreOffice, then Poppler.

python3 tools/make_pictures.py    writes docs/pictures/

The workbooks ask for 宋体 and 黑体, which only Chinese Windows has. Noto Serif CJK SC and Noto Sans
CJK SC stand in for them here, so that the pictures look like the form on the units' screens.
"""

import os
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from bootstrap import ROOT, SetUpError, run_main, run_quietly
from office import convert_with_libreoffice, ensure_libreoffice, missing_packages

PICTURES = ROOT / "docs" / "pictures"
FILLED = ROOT / "examples" / "filled-2020.xlsx"
BLANK = ROOT / "templates" / "shanghai-2020.xlsx"
# Only a form's first page has this text; the guide before it may take more than one page.
FIRST_PAGE_OF_FORM = "申报单位名称："

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


def main() -> int:
    """Write the pictures of the documentation."""
    for needed in (FILLED, BLANK):
        if not needed.is_file():
            raise SetUpError(f"There is no {needed.relative_to(ROOT)} to make pictures of.")
    with tempfile.TemporaryDirectory() as folder:
        guide, *filled = _guide_and_form(FILLED, Path(folder, "filled"))
        _, *blank = _guide_and_form(BLANK, Path(folder, "blank"))
        pictures = {"filled-guide.png": guide}
        for kind, pages in (("filled", filled), ("blank", blank)):
            pictures.update({f"{kind}-page{n}.png": page for n, page in enumerate(pages, 1)})
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, page in pictures.items():
            (PICTURES / name).write_bytes(page.read_bytes())
            print(f"{(PICTURES / name).relative_to(ROOT)}  {page.stat().st_size // 1024} KB")
    return 0


def render(workbook: Path, outdir: Path, dpi: int = 80) -> "list[Path]":
    """One PNG for each page that the workbook prints, in the order of printing."""
    with tempfile.TemporaryDirectory() as folder:
        return _draw(_print(workbook, Path(folder)), outdir, dpi)


def _guide_and_form(workbook: Path, folder: Path) -> "tuple[Path, Path, Path]":
    """The guide's first page and the first form's two."""
    folder.mkdir()
    pdf, text = _print(workbook, folder), folder / "text.txt"
    run_quietly(["pdftotext", "-enc", "UTF-8", str(pdf), str(text)])
    texts = text.read_text(encoding="utf-8").split("\f")
    form = next((n for n, page in enumerate(texts) if FIRST_PAGE_OF_FORM in page), len(texts))
    pages = _draw(pdf, folder)
    if not 0 < form < len(pages) - 1:
        raise SetUpError(f"{workbook} does not print a guide and a form of two pages.")
    return pages[0], pages[form], pages[form + 1]


def _draw(pdf: Path, outdir: Path, dpi: int = 80) -> "list[Path]":
    """One PNG for each page of a PDF."""
    outdir.mkdir(parents=True, exist_ok=True)
    pages = []
    with tempfile.TemporaryDirectory() as folder:
        run_quietly(["pdftoppm", "-r", str(dpi), str(pdf), str(Path(folder, "page"))])
        for number, image in enumerate(sorted(Path(folder).glob("page-*.ppm")), 1):
            page = outdir / f"{pdf.stem}-{number}.png"
            page.write_bytes(_png(*_read_ppm(image.read_bytes())))
            pages.append(page)
    return pages


def _print(workbook: Path, folder: Path) -> Path:
    soffice = ensure_libreoffice()
    if soffice is None or missing_packages():
        raise SetUpError("The pictures need all of these, so none are made.")
    fonts = folder / "fonts.conf"
    matches = [_MATCH.format(asked=asked, given=given) for asked, given in _STAND_INS.items()]
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    fonts.write_text(_FONTS.format(system=system, matches="\n".join(matches)), encoding="utf-8")
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    return convert_with_libreoffice(soffice, workbook, "pdf", folder, folder / "profile", env)


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
