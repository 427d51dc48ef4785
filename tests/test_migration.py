"""From one layout to another: all goes where there is a place for it, and the rest is listed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from migration_samples import NATIONAL, NEW, OLD, form, moved
from xlgoals import Layout, LayoutError
from xlgoals.kinds import ChoiceKind, Kind, TextKind
from xlgoals.layouts.model import MOST_ROWS
from xlgoals.migration import Left
from xlgoals.targets import parse_quantity


def row(level1: str, level2: str | None, name: str | None, text: str | None) -> dict[str, Any]:
    target = xlgoals.Target.parse(text).model_dump() if text else None
    return {"level1": level1, "level2": level2, "name": name, "target": target}


def with_kind(layout: Layout, key: str, kind: Kind) -> Layout:
    """A layout with another kind for a field."""
    return replace(layout, fields={**layout.fields, key: replace(layout.fields[key], kind=kind)})


def said(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows as levels, name and target's text."""
    return [
        (r["level1"], r["level2"], r["name"], r["target"] and r["target"]["text"]) for r in rows
    ]


# --- the change of form of 2026 -------------------------------------------------------------------
def test_a_published_form_of_2020_goes_where_the_form_of_2026_has_a_place(
    examples_dir: Path,
) -> None:
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    found = moved(submission.records[1].values, OLD, NEW)
    filled = {key: value for key, value in found.values.items() if value is not None}
    goal = filled.pop("overall_goal")
    assert goal.startswith("严格按照预算执行项目，专款专用。")
    assert said(filled.pop("indicators")) == [
        ("产出指标", "数量指标", "数量目标", "=99%"),
        ("产出指标", "质量指标", "质量目标", "=2"),
        ("产出指标", "时效指标", "时效目标", "同步"),
        ("效益指标", "可持续影响指标", "可持续目标", "持续提高"),
        ("满意度指标", "服务对象满意度指标", "满意度目标", "=95%"),
    ]
    start, end = filled.pop("start_date"), filled.pop("end_date")
    assert (str(start), str(end)) == ("2020-01-01", "2020-12-31")
    assert filled == {
        "layout": "shanghai-2026",
        "fiscal_year": 2020,
        "declaring_unit": "上海市科学技术协会学会服务中心",
        "project_name": "科技社团党建工作",
        "project_nature": "一次性项目",
        "total_budget": Decimal(120000),
        "current_budget": Decimal(120000),
    }


def test_what_has_no_place_is_named_as_the_old_form_names_it(examples_dir: Path) -> None:
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    left = moved(submission.records[0].values, OLD, NEW).left
    assert [item.label for item in left] == [
        "是否含有政府购买服务",
        "绩效类型",
        "项目概况",
        "立项依据",
        "项目设立的必要性",
        "保证项目实施的制度、措施",
        "项目实施计划",
        "影响力目标/其它",
        "投入与管理",
    ]
    assert left[0] == Left(
        "是否含有政府购买服务", "否", "新表样没有这一项，仍需说明的请写到合适的栏目。"
    )
    assert (left[7].row, left[7].name, left[7].value) == (15, "满意度目标", "满意度目标：=90%")
    assert "预算执行率：=100%" in left[8].value


@pytest.mark.parametrize(
    ("category", "nature"),
    [("其他一次性项目", "一次性项目"), ("其他经常性项目", "经常性项目"), ("市级专项资金", None)],
)
def test_a_category_becomes_the_nature_that_means_the_same(
    category: str, nature: str | None
) -> None:
    found = moved(form(OLD, project_category=category), OLD, NEW)
    assert (found.values["project_nature"], found.values["project_category"]) == (nature, None)
    assert [item.value for item in found.left] == ([] if nature else [category])
    back = moved(form(NEW, project_nature=nature), NEW, OLD)
    assert back.values["project_category"] == (category if nature else None)


def test_a_word_that_means_something_else_on_the_other_form_stays_behind() -> None:
    found = moved(form(NEW, project_category="特定目标类", overall_goal="总目标"), NEW, OLD)
    assert found.values["project_category"] is None
    assert found.values["objectives"] == "总目标"
    assert [(item.label, item.value) for item in found.left] == [("项目类别", "特定目标类")]


def test_the_old_forms_prescribed_rows_are_printed_again_on_the_way_back() -> None:
    found = moved(form(NEW, row("产出指标", "数量指标", "讲座", "≥10场")), NEW, OLD)
    printed = [
        (group.level1, group.level2, fixed.name, fixed.target)
        for group in OLD.indicators.groups
        for fixed in group.fixed
    ]
    assert said(found.values["indicators"]) == [*printed, ("产出目标", "数量", "讲座", "≥10场")]


