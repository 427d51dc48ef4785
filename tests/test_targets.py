"""指标目标值: every spelling people use, and the three columns of forms that keep it apart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from xlgoals.models import Target
from xlgoals.numerals import plain_number
from xlgoals.targets import QUALITATIVE, Quantity, join_target, parse_quantity, split_target

PARAGRAPH = (
    "发挥好学会、区县科协、基层科协等组织、单位的作用，形成合力。"
    "帮助解决科技工作者在法律、健康等方面的问题，丰富科技工作者文化生活"
)


# --- quantities -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        # signs
        ("=100%", "=", "100", "%"),
        ("=99%", "=", "99", "%"),
        ("=2", "=", "2", None),
        ("=10", "=", "10", None),
        ("≥95%", "≥", "95", "%"),
        ("≤5天", "≤", "5", "天"),
        (">3次", ">", "3", "次"),
        ("<3次", "<", "3", "次"),
        (">=1600人", "≥", "1600", "人"),
        ("<=1600人", "≤", "1600", "人"),
        ("=>1600人", "≥", "1600", "人"),
        ("=<1600人", "≤", "1600", "人"),
        # full width
        ("＝１００％", "=", "100", "%"),
        ("≧95%", "≥", "95", "%"),
        ("≦95%", "≤", "95", "%"),
        ("＞＝95%", "≥", "95", "%"),
        ("＜＝95%", "≤", "95", "%"),
        ("＞95％", ">", "95", "%"),
        ("＜95％", "<", "95", "%"),
        ("１，６００人次", None, "1600", "人次"),
        ("≥９９．５％", "≥", "99.5", "%"),
        # words before the number
        ("不低于90%", "≥", "90", "%"),
        ("不少于10场", "≥", "10", "场"),
        ("不小于3个", "≥", "3", "个"),
        ("至少2篇", "≥", "2", "篇"),
        ("大于等于5个", "≥", "5", "个"),
        ("大于或等于5个", "≥", "5", "个"),
        ("不超过100万元", "≤", "100", "万元"),
        ("不高于3%", "≤", "3", "%"),
        ("不多于3人", "≤", "3", "人"),
        ("不大于3人", "≤", "3", "人"),
        ("小于等于3人", "≤", "3", "人"),
        ("至多3人", "≤", "3", "人"),
        ("高于90%", ">", "90", "%"),
        ("超过90%", ">", "90", "%"),
        ("大于90%", ">", "90", "%"),
        ("低于90%", "<", "90", "%"),
        ("少于90%", "<", "90", "%"),
        ("小于90%", "<", "90", "%"),
        ("等于90%", "=", "90", "%"),
        # words after the unit
        ("90%以上", "≥", "90", "%"),
        ("90%及以上", "≥", "90", "%"),
        ("90%（含）以上", "≥", "90", "%"),
        ("90%(含)以上", "≥", "90", "%"),
        ("1600人以上", "≥", "1600", "人"),
        ("5天以内", "≤", "5", "天"),
        ("3%以下", "≤", "3", "%"),
        ("3%及以下", "≤", "3", "%"),
        ("不低于90%以上", "≥", "90", "%"),
        # numbers and units
        ("1,600人次", None, "1600", "人次"),
        ("1,234,567.5元", None, "1234567.5", "元"),
        ("985米", None, "985", "米"),
        ("100", None, "100", None),
        ("=100.00(%)", "=", "100", "%"),
        ("≥90.00（%）", "≥", "90", "%"),
        ("1.5万人次", None, "1.5", "万人次"),
        ("≥4次/年", "≥", "4", "次/年"),
        ("≥-5%", "≥", "-5", "%"),
        ("12个月", None, "12", "个月"),
        # blanks
        (" ≥ 95 % ", "≥", "95", "%"),
        ("≥\u300095\u00a0%", "≥", "95", "%"),
        ("不少于 10 场", "≥", "10", "场"),
    ],
)  # fmt: skip
def test_a_quantity_is_read_from_end_to_end(
    text: str, operator: str | None, number: str, unit: str | None
) -> None:
    assert parse_quantity(text) == Quantity(operator, Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    [
        "合理", "健全", "按时", "同步", "持续提高", "可控", "应保尽保", "提升",
        "12月底前完成", "12月底前", "12月31日前", "2020年底前完成", "3年内",
        "按时完成=100%", "满意度≥95%", "举办10场讲座", "第10名",
        "90%-95%", "90%~95%", "3至5次", "10场，500人", "1:5",
        "=90%以上", "≥5天以内", "不低于90%以下",
        "16,00人", "1,6000人", "1.2.3",
        "=", "≥", "%", "=合理", "≥优", "以上", "",
        "1234567890123456",
        "10以汉字写成的长得不能再长的单位",
        PARAGRAPH,
    ],
)  # fmt: skip
def test_anything_else_is_words(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize("text", ["95%以上满意", "100%完成", "90%以上的学会"])
def test_there_is_no_half_reading(text: str) -> None:
    assert parse_quantity(text) is None


def test_the_paragraph_of_a_real_form_has_63_characters_and_is_words() -> None:
    assert len(PARAGRAPH) == 63
    assert Target.parse(PARAGRAPH) == Target(text=PARAGRAPH)


def test_fifteen_digits_are_a_quantity_sixteen_are_not() -> None:
    assert parse_quantity("9" * 15) == Quantity(None, Decimal("9" * 15), None)
    assert parse_quantity("9" * 16) is None


@pytest.mark.parametrize(("length", "is_unit"), [(10, True), (11, False)])
def test_a_unit_has_at_most_ten_characters(length: int, is_unit: bool) -> None:
    assert (parse_quantity("5" + "人" * length) is not None) == is_unit


# --- Target ---------------------------------------------------------------------------------------
def test_parsing_keeps_the_text_as_typed() -> None:
    target = Target.parse("不低于９０％")
    assert (target.text, target.operator, target.number, target.unit) == (
        "不低于９０％", "≥", Decimal(90), "%",
    )  # fmt: skip


def test_parsing_keeps_words_alone() -> None:
    target = Target.parse("12月底前完成")
    assert target.model_dump() == {
        "text": "12月底前完成", "operator": None, "number": None, "unit": None,
    }  # fmt: skip


def test_parsing_stores_the_text() -> None:
    assert Target.parse(" ≥95%\u200b\r\n").text == "≥95%"


def test_numbers_lose_needless_zeros_and_no_others() -> None:
    assert str(Target.parse("=100.00(%)").number) == "100"
    assert str(Target.parse("=99.50%").number) == "99.5"


def test_a_number_is_a_string_in_json() -> None:
    assert Target.parse("=100%").model_dump(mode="json")["number"] == "100"


@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        ("=100%", "≥", 100, "%"),
        ("=100%", "=", 90, "%"),
        ("=100%", "=", 100, "人"),
        ("=100%", "=", 100, None),
        ("=100%", None, 100, "%"),
        ("=2", "=", 2, "个"),
        ("合理", "=", None, None),
        ("合理", None, 100, None),
        ("合理", None, None, "%"),
        ("12月底前完成", None, 12, "月"),
    ],
)
def test_parts_that_contradict_the_text_are_refused(
    text: str, operator: str | None, number: int | None, unit: str | None
) -> None:
    record = {"text": text, "operator": operator, "number": number, "unit": unit}
    with pytest.raises(ValidationError, match="不一致"):
        Target.model_validate(record)


@pytest.mark.parametrize(
    "record",
    [
        {"text": "=100%", "operator": "=", "number": "100", "unit": "%"},
        {"text": "=100%", "operator": "=", "number": "100.00", "unit": "%"},
        {"text": "不低于90%", "operator": "≥", "number": 90, "unit": "%"},
        {"text": "=2", "operator": "=", "number": "2", "unit": None},
        {"text": "合理", "operator": None, "number": None, "unit": None},
        {"text": "=100%"},
    ],
)
def test_parts_that_agree_with_the_text_or_are_not_given_are_taken(
    record: dict[str, object],
) -> None:
    assert Target.model_validate(record).text == record["text"]


@pytest.mark.parametrize("text", ["", " ", "\r\n", None])
def test_a_target_without_text_is_none(text: str | None) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({"text": text})


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({"text": "=100%", "sign": "="})


# --- three columns --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "operator", "value", "unit"),
    [
        ("=100%", "=", "100", "%"),
        ("≥95%", "≥", "95", "%"),
        ("不少于10场", "≥", "10", "场"),
        ("1,600人次", None, "1600", "人次"),
        ("=2", "=", "2", None),
        ("=99.50%", "=", "99.5", "%"),
        ("合理", None, "合理", None),
        ("12月底前完成", None, "12月底前完成", None),
    ],
)
def test_a_target_is_split_into_sign_value_and_unit(
    text: str, operator: str | None, value: str, unit: str | None
) -> None:
    assert split_target(text) == {"operator": operator, "value": value, "unit": unit}


@pytest.mark.parametrize(
    ("operator", "value", "unit", "text"),
    [
        ("=", "100", "%", "=100%"),
        (None, "985", "米", "985米"),
        ("≥", "10", None, "≥10"),
        (None, "合理", None, "合理"),
        (QUALITATIVE, "合理", None, "合理"),
        ("=", None, "%", None),
        (None, None, None, None),
    ],
)
def test_the_parts_are_joined_to_one_text(
    operator: str | None, value: str | None, unit: str | None, text: str | None
) -> None:
    assert join_target(operator, value, unit) == text


PREFIXES = st.sampled_from(
    [
        "",
        "≥",
        "≤",
        ">",
        "<",
        "=",
        ">=",
        "＜＝",
        "≧",
        "不低于",
        "不少于",
        "至多",
        "超过",
        "等于",
        "≥ ",
    ]
)
NUMBERS = st.decimals(
    min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False
)
UNITS = st.sampled_from(
    ["", "%", "％", "(%)", "（%）", "场", "人次", "万元", "次/年", " 个", "个月", "篇"]
)
SUFFIXES = st.sampled_from(["", "以上", "及以上", "(含)以上", "以内", "以下"])


@given(PREFIXES, NUMBERS, UNITS, SUFFIXES)
def test_split_and_joined_a_target_states_the_same(
    prefix: str, number: Decimal, unit: str, suffix: str
) -> None:
    text = f"{prefix}{number}{unit}{suffix}"
    joined = join_target(**split_target(text))
    assert joined is not None
    assert parse_quantity(joined) == parse_quantity(text)


@given(
    st.sampled_from([None, "≥", "≤", ">", "<", "="]),
    NUMBERS.filter(bool),
    st.sampled_from([None, "%", "场", "人次", "万元", "次/年", "个月"]),
)
def test_joined_and_split_the_parts_are_the_same(
    operator: str | None, number: Decimal, unit: str | None
) -> None:
    parts = {"operator": operator, "value": plain_number(number), "unit": unit}
    text = join_target(**parts)
    assert text is not None
    assert split_target(text) == parts


@given(st.text(min_size=1).filter(lambda text: parse_quantity(text) is None))
def test_words_pass_through_the_columns_untouched(text: str) -> None:
    assert join_target(**split_target(text)) == text


@given(st.text())
def test_any_text_at_all_can_be_read(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is None or quantity.number.is_finite()


# --- plain_number ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("100", "100"),
        ("100.00", "100"),
        ("0.50", "0.5"),
        ("1E+2", "100"),
        ("1E-2", "0.01"),
        ("0", "0"),
        ("0.00", "0"),
        ("-5.10", "-5.1"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_a_number_is_plain_digits_without_needless_zeros(number: str, plain: str) -> None:
    assert plain_number(Decimal(number)) == plain
