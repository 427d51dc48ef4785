"""The language of cross-field rules, and the rules of shanghai-2020."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xlgoals import Severity, load_layout
from xlgoals.findings import Code, Layer
from xlgoals.rules.evaluate import WRONG, Environment, holds
from xlgoals.rules.expression import DATE, NUMBER, TEXT, TRUTH, ExpressionError, parse, referenced
from xlgoals.rules.rule import Rule

NAMES = {
    "a": NUMBER, "b": NUMBER, "c": NUMBER, "t": TEXT, "u": TEXT, "target.unit": TEXT,
    "d": DATE, "e": DATE, "yes": TRUTH, "no": TRUTH,
}  # fmt: skip
VALUES: Mapping[str, Any] = {
    "a": Decimal(1), "b": Decimal(2), "c": Decimal(3), "t": "一次性项目", "u": "其他",
    "target.unit": "%", "d": date(2020, 1, 1), "e": date(2020, 12, 31), "yes": True, "no": False,
}  # fmt: skip


def said(source: str, values: Mapping[str, Any] | None = None, **changed: Any) -> bool | None:
    """What an expression says: True, False, or None for silence."""
    return holds(parse(source, NAMES), Environment({**(values or VALUES), **changed}))


# --- operators and precedence ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "result"),
    [
        # numbers
        ("a < b", True), ("b < a", False), ("a <= 1", True), ("a > b", False), ("b >= 2", True),
        ("a = 1", True), ("a != 1", False), ("a = 1.0", True), ("a = 1.5", False),
        ("a + b = c", True), ("c - b - a = 0", True), ("c - (b - a) = 2", True), ("a+b<=c", True),
        # dates, texts, truth values
        ("d <= e", True), ("e < d", False), ("d = d", True),
        ('t = "一次性项目"', True), ("t != u", True), ('t = ""', False),
        ("yes", True), ("no", False), ("yes = no", False), ("yes != no", True),
        ('target.unit = "%"', True),
        # lists
        ('u in ["其它", "其他"]', True), ('u in ["其它"]', False), ('not u in ["其它"]', True),
        # not binds tighter than and, and tighter than or
        ("not no and no", False), ("not (no and no)", True), ("not not yes", True),
        ("yes or yes and no", True), ("(yes or yes) and no", False), ("no and no or yes", True),
        ("not a > b", True), ("not yes or yes", True),
        # comparisons bind tighter than not, sums tighter than comparisons
        ("not a = 2", True), ("a + 1 = b and b + 1 = c", True),
    ],
)  # fmt: skip
def test_an_expression_says(source: str, result: bool) -> None:
    assert said(source) is result


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ('contains(t, "一次性")', True), ('contains(t, "经常")', False), ("contains(t, t)", True),
        ("length(u) = 2", True), ("length(t) > length(u)", True),
        ('right(t, 2) = "项目"', True), ('right(t, 99) = "一次性项目"', True),
        ('right(t, 0) = ""', True),
        ("year(d) = 2020", True), ("year(d) = year(e)", True), ("year(e) - year(d) = 0", True),
        ("blank(t)", False), ("not blank(t)", True), ("blank(t) = blank(u)", True),
        ("repeated(t)", False),
    ],
)  # fmt: skip
def test_a_function_says(source: str, result: bool) -> None:
    assert said(source) is result


@pytest.mark.parametrize(
    ("weights", "result"),
    [
        ([Decimal("33.33"), Decimal("66.67")], True), ([Decimal(50), None, Decimal(50)], True),
        ([Decimal(99)], False), ([], None), ([None, None], None), ([Decimal(100), WRONG], None),
    ],
)  # fmt: skip
def test_a_sum_is_silent_while_a_cell_is_wrong_or_all_are_blank(
    weights: list[Any], result: bool | None
) -> None:
    node = parse("sum(weight) = 100", NAMES, {"weight": NUMBER})
    assert holds(node, Environment(VALUES, {"weight": weights})) is result


@pytest.mark.parametrize(
    ("source", "offset"),
    [
        ("sum(a) = 1", 4),
        ("weight = 1", 0),
        ("sum(weight + 1) = 1", 0),
        ("sum(weight, weight) = 1", 12),
    ],
)
def test_only_a_column_can_be_summed_and_only_summed(source: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(source, NAMES, {"weight": NUMBER})
    assert raised.value.offset == offset


@pytest.mark.parametrize(
    ("rows", "repeated"),
    [
        ([], False),
        (["讲座"], False),
        (["讲座", "培训"], False),
        (["讲座", "讲座"], True),
        (["讲座A", "讲座a"], False),
    ],
)
def test_repeated_asks_for_the_same_text_in_another_row(rows: list[str], repeated: bool) -> None:
    environment = Environment({"t": "讲座"}, {"t": rows})
    assert holds(parse("repeated(t)", NAMES), environment) is repeated


def test_repeated_does_not_care_for_case() -> None:
    environment = Environment({"t": "讲座A"}, {"t": ["讲座A", "讲座a"]})
    assert holds(parse("repeated(t)", NAMES), environment) is True


@pytest.mark.parametrize("source", ["a<=b", " a  <=  b ", "a\n<= b", "(a <= b)", "((a)) <= (b)"])
def test_blanks_and_brackets_do_not_matter(source: str) -> None:
    assert parse(source, NAMES) == parse("a <= b", NAMES)


def test_the_names_of_an_expression_stand_in_reading_order() -> None:
    node = parse('not blank(c) and (a <= b or contains(t, "x")) and u in ["y"]', NAMES)
    assert [name.key for name in referenced(node)] == ["c", "a", "b", "t", "u"]


# --- silence --------------------------------------------------------------------------------------
@pytest.mark.parametrize("missing", [None, WRONG])
@pytest.mark.parametrize(
    "source",
    [
        "a <= b", "b >= a", "not a <= b", "a + b = c", "a = a",
        "yes or a <= b", "a <= b or yes", "no and a <= b", "a <= b and no",
        "not blank(a) and a <= b", "blank(a) or a <= b",
    ],
)  # fmt: skip
def test_a_rule_is_silent_while_a_cell_it_needs_is_blank_or_wrong(
    source: str, missing: object
) -> None:
    assert said(source, a=missing) is None


@pytest.mark.parametrize(
    "source",
    ["length(t) = 2", 'contains(t, "x")', 'right(t, 2) = "x"', "repeated(t)", 't in ["x"]'],
)
@pytest.mark.parametrize("missing", [None, WRONG])
def test_functions_are_silent_as_well(source: str, missing: object) -> None:
    assert said(source, t=missing) is None


@pytest.mark.parametrize(("source", "result"), [("blank(a)", True), ("not blank(a)", False)])
def test_only_blank_speaks_of_a_blank_cell(source: str, result: bool) -> None:
    assert said(source, a=None) is result


def test_of_a_wrong_cell_not_even_blank_speaks() -> None:
    assert said("blank(a)", a=WRONG) is None
    assert said("not blank(a) or yes", a=WRONG) is None


def test_zero_and_false_are_not_blank() -> None:
    assert said("blank(a)", a=Decimal(0)) is False
    assert said("blank(yes)", yes=False) is False


# --- what is no rule ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "offset", "problem"),
    [
        # what cannot be read
        ("", 0, "这里缺少内容"),
        ("a <= ", 5, "这里缺少内容"),
        ("a <= b)", 6, "多出了“)”"),
        ("(a <= b", 7, "这里应是“)”"),
        ("a <= b <= c", 7, "多出了“<=”"),
        ("a <= b c", 7, "多出了“c”"),
        ("a & b", 2, "看不懂“& b”"),
        ("a == b", 3, "这里缺少内容"),
        ("a <= -1", 5, "这里缺少内容"),
        ('t = "abc', 4, '看不懂“"abc”'),
        ("t = “其他”", 4, "看不懂““其他””"),
        ("a ≤ b", 2, "看不懂“≤ b”"),
        ("not", 3, "这里缺少内容"),
        ("and yes", 0, "这里缺少内容"),
        # lists
        ("t in []", 6, "列表里应是双引号中的文字"),
        ("t in [u]", 6, "列表里应是双引号中的文字"),
        ('t in ["x"', 9, "这里应是“]”"),
        ('t in "x"', 2, "“in”应写成 文字 in [列表]"),
        ('a in ["x"]', 2, "“in”应写成 文字 in [列表]"),
        ('["x"] = ["x"]', 6, "不能比较列表和列表"),
        # names and functions
        ("a <= total", 5, "没有名为“total”的填写项"),
        ("a <= b.c", 5, "没有名为“b.c”的填写项"),
        ("yes and size(t) = 2", 8, "没有名为“size”的函数"),
        ("blank(a, b)", 0, "“blank”需要1个参数"),
        ("contains(t)", 0, "“contains”需要2个参数"),
        ("blank()", 6, "这里缺少内容"),
        ("yes and length(a) = 2", 8, "“length”的参数应是文字"),
        ("year(t) = 2020", 0, "“year”的参数应是日期"),
        ('right(t, "2") = t', 0, "“right”的参数应是数值"),
        ('blank("x")', 0, "“blank”的参数应是填写项的名称"),
        ('repeated("x")', 0, "“repeated”的参数应是填写项的名称"),
        # types
        ("a <= d", 2, "不能比较数值和日期"),
        ("t = 1", 2, "不能比较文字和数值"),
        ("t < u", 2, "文字只能用 = 或 != 比较"),
        ("yes >= no", 4, "是否只能用 = 或 != 比较"),
        ("t + u = t", 2, "只有数值可以加减"),
        ("d + 1 = e", 2, "只有数值可以加减"),
        ("a and yes", 2, "“and”两边都应是判断"),
        ("yes or t", 4, "“or”两边都应是判断"),
        ("yes and not a", 8, "“not”后面应是判断"),
        ("a + b", 0, "规则应是一个判断，例如 a <= b"),
        ("t", 0, "规则应是一个判断，例如 a <= b"),
        ("1", 0, "规则应是一个判断，例如 a <= b"),
    ],
)
def test_a_wrong_expression_is_an_error_at_its_place(
    source: str, offset: int, problem: str
) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(source, NAMES)
    assert (raised.value.offset, raised.value.problem) == (offset, problem)


@pytest.mark.parametrize(
    "source", ["__import__('os')", "a.__class__", "lambda: 1", "a if a else b", "[a for a in t]"]
)
def test_python_is_not_understood(source: str) -> None:
    with pytest.raises(ExpressionError):
        parse(source, NAMES)


# --- rules ----------------------------------------------------------------------------------------
def rule(check: str, when: str | None = None) -> Rule:
    code = Code("test", Severity.WARNING, Layer.RULE, "message", "hint")
    condition = parse(when, NAMES) if when else None
    return Rule(code, parse(check, NAMES), condition, each_row=False, at="b")


@pytest.mark.parametrize(
    ("when", "a", "violated"),
    [
        pytest.param("yes", Decimal(9), True, id="when holds, check does not"),
        pytest.param("yes", Decimal(1), False, id="both hold"),
        pytest.param("yes", None, False, id="when holds, check is silent"),
        pytest.param("no", Decimal(9), False, id="when does not hold"),
        pytest.param("a < 5", None, False, id="when is silent"),
        pytest.param(None, Decimal(9), True, id="no when, check does not hold"),
        pytest.param(None, WRONG, False, id="no when, check is silent"),
    ],
)
def test_a_rule_is_violated_where_when_holds_and_check_does_not(
    when: str | None, a: Decimal | None, violated: bool
) -> None:
    assert rule("a <= b", when).violated(Environment({**VALUES, "a": a})) is violated


def test_a_rule_speaks_of_its_place_first_and_of_each_name_once() -> None:
    assert rule("a <= b and a <= c", "not blank(a) and yes").names == ("b", "a", "c", "yes")


# --- the rules of shanghai-2020 -------------------------------------------------------------------
SHANGHAI = {item.code.id: item for item in load_layout("shanghai-2020").rules}
YEAR = {"fiscal_year": Decimal(2020)}
ONE_OFF = {"project_category": "其他一次性项目", **YEAR}
DAYS = {"start_date": date(2020, 1, 1), "end_date": date(2020, 12, 31)}
LONG = "甲" * 100
QUANTITY = {"level2": "数量", "target": "≥10场", "target.number": Decimal(10), "target.unit": "场"}
SATISFACTION = {"level2": "满意度", "name": "学会满意度", "target.operator": "≥"}


@pytest.mark.parametrize(
    ("code", "violating", "holding", "silent"),
    [
        ("dates-reversed", DAYS | {"end_date": date(2019, 12, 31)},
         DAYS, DAYS | {"end_date": None}),
        ("dates-reversed", DAYS | {"end_date": date(2019, 12, 31)},
         DAYS | {"end_date": date(2020, 1, 1)}, DAYS | {"start_date": WRONG}),
        ("one-off-outside-year", ONE_OFF | DAYS | {"end_date": date(2021, 1, 1)},
         ONE_OFF | DAYS, ONE_OFF | DAYS | {"start_date": None}),
        ("one-off-outside-year", ONE_OFF | DAYS | {"start_date": date(2019, 12, 31)},
         ONE_OFF | DAYS | {"project_category": "其他经常性项目", "end_date": date(2021, 1, 1)},
         ONE_OFF | DAYS | {"project_category": None, "end_date": date(2021, 1, 1)}),
        ("current-over-total", {"current_budget": Decimal(2), "total_budget": Decimal(1)},
         {"current_budget": Decimal(1), "total_budget": Decimal(1)},
         {"current_budget": Decimal(2), "total_budget": WRONG}),
        ("execution-over-budget", {"prior_execution": Decimal(2), "prior_budget": Decimal(1)},
         {"prior_execution": Decimal(0), "prior_budget": Decimal(1)},
         {"prior_execution": Decimal(2), "prior_budget": None}),
        ("prior-budget-missing", {"prior_execution": Decimal(0), "prior_budget": None},
         {"prior_execution": None, "prior_budget": None},
         {"prior_execution": Decimal(0), "prior_budget": WRONG}),
        ("prior-execution-missing", {"prior_execution": None, "prior_budget": Decimal(0)},
         {"prior_execution": Decimal(0), "prior_budget": Decimal(0)},
         {"prior_execution": WRONG, "prior_budget": Decimal(0)}),
        ("one-off-with-prior-year", ONE_OFF | {"prior_budget": Decimal(1)},
         ONE_OFF | {"prior_budget": None}, ONE_OFF | {"prior_budget": WRONG}),
        ("necessity-copies-overview", {"necessity": "甲", "overview": "甲"},
         {"necessity": "甲", "overview": "乙"}, {"necessity": "甲", "overview": None}),
        ("necessity-copies-overview", {"necessity": "子" + LONG, "overview": "丑" + LONG},
         {"necessity": LONG + "子", "overview": LONG + "丑"},
         {"necessity": None, "overview": LONG}),
        ("necessity-copies-basis", {"necessity": "甲", "basis": "甲"},
         {"necessity": "甲", "basis": "乙"}, {"necessity": "甲", "basis": WRONG}),
        ("necessity-copies-basis", {"necessity": "子" + LONG, "basis": "丑" + LONG},
         {"necessity": LONG + "子", "basis": LONG + "丑"}, {"necessity": LONG, "basis": None}),
        ("name-not-specific", {"name": "数量目标"}, {"name": "举办讲座场次"}, {"name": None}),
        ("quantity-without-number", QUANTITY | {"target": "较多", "target.number": None},
         QUANTITY, QUANTITY | {"target": None, "target.number": WRONG}),
        ("quantity-without-number", QUANTITY | {"target.number": None},
         QUANTITY | {"level2": "质量", "target.number": None},
         QUANTITY | {"level2": None, "target.number": None}),
        ("number-without-unit", QUANTITY | {"target.unit": None}, QUANTITY,
         QUANTITY | {"target.number": None, "target.unit": None}),
        ("satisfaction-equals", SATISFACTION | {"target.operator": "="}, SATISFACTION,
         SATISFACTION | {"target.operator": None}),
        ("satisfaction-equals", SATISFACTION | {"level2": "其它", "target.operator": "="},
         SATISFACTION | {"level2": "其它", "name": "参与率", "target.operator": "="},
         SATISFACTION | {"level2": None, "target.operator": "="}),
        ("percent-over-100", {"target.number": Decimal("100.5"), "target.unit": "%"},
         {"target.number": Decimal(100), "target.unit": "%"},
         {"target.number": Decimal(101), "target.unit": None}),
    ],
)  # fmt: skip
def test_a_rule_of_the_layout(
    code: str,
    violating: Mapping[str, Any],
    holding: Mapping[str, Any],
    silent: Mapping[str, Any],
) -> None:
    judged = [SHANGHAI[code].violated(Environment(v)) for v in (violating, holding, silent)]
    assert judged == [True, False, False]


@pytest.mark.parametrize(
    ("name", "violated"), [("讲座", True), ("培训", False), (None, False), (WRONG, False)]
)
def test_a_repeated_name_is_a_rule_of_the_layout(name: object, violated: bool) -> None:
    environment = Environment({"name": name}, {"name": ["讲座", "讲座", "培训"]})
    assert SHANGHAI["name-repeated"].violated(environment) is violated


ERRORS = {
    "dates-reversed", "current-over-total", "execution-over-budget",
    "prior-budget-missing", "prior-execution-missing",
}  # fmt: skip


def test_only_what_returns_a_form_is_an_error() -> None:
    found = {code for code, item in SHANGHAI.items() if item.code.severity is Severity.ERROR}
    assert found == ERRORS
    assert {item.code.severity for item in SHANGHAI.values()} == {Severity.ERROR, Severity.WARNING}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("dates-reversed", ("start_date", "end_date")),
        ("one-off-outside-year", ("start_date", "fiscal_year", "end_date", "project_category")),
        ("current-over-total", ("current_budget", "total_budget")),
        ("execution-over-budget", ("prior_execution", "prior_budget")),
        ("prior-budget-missing", ("prior_budget", "prior_execution")),
        ("prior-execution-missing", ("prior_execution", "prior_budget")),
        ("number-without-unit", ("target", "target.unit", "target.number")),
        ("satisfaction-equals", ("target", "target.operator", "level2", "name")),
    ],
)
def test_where_a_finding_stands_and_what_it_is_related_to(
    code: str, names: tuple[str, ...]
) -> None:
    assert SHANGHAI[code].names == names
