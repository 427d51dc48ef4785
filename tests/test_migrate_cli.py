"""``xlgoals migrate`` as scripts meet it."""

from __future__ import annotations

import json
import shutil
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from command import run
from each_layout import LAYOUTS, sound_form
from few_and_many import mostly_slow
from migration_samples import twin
from xlgoals import Layout
from xlgoals.findings import Severity
from xlgoals.migration import migrate_form


@pytest.fixture(scope="module")
def filled(examples_dir: Path) -> Path:
    return examples_dir / "filled-2020.xlsx"


def test_the_forms_of_2020_stand_in_a_workbook_of_2026(filled: Path, tmp_path: Path) -> None:
    new, before = tmp_path / "new.xlsx", filled.read_bytes()
    result = run("migrate", filled, "--to", "shanghai-2026", "-o", new)
    assert result.returncode == 0
    assert result.stderr == "原文件是2020年度的 shanghai-2020，新表是2026年度的 shanghai-2026。\n"
    target = xlgoals.load_layout("shanghai-2026")
    submission = xlgoals.read(new)
    assert (submission.layout, submission.fiscal_year) == (target, 2026)
    old = xlgoals.read(filled)
    assert old.layout
    expected = [migrate_form(record.values, old.layout, target).values for record in old.records]
    assert [record.values for record in submission.records] == [
        {**values, "fiscal_year": 2026} for values in expected
    ]
    assert filled.read_bytes() == before


def test_what_has_no_place_is_told_by_project_and_by_what_to_do(
    filled: Path, tmp_path: Path
) -> None:
    shown = run("migrate", filled, "--to", "shanghai-2026", "-o", tmp_path / "new.xlsx").stdout
    first, second, _ = shown.split("\n\n")
    assert first.startswith("项目“科技工作者系列服务”（项目1）：9处内容没有移到新表。\n")
    assert "\n    保证项目实施的制度、措施：严格按照计划表实施工作\n" in first
    assert "\n    第15行指标，影响力目标/其它：满意度目标：=90%\n" in first
    assert "\n    同名项目上年预算额（元）：120,000元\n" in second
    assert all(reason in first for reason in ("仍需说明的请写到合适的栏目", "不用另填"))


def test_the_same_as_json(filled: Path, tmp_path: Path) -> None:
    arguments = ("--to", "shanghai-2026", "-o", tmp_path / "new.xlsx", "--format", "json")
    report = json.loads(run("migrate", filled, *arguments).stdout)
    forms = report.pop("forms")
    assert report == {
        "schema_version": 1,
        "file": str(filled),
        "from": "shanghai-2020",
        "to": "shanghai-2026",
        "fiscal_year": 2026,
    }
    assert [(form["project"], form["sheet"], len(form["left"])) for form in forms] == [
        ("科技工作者系列服务", "项目1", 9),
        ("科技社团党建工作", "项目2", 10),
        ("学会、学术、学风建设工作", "项目3", 9),
    ]
    assert forms[0]["left"][7] == {
        "label": "影响力目标/其它",
        "value": "满意度目标：=90%",
        "reason": "新表样没有这一类指标，请看是否归入其他类别。",
        "row": 15,
        "name": "满意度目标",
    }


