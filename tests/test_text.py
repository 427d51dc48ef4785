"""What is done to a text: unescaped, stored, folded for parsing, compared as a label, measured."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlgoals.text import display_width, folded, label_key, stored, unescaped, wrapped

# Pieces that meet each other in escapes, line ends and outer blanks.
PIECES = st.sampled_from(
    [
        "_", "x", "_x", "_x000D_", "_x005F_", "000D_", "0009_", "_x0020_", "（", "）", "：", "目标",
        "\r", "\n", "\t", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\x00", "\x85", "\u2028",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join)


# --- unescaped ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("第一行_x000D_\n第二行", "第一行\r\n第二行"),
        ("第一行_x000D_第二行", "第一行\r第二行"),
        ("第一行_x000A_第二行", "第一行\n第二行"),
        ("甲_x0009_乙", "甲\t乙"),
        ("甲_x4E59_丙", "甲乙丙"),
        ("甲_x4e59_丙", "甲乙丙"),
        ("甲_x005F_乙", "甲_乙"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x000D__x000D_", "\r\r"),
    ],
)
def test_escapes_are_decoded_once(raw: str, meant: str) -> None:
    assert unescaped(raw) == meant


@pytest.mark.parametrize("text", ["_x00D_", "_x000G_", "x000D_", "_x000D", "_X000D_", "a_x_b"])
def test_what_only_resembles_an_escape_stays(text: str) -> None:
    assert unescaped(text) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("第一行_x000D_第二行", "第一行\n第二行"),
        ("甲_x0000_乙", "甲乙"),
        ("结尾_x000D_", "结尾"),
        ("_x000D_", ""),
        ("甲_x005F_x000D_", "甲_x000D_"),
    ],
)
def test_a_cell_is_unescaped_and_then_stored(raw: str, kept: str) -> None:
    assert stored(unescaped(raw)) == kept


def test_a_text_that_looks_like_an_escape_is_stored_as_it_is() -> None:
    assert stored("编号_x000D_") == "编号_x000D_"


# --- stored ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("第一行\r\n第二行", "第一行\n第二行", id="CRLF"),
        pytest.param("第一行\r第二行", "第一行\n第二行", id="CR"),
        pytest.param("第一行\n第二行", "第一行\n第二行", id="LF"),
        pytest.param("第一行\r\n\r\n第二行", "第一行\n\n第二行", id="an empty line stays"),
        pytest.param("第一行\u2028第二行", "第一行\n第二行", id="line separator"),
        pytest.param("第一行\u2029第二行", "第一行\n第二行", id="paragraph separator"),
        pytest.param("第一行\x0b第二行", "第一行\n第二行", id="vertical tab, a line end in Word"),
        pytest.param("第一行\x85第二行", "第一行\n第二行", id="next line"),
    ],
)
def test_line_ends_become_line_feeds(raw: str, kept: str) -> None:
    assert stored(raw) == kept


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x01", "\x08", "\x0e", "\x1f", "\x7f", "\x80", "\x9f", "\ufffe", "\uffff", "\ud800"],
)
def test_illegal_characters_go(character: str) -> None:
    assert stored(f"甲{character}乙") == "甲乙"


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u200e", "\u200f", "\u202a", "\u202e"])
def test_invisible_marks_that_paste_brings_go(mark: str) -> None:
    assert stored(f"{mark}甲{mark}乙{mark}") == "甲乙"


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r\n", "\u3000", "\u00a0", " \u3000\n"])
def test_outer_blanks_go_and_inner_ones_stay(blank: str) -> None:
    inner = blank.replace("\r\n", "\n")
    assert stored(f"{blank}甲{blank}乙{blank}") == f"甲{inner}乙"


@pytest.mark.parametrize("blank", ["", " ", "\u3000\u3000", "\r\n", "\x00", "\u200b"])
def test_a_text_of_blanks_is_empty(blank: str) -> None:
    assert stored(blank) == ""


@pytest.mark.parametrize(
    "text",
    [
        "（2020年度）：甲；乙",
        "国函〔2016〕194号",
        "“十三五”规划（2016-2020）》；",
        "每场次800人),法律服务",
        "１２３％＝＞ＡＢ",
        "㎡ ① ½ ﬁ",
        "e\u0301",
        "A😀B",
        "甲\u200d乙",
        "依 据:关于",
    ],
)
def test_stored_text_is_never_normalised(text: str) -> None:
    assert stored(text) == text


@given(TEXTS)
@example("_x005F_x000D_")
@example("_x\u200b000D_")
@example("\r\u200b\n甲\u200b ")
def test_storing_twice_changes_nothing_more(text: str) -> None:
    assert stored(stored(text)) == stored(text)


@given(TEXTS)
def test_stored_text_has_no_outer_blank_and_no_carriage_return(text: str) -> None:
    kept = stored(text)
    assert kept == kept.strip()
    assert "\r" not in kept


# --- folded ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("０１２３４５６７８９", "0123456789"),
        ("６５０，０００．５０", "650,000.50"),
        ("２０２０－０１－０１", "2020-01-01"),
        ("２０２０／１／１", "2020/1/1"),
        ("＝１００％", "=100%"),
        ("＞＝９５％", ">=95%"),
        ("＜＝５", "<=5"),
        ("≧95%", "≥95%"),
        ("≦95%", "≤95%"),
    ],
)
def test_folding_narrows_full_width_digits_and_signs(text: str, read_as: str) -> None:
    assert folded(text) == read_as


@pytest.mark.parametrize(
    "text", [" 甲  乙 ", "　甲　　乙　", "\u00a0甲\u00a0乙", "甲\n乙", "甲\t乙\n"]
)
def test_folding_makes_all_blanks_one_space(text: str) -> None:
    assert folded(text) == "甲 乙"


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


# --- label_key ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "printed",
    [
        "项目总预算（元）：",
        "项目总预算（元）",
        "项目总预算(元):",
        "项目总预算\n（元）：",
        " 项目 总预算 （元） ： ",
        "项目总预算\u3000（元）：",
        "项目总预算\r\n（元）:",
    ],
)
def test_labels_are_equal_but_for_blanks_widths_and_the_last_colon(printed: str) -> None:
    assert label_key(printed) == label_key("项目总预算（元）：")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("项目总预算（元）：", "项目总预算（万元）："),
        ("其它", "其他"),
        ("项目：名称", "项目名称"),
        ("项目名称", "项目名称1"),
    ],
)
def test_labels_that_differ_in_any_other_way_differ(one: str, other: str) -> None:
    assert label_key(one) != label_key(other)


# --- display_width --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("汉字", 4),
        ("（）", 4),
        ("=100%", 5),
        ("１％", 4),
        ("≥95%", 4),
        ("ab汉", 4),
    ],
)
def test_a_cjk_character_is_two_columns_wide(text: str, columns: int) -> None:
    assert display_width(text) == columns


# --- lines --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("请填写日期", ["请填写日", "期"]),
        ("请填写日，期", ["请填写", "日，期"]),
        ("请填“日期”", ["请填“日", "期”"]),
        ("请填写“日期”", ["请填写", "“日期”"]),
        ("在 2020-01-01 填", ["在", "2020-01-01", "填"]),
        ("", [""]),
    ],
)
def test_lines_break_as_chinese_is_broken(text: str, lines: list[str]) -> None:
    assert wrapped(text, 8) == lines


@given(st.text(), st.integers(4, 100))
def test_nothing_but_blanks_is_lost_where_lines_break(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())
