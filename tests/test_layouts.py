"""The shipped layout, to the character; and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlgoals import UnknownLayoutError, layout_ids, load_layout
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, TargetKind, TextKind, YesNoKind
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan

SHANGHAI = load_layout("shanghai-2020")
assert SHANGHAI.source
YAML = SHANGHAI.source.read_text(encoding="utf-8")

# --- the form as the authority published it -------------------------------------------------------
TITLE, YEAR_LINE = "财政项目支出绩效目标表", "（2020年度）"
FUNDS, GOALS = "本项目上年度市级财政资金使用情况", "2020年绩效目标"
LABELS = [
    "申报单位名称：", "项目名称：", "项目类别：", "计划开始日期：", "计划完成日期：",
    "是否含有政府购买服务：", "绩效类型：", "项目概况：", "立项依据：", "项目设立的必要性：",
    "保证项目实施的制度、措施：", "项目实施计划：", "总目标及阶段性目标：",
    "项目总预算（元）：", "项目当年预算（元）：",
    "同名项目上年预算额（元）：", "同名项目上年预算执行数（元）：",
]  # fmt: skip
HEADINGS = ["一级目标", "二级目标", "三级目标", "指标目标值"]
FIXED_ROWS = [
    ("投入与管理", "投入管理", "预算编制合理性", "合理"),
    ("投入与管理", "投入管理", "预算执行率", "=100%"),
    ("投入与管理", "投入管理", "预算资金到位率", "=100%"),
    ("投入与管理", "财务管理", "财务管理制度健全性", "健全"),
    ("投入与管理", "财务管理", "财务监控有效性", "有效"),
    ("投入与管理", "财务管理", "资金使用规范性", "规范"),
    ("投入与管理", "实施管理", "项目管理制度健全性", "健全"),
    ("投入与管理", "实施管理", "政府采购规范性", "合规"),
    ("投入与管理", "实施管理", "合同管理完备性", "完备"),
    ("投入与管理", "实施管理", "项目质量可控性", "可控"),
]
# What may be broken over lines on the form is one line in the publication.
PRINTED = {locked.text.replace("\n", "") for locked in build_plan(SHANGHAI, 2020).form.locked}


def test_the_shipped_layout_is_listed() -> None:
    assert "shanghai-2020" in layout_ids()


def test_every_shipped_layout_loads_under_its_own_id() -> None:
    assert [load_layout(name).id for name in layout_ids()] == list(layout_ids())


@pytest.mark.parametrize("text", [TITLE, YEAR_LINE, FUNDS, GOALS, *LABELS, *HEADINGS])
def test_a_published_text_is_printed_to_the_character(text: str) -> None:
    assert text in PRINTED


def test_the_labels_stand_in_the_published_order() -> None:
    labels = [field.label.replace("\n", "") for field in SHANGHAI.fields.values()]
    assert labels == LABELS
    assert [column.label for column in SHANGHAI.indicators.columns.values()] == HEADINGS


def test_the_ten_prescribed_rows() -> None:
    groups = SHANGHAI.indicators.groups
    rows = [(g.level1, g.level2, row.name, row.target) for g in groups for row in g.fixed]
    assert rows == FIXED_ROWS
    assert not any(row.editable for group in groups for row in group.fixed)


def test_nothing_else_is_printed() -> None:
    levels = {text for row in FIXED_ROWS for text in row}
    free = {"产出目标", "数量", "质量", "时效", "效果目标", "影响力目标"}
    assert {TITLE, YEAR_LINE, FUNDS, GOALS, *LABELS, *HEADINGS, *levels, *free} == PRINTED


def test_the_free_rows_are_in_their_blocks() -> None:
    found = [(g.name, g.rows, g.at_least) for g in SHANGHAI.indicators.groups if g.rows]
    assert found == [
        ("数量", 4, 1),
        ("质量", 2, 1),
        ("时效", 2, 1),
        ("效果目标", 4, 1),
        ("影响力目标", 2, 1),
    ]


@pytest.mark.parametrize(
    ("key", "seen"),
    [("project_category", {"其他一次性项目"}), ("performance_type", {"事业/专业类", "其他类"})],
)
def test_lists_that_no_publication_settles_are_open(key: str, seen: set[str]) -> None:
    kind = SHANGHAI.fields[key].kind
    assert isinstance(kind, ChoiceKind)
    assert kind.open
    assert seen <= set(kind.options)


@pytest.mark.parametrize(
    ("name", "seen"), [("效果目标", {"社会效益", "满意度"}), ("影响力目标", {"其它", "长效管理"})]
)
def test_where_the_second_level_is_chosen_the_list_is_open(name: str, seen: set[str]) -> None:
    (group,) = [group for group in SHANGHAI.indicators.groups if group.name == name]
    assert isinstance(group.level2_kind, ChoiceKind)
    assert group.level2_kind.open
    assert seen <= set(group.level2_kind.options)


def test_all_fields_are_required_but_the_prior_year_pair() -> None:
    optional = [key for key, field in SHANGHAI.fields.items() if not field.required]
    assert optional == ["prior_budget", "prior_execution"]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("declaring_unit", TextKind),
        ("project_category", ChoiceKind),
        ("start_date", DateKind),
        ("has_government_purchase", YesNoKind),
        ("overview", TextKind),
        ("prior_execution", AmountKind),
    ],
)
def test_the_kind_of_a_field_follows_from_the_vocabulary(key: str, kind: type) -> None:
    assert isinstance(SHANGHAI.fields[key].kind, kind)


def test_a_target_is_a_target() -> None:
    assert isinstance(SHANGHAI.indicators.columns["target"].kind, TargetKind)


@pytest.mark.parametrize(
    ("year", "served"), [(2019, False), (2020, True), (2025, True), (2026, False)]
)
def test_the_edition_says_which_years_it_serves(year: int, served: bool) -> None:
    assert SHANGHAI.serves(year) == served


# --- loading --------------------------------------------------------------------------------------
def written(folder: Path, text: str, name: str = "layout.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def same(one: Layout, other: Layout) -> bool:
    return one == one.__class__(**{**vars(other), "source": one.source})


@pytest.mark.parametrize("name", ["copy.yaml", "copy.yml", "表样.yaml"])
def test_a_layout_is_loaded_by_its_path(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, YAML, name)
    layout = load_layout(str(path))
    assert layout.source == path
    assert same(layout, SHANGHAI)


@pytest.mark.parametrize("text", ["\ufeff" + YAML, YAML.replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_what_editors_do_to_a_file_does_not_matter(tmp_path: Path, text: str) -> None:
    assert same(load_layout(str(written(tmp_path, text))), SHANGHAI)


@pytest.mark.parametrize("name", ["shanghai-1999", "", "shanghai-2020.yaml", "Shanghai-2020", "."])
def test_an_unknown_layout_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownLayoutError, match="shanghai-2020"):
        load_layout(name)


def test_a_file_of_a_layout_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownLayoutError, match=r"没有“no/such/file.yaml”这个文件"):
        load_layout("no/such/file.yaml")


def test_a_folder_or_a_file_of_another_kind_is_no_layout(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for path in (tmp_path / "folder.yaml", written(tmp_path, YAML, "layout.txt")):
        with pytest.raises(UnknownLayoutError):
            load_layout(str(path))
