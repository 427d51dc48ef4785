"""What the live checks of a workbook are made of, and where they stand on the hidden sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xlgoals.findings import Code
from xlgoals.grid import CellRef, RangeRef, column_letters
from xlgoals.kinds.live import Live
from xlgoals.live.lists import ListPlaces
from xlgoals.plan.model import Input, Plan
from xlgoals.rules.excel import Operand

# Places on the hidden sheet, right of identity and lists.
FIRST_ROW = 2
FLAG_COLUMN = 38  # one row a project sheet: 1 where it is filled in at all
STEP_COLUMN = 40  # one row an input: the steps of its reading, left to right
# One row a check: what it is, its result, and how many problems there are down to it.
CHECK_COLUMN = 64
SEVERITY, SHEET, CELL, LABEL, WORDS, RESULT, COUNT = range(CHECK_COLUMN, CHECK_COLUMN + 7)

CARRIED_COLUMN = CHECK_COLUMN + 8  # one row a value that was carried over

QUOTED_LENGTH = 40  # characters of a value that a message quotes


@dataclass(frozen=True)
class LiveCheck:
    """One code at one place. Its condition is a formula over the hidden sheet."""

    code: Code
    sheet: str
    input: Input
    related: tuple[Input, ...]
    fires: str
    value: str  # the cell with the clean text that the message quotes
    details: Mapping[str, str] = field(default_factory=dict)  # words as formulas
    row: int = FIRST_ROW  # of the hidden sheet, where the check is worked out

    @property
    def result(self) -> CellRef:
        """The cell of the hidden sheet that shows the check: blank, or its code and its words."""
        return CellRef(self.row, RESULT)

    @cached_property
    def cell(self) -> str:
        """Where the importer's finding of this code stands."""
        return self.input.area.first.a1

    @cached_property
    def message(self) -> str:
        """The words of the check; what depends on the cell stays in braces."""
        words = {
            "label": self.input.title,
            "cell": self.cell,
            "sheet": self.sheet,
            "expected": self.input.kind.expected,
            "value": "“{value}”",
        }
        for name, formula in self.details.items():
            literal = formula[1:-1].replace('""', '"') if formula.startswith('"') else formula
            is_constant = formula.startswith('"') or formula.isdecimal()
            words[name] = literal if is_constant else f"{{{name}}}"
        return self.code.message.format_map(words)

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """What stands beside the result, by column."""
        return (
            (SEVERITY, self.code.severity.value),
            (SHEET, self.sheet),
            (CELL, self.cell),
            (LABEL, self.input.title),
            (WORDS, self.message),
        )

    @cached_property
    def formula(self) -> str:
        """The formula of the result."""
        told = absolute(CellRef(self.row, WORDS))
        details = {"value": f"LEFT({self.value},{QUOTED_LENGTH})", **self.details}
        for name, formula in details.items():
            if f"{{{name}}}" in self.message:
                told = f'SUBSTITUTE({told},"{{{name}}}",{formula})'
        return f'IF({self.fires},"{self.code.id} "&{told},"")'

    @cached_property
    def count_formula(self) -> str:
        """How many problems there are down to this row."""
        above = f"{absolute(CellRef(self.row - 1, COUNT))}+" if self.row > FIRST_ROW else ""
        return f'{above}IF({absolute(self.result)}="",0,1)'


@dataclass(frozen=True)
class Reader:
    """One input on one project sheet, and where each step of its reading stands."""

    sheet: int
    input: Input
    live: Live
    row: int
    steps: Mapping[str, str]  # address by name
    formulas: tuple[tuple[CellRef, str], ...]

    @property
    def clean(self) -> str:
        """The cell with the clean text."""
        return self.steps["clean"]

    @property
    def operand(self) -> Operand:
        """What rules see of the input."""
        filled, sound = f'{self.clean}<>""', f'{self.steps["state"]}=""'
        return Operand(self.steps[self.live.value], filled, sound)


@dataclass(frozen=True)
class Quantity:
    """The parts of one row's target, worked out beside its reader."""

    reader: Reader
    steps: Mapping[str, str]
    formulas: tuple[tuple[CellRef, str], ...]

    def operand(self, part: str) -> Operand:
        """What rules see of a part; nothing can be said of it where the target is blank."""
        cell = self.steps[part]
        return Operand(cell, f'{cell}<>""', f'{self.steps["text"]}<>""')


@dataclass(frozen=True)
class LiveTable:
    """All that the hidden sheet works out."""

    plan: Plan
    lists: ListPlaces
    readers: tuple[Reader, ...]
    quantities: tuple[Quantity, ...]
    flags: tuple[str, ...]  # by project sheet
    checks: tuple[LiveCheck, ...]  # one a row, from FIRST_ROW on


def absolute(place: CellRef, sheet: str | None = None) -> str:
    """A reference that stays put: ``$B$6``, or ``'项目1'!$B$6``."""
    prefix = f"'{sheet}'!" if sheet else ""
    return f"{prefix}${column_letters(place.column)}${place.row}"


def between(area: RangeRef, sheet: str | None = None) -> str:
    """A range that stays put."""
    last = CellRef(area.bottom, area.right)
    return f"{absolute(area.first, sheet)}:{absolute(last)}"
