"""shanghai-2026: printed as published, and what its own rules say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from each_layout import sound_form
from xlgoals.kinds import ChoiceKind
from xlgoals.layouts import load_layout
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan

LAYOUT = load_layout("shanghai-2026")
PLAN = build_plan(LAYOUT, 2026)
PRINTED = {locked.text.replace("\n", "") for locked in PLAN.form.locked}

# The published forms, text by text.
PUBLISHED = [
    *("财政项目支出绩效目标申报表", "（2026年度）", "项目名称", "项目性质"),
    *("项目类别", "主管部门", "实施单位", "计划开始日期", "计划完成日期"),
    *("项目资金（元）", "项目资金总额", "年度资金申请总额", "其中：财政资金"),
    *("其中：当年财政拨款", "上年结转资金", "其他资金", "项目绩效目标"),
    *("项目总目标", "年度总体目标", "绩效指标", "一级指标", "二级指标"),
    *("三级指标", "年度指标值", "成本指标", "产出指标", "效益指标"),
    *("满意度指标", "数量指标", "质量指标", "时效指标", "服务对象满意度指标"),
]


def test_it_prints_what_is_published_and_nothing_else() -> None:
    assert set(PUBLISHED) == PRINTED


@pytest.mark.parametrize(
    ("name", "seen"),
    [("成本指标", {"经济成本指标", "生态环境成本指标"}),
     ("效益指标", {"社会效益指标", "生态效益指标", "可持续影响指标"})],
)  # fmt: skip
def test_the_second_levels_seen_can_be_chosen(name: str, seen: set[str]) -> None:
    (group,) = [group for group in LAYOUT.indicators.groups if group.name == name]
    assert isinstance(group.level2_kind, ChoiceKind)
    assert seen <= set(group.level2_kind.options)
    assert group.level2_kind.open


def test_total_and_year_stand_side_by_side() -> None:
    rows = {key: PLAN.form.by_name[key].area.top for key in LAYOUT.fields}
    assert rows["total_budget"] == rows["current_budget"]
    assert rows["total_fiscal_funds"] == rows["current_appropriation"]
    assert rows["total_other_funds"] == rows["current_other_funds"]
    assert rows["overall_goal"] == rows["annual_goal"]


def found(folder: Path, changed: Mapping[str, Any], year: int = 2026) -> set[tuple[str, str]]:
    """Code and field of all that is told of a sound form that was changed."""
    record = {**sound_form(LAYOUT).record(), **changed}
    path = folder / "t.xlsx"
    form = form_class(LAYOUT).model_validate(record)
    xlgoals.write_template(path, LAYOUT, year, forms=[form])
    return {(f.code, f.field or "") for f in xlgoals.read(path).findings}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"total_other_funds": "50000.21"}, {("total-not-sum", "total_budget")}),
        ({"carried_over_funds": "0"}, {("current-not-sum", "current_budget")}),
        ({"current_other_funds": None}, {("required", "current_other_funds")}),
        ({"current_budget": "700000", "current_appropriation": "549999.70"},
         {("current-over-total", "current_budget")}),
        ({"end_date": "2025-12-31"}, {("dates-reversed", "start_date")}),
        ({"project_nature": "一次性项目", "end_date": "2027-12-31"},
         {("one-off-outside-year", "start_date")}),
        ({"project_nature": "一次性项目", "total_budget": "600000.15", "total_other_funds": "0",
          "current_budget": "600000.05", "current_other_funds": "0",
          "carried_over_funds": "100000"},
         {("one-off-total-differs", "total_budget")}),
        ({"project_nature": "阶段性项目", "annual_goal": "建成。", "overall_goal": "建成。"},
         {("annual-goal-copies-overall", "annual_goal")}),
        ({"project_nature": "其他性质"}, {("choice-unlisted", "project_nature")}),
    ],
)  # fmt: skip
def test_what_the_rules_say_of_fields(
    tmp_path: Path, changed: dict[str, Any], told: set[tuple[str, str]]
) -> None:
    assert found(tmp_path, changed) == told


@pytest.mark.parametrize(
    ("level1", "text", "told"),
    [
        ("成本指标", "≥10万元", {("cost-at-least", "target")}),
        ("满意度指标", "=90%", {("satisfaction-equals", "target")}),
        ("满意度指标", ">90%", set()),
        ("满意度指标", "≥101%", {("percent-over-100", "target")}),
        ("产出指标", "若干", {("quantity-without-number", "target")}),
        ("产出指标", "≥10", {("number-without-unit", "target")}),
    ],
)
def test_what_the_rules_say_of_indicators(
    tmp_path: Path, level1: str, text: str, told: set[tuple[str, str]]
) -> None:
    indicators = sound_form(LAYOUT).record()["indicators"]
    row = next(row for row in indicators if row["level1"] == level1)
    row["target"] = {"text": text}
    assert found(tmp_path, {"indicators": indicators}) == told


def test_amounts_may_have_odd_hundredths() -> None:
    form = sound_form(LAYOUT).model_dump()
    parts = [form[key] for key in ("total_fiscal_funds", "total_other_funds")]
    assert sum(parts) == form["total_budget"] == Decimal("650000.35")
