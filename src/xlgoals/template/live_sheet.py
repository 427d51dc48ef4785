"""The live checks on the hidden sheet: readings of inputs, then one row for each check."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlgoals.book import strict
from xlgoals.grid import CellRef
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds.live import Cached
from xlgoals.live.model import (
    CELL,
    COUNT,
    FIRST_ROW,
    FLAG_COLUMN,
    LABEL,
    SEVERITY,
    SHEET,
    WORDS,
    LiveCheck,
    LiveTable,
    absolute,
)
from xlgoals.live.results import LiveResults
from xlgoals.template.book import Book


@dataclass(frozen=True)
class WrittenCheck:
    """A check as the visible sheets refer to it."""

    check: LiveCheck
    result: str  # its cell on the hidden sheet, from anywhere
    message: str  # what it says now; empty where all is well


def write_live_checks(
    book: Book, sheet: Worksheet, table: LiveTable, results: LiveResults
) -> tuple[WrittenCheck, ...]:
    """Write every formula with its result."""
    writer = _LiveSheet(sheet, book.locked)
    for index, formula in enumerate(table.flags):
        place = CellRef(FIRST_ROW + index, FLAG_COLUMN)
        writer.formula(place, formula, results.flag(index))
    for reader in table.readers:
        for (place, formula), value in zip(reader.formulas, results.steps(reader), strict=True):
            writer.formula(place, formula, value)
    for quantity in table.quantities:
        cached = results.quantity(quantity)
        for (place, formula), value in zip(quantity.formulas, cached, strict=True):
            writer.formula(place, formula, value)
    written = []
    count = 0
    for check in table.checks:
        message = results.message(check)
        count += bool(message)
        writer.check(check, message, count)
        written.append(WrittenCheck(check, absolute(check.result, HIDDEN_SHEET), message))
    return tuple(written)


class _LiveSheet:
    """Writes locked cells: the hidden sheet has no widths, so no column says it for them."""

    def __init__(self, sheet: Worksheet, locked: Format) -> None:
        self._sheet, self._locked = sheet, locked

    def check(self, check: LiveCheck, message: str, count: int) -> None:
        """One row: what the check is, its result, and how many problems there are so far."""
        texts = {
            SEVERITY: check.code.severity.value,
            SHEET: check.sheet,
            CELL: check.cell,
            LABEL: check.input.title,
            WORDS: check.message,
        }
        for column, text in texts.items():
            strict(self._sheet.write_string(check.row - 1, column - 1, text, self._locked))
        shown = f"{check.code.id} {message}" if message else ""
        self.formula(check.result, check.formula, shown)
        self.formula(CellRef(check.row, COUNT), check.count_formula, count)

    def formula(self, place: CellRef, formula: str, value: Cached) -> None:
        """A formula with its result."""
        row, column = place.row - 1, place.column - 1
        strict(self._sheet.write_formula(row, column, f"={formula}", self._locked, value))
