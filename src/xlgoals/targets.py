"""指标目标值: how a target that people wrote becomes operator, number and unit.

A target either reads as a quantity from end to end (``≥95%``, ``不少于10场``, ``90%以上``) or it
stays words. There is no half reading: ``12月底前完成`` holds a number but states no quantity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlgoals.numerals import plain_number, written_number
from xlgoals.text import folded

# Operators before the number, as signs and as words; the longest that fits counts.
PREFIXES: dict[str, str] = {
    ">=": "≥",
    "=>": "≥",
    "<=": "≤",
    "=<": "≤",
    "≥": "≥",
    "≤": "≤",
    ">": ">",
    "<": "<",
    "=": "=",
    "大于等于": "≥",
    "大于或等于": "≥",
    "不低于": "≥",
    "不少于": "≥",
    "不小于": "≥",
    "至少": "≥",
    "小于等于": "≤",
    "小于或等于": "≤",
    "不高于": "≤",
    "不超过": "≤",
    "不多于": "≤",
    "不大于": "≤",
    "至多": "≤",
    "高于": ">",
    "超过": ">",
    "大于": ">",
    "多于": ">",
    "低于": "<",
    "少于": "<",
    "小于": "<",
    "等于": "=",
}
# Operators after the unit. Brackets are narrow once the text is folded.
SUFFIXES: dict[str, str] = {
    "及以上": "≥",
    "(含)以上": "≥",
    "以上": "≥",
    "及以下": "≤",
    "(含)以下": "≤",
    "以下": "≤",
    "以内": "≤",
}
# Each operator as its own sign, which some systems write full-width.
_PLAIN_SIGNS = {"≥": "≥", "≤": "≤", ">": "[>＞]", "<": "[<＜]", "=": "[=＝]"}
MAX_UNIT_LENGTH = 10
# Spreadsheets keep 15 digits of a number; a longer run is an identifier, not a quantity.
MAX_DIGITS = 15
LONGEST_RUN = 20  # characters of a number that are looked at
# A unit is short and holds neither digits, nor signs, nor the punctuation of a sentence.
NOT_IN_UNITS = "0123456789=<>≥≤,.;:!?，。；：、！？ ~～-—"
# "95%以上满意": the rest of a sentence, no unit.
NOT_IN_UNITS_WORDS = ("以上", "以下", "以内")
# "12月底前", "3年内", "100%完成": these stand alone or begin no unit.
ONLY_ALONE = "年月日号%‰"


class Quantity(NamedTuple):
    """What a quantitative target says; unit None where none is written."""

    operator: str | None
    number: Decimal
    unit: str | None


@dataclass(frozen=True)
class Analysis:
    """A target taken apart, step by step; the same steps as the live check takes in a workbook."""

    prefix: str  # the operator before the number, as written
    negative: bool
    digits: str  # the run of digits, points and commas
    suffix: str  # the operator after the unit, as written
    unit: str
    number: Decimal | None  # None where the digits are no number

    @property
    def operator(self) -> str | None:
        """The one operator that prefix and suffix agree on."""
        return PREFIXES.get(self.prefix) or SUFFIXES.get(self.suffix)

    @property
    def is_quantity(self) -> bool:
        """Whether the text is a quantity from end to end."""
        unit = self.unit
        return (
            self.number is not None
            and sum(char.isdigit() for char in self.digits) <= MAX_DIGITS
            and len(unit) <= MAX_UNIT_LENGTH
            and not any(char in unit for char in NOT_IN_UNITS)
            and not any(word in unit for word in NOT_IN_UNITS_WORDS)
            and not (len(unit) > 1 and unit[0] in ONLY_ALONE)
            and not (self.prefix and self.suffix and PREFIXES[self.prefix] != SUFFIXES[self.suffix])
        )


def analyse(text: str) -> Analysis:
    """Take a target apart; any text gives an analysis, few give a quantity."""
    rest = folded(text)
    prefix = max((word for word in PREFIXES if rest.startswith(word)), key=len, default="")
    rest = rest[len(prefix) :].strip()
    negative = rest.startswith("-")
    rest = rest[negative:]
    run = 0
    while run < min(len(rest), LONGEST_RUN) and rest[run] in "0123456789.,":
        run += 1
    digits, tail = rest[:run], rest[run:].strip()
    suffix = max((word for word in SUFFIXES if tail.endswith(word)), key=len, default="")
    unit = tail[: len(tail) - len(suffix)].strip()
    if unit[:1] == "(" and unit[-1:] == ")":
        unit = unit[1:-1]
    return Analysis(prefix, negative, digits, suffix, unit, written_number(digits))


@lru_cache(4096)
def parse_quantity(text: str) -> Quantity | None:
    """Read a target as a quantity; None where it is words.

    ``=100%`` → (=, 100, %); ``90%以上`` → (≥, 90, %); ``1,600人次`` → (None, 1600, 人次).
    """
    found = analyse(text)
    if found.number is None or not found.is_quantity:
        return None
    number = -found.number if found.negative else found.number
    return Quantity(found.operator, number, found.unit or None)


def respelled(text: str) -> str | None:
    """How a quantity is understood whose operator was written otherwise than as its sign.

    ``90%以上`` → ``≥90%``, ``>=5`` → ``≥5``; None where the text has its sign, or none at all.
    """
    quantity = parse_quantity(text)
    if quantity is None or quantity.operator is None:
        return None
    if re.match(rf"\s*{_PLAIN_SIGNS[quantity.operator]}(?![=＝])", text):
        return None
    return join_target(quantity.operator, plain_number(quantity.number), quantity.unit)


# Columns of forms that keep sign, number and unit apart.
PARTS = ("operator", "value", "unit")
# What such forms choose as sign for a target in words.
QUALITATIVE = "定性"


def split_target(text: str) -> dict[str, str | None]:
    """A target's text as the columns of forms that keep its parts apart."""
    quantity = parse_quantity(text)
    if quantity is None:
        return {"operator": None, "value": text, "unit": None}
    return {
        "operator": quantity.operator,
        "value": plain_number(quantity.number),
        "unit": quantity.unit,
    }


def join_target(operator: str | None, value: str | None, unit: str | None) -> str | None:
    """The one text of a target kept in parts; None where there is no value."""
    if value is None:
        return None
    sign = "" if operator in (None, QUALITATIVE) else operator
    return f"{sign}{value}{unit or ''}"
