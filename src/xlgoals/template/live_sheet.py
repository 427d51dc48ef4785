"""The live checks on the hidden sheet: readings of inputs, then one row for each check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlgoals.book import strict
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds.live import Cached
from xlgoals.live.model import (
    COUNT,
    FIRST_ROW,
    FLAG_COLUMN,
    RESULT,
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
    locked = book.locked
    written = []
    count = 0
    for check in table.checks:
        message = results.message(check)
        count += bool(message)
        _write_check(sheet, check, message, count, locked)
        written.append(WrittenCheck(check, absolute(check.result, HIDDEN_SHEET), message))
    for (row, column), formula, value in _readings(table, results):
        strict(sheet.write_formula(row - 1, column - 1, formula, locked, value))
    return tuple(written)


def _readings(
    table: LiveTable, results: LiveResults
) -> Iterator[tuple[tuple[int, int], str, Cached]]:
    """Which project sheets are filled in, each input step by step, and the parts of targets."""
    for index, formula in enumerate(table.flags):
        yield (FIRST_ROW + index, FLAG_COLUMN), formula, results.flag(index)
    for reader in table.readers:
        for (place, formula), value in zip(reader.formulas, results.steps(reader), strict=True):
            yield place, formula, value
    for quantity in table.quantities:
        cached = results.quantity(quantity)
        for (place, formula), value in zip(quantity.formulas, cached, strict=True):
            yield place, formula, value


def _write_check(
    sheet: Worksheet, check: LiveCheck, message: str, count: int, locked: Format
) -> None:
    """One row: what the check is, its result, and how many problems there are so far."""
    row = check.row - 1
    shown = f"{check.code.id} {message}" if message else ""
    # There are many: they are written first and proven together.
    results = [sheet.write_string(row, column - 1, text, locked) for column, text in check.texts]
    results.append(sheet.write_formula(row, RESULT - 1, check.formula, locked, shown))
    results.append(sheet.write_formula(row, COUNT - 1, check.count_formula, locked, count))
    strict(min(results))
