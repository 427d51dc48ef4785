"""openpyxl as the oracle of the reader: two programs that share no code must see the same."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import from_ISO8601, to_excel
from openpyxl.worksheet.formula import ArrayFormula

from xlgoals.cells import Cell, CellKind, Workbook
from xlgoals.reader import read_workbook
from xlgoals.text import unescaped


def expected_formula(value: Any) -> str | None:
    if isinstance(value, ArrayFormula):
        value = value.text
    return value.removeprefix("=") if isinstance(value, str) else None


def same_value(ours: Cell, theirs: Any, epoch: datetime.datetime) -> bool:
    if ours.kind is CellKind.DATE:
        return bool(from_ISO8601(str(ours.value)) == theirs)
    if isinstance(theirs, datetime.datetime | datetime.date | datetime.time):
        # openpyxl rounds times to the microsecond.
        return bool(abs(to_excel(theirs, epoch) - ours.value) < 1e-9)
    if ours.value == "" and ours.formula is not None:
        # openpyxl takes an empty result for none.
        return theirs in (None, "")
    if isinstance(ours.value, str):
        # openpyxl leaves escapes in results of formulas, and elsewhere takes some out too many.
        return theirs in (ours.value, unescaped(ours.value), ours.value.replace("x005F_", ""))
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
        # openpyxl drops what stands behind a merge.
        behind = {ref for area in sheet.merges for ref in area.cells() if ref != area.first}
        cells = {place: cell for place, cell in sheet.cells.items() if place not in behind}
        assert set(cells) == filled
        for place, cell in cells.items():
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
