"""What a user sees: the form on paper and on the screen, and 自检, as LibreOffice draws them."""

from __future__ import annotations

import re
import struct
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

import half_filled
import make_pictures
import xlgoals
from bootstrap import ROOT, in_ci
from office import missing_packages
from xlgoals.findings import Finding, Severity
from xlgoals.records import load_forms

pytestmark = pytest.mark.slow

DPI = 60
LAYOUT, YEAR = "shanghai-2020", 2020
SHEET = half_filled.HALF_FILLED_SHEET
SELF_CHECK = half_filled.SELF_CHECK
SHEETS = make_pictures.SUMMARY_SHEETS
Colour = tuple[int, int, int]


class Picture(NamedTuple):
    """A PNG of our own making, as its colours."""

    width: int
    rows: list[list[Colour]]

    @classmethod
    def of(cls, path: Path) -> Picture:
        data, place, chunks = path.read_bytes(), 8, {}
        while place < len(data):
            (length,) = struct.unpack_from(">I", data, place)
            chunks[data[place + 4 : place + 8]] = data[place + 8 : place + 8 + length]
            place += 12 + length
        width, height, bits = struct.unpack_from(">IIB", chunks[b"IHDR"])
        flat = chunks[b"PLTE"]
        palette = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        raw = zlib.decompress(chunks[b"IDAT"])
        rows = []
        for line in (raw[n + 1 : n + len(raw) // height] for n in _starts(raw, height)):
            pixels = line if bits == 8 else bytes(p for b in line for p in (b >> 4, b & 15))
            rows.append([palette[pixel] for pixel in pixels[:width]])
        return cls(width, rows)

    def share(self, wanted: str) -> float:
        """How much of the picture is of a colour."""
        found = sum(_named(colour) == wanted for row in self.rows for colour in row)
        return found / (self.width * len(self.rows))

    def at(self, x: float, y: float) -> str:
        """The colour of a place given in points."""
        return _named(self.rows[round(y * DPI / 72)][round(x * DPI / 72)])


def _starts(raw: bytes, height: int) -> range:
    return range(0, len(raw), len(raw) // height)


def _named(colour: Colour) -> str:
    """Fills of the live checks; a picture's palette is coarse."""
    red, green, blue = colour
    if min(colour) >= 250:
        return "white"
    if red >= 245 and 190 <= green <= 210 and 195 <= blue <= 215:
        return "red"
    if red >= 245 and 230 <= green <= 245 and 195 <= blue <= 215:
        return "yellow"
    return "other"


class Word(NamedTuple):
    """Where a word stands on a page, in points."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass
class Printed:
    """What a workbook prints, page by page."""

    pdf: Path
    texts: list[str]
    pages: list[Picture]

    @classmethod
    def of(cls, workbook: Path, folder: Path) -> Printed:
        pdf = make_pictures.print_pages(workbook, folder)
        drawn = make_pictures.draw(pdf, folder, DPI)
        texts = ["".join(text.split()) for text in make_pictures.page_texts(pdf)]
        return cls(pdf, texts, [Picture.of(page) for page in drawn])

    def numbers(self, mark: str) -> list[int]:
        """The pages that hold a text."""
        return [number for number, text in enumerate(self.texts) if mark in text]

    @property
    def form_pages(self) -> list[int]:
        """Page 1 and page 2 of each form."""
        return [
            number
            for mark in self.numbers(make_pictures.FIRST_PAGE_OF_FORM)
            for number in (mark, mark + 1)
        ]

    @property
    def self_check(self) -> str:
        """What 自检 says at its beginning."""
        (number,) = self.numbers(f"（{YEAR}年度）{SELF_CHECK}")
        return self.texts[number]

    def word(self, text: str) -> Word:
        """Where a word stands on the first page."""
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-enc", "UTF-8", str(self.pdf), "-"],
            capture_output=True, encoding="utf-8", check=True,
        ).stdout  # fmt: skip
        number = r'"([\d.]+)"'
        pattern = rf"xMin={number} yMin={number} xMax={number} yMax={number}>([^<]*)<"
        (found,) = (box for box in re.findall(pattern, boxes) if box[4] == text)
        return Word(*(float(edge) for edge in found[:4]))


@pytest.fixture(scope="module")
def folder(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this module's own, on a machine that can draw."""
    lacking = set(missing_packages()) - {"gnumeric", "python3-uno"}
    if lacking:
        reason = f"{' and '.join(sorted(lacking))} are not installed"
        if in_ci():
            pytest.fail(f"{reason}, and in continuous integration no test may be left out")
        pytest.skip(reason)
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def half(folder: Path) -> Path:
    """A form on which somebody is still at work."""
    blank = folder / "blank.xlsx"
    xlgoals.write_template(blank, LAYOUT, YEAR)
    return half_filled.half_fill(blank, folder / "half.xlsx")


@pytest.fixture(scope="module")
def half_printed(half: Path, folder: Path) -> Printed:
    return Printed.of(half, folder / "half")


@pytest.fixture(scope="module")
def screen(half: Path, folder: Path) -> Printed:
    sheet = make_pictures.one_sheet(half, SHEET, folder / "screen.xlsx")
    return Printed.of(sheet, folder / "screen")


@pytest.fixture(scope="module")
def filled_printed(folder: Path) -> Printed:
    """Three forms that their authority accepted."""
    layout = xlgoals.load_layout(LAYOUT)
    forms = load_forms(ROOT / "examples" / f"forms-{YEAR}.json", layout)
    path = folder / "filled.xlsx"
    xlgoals.write_template(path, layout, YEAR, forms=forms)
    return Printed.of(path, folder / "filled")


def findings(half: Path) -> tuple[Finding, ...]:
    return tuple(f for f in xlgoals.read(half).findings if f.severity is not Severity.INFO)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_half_filled_form_meets_every_colour(half: Path) -> None:
    found = findings(half)
    assert {f.severity for f in found} == {Severity.ERROR, Severity.WARNING}
    assert "required" in {f.code for f in found}


def test_the_screen_shows_every_message_beside_the_form(screen: Printed, half: Path) -> None:
    (text,) = screen.texts
    for finding in findings(half):
        assert squeezed(finding.message) in text


def test_the_screen_shows_colours_where_something_is_to_be_mended(screen: Printed) -> None:
    (page,) = screen.pages
    for wrong in ("2020年11月31日", "150,000.00"):
        word = screen.word(wrong)
        assert page.at(word.right + 3, word.middle) == "red", wrong
    for good in ("2020-03-01", "98,000.00", "≥24场"):
        word = screen.word(good)
        assert page.at(word.right + 3, word.middle) == "white", good
    missing = screen.word("项目设立的必要性：")
    column = screen.word("社区科普讲堂")
    assert page.at(column.left + 20, missing.middle) == "yellow"
    assert page.share("red") > 0.01
    assert page.share("yellow") > 0.03


def test_each_form_prints_on_two_pages(half_printed: Printed, filled_printed: Printed) -> None:
    for printed in (half_printed, filled_printed):
        assert len(printed.texts) == len(printed.pages)
        assert printed.form_pages == [1, 2, 3, 4, 5, 6]
        for number in printed.form_pages:
            picture = printed.pages[number]
            assert (picture.width, len(picture.rows)) == pytest.approx((496, 702), abs=2)  # A4
            assert 0.02 < 1 - picture.share("white") < 0.5


def test_no_page_is_blank(half_printed: Printed, filled_printed: Printed) -> None:
    for printed in (half_printed, filled_printed):
        assert all(printed.texts)
        assert all(picture.share("white") < 0.999 for picture in printed.pages)


def test_the_official_pages_print_no_message(half_printed: Printed, half: Path) -> None:
    for number in half_printed.form_pages:
        for finding in findings(half):
            assert squeezed(finding.message) not in half_printed.texts[number]
            # Nor a part of it that fits beside the form.
            assert squeezed(finding.message)[:12] not in half_printed.texts[number]


def test_the_official_pages_print_no_fill(half: Path, filled_printed: Printed) -> None:
    # LibreOffice knows no printing in black and white; Excel and WPS do as the sheet says.
    book = openpyxl.load_workbook(half)
    assert all(book[f"项目{n}"].page_setup.blackAndWhite for n in (1, 2, 3))
    for number in filled_printed.form_pages:
        assert filled_printed.pages[number].share("red") == 0
        assert filled_printed.pages[number].share("yellow") == 0


def test_self_check_counts_and_lists_what_is_to_be_mended(
    half_printed: Printed, half: Path
) -> None:
    found = findings(half)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    assert f"还有{errors}处需要修改" in half_printed.self_check
    assert "可以提交" not in half_printed.self_check
    for finding in found:
        assert f"{finding.cell}{squeezed(finding.label or '')}" in half_printed.self_check
        assert squeezed(finding.message) in half_printed.self_check


def test_self_check_lets_a_workbook_without_errors_go(filled_printed: Printed) -> None:
    assert "可以提交" in filled_printed.self_check
    assert "需要修改" not in filled_printed.self_check


@pytest.mark.parametrize(
    "name",
    [
        "half-filled-screen",
        "carried-screen",
        "self-check",
        *(f"summary-{n}" for n in SHEETS.values()),
    ],
)
def test_the_kept_pictures_are_small_and_show_something(name: str) -> None:
    path = make_pictures.PICTURES / f"{name}.png"
    assert path.stat().st_size < (60_000 if "summary" in name else 150_000)
    picture = Picture.of(path)
    assert 600 < picture.width < 1200
    assert 0.02 < 1 - picture.share("white") < 0.5
