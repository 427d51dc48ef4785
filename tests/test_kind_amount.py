"""Amounts: what is accepted as is, what is normalised, what is refused, in 元 and in 万元."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Severity
from xlgoals.grid import CellRef
from xlgoals.kinds import AmountKind, Reading
from xlgoals.kinds.amount import MAX_AMOUNT

YUAN = AmountKind("元")
WAN = AmountKind("万元")


def text_cell(text: str) -> Cell:
    return Cell(CellRef(1, 1), CellKind.TEXT, text, None, "#,##0.00")


def number_cell(number: float, number_format: str = "#,##0.00") -> Cell:
    return Cell(CellRef(1, 1), CellKind.NUMBER, number, None, number_format)


def found(reading: Reading) -> list[tuple[str, Severity]]:
    return [(issue.code.id, issue.code.severity) for issue in reading.issues]


def error(code: str) -> list[tuple[str, Severity]]:
    return [(code, Severity.ERROR)]


NORMALISED = [("amount-normalised", Severity.INFO)]


# --- accepted as is -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "amount"),
    [
        (0.0, "0"),
        (650000.0, "650000"),
        (650000.5, "650000.5"),
        (0.01, "0.01"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (1234567.89, "1234567.89"),
        (999999999999.99, "999999999999.99"),
    ],
)
def test_a_number_is_accepted_as_is(number: float, amount: str) -> None:
    reading = YUAN.read(number_cell(number))
    assert (reading.value, reading.issues) == (Decimal(amount), ())
    assert str(reading.value) == amount


@pytest.mark.parametrize("number_format", ["General", "0", "@", '"¥"#,##0.00', "#,##0.00_ "])
def test_the_number_format_does_not_matter(number_format: str) -> None:
    reading = YUAN.read(number_cell(650000.0, number_format))
    assert (reading.value, reading.issues) == (Decimal(650000), ())


@pytest.mark.parametrize(
    ("text", "amount"),
    [("650,000", "650000"), ("1,650,000", "1650000"), ("650,000.50", "650000.5")],
)
def test_a_text_with_thousands_separators_is_accepted_as_is(text: str, amount: str) -> None:
    reading = YUAN.read(text_cell(text))
    assert (reading.value, reading.issues) == (Decimal(amount), ())


@pytest.mark.parametrize("cell", [None, text_cell(""), text_cell(" \u3000\n")])
def test_a_cell_without_content_is_blank(cell: Cell | None) -> None:
    assert YUAN.read(cell) == Reading()


# --- normalised -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("650000", "650000"),
        ("650000.00", "650000"),
        ("0", "0"),
        ("６５０，０００", "650000"),
        ("６５０,０００", "650000"),
        ("６５００００", "650000"),
        ("650000元", "650000"),
        ("650,000元", "650000"),
        ("650000 元", "650000"),
        ("65万元", "650000"),
        ("65万", "650000"),
        ("６５万元", "650000"),
        ("65.5 万元", "655000"),
        ("0.000001万元", "0.01"),
        ("￥650,000", "650000"),
        ("¥ 650000.5", "650000.5"),
    ],
)
def test_other_spellings_are_normalised(text: str, amount: str) -> None:
    reading = YUAN.read(text_cell(text))
    assert reading.value == Decimal(amount)
    assert found(reading) == NORMALISED
    assert reading.shown == text


def test_the_finding_says_what_was_read() -> None:
    assert YUAN.read(text_cell("65万元")).issues[0].details == {"read": "650,000", "unit": "元"}


# --- refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("约65万", "amount-invalid"),
        ("65万左右", "amount-invalid"),
        ("六十五万", "amount-invalid"),
        ("待定", "amount-invalid"),
        ("无", "amount-invalid"),
        ("-", "amount-invalid"),
        ("650,00", "amount-invalid"),
        ("65,0000", "amount-invalid"),
        ("1.2.3", "amount-invalid"),
        ("6.5e5", "amount-invalid"),
        ("65%", "amount-invalid"),
        ("65美元", "amount-invalid"),
        ("65万元整", "amount-invalid"),
        ("650000 650000", "amount-invalid"),
        ("-650000", "amount-negative"),
        ("－６５０，０００", "amount-negative"),
        ("-65万元", "amount-negative"),
        ("650000.123", "amount-decimals"),
        ("65.1234567万元", "amount-decimals"),
        ("99999999999999", "amount-too-large"),
        ("100000000万元", "amount-too-large"),
    ],
)
def test_a_text_that_is_no_amount_is_refused(text: str, code: str) -> None:
    reading = YUAN.read(text_cell(text))
    assert found(reading) == error(code)
    assert (reading.value, reading.shown) == (None, text)


@pytest.mark.parametrize(
    ("number", "number_format", "code"),
    [
        (-0.01, "#,##0.00", "amount-negative"),
        (650000.123, "#,##0.00", "amount-decimals"),
        (0.001, "#,##0.00", "amount-decimals"),
        (1e13, "#,##0.00", "amount-too-large"),
        (1e300, "General", "amount-too-large"),
        (0.65, "0%", "amount-invalid"),
        (43831.0, "yyyy-mm-dd", "amount-invalid"),
    ],
)
def test_a_number_that_is_no_amount_is_refused(
    number: float, number_format: str, code: str
) -> None:
    reading = YUAN.read(number_cell(number, number_format))
    assert found(reading) == error(code)
    assert reading.value is None


def test_an_error_value_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.ERROR, "#DIV/0!", "1/0", "#,##0.00")
    reading = YUAN.read(cell)
    assert found(reading) == error("error-value")
    assert (reading.value, reading.shown) == (None, "#DIV/0!")


def test_a_truth_value_is_refused() -> None:
    cell = Cell(CellRef(1, 1), CellKind.BOOLEAN, True, None, "General")
    assert found(YUAN.read(cell)) == error("amount-invalid")


# --- formulas -------------------------------------------------------------------------------------
def test_a_formula_is_read_by_its_stored_result_with_a_warning() -> None:
    reading = YUAN.read(number_cell(650000.0)._replace(formula="SUM(A1:A3)"))
    assert reading.value == Decimal(650000)
    assert found(reading) == [("formula-result", Severity.WARNING)]


def test_a_formula_whose_result_was_not_stored_is_refused() -> None:
    reading = YUAN.read(Cell(CellRef(1, 1), CellKind.BLANK, None, "SUM(A1:A3)", "General"))
    assert found(reading) == error("formula")
    assert (reading.value, reading.shown) == (None, "=SUM(A1:A3)")


def test_a_formula_with_a_wrong_result_is_refused_for_the_result() -> None:
    reading = YUAN.read(number_cell(-5.0)._replace(formula="A1-A2"))
    assert found(reading) == error("amount-negative")


# --- 万元 -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (number_cell(65.0), "650000"),
        (number_cell(65.5), "655000"),
        (number_cell(0.1 + 0.2), "3000"),
        (number_cell(65.123456), "651234.56"),
        (number_cell(99999999.999999), "999999999999.99"),
        (text_cell("1,065"), "10650000"),
    ],
)
def test_a_form_in_wan_yuan_gives_yuan(cell: Cell, amount: str) -> None:
    reading = WAN.read(cell)
    assert (reading.value, reading.issues) == (Decimal(amount), ())


@pytest.mark.parametrize(
    ("text", "amount"),
    [("65", "650000"), ("65万元", "650000"), ("650000元", "650000"), ("６５", "650000")],
)
def test_a_form_in_wan_yuan_normalises_other_spellings(text: str, amount: str) -> None:
    reading = WAN.read(text_cell(text))
    assert reading.value == Decimal(amount)
    assert found(reading) == NORMALISED


@pytest.mark.parametrize(
    ("number", "code"),
    [(65.1234567, "amount-decimals"), (-65.0, "amount-negative"), (1e9, "amount-too-large")],
)
def test_a_form_in_wan_yuan_refuses_as_well(number: float, code: str) -> None:
    assert found(WAN.read(number_cell(number))) == error(code)


# --- implausibly small ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "codes"),
    [
        (0.0, []),
        (65.0, [("amount-small", Severity.WARNING)]),
        (999.99, [("amount-small", Severity.WARNING)]),
        (1000.0, []),
    ],
)
def test_a_sum_that_looks_like_wan_yuan_is_kept_with_a_warning(
    number: float, codes: list[tuple[str, Severity]]
) -> None:
    reading = AmountKind("元", Decimal(1000)).read(number_cell(number))
    assert found(reading) == codes
    assert reading.value == Decimal(str(number))


def test_the_bound_of_plausible_sums_is_in_yuan_on_every_form() -> None:
    kind = AmountKind("万元", Decimal(1000))
    assert found(kind.read(number_cell(0.0999))) == [("amount-small", Severity.WARNING)]
    assert found(kind.read(number_cell(0.1))) == []


# --- writing and explaining -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", [YUAN, WAN])
@given(cents=st.integers(0, int(MAX_AMOUNT * 100)))
def test_what_is_written_is_read_as_the_same_amount(kind: AmountKind, cents: int) -> None:
    amount = Decimal(cents) / 100
    content = kind.write(amount)
    assert isinstance(content, Decimal)
    reading = kind.read(number_cell(float(content), kind.number_format))
    assert (reading.value, reading.issues) == (amount, ())


def test_wan_yuan_are_written_in_wan_yuan() -> None:
    assert WAN.write(Decimal("655000")) == Decimal("65.5")


def test_the_validation_speaks_of_the_forms_unit() -> None:
    assert YUAN.validation("B14").formula == (
        "AND(ISNUMBER(B14),NOT(ISLOGICAL(B14)),B14>=0,B14<=999999999999.99,NOT(ABS(B14-ROUND(B14,2))>B14*4E-15))"
    )
    assert WAN.validation("B14").formula == (
        "AND(ISNUMBER(B14),NOT(ISLOGICAL(B14)),B14>=0,B14<=99999999.999999,NOT(ABS(B14-ROUND(B14,6))>B14*4E-15))"
    )


@given(
    st.text() | st.from_regex(r"[￥¥]?-?[\d０-９]{1,20}([,，.．][\d０-９]{1,4}){0,3}[万元]{0,2}")
)
def test_no_text_makes_reading_fail(text: str) -> None:
    reading = YUAN.read(text_cell(text))
    assert not (reading.refused and reading.value is not None)
