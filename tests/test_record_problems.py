"""What is wrong with the data for a template, told as a person would: where, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import run
from each_layout import LAYOUTS, sound_form
from xlgoals.language import Language, reason, speaking
from xlgoals.layouts import Layout, load_layout
from xlgoals.records import RecordError, load_forms

SHANGHAI = load_layout("shanghai-2020")
AMOUNT = "项目总预算（元）（total_budget）："


def form(**changes: Any) -> dict[str, Any]:
    return {**sound_form(SHANGHAI).model_dump(mode="json"), "project_name": "甲项目", **changes}


def refusal(folder: Path, text: str, name: str = "forms.json") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        load_forms(path, SHANGHAI)
    return reason(caught.value).replace(str(path), name)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"total_budget": "abc"}, AMOUNT + '应是数字，如 "650000.00"，而不是“abc”'),
        ({"total_budget": ["x" * 90]}, AMOUNT + "应是数字"),
        ({"total_budget": float("nan")}, AMOUNT + "应是数字"),
        ({"total_budget": "-1"}, AMOUNT + "金额应在 0 至"),
        (
            {"start_date": "2020-02-30"},
            "（start_date）：应是日期，如 2020-01-31，而不是“2020-02-30”",
        ),
        ({"start_date": 20200101}, "（start_date）：应是日期"),
        ({"overview": 5}, "项目概况（overview）：应是加引号的文字，而不是“5”"),
        ({"overview": "长" * 32768}, "项目概况（overview）：文字太长"),
        ({"has_government_purchase": "maybe"}, "应是 true 或 false，而不是“maybe”"),
        ({"fiscal_year": "本年"}, "fiscal_year：应是整数，而不是“本年”"),
        ({"overveiw": "a"}, "overveiw：没有这一项，是否想写“overview”？"),
        ({"备注": "a"}, "备注：没有这一项，请删去"),
        ({"indicators": "a"}, "indicators：应是由各行指标组成的列表，而不是“a”"),
        ({"indicators": [{}, 5]}, "第2行指标：应是“键: 值”的形式，而不是“5”"),
        ({"indicators": [{"nam": "a"}]}, "第1行指标的 nam：没有这一项，是否想写“name”？"),
        ({"indicators": [{"target": {"number": "x"}}]}, "第1行指标的 target.text：没有给出"),
        ({"indicators": [{"target": "≥5"}]}, "第1行指标的 target：应是“键: 值”的形式"),
        (
            {"indicators": [{"target": {"text": "a", "unit": "b"}}]},
            "第1行指标的 target：operator、",
        ),
    ],
)
def test_the_place_and_what_should_stand_there_are_told(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    said = refusal(tmp_path, json.dumps([form(), form(**changes)]))
    assert said.startswith("forms.json：第2张表“甲项目”有误：")
    assert told in said
    assert len(said) < 300


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "forms.json：第1行第1列不是有效的 JSON"),
        ('[\n{"layout": }]', "forms.json：第2行第12列不是有效的 JSON"),
        ("[" * 100_000, "forms.json：不是各张表的数据，层次太深或数字太长"),
        (f'[{{"layout": {"9" * 5000}}}]', "forms.json：不是各张表的数据，层次太深或数字太长"),
        ("[{}]", "forms.json：第1张表没有写明 layout（表样）"),
        ("[null]", "forms.json：第1张表应是“键: 值”的形式"),
        ("{}", "forms.json：应是由各张表组成的 JSON 数组"),
    ],
)
def test_what_is_no_list_of_forms_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert refusal(tmp_path, text) == told


def test_a_line_of_many_is_told_by_its_number(tmp_path: Path) -> None:
    text = f"{json.dumps(form())}\n\n{{\n"
    assert refusal(tmp_path, text, "forms.jsonl") == "forms.jsonl：第3行第2列不是有效的 JSON"


def test_a_text_with_a_line_separator_stays_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "forms.jsonl"
    path.write_text(json.dumps(form(overview="一\u2028二"), ensure_ascii=False), encoding="utf-8")
    assert len(load_forms(path, SHANGHAI)) == 1


def test_in_english_nothing_but_the_forms_words_is_chinese(tmp_path: Path) -> None:
    wrong = form(total_budget="abc", start_date=1, overveiw=2, indicators=[{"nam": 1}])
    with speaking(Language.EN):
        told = refusal(tmp_path, json.dumps([wrong]))
    for quoted in ("甲项目", "项目总预算（元）", "计划开始日期"):
        assert quoted in told
        told = told.replace(quoted, "")
    assert not any("\u4e00" <= char <= "\u9fff" for char in told), told


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_template_tells_it_as_wrong_usage(layout: Layout, tmp_path: Path) -> None:
    record = {**sound_form(layout).model_dump(mode="json"), "current_budget": "多"}
    data = tmp_path / "forms.json"
    data.write_text(json.dumps([record]), encoding="utf-8")
    result = run(
        *("--lang", "zh", "template", layout.id, "--year", str(layout.first_year)),
        *("--data", data, "-o", tmp_path / "a.xlsx"),
    )
    assert result.returncode == 2
    assert f"{layout.fields['current_budget'].title}（current_budget）：应是数字" in result.stderr
    assert "Input should" not in result.stderr
    assert not (tmp_path / "a.xlsx").exists()
