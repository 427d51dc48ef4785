"""A layout that extends another: what it may change, and where its mistakes are told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import xlgoals
from xlgoals import LayoutError, load_layout
from xlgoals.kinds import ChoiceKind, TextKind
from xlgoals.layouts import Layout
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan

ROOT = Path(__file__).resolve().parent.parent
BASE = load_layout("shanghai-2020")
HEAD = "extends: shanghai-2020\nid: next\n"
MARK = "¶"


def loaded(folder: Path, text: str, name: str = "next.yaml") -> Layout:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_layout(str(path))


def documented() -> str:
    language = (ROOT / "docs" / "layout-language.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", language, re.DOTALL)
    return next(str(block) for block in blocks if block.startswith("extends:"))


# --- what may be changed --------------------------------------------------------------------------
def test_what_is_not_overridden_stays(tmp_path: Path) -> None:
    layout = loaded(tmp_path, HEAD)
    assert layout == replace(BASE, id="next", source=layout.source)


def test_the_example_of_the_docs_does_all_that_it_tells(tmp_path: Path) -> None:
    layout = loaded(tmp_path, documented())
    overview, category = layout.fields["overview"], layout.fields["project_category"]
    assert isinstance(overview.kind, TextKind)
    assert isinstance(category.kind, ChoiceKind)
    assert (overview.kind.max_length, overview.label) == (800, "项目概况：")
    assert (category.label, category.aliases) == ("项目类型：", ("项目类别",))
    assert category.kind.options == ("一次性项目", "其他经常性项目", "经常性专项业务费", "其他")
    assert category.kind.match("其他一次性项目") == "一次性项目"
    assert "performance_type" not in layout.fields
    assert layout.own_kinds == {"contact": "text"}
    rows = {group.name: (group.rows, len(group.fixed)) for group in layout.indicators.groups}
    assert list(rows) == [
        *("投入管理", "财务管理", "实施管理", "数量", "质量", "成本", "效果目标", "影响力目标")
    ]
    assert (rows["数量"], rows["成本"], rows["投入管理"]) == ((6, 0), (2, 0), (0, 3))
    assert [row.name for row in layout.indicators.groups[0].fixed] == [
        *("预算编制合理性", "预算资金到位率", "预算编制科学性")
    ]
    severities = {rule.code.id: rule.code.severity for rule in layout.rules}
    assert severities["one-off-outside-year"] == "info"
    assert "necessity-copies-basis" not in severities
    assert len(layout.rules) == len(BASE.rules) - 1


def test_a_workbook_of_it_goes_out_and_comes_back(tmp_path: Path) -> None:
    layout = loaded(tmp_path, documented())
    record = {"layout": "city-2027", "fiscal_year": 2027, "project_name": "甲项目"}
    values = {"contact": "张三", "project_category": "一次性项目"}
    form = form_class(layout).model_validate({**record, **values})
    path = tmp_path / "报送.xlsx"
    xlgoals.write_template(path, layout, 2027, forms=[form])
    (read,) = xlgoals.read(path, layout=layout).forms
    assert read.record()["contact"] == "张三"
    assert read.project_category == "一次性项目"


def test_a_base_may_be_a_file_beside_it_and_extend_another(tmp_path: Path) -> None:
    (tmp_path / "years").mkdir()
    middle = "extends: shanghai-2020\nid: middle\nfields: {overview: {max_length: 700}}\n"
    loaded(tmp_path, middle, "middle.yaml")
    last = "extends: ../middle.yaml\nid: last\nfields: {basis: {max_length: 600}}\n"
    layout = loaded(tmp_path, last, "years/last.yaml")
    kinds = [layout.fields[key].kind for key in ("overview", "basis", "necessity")]
    assert [kind.max_length for kind in kinds if isinstance(kind, TextKind)] == [700, 600, 500]


def test_renaming_an_option_twice_keeps_every_old_wording(tmp_path: Path) -> None:
    def renamed(old: str, new: str) -> str:
        return f"fields: {{performance_type: {{options: {{rename: {{{old}: {new}}}}}}}}}\n"

    loaded(tmp_path, HEAD.replace("next", "one") + renamed("其他类", "其它类"), "one.yaml")
    layout = loaded(tmp_path, "extends: one.yaml\nid: two\n" + renamed("其它类", "别的类"))
    kind = layout.fields["performance_type"].kind
    assert isinstance(kind, ChoiceKind)
    assert kind.options == ("事业/专业类", "别的类")
    assert [kind.match(word) for word in ("其他类", "其它类", "别的类")] == ["别的类"] * 3


def test_an_option_taken_away_takes_its_old_wordings_along(tmp_path: Path) -> None:
    options = "fields: {performance_type: {options: {rename: {其他类: 别的类}}}}\n"
    loaded(tmp_path, HEAD.replace("next", "one") + options, "one.yaml")
    removed = "fields: {performance_type: {options: {remove: [别的类]}}}\n"
    layout = loaded(tmp_path, "extends: one.yaml\nid: two\n" + removed)
    kind = layout.fields["performance_type"].kind
    assert isinstance(kind, ChoiceKind)
    assert (kind.options, kind.match("其他类")) == (("事业/专业类",), None)


def test_the_capacity_of_a_group_moves_what_stands_below(tmp_path: Path) -> None:
    groups = "indicators: {groups: [{level1: 产出目标, level2: 数量, rows: 7}]}\n"
    plan = build_plan(loaded(tmp_path, HEAD + groups), 2020)
    assert plan.form.last_row == build_plan(BASE, 2020).form.last_row + 3


# --- mistakes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("extends: ¶no-such\nid: a\n", "extends", "没有名为“no-such”的表样"),
        ("extends: ¶./gone.yaml\nid: a\n", "extends", "没有名为“./gone.yaml”的表样"),
        ("extends: ¶[a]\nid: a\n", "extends", "这里应是一段文字"),
        ("¶extends: shanghai-2020\nname: 甲\n", "", "缺少“id”"),
        ("extends: ¶next.yaml\nid: a\n", "extends", "成了循环"),
        ("extends: shanghai-2020\nid: ¶shanghai-2020\n", "id", "与继承的表样同名"),
        (HEAD + "¶autority: 甲\n", "autority", "是否想写“authority”"),
        (HEAD + "fields:\n  overview: {¶lable: 甲}\n", "fields.overview.lable", "不认识的键"),
        (HEAD + "fields:\n  overview: {max_length: ¶many}\n", "fields.overview.max_length",
         "这里应是整数"),
        (HEAD + "fields:\n  ¶overviews: null\n", "fields.overviews", "不能删去"),
        (HEAD + "fields:\n  overview: {label: ¶}\n", "fields.overview.label", "不能为空"),
        (HEAD + "fields:\n  performance_type: {options: {remove: [¶甲类]}}\n",
         "fields.performance_type.options.remove[1]", "现有：事业/专业类、其他类"),
        (HEAD + "fields:\n  performance_type: {options: {rename: {¶甲类: 乙类}}}\n",
         "fields.performance_type.options.rename.甲类", "继承的选项中没有“甲类”"),
        (HEAD + "fields:\n  performance_type:\n    options: ¶{add: [其他类]}\n",
         "fields.performance_type.options", "选项重复"),
        (HEAD + "rules:\n  - ¶{code: no-such, remove: true}\n", "rules[1]", "不能删去"),
        (HEAD + "rules:\n  - ¶{severity: info}\n", "rules[1]", "缺少“code”"),
        (HEAD + "rules:\n  - {code: dates-reversed, check: start_date <= ¶end}\n",
         "rules[1].check", "没有名为“end”的填写项"),
        (HEAD + "indicators:\n  groups:\n    - ¶{level1: 产出目标, level2: 成本}\n",
         "indicators.groups[1]", "没有任何行"),
        (HEAD + "indicators:\n  groups:\n    - {level1: 产出目标, level2: 成本, rows: 1, "
         "before: ¶甲}\n", "indicators.groups[1].before", "没有“甲”"),
        (HEAD + "indicators:\n  groups:\n    - {level1: 产出目标, level2: 数量, rows: 5}\n"
         "    - ¶{level1: 产出目标, level2: 数量, rows: 6}\n",
         "indicators.groups[2]", "出现了两次"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(
    tmp_path: Path, text: str, key: str, problem: str
) -> None:
    before, _, after = text.partition(MARK)
    with pytest.raises(LayoutError) as raised:
        loaded(tmp_path, before + after)
    error = raised.value
    assert problem in error.problem
    assert (error.file, error.key) == (str(tmp_path / "next.yaml"), key)
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (error.line, error.column) == place


def test_a_mistake_of_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(HEAD + "amount_unit: 斤\n", encoding="utf-8")
    with pytest.raises(LayoutError) as raised:
        loaded(tmp_path, "extends: base.yaml\nid: last\n", "last.yaml")
    assert (raised.value.file, raised.value.line) == (str(tmp_path / "base.yaml"), 3)


def test_a_cycle_over_several_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\nid: a\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\nid: b\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="成了循环"):
        load_layout(str(tmp_path / "a.yaml"))


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        ("fields:\n  ¶overview: null\n", "fields.overview", "不认识“overview:”"),
        ("fields:\n  ¶extra: {label: 甲, type: date}\n", "fields.extra",
         "表样中没有安排“extra”的位置"),
        ("columns: [100, 100, 100, 100]\n", "extends", "这一行应有4格"),
    ],
)  # fmt: skip
def test_what_a_change_breaks_in_the_base_is_told_at_the_change(
    tmp_path: Path, change: str, key: str, problem: str
) -> None:
    before, mark, after = (HEAD + change).partition(MARK)
    with pytest.raises(LayoutError) as raised:
        loaded(tmp_path, before + after)
    error = raised.value
    assert (error.file, error.key) == (str(tmp_path / "next.yaml"), key)
    assert problem in error.problem
    if mark:
        assert error.line == before.count("\n") + 1
