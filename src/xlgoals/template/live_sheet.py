"""The live checks on the hidden sheet: readings of inputs, then one row for each check."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from xlgoals.grid import CellRef
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds.live import Cached
from xlgoals.live.results import QUOTED_LENGTH, LiveResults, message_template
from xlgoals.live.table import (
    CELL,
    CODE,
    COUNT,
    FIRST_ROW,
    FLAG_COLUMN,
    LABEL,
    MESSAGE,
    RESULT,
    SEVERITY,
    SHEET,
    LiveCheck,
    LiveTable,
    absolute,
)
from xlgoals.template.book import strict


@dataclass(frozen=True)
class WrittenCheck:
    """A check as the visible sheets refer to it."""

    check: LiveCheck
    result: str  # its cell on the hidden sheet, from anywhere
    message: str  # what it says now; empty where all is well


def write_live_checks(
    sheet: Worksheet, table: LiveTable, results: LiveResults
) -> tuple[WrittenCheck, ...]:
    """Write every formula with its result."""
    for index, formula in enumerate(table.flags):
        place = CellRef(FIRST_ROW + index, FLAG_COLUMN)
        _formula(sheet, place, formula, results.flag(index))
    for reader in table.readers:
        for (place, formula), value in zip(reader.formulas, results.steps(reader), strict=True):
            _formula(sheet, place, formula, value)
    for quantity in table.quantities:
        cached = results.quantity(quantity)
        for (place, formula), value in zip(quantity.formulas, cached, strict=True):
            _formula(sheet, place, formula, value)
    written = []
    count = 0
    for number, check in enumerate(table.checks):
        message = results.message(check)
        count += bool(message)
        _write_check(sheet, table, number, message, count)
        result = absolute(table.result_of(number), HIDDEN_SHEET)
        written.append(WrittenCheck(check, result, message))
    return tuple(written)


def _write_check(sheet: Worksheet, table: LiveTable, number: int, message: str, count: int) -> None:
    check = table.checks[number]
    row = FIRST_ROW + number
    template = message_template(check)
    texts = {
        CODE: check.code.id,
        SEVERITY: check.code.severity.value,
        SHEET: check.sheet,
        CELL: check.cell,
        LABEL: check.input.title,
        MESSAGE: template,
    }
    for column, text in texts.items():
        strict(sheet.write_string(row - 1, column - 1, text))
    code = absolute(CellRef(row, CODE))
    words = absolute(CellRef(row, MESSAGE))
    details = {"value": f"LEFT({check.value},{QUOTED_LENGTH})", **check.details}
    for name, formula in details.items():
        if f"{{{name}}}" in template:
            words = f'SUBSTITUTE({words},"{{{name}}}",{formula})'
    shown = f"{check.code.id} {message}" if message else ""
    result = f'=IF({check.fires},{code}&" "&{words},"")'
    _formula(sheet, CellRef(row, RESULT), result, shown)
    above = absolute(CellRef(row - 1, COUNT)) + "+" if number else ""
    problem = f'=IF({absolute(CellRef(row, RESULT))}="",0,1)'
    _formula(sheet, CellRef(row, COUNT), problem.replace("=", f"={above}", 1), count)


def _formula(sheet: Worksheet, place: CellRef, formula: str, value: Cached) -> None:
    text = formula if formula.startswith("=") else f"={formula}"
    strict(sheet.write_formula(place.row - 1, place.column - 1, text, None, value))
