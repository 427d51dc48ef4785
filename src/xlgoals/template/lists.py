"""The very hidden sheet's first columns: identity, and lists for drop-downs and formulas.

Lists never stand inline in a validation: past 255 characters they corrupt the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from xlgoals.book import strict
from xlgoals.identity import DEFINED_NAME, HIDDEN_CELL, HIDDEN_SHEET, PROPERTY, Identity
from xlgoals.live.lists import ListPlaces
from xlgoals.live.model import between
from xlgoals.plan.model import Plan
from xlgoals.template.book import Book

OptionLists = Mapping[tuple[str, ...], str]


def list_names(plan: Plan) -> OptionLists:
    """A defined name for each list of options, after the first input that offers it."""
    names: dict[tuple[str, ...], str] = {}
    for item in plan.form.inputs:
        validation = item.kind.validation(item.area.first.a1)
        options = validation.list_of if validation else None
        if options and options not in names:
            names[options] = f"lst_{item.name}"
    return names


def write_hidden_sheet(book: Book, plan: Plan, names: OptionLists, places: ListPlaces) -> Worksheet:
    """Write identity and lists, in the sheet and in the names that refer to it."""
    identity = Identity.of(plan).encode()
    sheet = book.add_sheet(HIDDEN_SHEET)
    sheet.very_hidden()
    locked = book.locked
    strict(sheet.write_string("A1", PROPERTY, locked))
    strict(sheet.write_string(HIDDEN_CELL, identity, locked))
    strict(book.workbook.set_custom_property(PROPERTY, identity, "text"))
    escaped = identity.replace('"', '""')
    book.define(DEFINED_NAME, f'"{escaped}"')
    for entries, area in places.items():
        for row, entry in zip(area.rows, entries, strict=True):
            if isinstance(entry, int):
                strict(sheet.write_number(row - 1, area.left - 1, entry, locked))
            else:
                strict(sheet.write_string(row - 1, area.left - 1, entry, locked))
        options = tuple(entry for entry in entries if isinstance(entry, str))
        if name := names.get(options):
            strict(sheet.write_string(area.top - 2, area.left - 1, name, locked))
            book.define(name, between(area, HIDDEN_SHEET))
    return sheet
