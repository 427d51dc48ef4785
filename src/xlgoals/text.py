"""What is ever done to a text: unescape it, store it, fold it for parsing, compare it as a label.

Stored text keeps every character the filler chose. Folding is only for parsing and matching: NFKC
is never applied, since it would also change （）：； which are right as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
# Characters XML 1.0 forbids, lone surrogates, C1 controls, invisible marks that only paste brings.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u200b"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# What a terminal obeys, what turns the order of a line around, what no encoding can hold.
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)

# One explicit table, small enough to be said as nested SUBSTITUTE calls in a workbook too.
FOLDED: dict[str, str] = {
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    "，": ",",
    "．": ".",
    "／": "/",
    "－": "-",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "％": "%",
    "：": ":",
    "（": "(",
    "）": ")",
    "≧": "≥",
    "≦": "≤",
    "\u3000": " ",
    "\u00a0": " ",
    # blanks that come with a paste; every other one is left alone
    **dict.fromkeys("\u2002\u2003\u2009\u2028\x0b\t\n\r", " "),
    "\u200b": "",
    "\ufeff": "",
}
# What NFKC changes in a Chinese text as a rule.
_WIDE = {wide: unicodedata.normalize("NFKC", wide) for wide in map(chr, range(0xFF01, 0xFF5F))}


def unescaped(raw: str) -> str:
    """A cell's text with the escapes decoded by which workbooks carry what XML cannot.

    ``_x000D_`` is a carriage return, ``_x005F_`` an underscore that would else start an escape.
    """
    if "_x" not in raw:
        return raw
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), raw)


def escaped(text: str) -> str:
    """The reverse, for a text that may be stored: what reads like an escape is kept as it reads."""
    return _ESCAPE.sub(lambda found: f"_x005F{found[0]}", text) if "_x" in text else text


def stored(text: str) -> str:
    r"""Text as it is kept: line ends are ``\n``, outer blanks and control characters are gone.

    Nothing else changes.
    """
    if text.isprintable():  # then there is nothing of either
        return text.strip()
    return _ILLEGAL.sub("", _LINE_END.sub("\n", text)).strip()


def visible(text: str) -> str:
    r"""Text out of a file or its name, safe to print anywhere: what is unsafe as ``\x1b``.

    Line ends are kept as ``\n``.
    """
    lines = _LINE_END.sub("\n", text).replace("\t", " ")
    return _UNSAFE.sub(_escaped, lines) if _UNSAFE.search(lines) else lines


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # a byte of a file name that is no text
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def folded(text: str) -> str:
    """Text as parsers see it: full-width digits and signs narrow, blanks single, ends trimmed."""
    return _folded_short(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    return " ".join(part for part in _replaced(text, FOLDED).split(" ") if part)


def _replaced(text: str, table: Mapping[str, str]) -> str:
    # Twenty times as fast as str.translate where most characters are not ASCII.
    for old, new in table.items():
        if old in text:
            text = text.replace(old, new)
    return text


# The sheets of a season say the same short things again and again; long texts are not kept.
_SHORT, _KEPT = 100, 4096
_folded_short = lru_cache(_KEPT)(_folded)


def label_key(text: str) -> str:
    """What must be equal for two labels to be the same: no white space, no trailing colon, NFKC.

    Published forms break labels over lines and drop or narrow the colon from year to year.
    """
    return _label_key_short(text) if len(text) <= _SHORT else _label_key(text)


def _label_key(text: str) -> str:
    # Where nothing is left to change, unicodedata sees it at a glance.
    narrow = unicodedata.normalize("NFKC", _replaced(text, _WIDE))
    return "".join(narrow.split()).rstrip(":")


_label_key_short = lru_cache(_KEPT)(_label_key)


def display_width(text: str) -> int:
    """Columns a text takes where a CJK character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


# What is not broken: words, numbers, addresses of cells; and what may not begin or end a line.
_UNBROKEN = re.compile(r"\s+|[“‘（《【]*(?:[\x21-\x7e]+|\S)?[，。；：、！？”’）》】]*")


def wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than so many columns, broken as Chinese is: anywhere, but before a comma."""
    lines, line, taken = [], "", 0
    for piece in filter(None, _UNBROKEN.findall(text)):
        wide = display_width(piece)
        if line and taken + wide > width:
            lines.append(line.rstrip())
            line, taken = "", 0
            if piece.isspace():
                continue
        line += piece
        taken += wide
    return [*lines, line.rstrip()]
