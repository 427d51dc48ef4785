"""A cell's content as a person sees it, where the number format makes something else of it."""

from __future__ import annotations

import re

from xlgoals.cells import Cell, CellKind
from xlgoals.kinds.base import as_shown, exact
from xlgoals.kinds.date import day_of, from_serial
from xlgoals.numerals import plain_number
from xlgoals.text import stored

_DIGITS = re.compile("0+")  # the number format that shows 7 as 007


def as_seen(cell: Cell, date1904: bool) -> str:
    """Its stored text: 1 as 100% is ``100%``, a day is ``2020-01-01``, a code has its zeros."""
    shown = stored(as_shown(cell))
    if cell.kind is CellKind.DATE:
        return day_of(shown) or shown
    if cell.kind is not CellKind.NUMBER or not isinstance(cell.value, float):
        return shown
    if cell.is_percent:
        return f"{plain_number(exact(cell.value) * 100)}%"
    if cell.is_date and cell.value == int(cell.value):
        day = from_serial(int(cell.value), date1904)
        return day.isoformat() if day else shown
    if _DIGITS.fullmatch(cell.number_format) and cell.value >= 0:
        return shown.zfill(len(cell.number_format))
    return shown
