"""``xlgoals diff``: what a later version changed, in words that finance reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from command import run
from returned import PROJECTS, put
from xlgoals import GoalForm, consolidate

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path, examples_dir: Path) -> Written:
    """``written(name, *forms)``: a workbook of these; without any, of the example's."""

    def write(name: str, *forms: GoalForm) -> Path:
        path = tmp_path / name
        xlgoals.write_template(path, "shanghai-2020", 2020, forms=forms)
        return path

    return write


@pytest.fixture(scope="module")
def forms(examples_dir: Path) -> tuple[GoalForm, ...]:
    return xlgoals.read(examples_dir / "filled-2020.xlsx").forms


def changed(form: GoalForm, **values: Any) -> GoalForm:
    return type(form).model_validate({**form.model_dump(), **values})


def of(old: Path, new: Path) -> list[dict[str, Any]]:
    result = run("diff", old, new, "--format", "json")
    assert (result.returncode, result.stderr) == (0, "")
    projects: list[dict[str, Any]] = json.loads(result.stdout)["projects"]
    return projects


def test_equal_workbooks_are_said_to_be_equal(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    old, new = written("old.xlsx", *forms), written("new.xlsx", *forms)
    assert [project["state"] for project in of(old, new)] == ["same"] * 3
    assert "两个文件的内容相同。" in run("diff", old, new).stdout


def test_fields_are_compared_one_by_one_and_amounts_to_the_fen(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    later = changed(
        forms[0], total_budget="700000.01", start_date="2020-02-01", has_government_purchase=True
    )
    old, new = written("old.xlsx", *forms), written("new.xlsx", later, *forms[1:])
    first, *others = of(old, new)
    assert [(c["key"], c["old"], c["new"]) for c in first["fields"]] == [
        ("start_date", "2020-01-01", "2020-02-01"),
        ("has_government_purchase", False, True),
        ("total_budget", "650000", "700000.01"),
    ]
    assert [project["state"] for project in others] == ["same", "same"]
    said = run("diff", old, new).stdout
    assert "项目总预算（元）：650,000元 → 700,000.01元（增加50,000.01元）" in said
    assert "是否含有政府购买服务：否 → 是" in said
    assert "另有2个项目没有变化。" in said


def test_projects_are_matched_by_name_wherever_they_stand(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    later = changed(forms[2], overview="另一段概况")
    old, new = written("old.xlsx", *forms), written("new.xlsx", later, forms[0], forms[1])
    first, *others = of(old, new)
    assert (first["project"], first["old_sheet"], first["new_sheet"]) == (
        PROJECTS[2],
        "项目3",
        "项目1",
    )
    assert [c["key"] for c in first["fields"]] == ["overview"]
    assert [project["state"] for project in others] == ["same", "same"]


def test_projects_that_came_and_went_are_told(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    old, new = written("old.xlsx", *forms[:2]), written("new.xlsx", forms[0])
    assert [p["state"] for p in of(old, new)] == ["same", "removed"]
    assert [p["state"] for p in of(new, old)] == ["same", "added"]
    assert f"项目“{PROJECTS[1]}”：已删除" in run("diff", old, new).stdout
    assert f"项目“{PROJECTS[1]}”：新增" in run("diff", new, old).stdout


def test_a_renamed_project_is_matched_by_its_sheet(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    later = changed(forms[0], project_name="改了的名称")
    (project,) = of(written("old.xlsx", forms[0]), written("new.xlsx", later))
    assert [c["key"] for c in project["fields"]] == ["project_name"]


def indicators(form: GoalForm) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = form.model_dump()["indicators"]
    return rows


def row(name: str, target: str, level2: str = "数量") -> dict[str, Any]:
    return {"level1": "产出目标", "level2": level2, "name": name, "target": {"text": target}}


def test_rows_are_matched_by_level_and_name_then_by_order(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    fixed = [r for r in indicators(forms[0]) if r["level1"] == "投入与管理"]
    rest = [r for r in indicators(forms[0]) if r["level1"] not in ("投入与管理", "产出目标")]

    def with_rows(*rows: dict[str, Any]) -> GoalForm:
        quality = row("合格率", "≥95%", "质量"), row("按时完成", "12月底前", "时效")
        return changed(forms[0], indicators=[*fixed, *rows, *quality, *rest])

    old = written("old.xlsx", with_rows(row("讲座", "≥10场"), row("培训", "≥5次")))
    new = written(
        "new.xlsx", with_rows(row("培训", "≥8次"), row("专题讲座", "≥10场"), row("展览", "1次"))
    )
    (project,) = of(old, new)
    assert project["fields"] == []
    seen = [
        (r["old_number"], r["new_number"], [(c["key"], c["old"], c["new"]) for c in r["changes"]])
        for r in project["rows"]
    ]
    assert seen == [
        (12, 11, [("target", "≥5次", "≥8次")]),
        (11, 12, [("name", "讲座", "专题讲座")]),
        (
            None,
            13,
            [
                ("level1", None, "产出目标"),
                ("level2", None, "数量"),
                ("name", None, "展览"),
                ("target", None, "1次"),
            ],
        ),
    ]
    said = run("diff", old, new).stdout
    assert "第11行指标“培训”：指标目标值：“≥5次” → “≥8次”" in said
    assert "新增第13行指标：“产出目标”，“数量”，“展览”，“1次”" in said
    assert "删除原第13行指标" in run("diff", new, old).stdout


def test_a_row_that_went_is_not_one_that_came_elsewhere(
    written: Written, forms: tuple[GoalForm, ...]
) -> None:
    others = [r for r in indicators(forms[0]) if r["level1"] != "产出目标"]

    def with_rows(*rows: dict[str, Any]) -> GoalForm:
        usual = row("培训", "≥5次"), row("合格率", "≥95%", "质量"), row("按时", "是", "时效")
        return changed(forms[0], indicators=[*others[:10], *usual, *rows, *others[10:]])

    old = written("old.xlsx", with_rows(row("讲座", "≥20场")))
    said = run("diff", old, written("new.xlsx", with_rows(row("差错率", "≤1%", "质量")))).stdout
    assert "新增" in said
    assert "删除原" in said
    moved = run("diff", old, written("moved.xlsx", with_rows(row("讲座", "≥20场", "质量")))).stdout
    assert "指标“讲座”：二级目标：“数量” → “质量”\n" in moved
    assert "删除" not in moved


def test_versions_in_a_register_are_compared(tmp_path: Path, register_url: str) -> None:
    inbox = tmp_path / "inbox"
    for month, amount in ((1, "640000"), (3, "620000"), (2, "630000")):
        saved = f"2020-0{month}-01T08:00:00Z"
        put(inbox, f"{amount}.xlsx", saved=saved, words={"650000": amount})
    consolidate([inbox], register=register_url)
    asked = ["--register", register_url, "--unit", " 甲单位", "--project", PROJECTS[0]]
    result = run("diff", *asked, "--format", "json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert [Path(report[side]).name for side in ("old", "new")] == ["630000.xlsx", "620000.xlsx"]
    totals = [c for c in report["projects"][0]["fields"] if c["key"] == "total_budget"]
    assert [(c["old"], c["new"]) for c in totals] == [("630000", "620000")]
    asked[-1] = "没有的项目"
    assert run("diff", *asked).returncode == 2
    assert "没有这个项目" in run("diff", *asked).stderr


def test_the_rounds_there_are_are_told_where_the_project_is_in_another(tmp_path: Path) -> None:
    url, inbox = str(tmp_path / "r.db"), tmp_path / "inbox"
    put(inbox, "a.xlsx")
    consolidate([inbox], register=url, round="一上")
    asked = ("--register", url, "--unit", "甲单位", "--project", PROJECTS[0])
    told = run("diff", *asked).stderr
    assert "没有这个项目。登记库里有这些轮次：一上，请用 --round 指明。" in told


def test_what_was_refused_is_shown_as_it_was_filled_in(tmp_path: Path) -> None:
    url, inbox = str(tmp_path / "r.db"), tmp_path / "inbox"
    old = put(inbox, "a.xlsx", saved="2020-03-01T08:00:00Z", words={"650000": "约65万"})
    new = put(inbox, "b.xlsx", saved="2020-03-02T08:00:00Z", words={"650000": "近65万"})
    consolidate([inbox], register=url)
    known = ("--register", url, "--unit", "甲单位", "--project", PROJECTS[0])
    for asked in ((old, new), known):
        assert "项目总预算（元）：“约65万” → “近65万”\n" in run("diff", *asked).stdout


def test_a_unit_goes_by_every_name_that_a_roster_has_for_it(tmp_path: Path) -> None:
    url, inbox, roster = str(tmp_path / "r.db"), tmp_path / "inbox", tmp_path / "roster.csv"
    roster.write_text("单位代码,单位名称,联系人,项目名称,单位别名\n001,甲单位,,,甲\n", "utf-8")
    put(inbox, "a.xlsx", unit="甲", saved="2020-03-01T08:00:00Z", words={"650000": "640000"})
    put(inbox, "b.xlsx", saved="2020-03-02T08:00:00Z")
    consolidate([inbox], register=url)
    asked = ("--register", url, "--project", PROJECTS[0], "--unit")
    assert "只有一个版本" in run("diff", *asked, "甲单位").stderr
    for name in ("甲单位", "甲", "001"):
        told = run("diff", *asked, name, "--roster", roster).stdout
        assert "项目总预算（元）：640,000元 → 650,000元（增加10,000元）" in told


def test_a_file_that_cannot_be_read_gets_its_finding_and_status_1(
    tmp_path: Path, written: Written, forms: tuple[GoalForm, ...]
) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"PK\3\4")
    result = run("diff", tmp_path / "bad.xlsx", written("new.xlsx", *forms))
    assert (result.returncode, result.stdout) == (1, "")
    assert "文件已损坏" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["one.xlsx"], [], ["a", "b", "c"], ["--register", "r.db"], ["a", "b", "--unit", "x"]],
)
def test_wrong_usage_gets_status_2(arguments: list[str]) -> None:
    assert run("diff", *arguments).returncode == 2
