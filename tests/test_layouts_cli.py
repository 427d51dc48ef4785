"""``xlgoals layouts``: list, show, export, check, diff."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import xlgoals
from test_layouts_extended import documented
from xlgoals.cli.main import cli
from xlgoals.layouts import layout_ids, load_layout

CHANGED = """\
extends: shanghai-2020
id: next
fields:
  performance_type: {required: false, options: {rename: {其他类: 综合类}, add: [服务类]}}
  overview: {label: 项目简介：, max_length: 800}
indicators: {groups: [{level1: 产出目标, level2: 数量, rows: 6}]}
rules: [{code: one-off-outside-year, severity: info}]
guide: [每个项目填写一张表。]
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["layouts", *map(str, arguments)])


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "next.yaml"
    path.write_text(CHANGED, encoding="utf-8")
    return path


def test_alone_it_lists_every_layout() -> None:
    lines = run().output.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(layout_ids())


@pytest.mark.parametrize("name", layout_ids())
@pytest.mark.parametrize("command", ["show", "export"])
def test_what_is_shown_or_exported_loads_again_to_the_same(
    tmp_path: Path, name: str, command: str
) -> None:
    copy = tmp_path / "copy.yaml"
    if command == "show":
        copy.write_text(run("show", name).output, encoding="utf-8")
    else:
        assert run("export", name, "-o", copy).exit_code == 0
    layout = load_layout(name)
    assert load_layout(str(copy)) == replace(layout, source=copy)


def test_a_layout_that_extends_is_shown_in_full(tmp_path: Path) -> None:
    source, copy = tmp_path / "next.yaml", tmp_path / "elsewhere" / "copy.yaml"
    source.write_text(documented(), encoding="utf-8")
    copy.parent.mkdir()
    assert run("export", source, "-o", copy).exit_code == 0
    text = copy.read_text(encoding="utf-8")
    assert "extends" not in text
    assert "其他一次性项目: 一次性项目" in text  # and no anchors
    assert load_layout(str(copy)) == replace(load_layout(str(source)), source=copy)


def test_a_units_own_copy_is_used_from_its_path(tmp_path: Path) -> None:
    copy = tmp_path / "own.yaml"
    run("export", "shanghai-2020", "-o", copy)
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("label: 项目概况：", "label: 项目简介："), encoding="utf-8")
    book = tmp_path / "t.xlsx"
    arguments = ["template", str(copy), "--year", "2020", "-o", str(book)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    submission = xlgoals.read(book, layout=load_layout(str(copy)))
    assert [finding.code for finding in submission.findings] == ["no-project"]


# --- check ----------------------------------------------------------------------------------------
def test_sound_layouts_are_told_to_be_so(changed: Path) -> None:
    result = run("check", changed, "shanghai-2020")
    assert result.exit_code == 0
    assert [line.split("：")[1][:4] for line in result.output.splitlines()] == ["没有问题"] * 2


def test_every_broken_file_is_told_with_line_and_key(changed: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(CHANGED.replace("max_length: 800", "max_length: long"), encoding="utf-8")
    two.write_text(CHANGED.replace("rows: 6", "row: 6"), encoding="utf-8")
    result = run("check", one, changed, two)
    assert result.exit_code == 1
    first, second, third = result.output.splitlines()
    assert first.startswith(f"{one}，第5行第40列，fields.overview.max_length：")
    assert "没有问题" in second
    assert third.startswith(f"{two}，第6行第50列，indicators.groups[1].row：")


@pytest.mark.parametrize(
    "arguments",
    [("check", "gone.yaml"), ("check",), ("show", "gone"), ("export", "shanghai-2020"),
     ("diff", "shanghai-2020"), ("diff", "shanghai-2020", "gone"), ("sow", "shanghai-2020"),
     ("export", "shanghai-2020", "-o", "/no/such/folder/a.yaml")],
)  # fmt: skip
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


# --- diff -----------------------------------------------------------------------------------------
def test_a_layout_does_not_differ_from_itself() -> None:
    assert run("diff", "shanghai-2020", "shanghai-2020").output == "两个表样内容相同。\n"


def test_the_difference_is_told_in_words(changed: Path) -> None:
    result = run("diff", "shanghai-2020", changed)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "填写项",
        "  “绩效类型”必填：是 → 否",
        "  “绩效类型”的选项“其他类”改称“综合类”，旧称仍然认得",
        "  “绩效类型”新增选项“服务类”",
        "  “项目概况”改称“项目简介”",
        "  “项目简介”的填写要求：文字，不超过500字 → 文字，不超过800字",
        "指标表的行",
        "  “产出目标/数量”可填的行数：4 → 6",
        "检查",
        "  检查“一次性项目的起止日期不全在××××年内。”的级别：提醒 → 说明",
        "填报说明",
        "  新增：每个项目填写一张表。",
        *(f"  删去：{line}" for line in load_layout("shanghai-2020").guide),
        "单元格的位置",
        "  “数量”的行：第28至31行 → 第28至33行",
        "  “质量”的行：第32至33行 → 第34至35行",
        "  “时效”的行：第34至35行 → 第36至37行",
        "  “效果目标”的行：第36至39行 → 第38至41行",
        "  “影响力目标”的行：第40至41行 → 第42至43行",
    ]


def test_fields_and_prescribed_rows_that_come_and_go_are_told(tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    path.write_text(documented(), encoding="utf-8")
    lines = [line.strip() for line in run("diff", "shanghai-2020", path).output.splitlines()]
    for expected in (
        "适用年度：2020-2025 → 2027",
        "新增“联系人”（E6）：文字，不超过20字",
        "删去“绩效类型”（原在 E6）",
        "“投入与管理/投入管理”新增固定指标“预算编制科学性”，目标值为“科学”",
        "“投入与管理/投入管理”删去固定指标“预算执行率”",
        "新增“产出目标/成本”2行",
        "删去“产出目标/时效”",
        "删去检查：项目设立的必要性与立项依据雷同。",
    ):
        assert expected in lines
