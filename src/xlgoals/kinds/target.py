"""指标目标值: a quantity or words, kept as the filler wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation
from xlgoals.kinds.live import Cached, Live
from xlgoals.kinds.text import TextKind
from xlgoals.language import Message
from xlgoals.targets import respelled
from xlgoals.text import folded
from xlgoals.vocabulary import KindName

# "=100%" typed into a cell that is not text becomes a formula; so do "=10" and "=≥95%".
_NUMBER_FORMULA = re.compile(r"[+-]?\d+(\.\d+)?%?\Z")


@dataclass(frozen=True)
class TargetKind(Kind):
    """A target; its value is the text, parsed by whoever needs operator, number and unit."""

    max_length: int
    placeholders: tuple[str, ...] = ()
    apart: bool = False  # sign and unit have cells of their own

    name = KindName.TARGET

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        if self.apart:
            return Message("数值，或不超过{limit}字的文字", limit=self.max_length)
        return self.requirement

    @property
    def requirement(self) -> str:
        """The same wherever sign and unit stand."""
        return Message(
            "带计算符号和单位的数值（如 ≥95%、≥10场），或不超过{limit}字的文字",
            limit=self.max_length,
        )

    @property
    def _text(self) -> TextKind:
        return TextKind(self.max_length, self.placeholders)

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Keep the text; turn a number back into what was typed (1 shown as 100% is ``100%``)."""
        reading = self._text.parse(cell, shown, date1904)
        if cell.kind is CellKind.TEXT and reading.value and (read := respelled(reading.value)):
            issue = Issue(codes.TARGET_NORMALISED, {"read": read})
            return replace(reading, issues=(*reading.issues, issue))
        return reading

    def read_formula(self, cell: Cell, date1904: bool) -> Reading:
        """Accept a formula that is only a number or a percentage: it is the text with its sign."""
        formula = folded(cell.formula or "")
        if not _NUMBER_FORMULA.match(formula):
            return super().read_formula(cell, date1904)
        typed = Cell(cell.ref, CellKind.TEXT, f"={formula}", None, cell.number_format)
        return replace(self._text.parse(typed, f"={formula}", date1904), shown=f"={formula}")

    def live(self) -> Live:
        """As a text; what it says of operator, number and unit is worked out for the row."""
        return self._text.live()

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Clean text, and no refusal."""
        return self._text.live_cache(content)

    def write(self, value: Any) -> CellContent:
        """The text itself; it must go into a cell of text format, or ``=100%`` is a formula."""
        return str(value)

    def validation(self, cell: str) -> Validation:
        """Nothing but the prompt.

        LibreOffice finds no typed text valid that begins with ``=``, whatever the validation, and
        ``=100%`` is what is typed most often. The live check tells of a text that is too long.
        """
        return Validation()