@pytest.mark.parametrize(
    ("source", "target"),
    mostly_slow(permutations(LAYOUTS, 2), 2),
    ids=[f"{a.id}-to-{b.id}" for a, b in permutations(LAYOUTS, 2)],
)
def test_a_sound_workbook_goes_to_every_other_layout_without_refusals(
    source: Layout, target: Layout, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    forms = [sound_form(source, number) for number in (1, 2)]
    xlgoals.write_template(old, source, source.first_year, forms=forms)
    assert run("migrate", old, "--to", target.id, "-o", new).returncode == 0
    submission = xlgoals.read(new)
    assert [form.project_name for form in submission.forms] == ["阅览室改造1", "阅览室改造2"]
    errors = {f.code for f in submission.findings if f.severity is Severity.ERROR}
    # What the earlier form did not ask for is still to be filled in; nothing is refused.
    assert errors <= {"required", "group-empty", "current-not-sum", "indicator-incomplete"}
    assert {f.layer for f in submission.findings} <= {"cell", "rule"}


def test_all_is_said_to_be_there_where_the_layouts_hold_the_same(tmp_path: Path) -> None:
    target, national = twin(tmp_path), xlgoals.load_layout("national-2021")
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    xlgoals.write_template(old, national, 2021, forms=[sound_form(national)])
    result = run("migrate", old, "--to", target.source or "", "-o", new)
    assert result.stdout == "项目“阅览室改造1”（项目1）：全部内容都已移到新表。\n"
    again = tmp_path / "again.xlsx"
    back = run("migrate", new, "--as", target.source or "", "--to", national.id, "-o", again)
    assert back.returncode == 0
    assert xlgoals.read(again).forms == (sound_form(national),)


def test_a_value_that_was_refused_is_listed_and_makes_the_status_1(
    examples_dir: Path, tmp_path: Path
) -> None:
    mistakes, new = examples_dir / "mistakes-2020.xlsx", tmp_path / "new.xlsx"
    result = run("migrate", mistakes, "--to", "shanghai-2026", "-o", new)
    assert result.returncode == 1
    assert "没有填写名称的项目（项目1）" in result.stdout
    assert "原文件中这一处填写有误，无法读取，请核对后在新表中填写。" in result.stdout
    assert "计划开始日期：2020-02-30" in result.stdout
    assert "项目总预算（元）：约65万" in result.stdout
    assert "用 xlgoals check 查看全部问题" in result.stderr
    assert len(xlgoals.read(new).forms) == 3


def test_parts_of_a_target_that_make_no_whole_are_listed(tmp_path: Path) -> None:
    national = xlgoals.load_layout("national-2021")
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    xlgoals.write_template(old, national, 2021, forms=[sound_form(national)])
    places = {found.input.name: found.cell for found in xlgoals.read(old).inputs}
    book = openpyxl.load_workbook(old)
    book["项目1"][places["indicator_04_value"]] = None
    book["项目1"][places["indicator_08_operator"]] = "约"
    book.save(old)
    shown = run("migrate", old, "--to", "shanghai-2026", "-o", new).stdout
    listed = [line.strip() for line in shown.splitlines()]
    assert {"第2行指标，指标性质：≥", "第2行指标，度量单位：%"} <= set(listed)
    assert {f"第3行指标，{part}" for part in ("指标性质：约", "指标值：90", "度量单位：%")} <= set(
        listed
    )
    targets = [row.target for row in xlgoals.read(new).forms[0].indicators[:4]]
    assert [target is None for target in targets] == [False, True, True, False]


def test_the_year_may_be_given(filled: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    run("migrate", filled, "--to", "shanghai-2026", "--year", "2027", "-o", new)
    assert xlgoals.read(new).fiscal_year == 2027
    outside = run("migrate", filled, "--to", "shanghai-2026", "--year", "2031", "-o", new)
    assert outside.returncode == 0
    assert "适用于 2026-2030 年度，不含 2031 年度" in outside.stderr


@pytest.mark.parametrize(
    ("to", "name", "problem"),
    [
        ("shanghai-2062", "new.xlsx", "没有名为“shanghai-2062”的表样"),
        ("shanghai-2026", "old.xlsx", "请用 -o 换一个文件名"),
        ("shanghai-2026", "none/new.xlsx", "无法写入"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_written(
    to: str, name: str, problem: str, filled: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copy(filled, tmp_path / "old.xlsx"))
    result = run("migrate", old, "--to", to, "-o", tmp_path / name)
    assert (result.returncode, result.stdout) == (2, "")
    assert problem in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]
    assert old.read_bytes() == filled.read_bytes()


def test_a_file_that_is_rejected_is_told_and_nothing_is_written(
    templates_dir: Path, tmp_path: Path
) -> None:
    text = tmp_path / "old.xlsx"
    text.write_text("不是工作簿", encoding="utf-8")
    for file in (text, tmp_path / "missing.xlsx", templates_dir / "shanghai-2020.xlsx"):
        new = tmp_path / "new.xlsx"
        result = run("migrate", file, "--to", "shanghai-2026", "-o", new)
        assert (result.returncode, result.stdout) == (1, "")
        assert file.name in result.stderr
        assert "Traceback" not in result.stderr
        assert not new.exists()


def test_the_layout_a_file_must_be_of_may_be_given(filled: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    result = run("migrate", filled, "--as", "national-2021", "--to", "shanghai-2026", "-o", new)
    assert (result.returncode, result.stdout) == (1, "")
    assert not new.exists()


def test_where_the_parts_of_a_target_stand_apart_words_are_marked_as_such(
    filled: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.xlsx"
    run("migrate", filled, "--to", "national-2021", "-o", new)
    found = xlgoals.read(new)
    cells = openpyxl.load_workbook(new)["项目2"]
    parts = {
        item.input.name.removeprefix("indicator_"): cells[item.cell].value
        for item in found.inputs
        if item.sheet == "项目2" and item.input.key in ("operator", "value", "unit", "weight")
    }
    filled_parts = {key: value for key, value in parts.items() if value is not None}
    assert filled_parts == {
        **{"04_operator": "=", "04_value": "99", "04_unit": "%"},
        **{"08_operator": "=", "08_value": "2"},
        **{"11_operator": "定性", "11_value": "同步"},
        **{"13_operator": "定性", "13_value": "持续提高"},
        **{"17_operator": "=", "17_value": "95", "17_unit": "%"},
    }
