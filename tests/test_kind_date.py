"""Dates: what is accepted as is, what is normalised, what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Severity
from xlgoals.grid import CellRef
from xlgoals.kinds import DateKind, Reading
from xlgoals.kinds.date import from_serial

KIND = DateKind(date(2000, 1, 1), date(2099, 12, 31))
ANY_DAY = DateKind(date(1900, 1, 1), date(9999, 12, 31))
NEW_YEAR_2020 = date(2020, 1, 1)
SERIAL_2020 = 43831.0
DAY_FORMAT = "yyyy-mm-dd"


def text_cell(text: str, number_format: str = DAY_FORMAT) -> Cell:
    return Cell(CellRef(1, 1), CellKind.TEXT, text, None, number_format)


def number_cell(number: float, number_format: str = DAY_FORMAT) -> Cell:
    return Cell(CellRef(1, 1), CellKind.NUMBER, number, None, number_format)


def found(reading: Reading) -> list[tuple[str, Severity]]:
    return [(issue.code.id, issue.code.severity) for issue in reading.issues]


NORMALISED = [("date-normalised", Severity.INFO)]


# --- accepted as is -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(number_cell(SERIAL_2020), id="date cell"),
        pytest.param(
            number_cell(SERIAL_2020, 'yyyy"年"m"月"d"日"'), id="date cell, Chinese format"
        ),
        pytest.param(number_cell(SERIAL_2020, "mm-dd-yy"), id="date cell, short format"),
        pytest.param(text_cell("2020-01-01"), id="text"),
        pytest.param(text_cell("2020-01-01", "@"), id="text in a text cell"),
        pytest.param(
            Cell(CellRef(1, 1), CellKind.DATE, "2020-01-01", None, DAY_FORMAT), id="ISO cell"
        ),
        pytest.param(
            Cell(CellRef(1, 1), CellKind.DATE, "2020-01-01T00:00:00", None, DAY_FORMAT),
            id="ISO cell at midnight",
        ),
    ],
)
def test_a_date_is_accepted_as_is(cell: Cell) -> None:
    reading = KIND.read(cell)
    assert reading == Reading(NEW_YEAR_2020, (), reading.shown)
    assert not reading.refused


def test_a_missing_cell_is_blank() -> None:
    assert KIND.read(None).blank


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\n", "_x000D_"])
def test_a_cell_of_blanks_is_blank(text: str) -> None:
    assert KIND.read(text_cell(text)) == Reading()


# --- normalised -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "2020/1/1",
        "2020/01/01",
        "2020.1.1",
        "2020-1-1",
        "2020年1月1日",
        "2020年01月01日",
        "2020年1月1",
        "20200101",
        "２０２０年１月１日",
        "２０２０－０１－０１",
        "２０２０-０１-０１",
        "２０２００１０１",
        "２０２０／１／１",
        " 2020-01-01 ",
        "2020-01-01\u3000",
        "2020 年 1 月 1 日",
    ],
)
def test_other_spellings_are_normalised(text: str) -> None:
    reading = KIND.read(text_cell(text))
    assert reading.value == NEW_YEAR_2020
    assert found(reading) == NORMALISED
    assert reading.issues[0].details["read"] == "2020-01-01"


@pytest.mark.parametrize("number_format", ["General", "0", "@", "#,##0.00"])
def test_a_serial_number_in_a_cell_of_another_format_is_normalised(number_format: str) -> None:
    reading = KIND.read(number_cell(SERIAL_2020, number_format))
    assert reading.value == NEW_YEAR_2020
    assert found(reading) == NORMALISED


@pytest.mark.parametrize("number_format", ["General", DAY_FORMAT])
def test_eight_digits_typed_as_a_number_are_a_day(number_format: str) -> None:
    reading = KIND.read(number_cell(20200101.0, number_format))
    assert reading.value == NEW_YEAR_2020
    assert found(reading) == NORMALISED


def test_a_workbook_that_counts_from_1904_is_normalised() -> None:
    reading = KIND.read(number_cell(SERIAL_2020 - 1462), date1904=True)
    assert reading.value == NEW_YEAR_2020
    assert found(reading) == NORMALISED


def test_text_means_the_same_in_a_workbook_that_counts_from_1904() -> None:
    assert KIND.read(text_cell("2020-01-01"), date1904=True) == KIND.read(text_cell("2020-01-01"))


# --- refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2020-02-30", "date-invalid"),
        ("2019-02-29", "date-invalid"),
        ("2020年13月1日", "date-invalid"),
        ("20200230", "date-invalid"),
        ("2020-00-10", "date-invalid"),
        ("待定", "date-invalid"),
        ("2020年", "date-invalid"),
        ("2020年1月", "date-invalid"),
        ("1月1日", "date-invalid"),
        ("2020年初", "date-invalid"),
        ("20-01-01", "date-invalid"),
        ("2020-01-01至2020-12-31", "date-invalid"),
        ("约2020-01-01", "date-invalid"),
        ("2020-01-01 08:30", "date-with-time"),
        ("2020-01-01 08:30:00", "date-with-time"),
        ("2020-01-01T08:30", "date-with-time"),
        ("2020年1月1日8时", "date-with-time"),
        ("2020/1/1 8：30", "date-with-time"),
        ("1999-12-31", "date-out-of-range"),
        ("2100-01-01", "date-out-of-range"),
        ("0220-01-01", "date-out-of-range"),
    ],
)
def test_a_text_that_is_no_day_of_the_layout_is_refused(text: str, code: str) -> None:
    reading = KIND.read(text_cell(text))
    assert found(reading) == [(code, Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, text)


@pytest.mark.parametrize(
    ("number", "number_format", "code"),
    [
        (SERIAL_2020 + 0.5, DAY_FORMAT, "date-with-time"),
        (SERIAL_2020 + 0.354166666666667, "m/d/yy h:mm", "date-with-time"),
        (SERIAL_2020 + 0.5, "General", "date-with-time"),
        (2020.0, "General", "date-out-of-range"),
        (36525.0, DAY_FORMAT, "date-out-of-range"),
        (73051.0, DAY_FORMAT, "date-out-of-range"),
        (20200230.0, "General", "date-invalid"),
        (0.0, DAY_FORMAT, "date-invalid"),
        (-1.0, "General", "date-invalid"),
        (5e6, "General", "date-invalid"),
        (1e300, "General", "date-invalid"),
    ],
)
def test_a_number_that_is_no_day_of_the_layout_is_refused(
    number: float, number_format: str, code: str
) -> None:
    reading = KIND.read(number_cell(number, number_format))
    assert found(reading) == [(code, Severity.ERROR)]
    assert reading.value is None


def test_an_iso_cell_with_a_time_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.DATE, "2020-01-01T08:30:00", None, DAY_FORMAT)
    assert found(KIND.read(cell)) == [("date-with-time", Severity.ERROR)]


def test_a_truth_value_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.BOOLEAN, True, None, DAY_FORMAT)
    reading = KIND.read(cell)
    assert found(reading) == [("date-invalid", Severity.ERROR)]
    assert reading.value is None


def test_an_error_value_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.ERROR, "#VALUE!", None, DAY_FORMAT)
    reading = KIND.read(cell)
    assert found(reading) == [("error-value", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, "#VALUE!")


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2099, 12, 31)])
def test_the_first_and_the_last_day_of_the_layout_are_inside(day: date) -> None:
    assert KIND.read(text_cell(day.isoformat())).value == day


# --- formulas -------------------------------------------------------------------------------------
def test_a_formula_is_read_by_its_stored_result_with_a_warning() -> None:
    cell = number_cell(SERIAL_2020)._replace(formula="DATE(2020,1,1)")
    reading = KIND.read(cell)
    assert reading.value == NEW_YEAR_2020
    assert found(reading) == [("formula-result", Severity.WARNING)]


def test_a_formula_whose_result_was_not_stored_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.BLANK, None, "DATE(2020,1,1)", DAY_FORMAT)
    reading = KIND.read(cell)
    assert found(reading) == [("formula", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, "=DATE(2020,1,1)")


def test_a_formula_with_a_wrong_result_is_refused_for_the_result() -> None:
    cell = text_cell("待定")._replace(formula='"待"&"定"')
    assert found(KIND.read(cell)) == [("date-invalid", Severity.ERROR)]


def test_a_formula_with_an_error_as_result_is_refused_as_an_error_value() -> None:
    cell = Cell(CellRef(1, 1), CellKind.ERROR, "#NAME?", "DATUM()", DAY_FORMAT)
    assert found(KIND.read(cell)) == [("error-value", Severity.ERROR)]


# --- serial numbers -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (0, None),
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (43831, NEW_YEAR_2020),
        (2_958_465, date(9999, 12, 31)),
        (2_958_466, None),
        (-1, None),
    ],
)
def test_serials_of_the_1900_calendar(serial: int, day: date | None) -> None:
    assert from_serial(serial, date1904=False) == day


def test_serial_60_is_a_29th_of_february_that_never_was() -> None:
    assert from_serial(60, date1904=False) is None
    assert found(ANY_DAY.read(number_cell(60.0))) == [("date-invalid", Severity.ERROR)]


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (0, date(1904, 1, 1)),
        (1, date(1904, 1, 2)),
        (60, date(1904, 3, 1)),
        (42369, NEW_YEAR_2020),
        (2_957_003, date(9999, 12, 31)),
        (2_957_004, None),
    ],
)
def test_serials_of_the_1904_calendar(serial: int, day: date | None) -> None:
    assert from_serial(serial, date1904=True) == day


@given(st.dates(date(1900, 3, 1)))
def test_every_day_has_its_serial(day: date) -> None:
    assert from_serial((day - date(1899, 12, 30)).days, date1904=False) == day


# --- writing and explaining -----------------------------------------------------------------------
@given(st.dates(KIND.first, KIND.last))
def test_what_is_written_is_read_as_the_same_day(day: date) -> None:
    content = KIND.write(day)
    assert isinstance(content, date)
    serial = (content - date(1899, 12, 30)) / timedelta(days=1)
    assert KIND.read(number_cell(serial, KIND.number_format)) == Reading(day, (), day.isoformat())


def test_the_validation_takes_whole_days_of_the_layout_only() -> None:
    validation = KIND.validation("B5")
    assert validation.formula == (
        "AND(ISNUMBER(B5),B5=INT(B5),B5>=DATE(2000,1,1),B5<=DATE(2099,12,31))"
    )
    assert validation.strict


@given(
    st.sampled_from(list(CellKind)),
    st.one_of(
        st.text(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
    ),
    st.none() | st.text(max_size=10),
    st.sampled_from(["General", "@", DAY_FORMAT, "0%"]),
    st.booleans(),
)
def test_no_cell_makes_reading_fail(
    kind: CellKind, value: str | float | bool | None, formula: str | None, code: str, date1904: bool
) -> None:
    reading = ANY_DAY.read(Cell(CellRef(1, 1), kind, value, formula, code), date1904)
    assert not (reading.refused and reading.value is not None)
