"""Plain numbers: what is accepted as is, what is normalised, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlgoals.cells import Cell, CellKind
from xlgoals.grid import CellRef
from xlgoals.kinds import NumberKind, Reading

WEIGHT = NumberKind()


def read(value: str | float | bool, number_format: str = "General") -> Reading:
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    kind = CellKind.BOOLEAN if isinstance(value, bool) else kind
    return WEIGHT.read(Cell(CellRef(1, 1), kind, value, None, number_format))


def found(reading: Reading) -> list[str]:
    return [issue.code.id for issue in reading.issues]


@pytest.mark.parametrize(
    ("typed", "number"),
    [(0.0, "0"), (10.0, "10"), (12.5, "12.5"), (0.1 + 0.2, "0.3"), (100.0, "100"), ("10", "10"),
     ("7.25", "7.25")],
)  # fmt: skip
def test_a_number_is_accepted_as_is(typed: str | float, number: str) -> None:
    reading = read(typed)
    assert (reading.value, reading.issues) == (Decimal(number), ())


@pytest.mark.parametrize("typed", ["１０", "10.0", "010", "10.00"])
def test_another_spelling_is_read_and_told(typed: str) -> None:
    reading = read(typed)
    assert (reading.value, found(reading)) == (Decimal(10), ["number-normalised"])


@pytest.mark.parametrize(
    "typed",
    [-1.0, 100.01, 101.0, 0.001, 10.005, 1e300, True,
     "十", "10%", "10分", "-5", "1e1", ".5", "101"],
)  # fmt: skip
def test_what_is_no_number_within_the_bounds_is_refused(typed: str | float) -> None:
    reading = read(typed)
    assert (reading.value, found(reading)) == (None, ["number-invalid"])


@pytest.mark.parametrize("number_format", ["0%", "yyyy-mm-dd"])
def test_a_number_shown_as_something_else_is_refused(number_format: str) -> None:
    assert found(read(0.1, number_format)) == ["number-invalid"]


def test_a_blank_is_blank() -> None:
    assert read("  ").blank
    assert WEIGHT.read(None).blank


def test_what_may_be_filled_in_is_said() -> None:
    assert WEIGHT.expected == "0 至 100 的数字，最多2位小数"
