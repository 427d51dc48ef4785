"""Collecting a season: every file is accounted for, and every unit stands somewhere."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import xlgoals
from collected import FIRST, SECOND, codes, entry, reconciles, states
from returned import PROJECTS, UNIT, put, roster_row
from xlgoals import consolidate
from xlgoals.register import open_register
from xlgoals.season import collect
from xlgoals.season.build import Asked, NothingReadError
from xlgoals.season.model import FileState, UnitState


# --- every file is accounted for ------------------------------------------------------------------
def test_every_file_found_is_accounted_for(
    inbox: Path, examples_dir: Path, templates_dir: Path
) -> None:
    put(inbox, "good.xlsx", saved=FIRST)
    put(inbox, "deep/er/good.xlsx", unit="乙单位", saved=FIRST)
    shutil.copy(inbox / "good.xlsx", inbox / "copy.xlsx")
    shutil.copy(examples_dir / "mistakes-2020.xlsx", inbox / "mistakes.xlsx")
    shutil.copy(templates_dir / "shanghai-2020.xlsx", inbox / "blank.xlsx")
    (inbox / "~$good.xlsx").write_bytes(b"\5user" + b" " * 160)
    (inbox / "bad.xlsx").write_bytes((inbox / "good.xlsx").read_bytes()[:2000])
    (inbox / "empty.xlsx").touch()
    (inbox / "letter.txt").write_text("您好")
    (inbox / "dangling.xlsx").symlink_to(inbox / "nowhere")
    season = consolidate([inbox, inbox / "missing.xlsx"])
    found = [path for path in inbox.rglob("*") if not path.is_dir()]
    assert len(season.files) == len(found) + 1
    assert reconciles(season)
    assert len(season.forms) == 9
    rejected = [f for f in season.files if f.state is FileState.REJECTED]
    assert {Path(f.path).name: f.findings[0].code for f in rejected} == {
        "blank.xlsx": "no-project",
        "~$good.xlsx": "system-file",
        "bad.xlsx": "damaged",
        "empty.xlsx": "empty-file",
        "letter.txt": "csv-text",
        "dangling.xlsx": "missing-file",
        "missing.xlsx": "missing-file",
    }
    assert all(f.reason for f in rejected)
    assert entry(season, "mistakes.xlsx").state is FileState.ERRORS


def test_the_same_file_by_several_paths_is_one(inbox: Path) -> None:
    path = put(inbox, "a.xlsx")
    season = consolidate([inbox, path, inbox / "*.xlsx", os.path.relpath(path)])
    assert states(season) == {"a.xlsx": FileState.ACCEPTED}


def test_patterns_reach_into_folders(inbox: Path) -> None:
    put(inbox, "x/a.xlsx", unit="甲单位")
    put(inbox, "y/z/b.xlsx", unit="乙单位")
    put(inbox, "y/other.txt", unit="丙单位")
    assert set(states(consolidate([str(inbox / "**" / "*.xlsx")]))) == {"a.xlsx", "b.xlsx"}


def test_a_pattern_that_matches_nothing_is_told(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    season = consolidate([inbox, str(inbox / "*.xlsm")])
    assert entry(season, "*.xlsm").findings[0].code == "missing-file"


def test_a_name_that_is_no_text_is_no_obstacle(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    (inbox / "a.xlsx").rename(inbox / os.fsdecode(b"\xff.xlsx"))
    (file,) = consolidate([inbox]).files
    assert file.state is FileState.ACCEPTED
    assert file.path.endswith("\\udcff.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    os.mkfifo(inbox / "pipe.xlsx")
    assert states(consolidate([inbox]))["pipe.xlsx"] is FileState.REJECTED


def test_nothing_that_can_be_read_is_an_error_without_layout_and_year(inbox: Path) -> None:
    (inbox / "letter.txt").write_text("您好")
    with pytest.raises(NothingReadError):
        consolidate([inbox])
    season = consolidate([inbox], layout="shanghai-2020", fiscal_year=2020)
    assert states(season) == {"letter.txt": FileState.REJECTED}


# --- layouts, years, rounds -----------------------------------------------------------------------
def test_the_year_of_most_files_counts_and_others_are_rejected(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    put(inbox, "b.xlsx", unit="乙单位")
    xlgoals.write_template(inbox / "c.xlsx", "shanghai-2020", 2021, forms=forms_of_2021(inbox))
    season = consolidate([inbox])
    assert season.fiscal_year == 2020
    assert entry(season, "c.xlsx").findings[0].code == "wrong-year"
    assert entry(season, "c.xlsx").unit == "甲单位"
    other = consolidate([inbox], fiscal_year=2021)
    assert states(other)["c.xlsx"] is FileState.ACCEPTED
    assert entry(other, "a.xlsx").findings[0].code == "wrong-year"
    assert reconciles(season)
    assert reconciles(other)


def forms_of_2021(inbox: Path) -> list[xlgoals.GoalForm]:
    return [
        form.model_copy(update={"fiscal_year": 2021})
        for form in xlgoals.read(inbox / "a.xlsx").forms
    ]


def test_rounds_do_not_supersede_each_other(inbox: Path, register_url: str) -> None:
    first, second = put(inbox, "1/a.xlsx", saved=FIRST), put(inbox, "2/a.xlsx", saved=SECOND)
    assert len(consolidate([first], register=register_url, round="一上").forms) == 3
    season = consolidate([second], register=register_url, round="二上")
    assert [form.versions for form in season.forms] == [1, 1, 1]
    with open_register(register_url) as opened:
        again = collect.registered(opened, Asked(round="一上"))
    assert [form.file for form in again.forms] == [str(first)] * 3


# --- units ----------------------------------------------------------------------------------------
def test_units_stand_as_the_roster_has_them(inbox: Path) -> None:
    put(inbox, "a.xlsx", unit="甲单位")
    put(inbox, "b.xlsx", unit="乙局")
    put(inbox, "c.xlsx", unit="003")
    put(inbox, "d.xlsx", unit="丁中心")
    roster = [
        *(roster_row("甲单位", project, "001") for project in PROJECTS),
        *(roster_row("乙单位", project, "002", "乙局") for project in (PROJECTS[0], "别的项目")),
        roster_row("丙单位", None, "003"),
        roster_row("戊单位", None, "005"),
    ]
    season = consolidate([inbox], roster=roster)
    assert [(u.name, u.state) for u in season.units] == [
        ("甲单位", UnitState.ACCEPTED),
        ("乙单位", UnitState.INCOMPLETE),
        ("丙单位", UnitState.ACCEPTED),
        ("戊单位", UnitState.MISSING),
        ("丁中心", UnitState.UNLISTED),
    ]
    assert season.units[1].missing == ("别的项目",)
    assert {(f.unit_code, f.unit) for f in season.forms} == {
        ("001", "甲单位"),
        ("002", "乙单位"),
        ("003", "丙单位"),
        (None, "丁中心"),
    }
    found = set(codes(season))
    assert ("unit-named-otherwise", "b.xlsx") in found
    assert ("unit-named-otherwise", "c.xlsx") in found
    assert ("unit-unlisted", "d.xlsx") in found
    assert ("project-unlisted", "b.xlsx") in found
    assert not any(file == "a.xlsx" for _, file in found)


def test_what_is_not_on_the_roster_is_told_with_the_closest_name(inbox: Path) -> None:
    put(inbox, "a.xlsx", unit="上海市第一中学校", projects={0: "校舍维修项目"})
    roster = [
        roster_row("上海市第一中学", "校舍维修"),
        roster_row("上海市第二医院"),
    ]
    season = consolidate([inbox], roster=roster)
    (finding,) = [f for f in season.findings if f.code == "unit-unlisted"]
    assert "“上海市第一中学”" in finding.message


def test_a_unit_with_errors_or_rejected_files_stands_so(inbox: Path, examples_dir: Path) -> None:
    shutil.copy(examples_dir / "mistakes-2020.xlsx", inbox / "a.xlsx")
    xlgoals.write_template(inbox / "b.xlsx", "shanghai-2020", 2020, unit="乙单位")
    season = consolidate([inbox], roster=[roster_row(UNIT), roster_row("乙单位")])
    assert [unit.state for unit in season.units] == [UnitState.ERRORS, UnitState.ERRORS]


def test_a_file_that_cannot_be_read_belongs_to_the_unit_in_its_name(inbox: Path) -> None:
    (inbox / "市科普中心").mkdir()
    for name in ("市科普中心/表.doc", "市科普中心二部 绩效.doc", "说不清.doc"):
        (inbox / name).write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    roster = [roster_row("市科普中心", None, "1"), roster_row("市科普中心二部", None, "2")]
    season = consolidate([inbox], roster=roster, layout="shanghai-2020", fiscal_year=2020)
    assert {Path(file.path).name: file.unit for file in season.files} == {
        "表.doc": "市科普中心",
        "市科普中心二部 绩效.doc": "市科普中心二部",
        "说不清.doc": None,
    }
    assert [unit.state for unit in season.units] == [UnitState.ERRORS] * 2
    assert "按文件名归到“市科普中心”" in entry(season, "表.doc").reason


def test_late_is_what_was_saved_after_the_deadline(inbox: Path) -> None:
    put(inbox, "a.xlsx", saved=FIRST)
    put(inbox, "b.xlsx", saved=SECOND)
    put(inbox, "c.xlsx", unit="乙单位", saved=SECOND)
    deadline = datetime(2020, 3, 1, 23, 59, tzinfo=UTC)
    season = consolidate([inbox], deadline=deadline)
    assert {Path(f.path).name for f in season.files if f.late} == {"b.xlsx", "c.xlsx"}
    # Who mends a form after the deadline has still returned it in time.
    assert {unit.name for unit in season.units if unit.late} == {"乙单位"}
