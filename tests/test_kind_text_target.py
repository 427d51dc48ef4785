"""Texts and targets: what is accepted as is, what is normalised, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Severity
from xlgoals.grid import CellRef
from xlgoals.kinds import Kind, Reading, TargetKind, TextKind, Validation
from xlgoals.models import Target
from xlgoals.text import stored

TEXT = TextKind(20, ("无", "-", "目标"))
TARGET = TargetKind(20, ("无", "-", "目标"))
BOTH = pytest.mark.parametrize("kind", [TEXT, TARGET], ids=["text", "target"])


def text_cell(text: str, number_format: str = "@") -> Cell:
    return Cell(CellRef(1, 1), CellKind.TEXT, text, None, number_format)


def number_cell(number: float, number_format: str = "General") -> Cell:
    return Cell(CellRef(1, 1), CellKind.NUMBER, number, None, number_format)


def formula_cell(formula: str, result: float | str | None = None, code: str = "General") -> Cell:
    kinds = {float: CellKind.NUMBER, str: CellKind.TEXT, type(None): CellKind.BLANK}
    return Cell(CellRef(1, 1), kinds[type(result)], result, formula, code)


def found(reading: Reading) -> list[tuple[str, Severity]]:
    return [(issue.code.id, issue.code.severity) for issue in reading.issues]


# --- both: accepted as is -------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "按照项目书要求，跟踪落实实施",
        "（一）甲；\n（二）乙：丙",
        "国函〔2016〕194号",
        "依 据:关于",
        "１２３ＡＢ＝",
        "=100%",
        "汉" * 20,
        "😀" * 20,
    ],
)
def test_a_text_is_accepted_as_typed(kind: Kind, text: str) -> None:
    assert kind.read(text_cell(text)) == Reading(text, (), text)


@BOTH
@pytest.mark.parametrize(
    "cell", [None, text_cell(""), text_cell(" \u3000\n"), text_cell("_x000D_")]
)
def test_a_cell_without_content_is_blank(kind: Kind, cell: Cell | None) -> None:
    assert kind.read(cell) == Reading()


# --- both: normalised -----------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("甲\x01乙", "甲乙", id="control character"),
        pytest.param("甲_x0001_乙", "甲乙", id="escaped control character"),
        pytest.param("甲_x000D_\n乙", "甲\n乙", id="escaped carriage return"),
        pytest.param("甲乙_x000D_\n", "甲乙", id="escaped carriage return at the end"),
        pytest.param("甲乙 ", "甲乙", id="trailing blank"),
        pytest.param("甲乙\u3000\u3000", "甲乙", id="trailing ideographic blanks"),
        pytest.param("甲乙\u00a0", "甲乙", id="trailing no-break space"),
        pytest.param("　　甲乙", "甲乙", id="leading ideographic blanks"),
        pytest.param("甲乙\n", "甲乙", id="trailing line end"),
        pytest.param("\ufeff甲乙", "甲乙", id="byte order mark"),
    ],
)
def test_what_is_not_text_goes_with_an_information(kind: Kind, raw: str, kept: str) -> None:
    reading = kind.read(text_cell(raw))
    assert (reading.value, reading.shown) == (kept, kept)
    assert found(reading) == [("text-cleaned", Severity.INFO)]


# --- both: refused --------------------------------------------------------------------------------
@BOTH
def test_a_text_that_is_too_long_is_refused(kind: Kind) -> None:
    reading = kind.read(text_cell("汉" * 21))
    assert found(reading) == [("text-too-long", Severity.ERROR)]
    assert reading.issues[0].details == {"length": "21", "limit": "20"}
    assert reading.value is None


@BOTH
def test_what_is_shown_of_a_text_that_is_too_long_is_the_whole_of_it(kind: Kind) -> None:
    assert kind.read(text_cell("汉" * 21)).shown == "汉" * 21


@BOTH
def test_blanks_do_not_count_towards_the_length(kind: Kind) -> None:
    reading = kind.read(text_cell("汉" * 20 + "  "))
    assert reading.value == "汉" * 20
    assert found(reading) == [("text-cleaned", Severity.INFO)]


@BOTH
@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#NAME?", "#DIV/0!"])
def test_an_error_value_is_refused(kind: Kind, value: str) -> None:
    reading = kind.read(Cell(CellRef(1, 1), CellKind.ERROR, value, "A1", "General"))
    assert found(reading) == [("error-value", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, value)


@BOTH
@pytest.mark.parametrize("formula", ["A1", 'A1&"%"', "SUM(A1:A3)", "10+5", "'项目1'!B3", ""])
@pytest.mark.parametrize("result", [15.0, "甲", None], ids=["number", "text", "not stored"])
def test_a_formula_is_refused(kind: Kind, formula: str, result: float | str | None) -> None:
    reading = kind.read(formula_cell(formula, result))
    assert found(reading) == [("formula", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, f"={formula}")


# --- both: placeholders ---------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("text", ["无", "-", "－", "目标"])
def test_a_placeholder_is_kept_with_a_warning(kind: Kind, text: str) -> None:
    reading = kind.read(text_cell(text))
    assert reading.value == text
    assert found(reading) == [("placeholder", Severity.WARNING)]


# --- text -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "text"), [(2020.0, "2020"), (0.5, "0.5"), (0.1 + 0.2, "0.3")])
def test_a_number_in_a_text_field_is_kept_as_its_digits(number: float, text: str) -> None:
    reading = TEXT.read(number_cell(number))
    assert reading.value == text
    assert found(reading) == [("number-as-text", Severity.INFO)]


def test_in_a_text_field_a_formula_of_a_percentage_is_a_formula() -> None:
    assert found(TEXT.read(formula_cell("100%", 1.0, "0%"))) == [("formula", Severity.ERROR)]


# --- target: accepted as is -----------------------------------------------------------------------
@pytest.mark.parametrize("text", ["=100%", "≥95%", "=2", "合理", "按时", "12月底前完成", "1600人"])
def test_a_target_is_accepted_as_typed(text: str) -> None:
    assert TARGET.read(text_cell(text)) == Reading(text, (), text)


@pytest.mark.parametrize(
    ("formula", "result", "text"),
    [
        ("100%", 1.0, "=100%"),
        ("99%", 0.99, "=99%"),
        ("99.5%", 0.995, "=99.5%"),
        ("10", 10.0, "=10"),
        ("2", None, "=2"),
        ("100%", None, "=100%"),
        ("-5%", -0.05, "=-5%"),
    ],
)
def test_a_formula_that_is_only_a_number_is_its_text(
    formula: str, result: float | None, text: str
) -> None:
    assert TARGET.read(formula_cell(formula, result, "0.00%")) == Reading(text, (), text)


# --- target: normalised ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        (1.0, "0%", "100%"),
        (1.0, "0.00%", "100%"),
        (0.95, "0%", "95%"),
        (0.29, "0%", "29%"),
        (0.995, "0.0%", "99.5%"),
        (10.0, "General", "10"),
        (10.5, "0.00", "10.5"),
        (0.1 + 0.2, "General", "0.3"),
        (43831.0, "yyyy-mm-dd", "2020-01-01"),
    ],
)
def test_a_number_is_turned_back_into_what_was_typed(
    number: float, number_format: str, text: str
) -> None:
    reading = TARGET.read(number_cell(number, number_format))
    assert reading.value == text
    assert found(reading) == [("number-as-text", Severity.INFO)]


@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        ("≧95%", "≥", "95", "%"),
        ("＞＝95%", "≥", "95", "%"),
        (">=95%", "≥", "95", "%"),
        ("90%以上", "≥", "90", "%"),
        ("不低于90%", "≥", "90", "%"),
        ("不少于10场", "≥", "10", "场"),
    ],
)
def test_other_spellings_of_the_operator_are_read_with_an_information(
    text: str, operator: str, number: str, unit: str
) -> None:
    reading = TARGET.read(text_cell(text))
    assert Target.parse(reading.value).model_dump(mode="json") == {
        "text": text, "operator": operator, "number": number, "unit": unit,
    }  # fmt: skip
    assert found(reading) == [("target-normalised", Severity.INFO)]


# --- writing and explaining -----------------------------------------------------------------------
@BOTH
@given(text=st.text(max_size=20).map(stored).filter(lambda text: text and "_x" not in text))
def test_what_is_written_is_read_as_the_same_text(kind: Kind, text: str) -> None:
    content = kind.write(text)
    assert isinstance(content, str)
    assert kind.read(text_cell(content, kind.number_format)).value == text


@BOTH
def test_the_cell_has_the_text_format(kind: Kind) -> None:
    assert kind.number_format == "@"


def test_the_validation_limits_the_length_of_a_text() -> None:
    validation = TextKind(max_length=20).validation("B7")
    assert validation.max_length == 20


def test_the_validation_of_a_target_only_prompts() -> None:
    # LibreOffice would refuse "=100%" for any other.
    assert TargetKind(max_length=20).validation("B7") == Validation()
