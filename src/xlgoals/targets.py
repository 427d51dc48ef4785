"""指标目标值: how a target that people wrote becomes operator, number and unit.

A target either reads as a quantity from end to end (``≥95%``, ``不少于10场``, ``90%以上``) or it
stays words. There is no half reading: ``12月底前完成`` holds a number but states no quantity.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from xlgoals.text import folded

# Operators as signs, before the number. Longest first, so that ">=" is not read as ">".
SIGNS: dict[str, str] = {
    ">=": "≥",
    "=>": "≥",
    "<=": "≤",
    "=<": "≤",
    "≥": "≥",
    "≤": "≤",
    ">": ">",
    "<": "<",
    "=": "=",
}
# Operators as words before the number.
PREFIXES: dict[str, str] = {
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
# Operators as words after the unit.
SUFFIXES: dict[str, str] = {
    "及以上": "≥",
    "(含)以上": "≥",
    "（含）以上": "≥",
    "以上": "≥",
    "及以下": "≤",
    "(含)以下": "≤",
    "（含）以下": "≤",
    "以下": "≤",
    "以内": "≤",
}
# Each operator as its own sign, which some systems write full-width.
_PLAIN_SIGNS = {"≥": "≥", "≤": "≤", ">": "[>＞]", "<": "[<＜]", "=": "[=＝]"}
MAX_UNIT_LENGTH = 10
# Spreadsheets keep 15 digits of a number; a longer run is an identifier, not a quantity.
MAX_DIGITS = 15


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_QUANTITY = re.compile(
    rf"(?P<prefix>{_alternatives(SIGNS)}|{_alternatives(PREFIXES)})?\s*"
    r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*"
    # A unit is short and holds neither digits, nor signs, nor the punctuation of a sentence.
    rf"(?P<unit>[^\d=<>≥≤,.;:!?，。；：、！？\s~～\-—]{{0,{MAX_UNIT_LENGTH + 4}}}?)"
    rf"(?P<suffix>{_alternatives(SUFFIXES)})?\Z",
    re.ASCII,
)
# "12月底前", "3年内": a point in time; "%完成", "%以上满意": the rest of a sentence. No units.
_NO_UNIT = re.compile(r"[年月日号].|[%‰].|.*(?:以上|以下|以内)")
_BRACKETED = re.compile(r"[(（](?P<inner>[^()（）]+)[)）]\Z")


class Quantity(NamedTuple):
    """What a quantitative target says; unit None where none is written."""

    operator: str | None
    number: Decimal
    unit: str | None


def parse_quantity(text: str) -> Quantity | None:
    """Read a target as a quantity; None where it is words.

    ``=100%`` → (=, 100, %); ``90%以上`` → (≥, 90, %); ``1,600人次`` → (None, 1600, 人次).
    """
    found = _QUANTITY.match(folded(text))
    if not found:
        return None
    prefix, suffix = found["prefix"], found["suffix"]
    before = SIGNS.get(prefix) or PREFIXES.get(prefix) if prefix else None
    after = SUFFIXES[suffix] if suffix else None
    if before and after and before != after:
        return None  # "=90%以上" says two things
    unit = _unit(found["unit"])
    digits = found["number"].replace(",", "")
    if unit is None or sum(char.isdigit() for char in digits) > MAX_DIGITS:
        return None
    return Quantity(before or after, Decimal(digits), unit or None)


def _unit(written: str) -> str | None:
    """The unit without brackets; None where the words after the number are no unit."""
    bracketed = _BRACKETED.match(written)
    unit = bracketed["inner"] if bracketed else written
    if len(unit) > MAX_UNIT_LENGTH or _NO_UNIT.match(unit):
        return None
    return unit


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


def plain_number(number: Decimal) -> str:
    """A decimal as plain digits without needless zeros: ``100``, ``0.5``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


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
