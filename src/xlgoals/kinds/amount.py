"""Amounts of money: 元 inside, 元 or 万元 on the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Code, Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, exact, refuse
from xlgoals.kinds.live import (
    CLEAN,
    EMPTY_OR_ERROR,
    IS_ERROR,
    Cached,
    Live,
    Step,
    Watch,
    either,
    masked,
    number_value,
    quoted,
    refused_as,
    valid_number,
)
from xlgoals.kinds.seen import as_seen
from xlgoals.language import Message, noted
from xlgoals.numerals import plain_number, written_number
from xlgoals.text import folded, stored
from xlgoals.vocabulary import KindName

# How many 元 one of the unit is.
UNITS: dict[str, Decimal] = {noted("元"): Decimal(1), noted("万元"): Decimal(10_000)}
# Longest first: 万元 ends in 元, too.
_SUFFIXES = {"万元": UNITS["万元"], "万": UNITS["万元"], "元": UNITS["元"]}
SIGNS = ("￥", "¥")
# A spreadsheet keeps 15 digits, but LibreOffice takes numbers for equal that differ in the 15th.
MAX_AMOUNT = Decimal("999999999999.99")
CENT = Decimal("0.01")

_AS_IS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?\Z", re.ASCII)


def _ends_in(cell: str, unit: str) -> str:
    return f"RIGHT({cell},{len(unit)})={quoted(unit)}"


@dataclass(frozen=True)
class AmountKind(Kind):
    """A sum of money, zero or more, exact to the 分; its value is a Decimal in 元.

    ``unit`` is what a bare number on the form means. A sum above zero that is not between
    ``plausible_from`` and ``plausible_to`` 元 looks as if it had been filled in by another unit: a
    warning.
    """

    unit: str = "元"
    plausible_from: Decimal = Decimal(0)
    plausible_to: Decimal = MAX_AMOUNT

    name = KindName.AMOUNT
    takes_formula_result = True

    @property
    def decimals(self) -> int:
        """Digits behind the point that a 分 takes in this unit."""
        return 2 if self.unit == "元" else 6

    @property
    def number_format(self) -> str:
        """Two decimals always; in 万元 the further ones as needed."""
        return "#,##0.00" if self.unit == "元" else "#,##0.00####"

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        return Message(
            "不小于零的数字，单位为{unit}，最多{decimals}位小数",
            unit=Message(self.unit),
            decimals=self.decimals,
        )

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read a number, or a text that is a number with or without its unit."""
        text = stored(shown)
        if cell.kind is CellKind.NUMBER and isinstance(cell.value, float):
            if cell.is_date or cell.is_percent:
                return self._refuse(codes.AMOUNT_INVALID, as_seen(cell, date1904))
            return self._judge(exact(cell.value) * UNITS[self.unit], text, normalised=False)
        number, unit = self._written(folded(text)) if cell.kind is CellKind.TEXT else (None, "")
        if number is None:
            return self._refuse(codes.AMOUNT_INVALID, text)
        return self._judge(number * _SUFFIXES[unit], text, normalised=not _AS_IS.match(text))

    def _written(self, text: str) -> tuple[Decimal | None, str]:
        """The number and its unit, of a folded text; None where it is no number."""
        body = text[1:].strip() if text[:1] in SIGNS else text
        unit = next((suffix for suffix in _SUFFIXES if body.endswith(suffix)), "")
        body = body[: len(body) - len(unit)].strip()
        negative = body.startswith("-")
        number = written_number(body[negative:])
        return (-number if negative and number else number), unit or self.unit

    def _judge(self, amount: Decimal, shown: str, normalised: bool) -> Reading:
        if amount < 0:
            return self._refuse(codes.AMOUNT_NEGATIVE, shown)
        if amount > MAX_AMOUNT:
            return self._refuse(codes.AMOUNT_TOO_LARGE, shown)
        if amount % CENT:
            return self._refuse(codes.AMOUNT_DECIMALS, shown)
        amount = Decimal(plain_number(amount))
        unit, issues = Message(self.unit), []
        if normalised:
            issues.append(Issue(codes.AMOUNT_NORMALISED, {"read": f"{amount:,}", "unit": unit}))
        if doubt := self.doubt(amount):
            printed = Decimal(plain_number(amount / UNITS[self.unit]))
            issues.append(Issue(doubt, {"read": f"{printed:,}", "unit": unit}))
        return Reading(amount, tuple(issues), shown)

    def doubt(self, amount: Decimal) -> Code | None:
        """The warning that a sum looks as if it had been filled in by another unit."""
        if 0 < amount < self.plausible_from:
            return codes.AMOUNT_SMALL
        return codes.AMOUNT_LARGE if amount > self.plausible_to else None

    def _refuse(self, code: Code, shown: str) -> Reading:
        details = {"unit": Message(self.unit), "decimals": str(self.decimals)}
        return refuse(Issue(code, details), shown)

    def live(self) -> Live:
        """A number as it is, a text by its parts; the value is in 元, rounded to the 分."""
        factor = plain_number(UNITS[self.unit])
        has_sign = either([f"LEFT({{clean}},1)={quoted(sign)}" for sign in SIGNS])
        units = "".join(f"IF({_ends_in('{text}', unit)},{quoted(unit)}," for unit in _SUFFIXES)
        factors = "".join(
            f"IF({{unit}}={quoted(unit)},{plain_number(factor_)},"
            for unit, factor_ in _SUFFIXES.items()
        )
        closing = ")" * len(_SUFFIXES)
        digits = 'IF(LEFT({body},1)="-",MID({body},2,99),{body})'
        sign = 'IF(LEFT({body},1)="-",-1,1)'
        steps = (
            CLEAN,
            Step("text", f'IF(OR(ISNUMBER({{raw}}),{{clean}}="",{IS_ERROR}),"",'
                         f"IF({has_sign},TRIM(MID({{clean}},2,99)),{{clean}}))"),
            Step("unit", f'{units}""{closing}'),
            Step("body", "TRIM(LEFT({text},LEN({text})-LEN({unit})))"),
            Step("digits", digits),
            Step("mask", masked("{digits}")),
            Step("yuan", f'IF({EMPTY_OR_ERROR},"",IF(ISNUMBER({{raw}}),{{raw}}*{factor},'
                         f"IF({valid_number('{mask}')},{sign}*{number_value('{digits}')}*"
                         f'{factors}{factor}{closing},"")))'),
            Step("state", self._state_formula()),
            Step("value", 'IF(OR({clean}="",{state}<>""),"",ROUND({yuan},2))'),
        )  # fmt: skip
        refusals = (
            *(codes.AMOUNT_INVALID, codes.AMOUNT_NEGATIVE),
            *(codes.AMOUNT_TOO_LARGE, codes.AMOUNT_DECIMALS),
        )
        words = {"unit": quoted(self.unit), "decimals": quoted(str(self.decimals))}
        watches = [Watch(code, refused_as(code).fires, words) for code in refusals]
        printed = "{value}" if factor == "1" else f"ROUND({{value}}/{factor},{self.decimals})"
        watches += self._doubts({**words, "read": printed})
        return Live(steps, tuple(watches), "value")

    def _doubts(self, words: Mapping[str, str]) -> Iterator[Watch]:
        if self.plausible_from > 0:
            small = f"AND({{value}}>0,{{value}}<{self.plausible_from})"
            yield Watch(codes.AMOUNT_SMALL, f'IF({{value}}="",FALSE,{small})', words)
        if self.plausible_to < MAX_AMOUNT:
            large = f"{{value}}>{self.plausible_to}"
            yield Watch(codes.AMOUNT_LARGE, f'IF({{value}}="",FALSE,{large})', words)

    def _state_formula(self) -> str:
        largest = plain_number(MAX_AMOUNT)
        return (
            f'IF({IS_ERROR},"{codes.ERROR_VALUE.id}",IF({{clean}}="","",'
            f'IF({{yuan}}="","{codes.AMOUNT_INVALID.id}",'
            f'IF({{yuan}}<0,"{codes.AMOUNT_NEGATIVE.id}",'
            f'IF({{yuan}}>{largest},"{codes.AMOUNT_TOO_LARGE.id}",'
            f'IF({has_further("{yuan}", 2)},"{codes.AMOUNT_DECIMALS.id}",""))))))'
        )

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Of a number the steps of parsing are blank."""
        if not isinstance(content, Decimal):
            return "", "", "", "", "", "", "", "", ""
        yuan = float(content * UNITS[self.unit])
        return plain_number(content), "", "", "", "", "", yuan, "", yuan

    def write(self, value: Any) -> CellContent:
        """The number in the form's unit."""
        return Decimal(value) / UNITS[self.unit]

    def validation(self, cell: str) -> Validation:
        """Refuse text, negative numbers, parts of a 分 and sums too large to be kept exactly."""
        largest = plain_number(MAX_AMOUNT / UNITS[self.unit])
        return Validation(
            formula=(
                f"AND({is_number(cell)},{cell}>=0,{cell}<={largest},"
                f"NOT({has_further(cell, self.decimals)}))"
            ),
            refusal=f"请只填写数字，单位为{self.unit}，不小于零，最多{self.decimals}位小数。",
        )


def is_number(cell: str) -> str:
    """Conditions of a cell that holds a number: LibreOffice takes a truth value for one, too."""
    return f"ISNUMBER({cell}),NOT(ISLOGICAL({cell}))"


def has_further(number: str, decimals: int) -> str:
    """Whether a number has further decimals, apart from what binary fractions leave behind."""
    return f"ABS({number}-ROUND({number},{decimals}))>{number}*4E-15"
