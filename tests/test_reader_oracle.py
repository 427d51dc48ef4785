"""The reader sees what openpyxl sees, in files of several programs."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.worksheet.formula import ArrayFormula

from xlgoals.reader import Cell, CellKind, Workbook, read_workbook

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


def resaved(source: Path, program: str) -> Path:
    """The file as LibreOffice or Gnumeric saves it."""
    folder = source.parent / program
    folder.mkdir()
    target = folder / source.name
    if program == "gnumeric":
        command = ["ssconvert", str(source), str(target)]
    else:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir"]
        command += [str(folder), str(source)]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


def expected_formula(value: Any) -> str | None:
    if isinstance(value, ArrayFormula):
        value = value.text
    return value.removeprefix("=") if isinstance(value, str) else None


def same_value(ours: Cell, theirs: Any, epoch: datetime.datetime) -> bool:
    if isinstance(theirs, datetime.datetime | datetime.date | datetime.time):
        theirs = openpyxl.utils.datetime.to_excel(theirs, epoch)
    if ours.value == "" and ours.formula is not None:
        # openpyxl takes an empty result for none.
        return theirs in (None, "")
    return bool(ours.value == theirs)


def compare(path: Path) -> Workbook:
    """Hold every sheet, cell, merge and name against openpyxl."""
    ours = read_workbook(path)
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    assert [sheet.name for sheet in ours.sheets] == formulas.sheetnames
    for sheet in ours.sheets:
        left, right = formulas[sheet.name], values[sheet.name]
        assert sheet.visibility.value == left.sheet_state
        assert sorted(m.a1 for m in sheet.merges) == sorted(
            str(m) for m in left.merged_cells.ranges
        )
        filled = {(c.row, c.column) for row in left.iter_rows() for c in row if c.value is not None}
        assert set(sheet.cells) == filled
        for place, cell in sheet.cells.items():
            theirs = left.cell(*place)
            assert cell.ref == place
            is_formula = theirs.data_type == "f"
            assert cell.formula == (expected_formula(theirs.value) if is_formula else None)
            assert same_value(cell, right.cell(*place).value, values.epoch), cell
            if theirs.number_format not in BUILTIN_FORMATS.values():
                assert cell.number_format == theirs.number_format
            assert cell.is_date == theirs.is_date or cell.kind is not CellKind.NUMBER
        own = {name.name: name.refers_to for name in ours.names if name.sheet == sheet.name}
        own = {name: text for name, text in own.items() if not name.startswith("_xlnm.")}
        assert own == {name: item.attr_text for name, item in left.defined_names.items()}
    return ours


WRITERS: list[Callable[[Path], None]] = [with_xlsxwriter, with_openpyxl]


@pytest.mark.parametrize("writer", WRITERS)
def test_files_of_python_libraries(tmp_path: Path, writer: Callable[[Path], None]) -> None:
    path = tmp_path / "book.xlsx"
    writer(path)
    book = compare(path)
    texts = [book.sheets[0].cells[row, 1].value for row in range(1, len(TEXTS) + 1)]
    assert texts == TEXTS


@pytest.mark.slow
@pytest.mark.parametrize("program", ["libreoffice", "gnumeric"])
@pytest.mark.parametrize("writer", WRITERS)
def test_files_resaved_by_programs(
    tmp_path: Path, writer: Callable[[Path], None], program: str
) -> None:
    path = tmp_path / "book.xlsx"
    writer(path)
    book = compare(resaved(path, program))
    texts = [book.sheets[0].cells[row, 1].value for row in range(1, len(TEXTS) + 1)]
    assert texts == TEXTS


def test_custom_properties_of_xlsxwriter(tmp_path: Path) -> None:
    with_xlsxwriter(tmp_path / "book.xlsx")
    book = read_workbook(tmp_path / "book.xlsx")
    assert book.properties == {"layout": "shanghai-2020"}
    assert book.modified is not None


def test_the_1904_epoch_of_openpyxl(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = datetime.date(2020, 1, 1)
    book.save(tmp_path / "book.xlsx")
    assert compare(tmp_path / "book.xlsx").date1904
