"""Number format codes: the built-in ones, and what a code says about its value."""

from __future__ import annotations

import re
from functools import lru_cache

GENERAL = "General"

BUILTIN_FORMATS = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    # No en-US code exists for these: Chinese Excel and WPS write the bare number and mean a date.
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""The code of each number format id that a file need not spell out."""

# Literals come first: a semicolon, a percent sign or a letter inside one means nothing.
_LITERAL = re.compile(r'"[^"]*(?:"|\Z)|[\\_*](?:.|\Z)', re.DOTALL)
# Elapsed time ([h], [mm]) is the one bracket that is part of the value.
_BRACKET = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\]]*\]", re.IGNORECASE)
# "e" is the year in Chinese and Japanese formats, unless it is the exponent of "0.0E+0".
_DATE = re.compile(r"[dmyhs]|e(?![+-])", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """Whether the format shows a number as so many per cent."""
    return "%" in _bare_first_section(code)


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Whether the format shows a number as a date or a time."""
    return bool(_DATE.search(_bare_first_section(code)))


def _bare_first_section(code: str) -> str:
    bare = _BRACKET.sub("", _LITERAL.sub("", code))
    return re.sub(GENERAL, "", bare.partition(";")[0], flags=re.IGNORECASE)
