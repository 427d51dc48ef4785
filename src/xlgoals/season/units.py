"""Whose a form is: units as the roster has them, by whatever name they were filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import PurePath

from xlgoals.season.model import RosterRow
from xlgoals.text import label_key

_TELLING = 4  # letters of a name; fewer stand in a path by chance
_ALIKE = 0.6  # of two names, from 0 to 1, to suggest one for the other


@dataclass(frozen=True)
class Unit:
    """A unit: on the roster, or only known by a name that was filled in."""

    code: str | None
    name: str
    contact: str | None
    projects: tuple[str, ...]
    listed: bool
    spent: tuple[tuple[str, Decimal], ...] = ()  # on projects in the year before, in 元


class Units:
    """The units of a season: those of the roster, and whoever else returned something."""

    def __init__(self, roster: Sequence[RosterRow]) -> None:
        self._known: dict[str, Unit] = {}
        rows: dict[tuple[str | None, str], list[RosterRow]] = {}
        for row in roster:
            rows.setdefault((row.code, row.name), []).append(row)
        self.listed = tuple(_unit(same) for same in rows.values())
        # What a unit is called goes before what another one is also called.
        for unit in self.listed:
            self._learn(unit, (unit.name,))
        for unit, same in zip(self.listed, rows.values(), strict=True):
            self._learn(unit, (unit.code or "", *(a for row in same for a in row.aliases)))

    def _learn(self, unit: Unit, names: Iterable[str]) -> None:
        for name in filter(None, names):
            self._known.setdefault(label_key(name), unit)

    @property
    def unlisted(self) -> tuple[Unit, ...]:
        """Units that are not on the roster, by name."""
        found = {unit for unit in self._known.values() if not unit.listed}
        return tuple(sorted(found, key=lambda unit: unit.name))

    def of(self, name: str | None) -> Unit | None:
        """The unit of that code, name or alias, blanks and width apart; None where it is blank."""
        if not name:
            return None
        key = label_key(name)
        if key not in self._known:
            self._known[key] = Unit(None, name, None, (), listed=False)
        return self._known[key]

    def known(self, name: str) -> Unit | None:
        """The same, but None for a name that nobody used so far."""
        return self._known.get(label_key(name))

    def named_in(self, path: str) -> Unit | None:
        """The unit of the roster whose name stands in a path: in the file's, else in a folder's.

        Of several names the longest, since one may be part of another.
        """
        names = [(key, unit) for key, unit in self._known.items() if unit.listed]
        for part in reversed(PurePath(path).parts):
            said = label_key(part)
            found = [(key, unit) for key, unit in names if len(key) >= _TELLING and key in said]
            if found:
                return max(found, key=lambda pair: len(pair[0]))[1]
        return None

    def closest(self, name: str) -> str | None:
        """The name on the roster that is most like another one."""
        return closest(name, [unit.name for unit in self.listed])


def closest(name: str, names: Sequence[str]) -> str | None:
    """The one of the names that is most like another one; None where none is."""
    by_key = {label_key(known): known for known in names}
    found = get_close_matches(label_key(name), by_key, 1, _ALIKE)
    return by_key[found[0]] if found else None


def _unit(rows: Sequence[RosterRow]) -> Unit:
    first = rows[0]
    contact = next((row.contact for row in rows if row.contact), None)
    projects = tuple(row.project for row in rows if row.project)
    spent = tuple(
        (row.project, row.prior_execution)
        for row in rows
        if row.project and row.prior_execution is not None
    )
    return Unit(first.code, first.name, contact, projects, listed=True, spent=spent)