def test_a_prescribed_row_that_the_unit_changed_is_left() -> None:
    changed = row("投入与管理", "投入管理", "预算执行率", "≥80%")
    (left,) = moved(form(OLD, changed), OLD, NEW).left
    assert (left.label, left.value, left.row) == ("投入与管理/投入管理", "预算执行率：≥80%", 1)
    found = moved(form(OLD, changed), OLD, OLD)
    assert ("投入与管理", "投入管理", "预算执行率", "=100%") in said(found.values["indicators"])
    (left,) = found.left
    assert (left.label, left.value, left.row) == ("指标目标值", "≥80%", 1)
    assert "=100%" in left.reason


def test_a_prescribed_row_whose_target_may_be_set_takes_the_units_own(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "extends: shanghai-2020\nid: own\n"
        "indicators: {groups: [{level1: 投入与管理, level2: 投入管理,"
        ' fixed: [{name: 预算执行率, target: "=100%", editable: true}]}]}\n',
        encoding="utf-8",
    )
    own = xlgoals.load_layout(str(path))
    found = moved(form(OLD, row("投入与管理", "投入管理", "预算执行率", "≥80%")), OLD, own)
    assert found.left == ()
    assert said(found.values["indicators"])[:3] == [
        ("投入与管理", "投入管理", "预算编制合理性", "合理"),
        ("投入与管理", "投入管理", "预算执行率", "≥80%"),
        ("投入与管理", "投入管理", "预算资金到位率", "=100%"),
    ]


def test_rows_grow_as_far_as_a_workbook_holds_them() -> None:
    rows = [row("产出目标", "数量", f"指标{n}", "≥1场") for n in range(MOST_ROWS + 1)]
    found = moved(form(OLD, *rows), OLD, NEW)
    assert len(found.values["indicators"]) == MOST_ROWS
    (left,) = found.left
    assert (left.label, left.row) == ("产出目标/数量", MOST_ROWS + 1)
    assert left.value == f"指标{MOST_ROWS}：≥1场"


# --- targets, weights, amounts --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("≥95%", "≥95%"),
        ("不低于95%", "≥95%"),
        ("1,600人次以上", "≥1600人次"),
        ("12月底前完成", "12月底前完成"),
        ("=10", "=10"),
    ],
)
def test_a_target_is_split_and_joined_without_loss(text: str, there: str) -> None:
    values = form(NEW, row("产出指标", "质量指标", "合格率", text))
    found = moved(values, NEW, NATIONAL)
    assert said(found.values["indicators"]) == [("产出指标", "质量指标", "合格率", there)]
    assert found.left == ()
    assert parse_quantity(there) == parse_quantity(text)
    assert said(moved(found.values, NATIONAL, NEW).values["indicators"])[0][3] == there


def test_a_target_that_is_too_long_for_its_column_is_left_with_its_row() -> None:
    text = "不断提高" * 30
    found = moved(form(NEW, row("产出指标", "质量指标", "合格率", text)), NEW, NATIONAL)
    assert said(found.values["indicators"]) == [("产出指标", "质量指标", "合格率", None)]
    (left,) = found.left
    assert (left.label, left.value, left.row, left.name) == ("年度指标值", text, 1, "合格率")
    assert "120个字，超过了100个字" in left.reason


def test_a_weight_goes_where_there_are_weights_and_else_is_left() -> None:
    values = form(
        NATIONAL, {**row("产出指标", "质量指标", "合格率", "≥9%"), "weight": Decimal("7.5")}
    )
    found = moved(values, NATIONAL, NEW)
    assert "weight" not in found.values["indicators"][0]
    assert [(item.label, item.value, item.row) for item in found.left] == [("权重", "7.5", 1)]
    (there,) = moved(found.values, NEW, NATIONAL).values["indicators"]
    assert there["weight"] is None


def test_amounts_stay_the_same_money_in_another_unit() -> None:
    found = moved(form(NEW, total_budget=Decimal("650000.35")), NEW, NATIONAL)
    assert found.values["total_budget"] == Decimal("650000.35")
    assert found.left == ()


def test_an_amount_is_left_as_its_own_form_shows_it() -> None:
    fields = {key: item for key, item in NEW.fields.items() if key != "current_budget"}
    values = form(NATIONAL, current_budget=Decimal("5000.5"))
    (left,) = moved(values, NATIONAL, replace(NEW, fields=fields)).left
    assert (left.label, left.value) == ("年度资金总额", "0.50005万元")


def test_a_text_that_is_too_long_is_left_with_both_numbers() -> None:
    target = with_kind(NEW, "overall_goal", TextKind(300))
    found = moved(form(OLD, objectives="甲" * 500), OLD, target)
    assert found.values["overall_goal"] is None
    (left,) = found.left
    assert left.value == "甲" * 500
    assert "500个字，超过了300个字" in left.reason


