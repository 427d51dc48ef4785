"""The steps of ``targets.analyse`` as formulas: operator, number and unit of a target."""

from __future__ import annotations

from xlgoals.kinds.live import Cached, Step, masked, number_value, quoted, valid_number
from xlgoals.numerals import masked as mask_of
from xlgoals.targets import (
    LONGEST_RUN,
    MAX_DIGITS,
    MAX_UNIT_LENGTH,
    NOT_IN_UNITS,
    NOT_IN_UNITS_WORDS,
    ONLY_ALONE,
    PREFIXES,
    SUFFIXES,
    analyse,
)

# Tables of the hidden sheet that the formulas search; numbers count their entries.
LISTS: dict[str, tuple[str | int, ...]] = {
    "prefixes": tuple(PREFIXES),
    "prefix_operators": tuple(PREFIXES.values()),
    "prefix_numbers": tuple(range(1, len(PREFIXES) + 1)),
    "suffixes": tuple(SUFFIXES),
    "suffix_operators": tuple(SUFFIXES.values()),
    "suffix_numbers": tuple(range(1, len(SUFFIXES) + 1)),
    "runs": tuple("0" * length for length in range(1, LONGEST_RUN + 1)),
    "not_in_units": (*NOT_IN_UNITS, *NOT_IN_UNITS_WORDS),
}


def _longest(end: str, cell: str, words: str) -> str:
    """The length of the longest word of a list that a text begins (LEFT) or ends (RIGHT) with."""
    fits = f"({end}({cell},LEN({words}))={words})*LEN({words})"
    return f'IF({cell}="",0,SUMPRODUCT(MAX({fits})))'


def _operator(end: str, cell: str, length: str, table: str) -> str:
    place = f"SUMPRODUCT(({{{table}es}}={end}({cell},{length}))*{{{table}_numbers}})"
    return f'IF({length}=0,"",INDEX({{{table}_operators}},{place}))'


_STARTS_NEGATIVE = 'LEFT({rest},1)="-"'
_IS_QUANTITY = ",".join(
    (
        '{figure}<>""',
        f'LEN(SUBSTITUTE(SUBSTITUTE({{digits}},",",""),".",""))<={MAX_DIGITS}',
        f"LEN({{bare}})<={MAX_UNIT_LENGTH}",
        "SUMPRODUCT(ISNUMBER(FIND({not_in_units},{bare}))*1)=0",
        f"NOT(AND(LEN({{bare}})>1,ISNUMBER(FIND(LEFT({{bare}},1),{quoted(ONLY_ALONE)}))))",
        'OR({before}="",{after}="",EXACT({before},{after}))',
    )
)

# Over {text}: the target's folded text, empty where it is blank or wrong.
STEPS: tuple[Step, ...] = (
    Step("prefix", _longest("LEFT", "{text}", "{prefixes}")),
    Step("before", _operator("LEFT", "{text}", "{prefix}", "prefix")),
    Step("rest", "TRIM(MID({text},{prefix}+1,300))"),
    Step("unsigned", f"IF({_STARTS_NEGATIVE},MID({{rest}},2,300),{{rest}})"),
    Step(
        "run",
        f"SUMPRODUCT((LEFT({masked(f'LEFT({{unsigned}},{LONGEST_RUN})', '.,')},LEN({{runs}}))"
        "={runs})*1)",
    ),
    Step("digits", "LEFT({unsigned},{run})"),
    Step("mask", masked("{digits}")),
    Step("figure", f'IF({valid_number("{mask}")},{number_value("{digits}")},"")'),
    Step("tail", "TRIM(MID({unsigned},{run}+1,300))"),
    Step("suffix", _longest("RIGHT", "{tail}", "{suffixes}")),
    Step("after", _operator("RIGHT", "{tail}", "{suffix}", "suffix")),
    Step("unit_written", "TRIM(LEFT({tail},LEN({tail})-{suffix}))"),
    Step(
        "bare",
        'IF(AND(LEFT({unit_written},1)="(",RIGHT({unit_written},1)=")"),'
        "MID({unit_written},2,LEN({unit_written})-2),{unit_written})",
    ),
    Step("quantity", f"IF(AND({_IS_QUANTITY}),1,0)"),
    Step("operator", 'IF({quantity}=0,"",IF({before}="",{after},{before}))'),
    Step("number", f'IF({{quantity}}=0,"",IF({_STARTS_NEGATIVE},-1,1)*{{figure}})'),
    Step("unit", 'IF({quantity}=0,"",{bare})'),
)


def cached(text: str) -> tuple[Cached, ...]:
    """The results of the steps for a folded text."""
    found = analyse(text)
    rest = text[len(found.prefix) :].strip()
    unsigned = rest[1:] if found.negative else rest
    tail = unsigned[len(found.digits) :].strip()
    written = tail[: len(tail) - len(found.suffix)].strip()
    before, after = PREFIXES.get(found.prefix, ""), SUFFIXES.get(found.suffix, "")
    figure: Cached = "" if found.number is None else float(found.number)
    good = found.is_quantity
    sign = -1 if found.negative else 1
    number: Cached = sign * float(found.number) if good and found.number is not None else ""
    return (
        len(found.prefix), before, rest, unsigned, len(found.digits), found.digits,
        mask_of(found.digits), figure, tail, len(found.suffix), after, written, found.unit,
        int(good), (before or after) if good else "", number, found.unit if good else "",
    )  # fmt: skip
