"""What a workbook holds, as plain values that know nothing of files or forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from xlgoals.grid import CellRef, RangeRef
from xlgoals.number_formats import is_date, is_percent


class CellKind(Enum):
    """What the value of a cell is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    DATE = "date"
    """ISO text, of the rare cells that are stored so (``t="d"``); most dates are numbers."""
    BLANK = "blank"
    """A formula whose result was not stored."""


class Visibility(Enum):
    """Whether the tab of a sheet shows, as the file spells it."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


class Cell(NamedTuple):
    """One cell that holds a value or a formula."""

    # A named tuple and no dataclass: a quarter of the time to make, and there are many.
    ref: CellRef
    kind: CellKind
    value: str | float | bool | None
    """The text as stored, escapes and blanks kept; for a formula the result last stored."""
    formula: str | None
    """Without the leading ``=``; empty where the file holds a formula but not its text."""
    number_format: str
    """The format code, such as ``General``, ``@`` or ``0%``."""

    @property
    def is_percent(self) -> bool:
        """Whether the number format shows per cent."""
        return is_percent(self.number_format)

    @property
    def is_date(self) -> bool:
        """Whether the number format shows a date or a time."""
        return is_date(self.number_format)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet."""

    name: str
    visibility: Visibility
    cells: Mapping[tuple[int, int], Cell]
    """By (row, column), counted from 1; in the order of the file."""
    merges: tuple[RangeRef, ...]


# Sheet names hold no []:*?/\ , so one of these outside or inside quotes means another workbook
# or several sheets.
_TARGET = re.compile(
    r"=?(?:'((?:[^'\[\]:*?/\\]|'')+)'|([^\s'\[\]:*?/\\!\"#(){},;&=<>+^%-]+))!([$A-Za-z0-9:]+)\Z"
)


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name that a workbook gives to cells or to a constant."""

    name: str
    sheet: str | None
    """The sheet whose own name it is; None for the whole workbook."""
    refers_to: str
    hidden: bool

    def target(self) -> tuple[str, RangeRef] | None:
        """The sheet name and the one range it refers to.

        None for anything else: constants, ``#REF!``, several areas, several sheets, other
        workbooks, whole rows or columns.
        """
        return _target(self.refers_to)


@lru_cache(4096)  # the workbooks of a season name the same cells
def _target(refers_to: str) -> tuple[str, RangeRef] | None:
    found = _TARGET.match(refers_to)
    if not found:
        return None
    quoted, plain, area = found.groups()
    try:
        return (quoted.replace("''", "'") if quoted else plain), RangeRef.parse(area)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Workbook:
    """All that one file says, in one piece."""

    sheets: tuple[Sheet, ...]
    """Worksheets in tab order; chart sheets and the like are left out."""
    names: tuple[DefinedName, ...]
    properties: Mapping[str, str]
    """Custom document properties, as text."""
    modified: str | None
    """When it was last saved, as the core properties say it."""
    date1904: bool
    """Whether day 0 is 1904-01-01."""
    format: str = "xlsx"
    """What the file is, whatever its name: ``xlsx`` (also .xlsm), ``xlsb``, ``xls`` or ``ods``."""

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of exactly this name."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        return None
