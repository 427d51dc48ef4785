"""The very hidden sheet: identity and option lists.

Lists never stand inline in a validation: past 255 characters they corrupt the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlgoals.grid import CellRef, RangeRef
from xlgoals.identity import DEFINED_NAME, HIDDEN_CELL, HIDDEN_SHEET, PROPERTY, Identity
from xlgoals.plan.model import Plan
from xlgoals.template.book import Book, absolute, strict

_FIRST_LIST_COLUMN = 4
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


def write_lists_sheet(book: Book, plan: Plan, lists: OptionLists) -> None:
    """Write identity and lists, in the sheet and in the names that refer to it."""
    identity = Identity.of(plan).encode()
    sheet = book.add_sheet(HIDDEN_SHEET)
    sheet.very_hidden()
    strict(sheet.write_string("A1", PROPERTY))
    strict(sheet.write_string(HIDDEN_CELL, identity))
    strict(book.workbook.set_custom_property(PROPERTY, identity, "text"))
    escaped = identity.replace('"', '""')
    book.define(DEFINED_NAME, f'"{escaped}"')
    for column, (options, name) in enumerate(lists.items(), start=_FIRST_LIST_COLUMN):
        strict(sheet.write_string(0, column - 1, name))
        for row, option in enumerate(options, start=1):
            strict(sheet.write_string(row, column - 1, option))
        first = absolute(HIDDEN_SHEET, RangeRef(2, column, 2, column))
        last = CellRef(len(options) + 1, column).a1
        letters = last.rstrip("0123456789")
        book.define(name, f"{first}:${letters}${len(options) + 1}")
