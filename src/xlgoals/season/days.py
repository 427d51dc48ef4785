"""Days and deadlines as people write them in lists, campaigns and on the command line."""

from __future__ import annotations

from datetime import date, datetime, time

from xlgoals.cells import Cell, CellKind
from xlgoals.grid import CellRef
from xlgoals.kinds.date import DateKind

_ANY_DAY = DateKind(date(2000, 1, 1), date(2099, 12, 31))
_ANYWHERE = CellRef(1, 1)


def read_day(text: str) -> date | None:
    """The day, in any spelling that a form may use; None where it is none."""
    cell = Cell(_ANYWHERE, CellKind.TEXT, text, None, "@")
    value = _ANY_DAY.parse(cell, text, False).value
    return value if isinstance(value, date) else None


def read_deadline(text: str) -> datetime | None:
    """A deadline: a day, which counts to its end, or a day and a time; None where it is neither.

    It is of this machine's time zone, unless it names another: ``2020-09-03 17:00+08:00``.
    """
    said, _, clock = text.strip().replace("T", " ", 1).partition(" ")
    day = read_day(said)
    try:
        moment = time.fromisoformat(clock.strip().replace("：", ":")) if clock else time.max
    except ValueError:
        return None
    if day is None:
        return None
    ends = datetime.combine(day, moment)
    return ends if ends.tzinfo else ends.astimezone()
