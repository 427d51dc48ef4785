"""Where the lists of the hidden sheet stand: options of drop-downs, and tables formulas search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlgoals.grid import RangeRef
from xlgoals.plan.model import Plan

FIRST_COLUMN = 4
FIRST_ROW = 2

Entries = tuple[str | int, ...]
ListPlaces = Mapping[Entries, RangeRef]


def place_lists(plan: Plan) -> ListPlaces:
    """Give each different list a column of its own."""
    places: dict[Entries, RangeRef] = {}
    for entries in _needed(plan):
        if entries not in places:
            column = FIRST_COLUMN + len(places)
            places[entries] = RangeRef(FIRST_ROW, column, FIRST_ROW + len(entries) - 1, column)
    return places


def _needed(plan: Plan) -> Iterator[Entries]:
    for item in plan.form.inputs:
        validation = item.kind.validation(item.area.first.a1)
        if validation and validation.list_of:
            yield validation.list_of
        for entries in item.kind.live().lists.values():
            yield tuple(entries)
