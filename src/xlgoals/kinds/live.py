"""Formula pieces of live checks: what a kind says once more, in a spreadsheet's own language.

Only functions that Excel 2010, WPS and LibreOffice know alike, whatever the locale: no dynamic
arrays, no names that follow the language, VALUE on plain digits only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlgoals.findings import Code
from xlgoals.numerals import BEYOND, GROUPED, LONGEST
from xlgoals.text import FOLDED

# What the clean text of a cell with an error value is: a private character that nobody can type.
ERROR_MARK = "\ue000"

Cached = str | float | int


@dataclass(frozen=True)
class Step:
    """One helper cell: a formula over ``{raw}``, earlier steps by name, and lists by name."""

    name: str
    formula: str


@dataclass(frozen=True)
class Watch:
    """One live check: when its condition is true, its code is shown.

    ``details`` gives formulas for the words of the message that depend on the cell.
    """

    code: Code
    fires: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """How a workbook reads and checks one input of a kind.

    The first step is ``clean``; ``state`` holds the code that settles the cell, or nothing;
    ``value`` names the step that rules read.
    """

    steps: tuple[Step, ...]
    watches: tuple[Watch, ...]
    value: str
    lists: Mapping[str, Sequence[str | int]] = field(default_factory=dict)


def quoted(text: str) -> str:
    """A text as a formula's literal; control characters as CHAR()."""
    controls = {"\n": "CHAR(10)", "\r": "CHAR(13)", "\t": "CHAR(9)", "\x0b": "CHAR(11)"}
    if text in controls:
        return controls[text]
    return '"' + text.replace('"', '""') + '"'


def substituted(formula: str, pairs: Mapping[str, str]) -> str:
    """Nested SUBSTITUTE calls."""
    for old, new in pairs.items():
        formula = f"SUBSTITUTE({formula},{quoted(old)},{quoted(new)})"
    return formula


def masked(formula: str, others: str = "") -> str:
    """Every digit as 0, and other characters too where they are given."""
    return substituted(formula, dict.fromkeys("123456789" + others, "0"))


def either(conditions: Sequence[str]) -> str:
    """OR of the conditions, FALSE of none."""
    return f"OR({','.join(conditions)})" if conditions else "FALSE"


def one_of(cell: str, texts: Sequence[str]) -> str:
    """Whether a cell is exactly one of some texts."""
    return either([f"EXACT({cell},{quoted(text)})" for text in texts])


def refused_as(code: Code) -> Watch:
    """The check of a code that the state step gives."""
    return Watch(code, f'{{state}}="{code.id}"')


def valid_number(mask: str) -> str:
    """Whether the mask of an unsigned number is one: see ``numerals.written_number``."""
    integer = f'LEFT({mask},FIND(".",{mask}&".")-1)'
    fraction = f'MID({mask},FIND(".",{mask}&".")+1,99)'
    plain = f'AND(LEN({integer})>0,SUBSTITUTE({integer},"0","")="")'
    grouped = (
        f'AND(LEFT({integer},1)="0",LEN({integer})<={len(GROUPED)},'
        f'EXACT({integer},RIGHT("{GROUPED}",LEN({integer}))))'
    )
    whole = f'OR(ISERROR(FIND(".",{mask})),AND(LEN({fraction})>0,SUBSTITUTE({fraction},"0","")=""))'
    return f"AND(OR({plain},{grouped}),{whole})"


def number_value(digits: str) -> str:
    """The value of digits that are valid; each side of the point apart, for VALUE is local."""
    integer = f'SUBSTITUTE(LEFT({digits},FIND(".",{digits}&".")-1),",","")'
    fraction = f'MID({digits},FIND(".",{digits}&".")+1,99)'
    value = f'VALUE({integer})+IF({fraction}="",0,VALUE("0"&{fraction})/10^LEN({fraction}))'
    return f"IF(LEN({digits})>{LONGEST},{BEYOND},{value})"


_FOLDED_RAW = substituted("{raw}&" + quoted(""), FOLDED)
CLEAN = Step("clean", f'IF(ISERROR({{raw}}),"{ERROR_MARK}",TRIM({_FOLDED_RAW}))')
IS_ERROR = f'{{clean}}="{ERROR_MARK}"'
EMPTY_OR_ERROR = f'OR({{clean}}="",{IS_ERROR})'