def test_a_choice_that_the_new_list_does_not_have_is_left() -> None:
    target = with_kind(NEW, "project_nature", ChoiceKind(("一次性项目", "经常性项目")))
    found = moved(form(NEW, project_nature="阶段性项目"), replace(NEW, id="earlier"), target)
    assert found.values["project_nature"] is None
    (left,) = found.left
    assert (left.label, left.value) == ("项目性质", "阶段性项目")
    assert "一次性项目、经常性项目" in left.reason


# --- what a layout says of another ----------------------------------------------------------------
BROKEN = [
    ("shanghai-2020: {feilds: {}}", "shanghai-2020.feilds", "是否想写“fields”"),
    ("shanghai-2002: {}", "shanghai-2002", "没有名为“shanghai-2002”的表样"),
    ("shanghai-2026: {}", "shanghai-2026", "另一个表样"),
    ("shanghai-2020: {fields: {objectiv: overall_goal}}",
     "shanghai-2020.fields.objectiv", "没有“objectiv”，是否想写“objectives”"),
    ("shanghai-2020: {fields: {objectives: overall_goals}}",
     "shanghai-2020.fields.objectives", "没有“overall_goals”，是否想写“overall_goal”"),
    ("shanghai-2020: {fields: {objectives: overall_goal, overview: overall_goal}}",
     "shanghai-2020.fields.overview", "“overall_goal”已经与另一项对应"),
    ("shanghai-2020: {fields: {project_category: {field: project_nature, "
     "wordings: {其它一次性项目: 一次性项目}}}}",
     "shanghai-2020.fields.project_category.wordings.其它一次性项目", "是否想写“其他一次性项目”"),
    ("shanghai-2020: {fields: {project_category: {field: project_nature, "
     "wordings: {其他一次性项目: 单次项目}}}}",
     "shanghai-2020.fields.project_category.wordings.其他一次性项目", "没有“单次项目”"),
    ("shanghai-2020: {levels: {产出: {}}}", "shanghai-2020.levels.产出", "是否想写“产出目标”"),
    ("shanghai-2020: {levels: {产出目标: {数目: {level1: 产出指标, level2: 数量指标}}}}",
     "shanghai-2020.levels.产出目标.数目", "没有“数目”"),
    ("shanghai-2020: {levels: {产出目标: {数量: {level1: 产出指标, level2: 数量}}}}",
     "shanghai-2020.levels.产出目标.数量.level2", "没有“数量”，是否想写“数量指标”"),
    ("shanghai-2020: {levels: {产出目标: {数量: {level1: 产出指标, level2: 质量指标}, "
     "质量: {level1: 产出指标, level2: 质量指标}}}}",
     "shanghai-2020.levels.产出目标.质量", "“产出指标/质量指标”已经与另一项对应"),
]  # fmt: skip


@pytest.mark.parametrize(("migration", "key", "problem"), BROKEN, ids=[b[1] for b in BROKEN])
def test_a_correspondence_of_what_is_not_there_is_told_at_its_place(
    migration: str, key: str, problem: str, tmp_path: Path
) -> None:
    assert NEW.source
    head, _, rest = NEW.source.read_text(encoding="utf-8").partition("migration:\n")
    tail = rest[rest.index("\ncolumns:") :]
    path = tmp_path / "own.yaml"
    path.write_text(f"{head}migration: {{{migration}}}\n{tail}", encoding="utf-8")
    with pytest.raises(LayoutError) as raised:
        xlgoals.load_layout(str(path))
    assert raised.value.key == f"migration.{key}"
    assert problem in raised.value.problem
    assert raised.value.line == head.count("\n") + 1


def test_a_counterpart_that_is_inherited_may_not_be_named_again(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    lines = ["extends: shanghai-2026", "id: own", "migration:", "  shanghai-2020:", "    levels:"]
    lines += ["      产出目标: {数量: {level1: 产出指标, level2: 质量指标}}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LayoutError, match="已经与另一项对应"):
        xlgoals.load_layout(str(path))


def test_a_layout_may_speak_of_one_in_a_file_beside_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    for path, name in ((old, "old-form"), (new, "new-form")):
        text = xlgoals.layouts.layout_text("shanghai-2020")
        text = text.replace("id: shanghai-2020", f"id: {name}")
        if path is new:
            text = text.replace("overview", "summary").replace(
                "label: 项目概况：", "type: text\n    label: 概况"
            )
            text += "\nmigration: {old.yaml: {fields: {overview: summary}}}\n"
        path.write_text(text, encoding="utf-8")
    source, target = (xlgoals.load_layout(str(path)) for path in (old, new))
    found = moved(form(source, overview="修缮阅览室"), source, target)
    assert (found.values["summary"], found.left) == ("修缮阅览室", ())
