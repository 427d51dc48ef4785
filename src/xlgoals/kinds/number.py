"""Plain numbers, such as the weight of an indicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue
from xlgoals.kinds.amount import has_further, is_number
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, exact, refuse
from xlgoals.kinds.live import (
    CLEAN,
    EMPTY_OR_ERROR,
    IS_ERROR,
    Cached,
    Live,
    Step,
    masked,
    number_value,
    refused_as,
    valid_number,
)
from xlgoals.kinds.seen import as_seen
from xlgoals.language import Message
from xlgoals.numerals import masked as mask_of
from xlgoals.numerals import plain_number, written_number
from xlgoals.text import folded, stored
from xlgoals.vocabulary import KindName


@dataclass(frozen=True)
class NumberKind(Kind):
    """A number from zero to ``most``, with so many decimals; its value is a Decimal."""

    most: int = 100
    decimals: int = 2

    name = KindName.NUMBER
    takes_formula_result = True

    @property
    def number_format(self) -> str:
        """As typed: 10 stays 10."""
        return "General"

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        return Message(
            "0 至 {most} 的数字，最多{decimals}位小数", most=self.most, decimals=self.decimals
        )

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read a number, or a text that is a number."""
        text = stored(shown)
        number = self._number(cell, text)
        if number is None or not self._fits(number):
            return refuse(Issue(codes.NUMBER_INVALID), as_seen(cell, date1904))
        number = Decimal(plain_number(number))
        if cell.kind is CellKind.TEXT and plain_number(number) != text:
            issue = Issue(codes.NUMBER_NORMALISED, {"read": plain_number(number)})
            return Reading(number, (issue,), text)
        return Reading(number, (), text)

    def _number(self, cell: Cell, text: str) -> Decimal | None:
        if cell.kind is CellKind.TEXT:
            return written_number(folded(text))
        if isinstance(cell.value, float) and not (cell.is_date or cell.is_percent):
            return exact(cell.value)
        return None

    def _fits(self, number: Decimal) -> bool:
        return 0 <= number <= self.most and number == round(number, self.decimals)

    def live(self) -> Live:
        """A number as it is, a text by its digits."""
        number = (
            # LibreOffice takes a truth value for a number.
            f'IF(OR({EMPTY_OR_ERROR},ISLOGICAL({{raw}})),"",IF(ISNUMBER({{raw}}),{{raw}},'
            f'IF({valid_number("{mask}")},{number_value("{clean}")},"")))'
        )
        outside = (
            f"OR({{number}}<0,{{number}}>{self.most},{has_further('{number}', self.decimals)})"
        )
        invalid = f'"{codes.NUMBER_INVALID.id}"'
        state = (
            f'IF({IS_ERROR},"{codes.ERROR_VALUE.id}",IF({{clean}}="","",'
            f'IF({{number}}="",{invalid},IF({outside},{invalid},""))))'
        )
        steps = (
            CLEAN,
            Step("mask", masked("{clean}")),
            Step("number", number),
            Step("state", state),
            Step("value", 'IF(OR({clean}="",{state}<>""),"",{number})'),
        )
        return Live(steps, (refused_as(codes.NUMBER_INVALID),), "value")

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Of a number the digits are its own."""
        if not isinstance(content, Decimal):
            return "", "", "", "", ""
        text = plain_number(content)
        return text, mask_of(text), float(content), "", float(content)

    def write(self, value: Any) -> CellContent:
        """The number."""
        return Decimal(value)

    def validation(self, cell: str) -> Validation:
        """Refuse text, and numbers outside."""
        further = has_further(cell, self.decimals)
        return Validation(
            formula=f"AND({is_number(cell)},{cell}>=0,{cell}<={self.most},NOT({further}))",
            refusal=f"请填写{self.expected}。",
        )
