"""The reader sees what openpyxl sees, in files of several programs."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from conftest import Convert
from few_and_many import mostly_slow
from oracle import compare
from xlgoals.reader import read_workbook

ROOT = Path(__file__).resolve().parent.parent
KEPT = sorted([*ROOT.glob("templates/*.xlsx"), *ROOT.glob("examples/*.xlsx")])

TEXTS = [
    "项目名称",
    " blanks ",
    "two\nlines",
    "<&>\"'",
    "混合 mixed 文字\nABC 中文",
    "=100%",
    "'50",
    "𠮷",
]


def with_xlsxwriter(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    book.set_custom_property("layout", "shanghai-2020")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True})
    for name in ("项目1", "it's"):
        sheet = book.add_worksheet(name)
        for row, value in enumerate(TEXTS):
            sheet.write_string(row, 0, value, text)
            sheet.write_blank(row, 1, None, text)
        sheet.write_number(0, 2, 0.125, book.add_format({"num_format": 10}))
        sheet.write_datetime(1, 2, datetime.datetime(2020, 1, 1), date)
        sheet.write_boolean(2, 2, True)
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 2, '=IF(C1>0,"是","")', None, "是")
        sheet.write_formula(5, 2, "=SUM(C1:C1)", None, 0.125)
        sheet.write_rich_string(6, 2, "a ", bold, "粗", " c")
        sheet.write_array_formula(7, 2, 7, 2, "{=SUM(C1:C1*2)}", None, 0.25)
        sheet.merge_range(9, 0, 9, 3, "合并", text)
        quoted = name.replace("'", "''")
        book.define_name(f"{name}!field", f"='{quoted}'!$A$1")
    book.worksheets()[1].hide()
    book.close()


def with_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目1"
    for row, value in enumerate(TEXTS, 1):
        cell = sheet.cell(row, 1, value)
        cell.data_type, cell.number_format = "s", "@"
    sheet["C1"], sheet["C1"].number_format = 0.5, "0.0%"
    sheet["C2"] = datetime.date(2020, 1, 1)
    sheet["C3"], sheet["C4"] = False, "=A1&C1"
    sheet.merge_cells("A10:D10")
    book.create_sheet("空").sheet_state = "veryHidden"
    book.save(path)


WRITERS: list[Callable[[Path], None]] = [with_xlsxwriter, with_openpyxl]


@pytest.mark.parametrize("writer", WRITERS)
def test_files_of_python_libraries(tmp_path: Path, writer: Callable[[Path], None]) -> None:
    path = tmp_path / "book.xlsx"
    writer(path)
    book = compare(path)
    texts = [book.sheets[0].cells[row, 1].value for row in range(1, len(TEXTS) + 1)]
    assert texts == TEXTS


@pytest.mark.parametrize("path", mostly_slow(KEPT), ids=lambda path: path.name)
def test_every_workbook_of_the_repository(path: Path) -> None:
    compare(path)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["convert", "gnumeric"])
@pytest.mark.parametrize("writer", WRITERS)
def test_files_resaved_by_programs(
    tmp_path: Path, writer: Callable[[Path], None], program: str, request: pytest.FixtureRequest
) -> None:
    resave: Convert = request.getfixturevalue(program)
    path = tmp_path / "book.xlsx"
    writer(path)
    book = compare(resave(path, "xlsx", tmp_path / program))
    texts = [book.sheets[0].cells[row, 1].value for row in range(1, len(TEXTS) + 1)]
    assert texts == TEXTS


@pytest.mark.slow
@pytest.mark.parametrize("program", ["convert", "gnumeric"])
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_every_workbook_of_the_repository_resaved(
    tmp_path: Path, path: Path, program: str, request: pytest.FixtureRequest
) -> None:
    resave: Convert = request.getfixturevalue(program)
    compare(resave(path, "xlsx", tmp_path))


def test_custom_properties_of_xlsxwriter(tmp_path: Path) -> None:
    with_xlsxwriter(tmp_path / "book.xlsx")
    book = read_workbook(tmp_path / "book.xlsx")
    assert book.properties == {"layout": "shanghai-2020"}
    assert book.modified is not None


def test_the_1904_epoch_of_openpyxl(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = datetime.date(2020, 1, 1)
    book.save(tmp_path / "book.xlsx")
    assert compare(tmp_path / "book.xlsx").date1904
