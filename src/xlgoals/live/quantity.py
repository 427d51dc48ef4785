"""The steps of ``targets.analyse`` as formulas: operator, number and unit of a target."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xlgoals.kinds.live import (
    Cached,
    Step,
    masked,
    number_value,
    one_of,
    quoted,
    substituted,
    valid_number,
)
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

# No formula here works on arrays: not every program lets functions take them.


def _longest(end: str, cell: str, words: Collection[str]) -> str:
    """The length of the longest word that a text begins (LEFT) or ends (RIGHT) with."""
    fits = (f"IF(EXACT({end}({cell},{len(word)}),{quoted(word)}),{len(word)},0)" for word in words)
    return f"MAX(0,{','.join(fits)})"


def _operator(word: str, words: Mapping[str, str]) -> str:
    """The operator that a word stands for; empty for none."""
    formula = '""'
    for operator in dict.fromkeys(words.values()):
        spellings = [spelling for spelling, meant in words.items() if meant == operator]
        formula = f"IF({one_of(word, spellings)},{quoted(operator)},{formula})"
    return formula


# Digits, points and commas as 0, blanks as a letter: what comes first that is no 0 ends the run.
_RUN_MASK = f'SUBSTITUTE({masked(f"LEFT({{unsigned}},{LONGEST_RUN})", ".,")}," ","x")'
_FIRST_OTHER = 'TRIM(SUBSTITUTE({run_mask},"0"," "))'
_RUN = f'IF({_FIRST_OTHER}="",LEN({{run_mask}}),FIND(LEFT({_FIRST_OTHER},1),{{run_mask}})-1)'
_FORBIDDEN = (*NOT_IN_UNITS_WORDS, *NOT_IN_UNITS)
_STARTS_NEGATIVE = 'LEFT({rest},1)="-"'
_IS_QUANTITY = ",".join(
    (
        '{figure}<>""',
        f'LEN(SUBSTITUTE(SUBSTITUTE({{digits}},",",""),".",""))<={MAX_DIGITS}',
        f"LEN({{bare}})<={MAX_UNIT_LENGTH}",
        f"EXACT({{bare}},{substituted('{bare}', dict.fromkeys(_FORBIDDEN, ''))})",
        f"NOT(AND(LEN({{bare}})>1,ISNUMBER(FIND(LEFT({{bare}},1),{quoted(ONLY_ALONE)}))))",
        'OR({before}="",{after}="",EXACT({before},{after}))',
    )
)

# Over {text}: the target's folded text, empty where it is blank or wrong.
STEPS: tuple[Step, ...] = (
    Step("prefix", _longest("LEFT", "{text}", PREFIXES)),
    Step("before", _operator("LEFT({text},{prefix})", PREFIXES)),
    Step("rest", "TRIM(MID({text},{prefix}+1,300))"),
    Step("unsigned", f"IF({_STARTS_NEGATIVE},MID({{rest}},2,300),{{rest}})"),
    Step("run_mask", _RUN_MASK),
    Step("run", _RUN),
    Step("digits", "LEFT({unsigned},{run})"),
    Step("mask", masked("{digits}")),
    Step("figure", f'IF({valid_number("{mask}")},{number_value("{digits}")},"")'),
    Step("tail", "TRIM(MID({unsigned},{run}+1,300))"),
    Step("suffix", _longest("RIGHT", "{tail}", SUFFIXES)),
    Step("after", _operator("RIGHT({tail},{suffix})", SUFFIXES)),
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
        len(found.prefix), before, rest, unsigned, _run_mask(unsigned),
        len(found.digits), found.digits,
        mask_of(found.digits), figure, tail, len(found.suffix), after, written, found.unit,
        int(good), (before or after) if good else "", number, found.unit if good else "",
    )  # fmt: skip


def _run_mask(unsigned: str) -> str:
    return mask_of(unsigned[:LONGEST_RUN]).translate(str.maketrans("., ", "00x"))
