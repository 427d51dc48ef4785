"""A value is told, and kept as a text, as the person who typed it sees it in the cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xlgoals.cells import Cell, CellKind
from xlgoals.grid import CellRef
from xlgoals.kinds import AmountKind, DateKind, Kind, NumberKind, TargetKind, TextKind

TEXT, TARGET, AMOUNT = TextKind(100), TargetKind(100), AmountKind()
NUMBER, DATE = NumberKind(), DateKind(date(2000, 1, 1), date(2099, 12, 31))
BOTH = pytest.mark.parametrize("kind", [TEXT, TARGET], ids=["text", "target"])


def number(value: float, code: str = "General", formula: str | None = None) -> Cell:
    return Cell(CellRef(1, 1), CellKind.NUMBER, float(value), formula, code)


def iso(value: str) -> Cell:
    return Cell(CellRef(1, 1), CellKind.DATE, value, None, "General")


@BOTH
@pytest.mark.parametrize(
    ("cell", "date1904", "kept"),
    [
        (number(43831, "yyyy-mm-dd"), False, "2020-01-01"),
        (number(42369, "yyyy-mm-dd"), True, "2020-01-01"),
        (number(43831, 'yyyy"年"m"月"d"日"'), False, "2020-01-01"),
        (number(43831), False, "43831"),
        (number(0.955, "0%"), False, "95.5%"),
        (number(3_000_000, "yyyy-mm-dd"), False, "3000000"),
        (iso("2020-01-01"), False, "2020-01-01"),
        (iso("2020-01-01T00:00:00"), False, "2020-01-01"),
        (iso("2020-01-01T08:30:00"), False, "2020-01-01T08:30:00"),
        (number(-0.0), False, "0"),
    ],
)
def test_what_is_no_text_is_kept_as_it_is_seen(
    kind: Kind, cell: Cell, date1904: bool, kept: str
) -> None:
    reading = kind.read(cell, date1904)
    assert (reading.value, reading.shown) == (kept, kept)
    assert [issue.code.id for issue in reading.issues] == ["number-as-text"]


@pytest.mark.parametrize("kind", [AMOUNT, NUMBER], ids=["amount", "number"])
@pytest.mark.parametrize(
    ("cell", "seen"),
    [(number(43831, "yyyy-mm-dd"), "2020-01-01"), (number(0.1, "0%"), "10%")],
)
def test_a_number_in_a_cell_that_shows_something_else_is_refused_as_it_is_seen(
    kind: Kind, cell: Cell, seen: str
) -> None:
    reading = kind.read(cell)
    assert (reading.refused, reading.shown) == (True, seen)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (43831.5, "2020-01-01 12:00"),
        (43831.354166666664, "2020-01-01 08:30"),
        (43831.00001157408, "2020-01-01 00:00:01"),
        (43831.99999, "2020-01-01 23:59:59"),
    ],
)
def test_a_day_with_a_time_is_told_with_its_time(value: float, seen: str) -> None:
    reading = DATE.read(number(value, "yyyy-mm-dd"))
    assert [issue.code.id for issue in reading.issues] == ["date-with-time"]
    assert reading.shown == seen


@pytest.mark.parametrize("kind", [AMOUNT, DATE], ids=["amount", "date"])
@pytest.mark.parametrize("result", ["", " ", "\u3000"])
def test_a_formula_whose_result_is_no_text_is_told_as_a_formula(kind: Kind, result: str) -> None:
    cell = Cell(CellRef(1, 1), CellKind.TEXT, result, 'IF(A1=0,"",A1)', "General")
    reading = kind.read(cell)
    assert [issue.code.id for issue in reading.issues] == ["formula"]
    assert reading.shown == '=IF(A1=0,"",A1)'


def test_nothing_is_less_than_zero_by_its_sign_alone() -> None:
    reading = AMOUNT.read(number(-0.0))
    assert (str(reading.value), reading.issues) == ("0", ())
    assert reading.value == Decimal(0)


@pytest.mark.parametrize("mark", "\u061c\u2066\u2067\u2068\u2069\u200e\u202a")
def test_marks_of_direction_that_only_a_paste_brings_are_gone(mark: str) -> None:
    cell = Cell(CellRef(1, 1), CellKind.TEXT, f"{mark}科普{mark}讲座", None, "@")
    reading = TEXT.read(cell)
    assert reading.value == "科普讲座"
    assert [issue.code.id for issue in reading.issues] == ["text-cleaned"]
