"""What Excel 2010 would refuse in a formula, as far as it can be told without computing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MAX_FORMULA, MAX_NESTING, MAX_LITERAL = 8192, 64, 255
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

# What Excel 2007 knew. What came later is written with a prefix, which nothing here needs.
_FUNCTIONS = """
    AND FALSE IF IFERROR NOT OR TRUE
    CELL ERROR.TYPE INFO ISBLANK ISERR ISERROR ISEVEN ISLOGICAL ISNA ISNONTEXT ISNUMBER ISODD ISREF
    ISTEXT N NA TYPE
    ADDRESS AREAS CHOOSE COLUMN COLUMNS HLOOKUP HYPERLINK INDEX INDIRECT LOOKUP MATCH OFFSET ROW
    ROWS TRANSPOSE VLOOKUP
    ASC CHAR CLEAN CODE CONCATENATE DOLLAR EXACT FIND FINDB FIXED LEFT LEFTB LEN LENB LOWER MID MIDB
    PROPER REPLACE REPLACEB REPT RIGHT RIGHTB SEARCH SEARCHB SUBSTITUTE T TEXT TRIM UPPER VALUE
    WIDECHAR
    DATE DATEDIF DATEVALUE DAY DAYS360 EDATE EOMONTH HOUR MINUTE MONTH NETWORKDAYS NOW SECOND TIME
    TIMEVALUE TODAY WEEKDAY WEEKNUM WORKDAY YEAR YEARFRAC
    ABS CEILING COMBIN EVEN EXP FACT FLOOR GCD INT LCM LN LOG LOG10 MOD MROUND ODD POWER PRODUCT
    QUOTIENT RAND RANDBETWEEN ROMAN ROUND ROUNDDOWN ROUNDUP SIGN SQRT SUBTOTAL SUM SUMIF SUMIFS
    SUMPRODUCT SUMSQ TRUNC
    AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS FREQUENCY LARGE
    MAX MAXA MEDIAN MIN MINA MODE PERCENTILE QUARTILE RANK SMALL STDEV STDEVP VAR VARP
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())

_TOKEN = re.compile(
    r"""
      (?P<literal> "(?:[^"]|"")*" )
    | (?P<error> \#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!) )
    | (?P<sheet> '(?:[^']|'')+' | [^\W\d][\w.]* ) !
    | (?P<function> [^\W\d][\w.]* ) \(
    | (?P<cell> \$?[A-Za-z]{1,3}\$?[0-9]{1,7} (?![\w.]) )
    | (?P<lines> \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3} (?![\w.]) | \$?[0-9]+:\$?[0-9]+ )
    | (?P<name> [^\W\d][\w.?\\]* )
    | (?P<number> [0-9]+ (?:\.[0-9]*)? (?:[eE][+-]?[0-9]+)? )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<stray> ["'\[\]\#] )
    """,
    re.VERBOSE,
)
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
# A reference in the other notation, to this row and column or to others.
_ROW_COLUMN = re.compile(r"(?i)(r[0-9]*(c[0-9]*)?|c[0-9]*)\Z")
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NAME = re.compile(r"[^\W\d][\w.?\\]{0,254}\Z")


def units(text: str) -> int:
    """How long Excel takes a text to be: ``_x000D_`` is one character, one beyond U+FFFF two."""
    return len(_ESCAPE.sub("_", text).encode("utf-16-le")) // 2


def place(ref: str) -> tuple[int, int] | None:
    """Row and column of a cell's address; None for anything that is off the grid."""
    match = _CELL.match(ref)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row, column) if 1 <= row <= LAST_ROW and column <= LAST_COLUMN else None


def can_be_a_name(name: str) -> bool:
    """Whether Excel takes this as a defined name."""
    if name.lower() in ("true", "false"):
        return False
    return bool(_NAME.match(name)) and place(name) is None and not _ROW_COLUMN.match(name)


def other_sheets(formula: str) -> list[str]:
    """The sheets that a formula names."""
    return [_unquoted(token["sheet"]) for token in _TOKEN.finditer(formula) if token["sheet"]]


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


@dataclass(frozen=True)
class Known:
    """What a formula may refer to."""

    sheets: tuple[str, ...]
    names: frozenset[str]  # in lower case: those of the workbook and of the formula's sheet


@cache
def formula_problems(formula: str, known: Known) -> tuple[str, ...]:
    """What is wrong with a formula, which may stand in a thousand cells."""
    return tuple(_problems(formula, known))


def _problems(formula: str, known: Known) -> Iterator[str]:
    if not formula.strip():
        yield "empty formula"
    if formula.startswith("="):
        yield "formula with its equals sign"
    if units(formula) > MAX_FORMULA:
        yield f"formula over {MAX_FORMULA} characters"
    for token in _TOKEN.finditer(formula):
        yield from _token_problems(token, known)
    yield from _nesting_problems(formula)


def _token_problems(token: re.Match[str], known: Known) -> Iterator[str]:
    kind, text = str(token.lastgroup), token[0]
    match kind:
        case "literal" if units(text[1:-1].replace('""', '"')) > MAX_LITERAL:
            yield f"text over {MAX_LITERAL} characters in a formula"
        case "error" if text == "#REF!":
            yield "lost reference #REF!"
        case "sheet" if _unquoted(token[kind]) not in known.sheets:
            yield f"unknown sheet {token[kind]}"
        case "function" if token[kind].upper() not in FUNCTIONS:
            yield f"unknown function {token[kind]}"
        case "name" | "cell" if not _is_known(text, known):
            yield f"unknown name {text}"
        case "stray":
            yield f"stray {text}"


def _is_known(text: str, known: Known) -> bool:
    lower = text.lower()
    return place(text) is not None or lower in ("true", "false") or lower in known.names


def _nesting_problems(formula: str) -> Iterator[str]:
    open_calls: list[bool] = []
    deepest = 0
    for token in _TOKEN.finditer(formula):
        if token.lastgroup in ("open", "function"):
            open_calls.append(token.lastgroup == "function")
            deepest = max(deepest, sum(open_calls))
        elif token.lastgroup == "close":
            if not open_calls:
                yield "unbalanced parentheses"
                return
            open_calls.pop()
    if open_calls:
        yield "unbalanced parentheses"
    if deepest > MAX_NESTING:
        yield f"functions nested deeper than {MAX_NESTING}"
