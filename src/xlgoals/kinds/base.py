"""What every kind of field owns: reading a cell, writing a value, validating, explaining itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue, Severity
from xlgoals.kinds.live import Cached, Live
from xlgoals.numerals import plain_number
from xlgoals.text import stored, unescaped

# What a spreadsheet can hold in a cell; the writer decides by type how to write it.
CellContent = str | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: the typed value, what was met on the way, and the cell as a person sees it.

    ``value`` is None when the cell is blank or refused; ``shown`` is None only when it is blank.
    """

    value: Any = None
    issues: tuple[Issue, ...] = ()
    shown: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in."""
        return self.shown is None

    @property
    def refused(self) -> bool:
        """Whether what was filled in cannot be taken."""
        return any(issue.code.severity is Severity.ERROR for issue in self.issues)

    @property
    def settled(self) -> bool:
        """Whether all is said: one cause is one finding, so no rule speaks of the cell, too."""
        return self.refused or any(issue.code is codes.PLACEHOLDER for issue in self.issues)


BLANK = Reading()


@dataclass(frozen=True, slots=True)
class Validation:
    """A data validation, free of any library's spelling.

    ``formula`` is an Excel expression on the cell itself; ``list_of`` names a list of options;
    ``max_length`` limits a text. At most one of the three is set; none: only a prompt is shown.
    """

    formula: str | None = None
    list_of: tuple[str, ...] | None = None
    max_length: int | None = None
    refusal: str = ""
    strict: bool = True  # False: the user may insist, as for open lists


class Kind(ABC):
    """One kind of field, configured for one field of one layout."""

    name: str
    takes_formula_result: bool = False

    @property
    def number_format(self) -> str:
        """The cell's number format; text unless the kind says otherwise."""
        return "@"

    @property
    @abstractmethod
    def expected(self) -> str:
        """What may be filled in, in words for the filler."""

    @property
    def requirement(self) -> str:
        """The same without what depends on the form around it; part of a plan's fingerprint."""
        return self.expected

    @property
    def schema(self) -> dict[str, Any]:
        """What JSON Schema can say of the kind's values beyond their type."""
        return {}

    @abstractmethod
    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read a cell that holds a value and no error."""

    @abstractmethod
    def write(self, value: Any) -> CellContent:
        """The content that stands for a typed value in a workbook."""

    @abstractmethod
    def validation(self, cell: str) -> Validation | None:
        """What a spreadsheet program should refuse when it is typed into ``cell`` (``B6``)."""

    @abstractmethod
    def live(self) -> Live:
        """The same reading and checking as formulas of a workbook."""

    @abstractmethod
    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """The results of the live steps for a content that the kind accepts, or for none."""

    def read(self, cell: Cell | None, date1904: bool = False) -> Reading:
        """Read a cell of any content; never raises for what a person may have typed."""
        if cell is None:
            return BLANK
        if cell.kind is CellKind.ERROR:
            return refuse(Issue(codes.ERROR_VALUE), str(cell.value))
        if cell.formula is not None:
            return self.read_formula(cell, date1904)
        shown = as_shown(cell)
        if not stored(shown):
            return BLANK
        return self.parse(cell, shown, date1904)

    def read_formula(self, cell: Cell, date1904: bool) -> Reading:
        """Read a formula cell: by its result where the kind allows, else refuse it."""
        if not self.takes_formula_result or cell.kind is CellKind.BLANK:
            return refuse(Issue(codes.FORMULA), f"={cell.formula}")
        shown = as_shown(cell)
        if not stored(shown):
            return refuse(Issue(codes.FORMULA), f"={cell.formula}")
        reading = self.parse(cell._replace(formula=None), shown, date1904)
        if reading.refused:
            return reading
        return replace(reading, issues=(*reading.issues, Issue(codes.FORMULA_RESULT)))


def refuse(issue: Issue, shown: str) -> Reading:
    """A reading that gives no value."""
    return Reading(None, (issue,), stored(shown))


def exact(number: float) -> Decimal:
    """A cell's number as people see it: 15 digits, so 0.30000000000000004 is 0.3."""
    return Decimal(format(number + 0.0, ".15g"))  # -0.0 is 0, too


def as_shown(cell: Cell) -> str:
    """A cell's content as text, numbers plain, without its number format."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return plain_number(exact(value))
    return unescaped(value) if value else ""
