"""A layout that changes what another one says of the forms before it: what still holds goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from command import run
from migration_samples import NEW, OLD, form, moved
from xlgoals.layouts import Layout, load_layout

OWN = """extends: shanghai-2026
id: own-2027
fields:
  overall_goal: {label: 总目标}
  project_nature:
    options:
      rename: {一次性项目: 当年项目}
      remove: [经常性项目]
indicators:
  groups:
    - {level1: 满意度指标, level2: 服务对象满意度指标, remove: true}
    - {level1: 效益指标, options: {rename: {社会效益指标: 社会影响指标}}}
rules:
  - {code: satisfaction-equals, remove: true}
"""


@pytest.fixture
def own(tmp_path: Path) -> Layout:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    return load_layout(str(file))


def of_2020(**values: Any) -> Mapping[str, Any]:
    rows = [
        {"level1": "效果目标", "level2": "社会效益", "name": "知晓率", "target": {"text": "≥80%"}},
        {"level1": "效果目标", "level2": "满意度", "name": "满意率", "target": {"text": "≥90%"}},
    ]
    return form(OLD, *rows, **values)


def test_what_was_renamed_is_still_meant(own: Layout) -> None:
    there = moved(of_2020(project_category="其他一次性项目"), OLD, own)
    assert there.values["project_nature"] == "当年项目"
    (row,) = there.values["indicators"]
    assert (row["level2"], row["name"]) == ("社会影响指标", "知晓率")
    back = moved(there.values, own, OLD)
    assert back.values["project_category"] == "其他一次性项目"
    assert [row["level2"] for row in back.values["indicators"] if row["name"] == "知晓率"] == [
        "社会效益"
    ]


def test_what_was_taken_away_has_no_place_and_is_told(own: Layout) -> None:
    there = moved(of_2020(project_category="其他经常性项目"), OLD, own)
    assert there.values["project_nature"] is None
    left = {item.label: item.value for item in there.left}
    assert left["项目类别"] == "其他经常性项目"
    assert left["效果目标/满意度"] == "满意率：≥90%"


def test_the_older_wording_is_used_where_the_other_form_has_no_other(own: Layout) -> None:
    there = moved(form(own, project_nature="当年项目"), own, NEW)
    assert there.values["project_nature"] == "一次性项目"
    assert moved(there.values, NEW, own).values["project_nature"] == "当年项目"


def test_a_copy_in_full_says_what_still_holds(own: Layout, tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    assert run("layouts", "export", tmp_path / "own.yaml", "-o", copy).returncode == 0
    assert run("layouts", "check", copy).returncode == 0
    assert load_layout(str(copy)).earlier == own.earlier


def test_what_the_file_itself_says_must_hold(tmp_path: Path) -> None:
    wrong = "migration: {shanghai-2020: {fields: {basis: overview}}}\n"
    (tmp_path / "own.yaml").write_text(OWN + wrong, encoding="utf-8")
    done = run("layouts", "check", tmp_path / "own.yaml")
    assert (done.returncode, "表样中没有“overview”" in done.stdout + done.stderr) == (1, True)
