"""Shared, array and table formulas."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.formula.translate import Translator

from reader_zip import read_rows
from xlgoals.grid import CellRef
from xlgoals.reader.formulas import SharedFormula

FORMULAS = [
    "A1",
    "$A$1+A$1+$A1",
    "SUM(B2:C3,$B$2:C$3)",
    "SUM(A:A,$B:C,3:4,$3:$5)",
    "LOG10(B2)+ATAN2(C3,D4)",
    '"A1"&B2&"say ""C3"" A1"',
    "'A1 sheet'!B2+'it''s B2'!C3:D4",
    "Sheet1!B2+项目1!$B$6",
    "_xlfn.CONCAT(A1,B2)+my.A1+A1_x",
    "1E5+1.5E+3*B3",
    "IF(B2>=3,TRUE,#N/A)",
    "B2%+{1,2;3,4}",
    "TAX2020+XFD3",
    "Table1[[#This Row],[A1]]+B2",
]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("place", ["C5", "A9", "E2"])
def test_translation_agrees_with_openpyxl(formula: str, place: str) -> None:
    moved = SharedFormula(formula, CellRef.parse("A2")).at(CellRef.parse(place))
    expected = Translator("=" + formula, "A2").translate_formula(place)
    if "TAX2020" in formula and place != "A9":
        # Moved beyond the last column, which openpyxl does not notice.
        assert moved.endswith("+#REF!")
    else:
        assert moved == expected[1:]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1", "#REF!"),
        ("A1:B9+1", "#REF!+1"),
        ("A:B", "#REF!"),
        ("1:3", "#REF!"),
        ("$A$1", "$A$1"),
        ("XYZ1", "XYZ1"),
        ("A1048577+A01", "A1048577+A01"),
        ("项A1+A1é", "项A1+A1é"),
        ("A1!C5", "A1!B4"),
        ("[1]Sheet!C5", "[1]Sheet!B4"),
        ('"unfinished C5', '"unfinished B4'),
        ("b5", "A4"),
    ],
)
def test_translation_to_the_left_and_up(formula: str, expected: str) -> None:
    assert SharedFormula(formula, CellRef(2, 2)).at(CellRef(1, 1)) == expected


def test_cells_of_a_shared_formula_show_their_own_text(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0">A9</f><v>4</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" si="0"/><v>4</v></c></row>',
    )
    assert [cell.formula for cell in sheet.cells.values()] == ["A1*2", "A2*2", "A9", "A4*2"]


def test_a_shared_formula_may_come_after_its_users(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<row r="1"><c r="B1"><f t="shared" si="7"/><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" ref="B1:B2" si="7">A2</f></c></row>',
    )
    assert sheet.cells[1, 2].formula == "A1"


def test_a_shared_formula_without_text_is_a_formula_still(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1"><c r="B1"><f t="shared" si="7"/><v>1</v></c></row>')
    assert (sheet.cells[1, 2].formula, sheet.cells[1, 2].value) == ("", 1.0)


def test_all_cells_of_an_array_formula_are_formulas(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>2</v></c></row>',
    )
    assert [cell.formula for cell in sheet.cells.values()] == ["B1:B2*2", "B1:B2*2", None]


@pytest.mark.parametrize(
    ("attributes", "formula"),
    [
        ('dt2D="1" r1="B1" r2="B2"', "TABLE(B1,B2)"),
        ('dtr="1" r1="B1"', "TABLE(B1,)"),
        ('r1="B1"', "TABLE(,B1)"),
    ],
)
def test_a_data_table_is_a_formula(tmp_path: Path, attributes: str, formula: str) -> None:
    sheet = read_rows(
        tmp_path,
        f'<row r="1"><c r="A1"><f t="dataTable" ref="A1:B1" {attributes}/><v>2</v></c>'
        '<c r="B1"><v>3</v></c></row>',
    )
    assert [cell.formula for cell in sheet.cells.values()] == [formula, formula]
