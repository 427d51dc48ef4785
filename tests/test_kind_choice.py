"""Choices and yes/no: the listed words, other spellings of them, and everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Severity
from xlgoals.grid import CellRef
from xlgoals.kinds import ChoiceKind, Kind, Reading, YesNoKind
from xlgoals.text import stored

OPTIONS = ("事业/专业类", "其他类", "A类（2020）")
ALIASES = {"事业类": "事业/专业类", "其它类": "其他类"}
CLOSED = ChoiceKind(OPTIONS, aliases=ALIASES)
OPEN = ChoiceKind(OPTIONS, open=True, aliases=ALIASES, max_length=10)
YES_NO = YesNoKind()


def text_cell(text: str) -> Cell:
    return Cell(CellRef(1, 1), CellKind.TEXT, text, None, "@")


def found(reading: Reading) -> list[tuple[str, Severity]]:
    return [(issue.code.id, issue.code.severity) for issue in reading.issues]


NORMALISED = [("choice-normalised", Severity.INFO)]


# --- accepted as is -------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [CLOSED, OPEN])
@pytest.mark.parametrize("option", OPTIONS)
def test_a_listed_word_is_accepted_as_is(kind: ChoiceKind, option: str) -> None:
    assert kind.read(text_cell(option)) == Reading(option, (), option)


@pytest.mark.parametrize("kind", [CLOSED, OPEN, YES_NO])
@pytest.mark.parametrize("cell", [None, text_cell(""), text_cell(" \u3000\r\n")])
def test_a_cell_without_content_is_blank(kind: Kind, cell: Cell | None) -> None:
    assert kind.read(cell) == Reading()


def test_an_option_that_is_a_number_may_be_typed_as_one() -> None:
    cell = Cell(CellRef(1, 1), CellKind.NUMBER, 2.0, None, "General")
    assert ChoiceKind(("1", "2")).read(cell).value == "2"


# --- normalised -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [CLOSED, OPEN])
@pytest.mark.parametrize(
    ("text", "option"),
    [
        (" 事业/专业类", "事业/专业类"),
        ("事业/专业类　", "事业/专业类"),
        ("事业/专业类\n", "事业/专业类"),
        ("事业/专业类_x000D_", "事业/专业类"),
        ("事业／专业类", "事业/专业类"),
        ("A类（２０２０）", "A类（2020）"),
        ("Ａ类（2020）", "A类（2020）"),
        ("A类(2020)", "A类（2020）"),
        ("事业类", "事业/专业类"),
        ("其它类", "其他类"),
        (" 其它类 ", "其他类"),
    ],
)
def test_blanks_widths_and_older_wordings_are_normalised(
    kind: ChoiceKind, text: str, option: str
) -> None:
    reading = kind.read(text_cell(text))
    assert reading.value == option
    assert found(reading) == NORMALISED
    assert reading.issues[0].details["read"] == option


# --- refused, or a warning ------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["专业类", "其他", "其他类别", "事业/专业类、其他类", "1", "*"])
def test_a_closed_list_refuses_anything_else(text: str) -> None:
    reading = CLOSED.read(text_cell(text))
    assert found(reading) == [("choice-unknown", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, text)
    assert reading.issues[0].details["options"] == "事业/专业类、其他类、A类（2020）"


@pytest.mark.parametrize("text", ["专业类", "其他", "事业/专业类、其他类"])
def test_an_open_list_keeps_anything_else_with_a_warning(text: str) -> None:
    reading = OPEN.read(text_cell(text))
    assert found(reading) == [("choice-unlisted", Severity.WARNING)]
    assert reading.value == text


def test_an_open_list_keeps_the_stored_text() -> None:
    assert OPEN.read(text_cell(" 专业类\u3000")).value == "专业类"


def test_an_open_list_refuses_what_is_too_long_for_an_option() -> None:
    reading = OPEN.read(text_cell("专" * 11))
    assert found(reading) == [("text-too-long", Severity.ERROR)]
    assert reading.value is None
    assert OPEN.read(text_cell("专" * 10)).value == "专" * 10


@pytest.mark.parametrize("kind", [CLOSED, YES_NO])
@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellRef(1, 1), CellKind.NUMBER, 1.0, None, "General"),
        Cell(CellRef(1, 1), CellKind.BOOLEAN, True, None, "General"),
    ],
    ids=["number", "truth value"],
)
def test_a_closed_list_refuses_numbers_and_truth_values(kind: Kind, cell: Cell) -> None:
    reading = kind.read(cell)
    assert found(reading) == [("choice-unknown", Severity.ERROR)]
    assert reading.value is None


@pytest.mark.parametrize("kind", [CLOSED, OPEN, YES_NO])
def test_an_error_value_is_refused(kind: Kind) -> None:
    reading = kind.read(Cell(CellRef(1, 1), CellKind.ERROR, "#N/A", None, "General"))
    assert found(reading) == [("error-value", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, "#N/A")


@pytest.mark.parametrize("kind", [CLOSED, OPEN, YES_NO])
@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellRef(1, 1), CellKind.TEXT, "其他类", "A1", "General"),
        Cell(CellRef(1, 1), CellKind.BLANK, None, "A1", "General"),
    ],
    ids=["result stored", "result not stored"],
)
def test_a_formula_is_refused(kind: Kind, cell: Cell) -> None:
    reading = kind.read(cell)
    assert found(reading) == [("formula", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, "=A1")


# --- yes/no ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("word", "value"), [("是", True), ("否", False)])
def test_the_two_words_are_truth_values(word: str, value: bool) -> None:
    assert YES_NO.read(text_cell(word)) == Reading(value, (), word)


@pytest.mark.parametrize(("text", "value"), [(" 是", True), ("否　", False), ("否\r\n", False)])
def test_the_two_words_are_normalised(text: str, value: bool) -> None:
    reading = YES_NO.read(text_cell(text))
    assert reading.value is value
    assert found(reading) == NORMALISED


@pytest.mark.parametrize("text", ["有", "无", "不", "yes", "TRUE", "√", "是/否", "不是"])
def test_any_other_word_is_refused(text: str) -> None:
    reading = YES_NO.read(text_cell(text))
    assert found(reading) == [("choice-unknown", Severity.ERROR)]
    assert (reading.value, reading.shown) == (None, text)


# --- writing and explaining -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", [CLOSED, OPEN])
@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_written_is_read_as_the_same_option(kind: ChoiceKind, option: str) -> None:
    content = kind.write(option)
    assert isinstance(content, str)
    assert kind.read(text_cell(content)).value == option


@given(st.text(max_size=10).map(stored).filter(bool))
def test_what_is_written_to_an_open_list_is_read_as_the_same_text(text: str) -> None:
    known = OPEN.match(text)
    assert OPEN.read(text_cell(str(OPEN.write(text)))).value == (known or text)


@pytest.mark.parametrize("value", [True, False])
def test_what_is_written_is_read_as_the_same_truth_value(value: bool) -> None:
    content = YES_NO.write(value)
    assert isinstance(content, str)
    assert YES_NO.read(text_cell(content)) == Reading(value, (), content)


def test_a_closed_list_is_strict_and_an_open_one_lets_the_user_insist() -> None:
    assert (CLOSED.validation("B1").list_of, CLOSED.validation("B1").strict) == (OPTIONS, True)
    assert (OPEN.validation("B1").list_of, OPEN.validation("B1").strict) == (OPTIONS, False)
    assert (YES_NO.validation("B1").list_of, YES_NO.validation("B1").strict) == (("是", "否"), True)
