"""What a number format says about its value."""

from __future__ import annotations

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS as OPENPYXL_FORMATS

from xlgoals.number_formats import BUILTIN_FORMATS, is_date, is_percent


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        r"yyyy\-mm\-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]yyyy/m/d;@",
        "[$-F800]dddd, mmmm dd, yyyy",
        "h:mm AM/PM",
        "[h]:mm",
        "[h]",
        "[Red]mm:ss.0",
        'e"年"',
        "D-MMM",
    ],
)
def test_dates(code: str) -> None:
    assert is_date(code)
    assert not is_percent(code)


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "@",
        "0.00",
        "0.00E+00",
        "0%",
        r"0\d",
        '0"days"',
        '0"unfinished d',
        "[Red]0",
        "[Magenta]0",
        "0;yyyy",
        "_-* #,##0_d",
        "*m0",
        "General;General",
        "",
    ],
)
def test_no_dates(code: str) -> None:
    assert not is_date(code)


@pytest.mark.parametrize("code", ["0%", "0.00%", "[Green]0%", "0%;-0", '0" %"%'])
def test_percents(code: str) -> None:
    assert is_percent(code)


@pytest.mark.parametrize("code", ["0", r"0\%", '0"%"', "0;0%", "_%0"])
def test_no_percents(code: str) -> None:
    assert not is_percent(code)


def test_built_in_codes_are_those_of_openpyxl() -> None:
    # openpyxl has lost the semicolons of 44.
    for key, code in OPENPYXL_FORMATS.items():
        assert key == 44 or BUILTIN_FORMATS[key] == code


def test_chinese_built_in_dates_are_dates() -> None:
    assert all(is_date(BUILTIN_FORMATS[key]) for key in (*range(27, 37), *range(50, 59)))
