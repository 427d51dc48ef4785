"""A filled form saved by real programs as .xls, .xlsb or .ods gives the same forms."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xlgoals
from conftest import Convert
from reader_zip import refusal
from sheetjs import convert_with_sheetjs
from xlgoals import codes
from xlgoals.findings import Finding, Severity
from xlgoals.reader import Limits
from xlgoals.submission import Status, Submission

pytestmark = pytest.mark.slow

EXAMPLES = ("filled-2020", "mistakes-2020")


def told(submission: Submission) -> set[tuple[str | None, str | None, str]]:
    return {(f.sheet, f.cell, f.code) for f in submission.findings}


def about_the_format(submission: Submission) -> Finding:
    (finding,) = [f for f in submission.findings if f.code == codes.OTHER_FORMAT.id]
    return finding


@pytest.fixture(scope="module")
def sheetjs(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sheetjs")
    targets = {suffix: folder / f"filled.{suffix}" for suffix in ("xls", "xlsb", "ods")}
    convert_with_sheetjs(_with_short_texts(examples_dir, folder), list(targets.values()))
    return targets


def _with_short_texts(examples_dir: Path, folder: Path) -> Path:
    """SheetJS cuts texts off at 255 characters when it writes .xls."""
    path = folder / "short.xlsx"
    book = openpyxl.load_workbook(examples_dir / "filled-2020.xlsx", data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and len(cell.value) > 250:
                    cell.value = cell.value[:250].strip()
    book.save(path)
    return path


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_libreoffice(
    convert: Convert, examples_dir: Path, tmp_path: Path, name: str, suffix: str
) -> None:
    path = examples_dir / f"{name}.xlsx"
    before, after = xlgoals.read(path), xlgoals.read(convert(path, suffix, tmp_path))
    assert after.forms == before.forms
    finding = about_the_format(after)
    assert finding.severity is Severity.WARNING
    assert f".{suffix} 文件" in finding.message
    # The workbook's own verdict is one of the live checks, which the format loses.
    verdicts = {place for place in told(before) if place[2] == codes.VERDICT_OUTDATED.id}
    assert told(before) - verdicts <= told(after)
    assert told(after) - told(before) == {(None, None, codes.OTHER_FORMAT.id)}
    assert after.plan == before.plan  # the workbook still says what it is


@pytest.mark.parametrize("suffix", ["xls", "xlsb", "ods"])
def test_sheetjs(sheetjs: dict[str, Path], suffix: str) -> None:
    path = sheetjs[suffix]
    before, after = xlgoals.read(path.parent / "short.xlsx"), xlgoals.read(path)
    assert after.forms == before.forms
    assert after.status is Status.WARNINGS
    assert about_the_format(after).severity is Severity.WARNING
    # Its .ods keeps dates as bare numbers, and that is said.
    extra = {code for _, _, code in told(after) - told(before)}
    assert extra <= {codes.OTHER_FORMAT.id, codes.DATE_NORMALISED.id}


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_values_as_people_type_them(
    convert: Convert, examples_dir: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / "typed.xlsx"
    book = openpyxl.load_workbook(examples_dir / "filled-2020.xlsx")
    sheet = book["项目1"]
    sheet["D28"], sheet["D28"].number_format = 1, "0%"
    sheet["D32"], sheet["D32"].number_format = "=100%", "General"
    sheet["B5"], sheet["B5"].number_format = 43831, "General"
    sheet["B14"] = "=600000+50000"
    sheet["E14"] = "=1/0"
    book.save(path)
    submission = xlgoals.read(convert(path, suffix, tmp_path))
    by_cell = {f.cell: f.code for f in submission.findings if f.sheet == "项目1"}
    form = submission.forms[0]
    assert by_cell["D28"] == codes.NUMBER_AS_TEXT.id
    assert {item.target.text for item in form.indicators if item.target} >= {"100%", "=100%"}
    assert by_cell["B5"] == codes.DATE_NORMALISED.id
    assert str(form.start_date) == "2020-01-01"
    assert by_cell["B14"] == codes.FORMULA_RESULT.id
    assert form.total_budget == 650000
    assert by_cell["E14"] == codes.ERROR_VALUE.id
    assert form.current_budget is None


def test_a_workbook_that_takes_too_long_is_given_up(convert: Convert, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text((",".join(str(n) for n in range(40)) + "\n") * 60_000, encoding="ascii")
    large = convert(path, "xls", tmp_path)
    assert refusal(large).limit in ("cells", "memory_bytes", "seconds")
    patient = Limits(cells=10_000_000, memory_bytes=4 << 30, seconds=1)
    assert refusal(large, patient).limit == "seconds"
