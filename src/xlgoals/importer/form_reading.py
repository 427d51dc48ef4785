"""One project sheet read: every input found and put into a reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xlgoals.cells import Cell, CellKind
from xlgoals.checking.readings import FormReading, InputReading, RowReading, row_reading
from xlgoals.grid import CELL_CAPACITY, CellRef
from xlgoals.importer.locate import FieldLocator, Located
from xlgoals.importer.sheet_view import SheetView
from xlgoals.importer.table import TableLocator, TableRow
from xlgoals.kinds import TargetKind
from xlgoals.kinds.base import BLANK
from xlgoals.layouts import Layout
from xlgoals.plan.build import fixed_texts
from xlgoals.plan.model import Plan
from xlgoals.text import label_key

_YEAR = "{fiscal_year}"


@dataclass(frozen=True, eq=False)
class SheetReading:
    """One project sheet with what was read from it."""

    view: SheetView
    form: FormReading
    shift: int  # rows by which the indicator table stands lower than planned
    rivals: tuple[Located, ...]  # fields whose label stands more than once
    years: Mapping[int, list[CellRef]]  # the years that its texts name, and where
    levels: frozenset[CellRef]  # what says the levels of the table's rows
    date1904: bool  # the calendar of its days


def read_form(
    view: SheetView, plan: Plan, names: Mapping[str, CellRef], date1904: bool
) -> SheetReading:
    """Find and read every input of a project sheet."""
    located = FieldLocator(view, names, plan.form).locate_all()
    fields = {key: _read(found, view, date1904) for key, found in located.items()}
    table = TableLocator(view, plan, names)
    rows = tuple(table.rows())
    readings = tuple(_read_row(row, view, table, date1904) for row in rows)
    levels = frozenset(cell for row in rows for cell in table.repeated_levels(row))
    rivals = tuple(found for found in located.values() if found.rivals)
    form = FormReading(view.name, fields, readings)
    years = years_of(view, plan.layout)
    return SheetReading(view, form, table.shift, rivals, years, levels, date1904)


def years_of(view: SheetView, layout: Layout) -> dict[int, list[CellRef]]:
    """The fiscal years that a sheet's titles speak of, each with the cells that do."""
    pattern = _titles(layout)
    found: dict[int, list[CellRef]] = {}
    for key in view.label_keys:
        if match := pattern.fullmatch(key):
            found.setdefault(int(match[match.lastindex or 0]), []).extend(view.places([key]))
    return found


@lru_cache(16)
def _titles(layout: Layout) -> re.Pattern[str]:
    """What the titles with a year look like, whatever the year."""
    keys = (label_key(text.text) for text in layout.texts.values() if _YEAR in text.text)
    year = re.escape(_YEAR)
    titles = (re.escape(key).replace(year, r"((?:19|20)\d\d)") for key in keys)
    return re.compile("|".join(titles) or r"\b\B")


def _read(located: Located, view: SheetView, date1904: bool) -> InputReading:
    place = located.cell
    cell = view.cell(place) if place else None
    if cell and located.behind_label is not None:
        cell = cell._replace(kind=CellKind.TEXT, value=located.behind_label, formula=None)
    reading = located.input.kind.read(cell, date1904) if cell else BLANK
    return InputReading(located.input, place, reading)


def _read_row(row: TableRow, view: SheetView, table: TableLocator, date1904: bool) -> RowReading:
    inputs = tuple(_read(located, view, date1904) for located in row.inputs)
    printed = {}
    if row.planned.fixed:
        for key, text in fixed_texts(row.planned.fixed, table.columns).items():
            # What stands there now is what the unit declares; that it was changed is told.
            column = table.columns.get(key)
            cell = view.cell((row.row, column)) if column else None
            printed[key] = _printed(cell, text, date1904)
    return row_reading(row.planned, inputs, printed)


def _printed(cell: Cell | None, text: str, date1904: bool) -> str | None:
    """A locked text as it stands: read as a target, since ``=100%`` may have become a formula."""
    reading = TargetKind(max_length=CELL_CAPACITY).read(cell, date1904)
    return reading.value or text or None
