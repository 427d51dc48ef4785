"""A county's own layout, used from its path, in every command that meets its workbooks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import xlgoals
from command import as_json, run
from each_layout import sound_form
from xlgoals.layouts import load_layout
from xlgoals.models import form_class

OWN = """extends: shanghai-2026
id: county-2027
edition: {first: 2026, last: 2028}
fields:
  overall_goal: {label: 总体目标：, aliases: [项目总目标]}
indicators: {groups: [{level1: 产出指标, level2: 数量指标, rows: 6}]}
"""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a unit's workbook on a layout that only its file has."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    layout = load_layout(str(folder / "own.yaml"))
    base = sound_form(load_layout("shanghai-2026")).model_dump()
    (folder / "inbox").mkdir()
    for name, goal in (("a.xlsx", "第一版"), ("b.xlsx", "第二版")):
        values = {**base, "layout": layout.id, "fiscal_year": 2026, "overall_goal": goal}
        form = form_class(layout).model_validate({**values, "declaring_unit": "甲馆"})
        xlgoals.write_template(folder / "inbox" / name, layout, 2026, forms=[form])
    shutil.copy(folder / "inbox" / "a.xlsx", folder / "a.xlsx")
    made = run(
        *("consolidate", folder / "inbox", "--as", folder / "own.yaml", "-q"),
        *("--register", folder / "r.db", "-o", folder / "汇总.xlsx"),
    )
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("cells", "a.xlsx", "--format", "json"),
        ("cells", "a.xlsx", "--checks", "--format", "json"),
        ("import", "a.xlsx"),
        ("check", "a.xlsx", "--format", "json"),
        ("diff", "inbox/a.xlsx", "inbox/b.xlsx", "--format", "json"),
        ("status", "--register", "r.db", "--format", "json"),
    ],
    ids=" ".join,
)
def test_the_path_of_the_layout_is_all_they_need(
    season: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(season)
    told = run(*arguments, "--as", "own.yaml")
    assert told.returncode == 0, told.stderr
    assert as_json(told)


@pytest.mark.parametrize(
    "arguments",
    [
        ("cells", "a.xlsx"),
        ("diff", "inbox/a.xlsx", "inbox/b.xlsx"),
        ("status", "--register", "r.db"),
        ("diff", "--register", "r.db", "--unit", "甲馆", "--project", "阅览室改造1"),
    ],
    ids=" ".join,
)
def test_without_it_they_say_what_is_missing(
    season: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(season)
    told = run("--lang", "zh", *arguments)
    assert told.returncode in (1, 2)
    assert "county-2027" in told.stderr
    assert "内部错误" not in told.stderr


def test_two_versions_in_a_register_are_compared_by_it(season: Path) -> None:
    register = ("--register", season / "r.db", "--unit", "甲馆", "--project", "阅览室改造1")
    told = run("diff", *register, "--as", season / "own.yaml")
    assert told.returncode == 0, told.stderr
    assert "总体目标" in told.stdout
