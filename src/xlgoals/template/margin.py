"""Right of the form, outside the print: what is wrong in each row, the moment it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from xlgoals import codes
from xlgoals.book import strict
from xlgoals.findings import Severity
from xlgoals.grid import CellRef, RangeRef, column_letters
from xlgoals.live.margin import (
    CARRIED,
    DOUBTFUL,
    MISSING,
    WRONG,
    carried_column,
    mark,
    message_column,
)
from xlgoals.plan.model import FormPlan, Input
from xlgoals.template.book import Book
from xlgoals.template.live_sheet import WrittenCheck
from xlgoals.template.styles import properties

SPACER_PIXELS, MESSAGE_PIXELS = 16, 480
_LONGEST_MESSAGE = 300
_STATE_COLOURS = {MISSING: "missing", WRONG: "wrong", DOUBTFUL: "doubtful"}


@dataclass(frozen=True)
class Carried:
    """What was carried over into a sheet."""

    message: str
    values: Mapping[str, str]  # by input: the cell of the hidden sheet that keeps the value


def write_margin(
    book: Book,
    sheet: Worksheet,
    form: FormPlan,
    checks: Sequence[WrittenCheck],
    carried: Carried,
) -> None:
    """Write the messages of each row, the states of its inputs, and their colours."""
    marks = _write_carried(book, sheet, form, carried)
    column = message_column(form)
    book.set_width(sheet, column - 1, SPACER_PIXELS)
    book.set_width(sheet, column, MESSAGE_PIXELS)
    cell_format = book.format(properties("message"))
    by_row: dict[int, list[WrittenCheck]] = {}
    for written in checks:
        by_row.setdefault(written.check.input.area.top, []).append(written)
    alike: dict[tuple[int, range], list[RangeRef]] = {}
    states: dict[str, int] = {}
    for row in sorted({*by_row, *marks}):
        unsorted = by_row.get(row, [])
        # Errors first: they are what a row with many messages must not hide.
        told = sorted(unsorted, key=lambda w: w.check.code.severity is not Severity.ERROR)
        parts = [
            f'IF({w.result}="","","{mark(w.check.code.severity)}"&'
            f"MID({w.result},{len(w.check.code.id) + 2},{_LONGEST_MESSAGE}))"
            for w in told
        ]
        shown = "".join(f"{mark(w.check.code.severity)}{w.message}" for w in told if w.message)
        if row in marks:
            parts.append(f'IF({marks[row]}="","","{carried.message}")')
            shown += carried.message
        formula = "=" + "&".join(parts)
        strict(sheet.write_formula(row - 1, column - 1, formula, cell_format, shown))
        inputs = list(dict.fromkeys(w.check.input.name for w in unsorted))
        for slot, name in enumerate(inputs, start=1):
            own = [w for w in told if w.check.input.name == name]
            _write_state(book, sheet, own, CellRef(row, column + slot))
            area = own[0].check.input.area
            states[name] = column + slot
            alike.setdefault((column + slot, area.columns), []).append(area)
    _colour_carried(book, sheet, form, carried, states)
    for (state_column, _), areas in alike.items():
        book.set_width(sheet, state_column, 20, hidden=True)
        place = _place(state_column)
        colours = {f'{place}="{state}"': style for state, style in _STATE_COLOURS.items()}
        _colour(book, sheet, areas, colours)


def _write_carried(
    book: Book, sheet: Worksheet, form: FormPlan, carried: Carried
) -> dict[int, str]:
    """Tell which inputs are still as they were carried over; by row, a formula that joins them."""
    marks: dict[int, list[str]] = {}
    for item, column in _carried_inputs(form, carried):
        row, cell = item.area.top, item.area.first.a1
        formula = f'=IF(EXACT({cell},{carried.values[item.name]}),"{CARRIED}","")'
        strict(sheet.write_formula(row - 1, column - 1, formula, book.locked, CARRIED))
        marks.setdefault(row, []).append(CellRef(row, column).a1)
    return {row: "&".join(cells) for row, cells in marks.items()}


def _carried_inputs(form: FormPlan, carried: Carried) -> Iterator[tuple[Input, int]]:
    """Each input that was carried over, with the column that tells of it."""
    in_row: dict[int, int] = {}
    for item in form.inputs:
        if item.name in carried.values:
            slot = in_row.setdefault(item.area.top, 0)
            in_row[item.area.top] += 1
            yield item, carried_column(form) + slot


def _colour_carried(
    book: Book, sheet: Worksheet, form: FormPlan, carried: Carried, states: Mapping[str, int]
) -> None:
    """Colour what is as it was carried over, but for what is wrong.

    Of several formats whose conditions hold, some programs take the first alone: one for both
    goes before those of the states.
    """
    alike: dict[tuple[int, int, range], list[RangeRef]] = {}
    for item, column in _carried_inputs(form, carried):
        # What has no check has no state: the empty column stands for it.
        state = states.get(item.name, message_column(form) - 1)
        alike.setdefault((column, state, item.area.columns), []).append(item.area)
    for (column, state, _), areas in alike.items():
        book.set_width(sheet, column, 20, hidden=True)
        kept = f'{_place(column)}="{CARRIED}"'
        colours = {
            f'AND({kept},{_place(state)}="{DOUBTFUL}")': "carried_doubtful",
            f'AND({kept},{_place(state)}="")': "carried",
        }
        _colour(book, sheet, areas, colours)


def _place(column: int) -> str:
    """The cell of a column in the row that a format looks at."""
    return f"${column_letters(column)}{{row}}"


def _write_state(
    book: Book, sheet: Worksheet, told: Sequence[WrittenCheck], place: CellRef
) -> None:
    missing = [w for w in told if w.check.code is codes.REQUIRED]
    wrong = [w for w in told if w.check.code.severity is Severity.ERROR and w not in missing]
    doubtful = [w for w in told if w.check.code.severity is Severity.WARNING]
    formula, shown = '""', ""
    for state, group in ((DOUBTFUL, doubtful), (WRONG, wrong), (MISSING, missing)):
        if group:
            joined = "&".join(w.result for w in group)
            formula = f'IF({joined}<>"","{state}",{formula})'
            shown = state if any(w.message for w in group) else shown
    strict(sheet.write_formula(place.row - 1, place.column - 1, f"={formula}", book.locked, shown))


def _colour(
    book: Book,
    sheet: Worksheet,
    areas: Sequence[RangeRef],
    colours: Mapping[str, str],
) -> None:
    """Colour inputs by what holds in their rows: each looks at the row that it begins in.

    One format serves many areas only where these begin in one column: programs differ in which
    area of several columns its formula starts from.
    """
    low = [area for area in areas if len(area.rows) == 1]
    for group in (low, *([area] for area in areas if area not in low)):
        if not group:
            continue
        first = group[0]
        row = f"{first.top}" if group is low else f"${first.top}"
        for condition, style in colours.items():
            options = {
                "type": "formula",
                "criteria": "=" + condition.replace("{row}", row),
                "format": book.colour(style),
                "multi_range": " ".join(area.a1 for area in group),
            }
            strict(sheet.conditional_format(first.a1, options))
