"""What was saved last counts, file by file and project by project."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from collected import FIRST, SECOND, codes, counted, entry, reconciles, states
from returned import PROJECTS, UNIT, put
from xlgoals import consolidate
from xlgoals.season.model import FileState


def test_the_same_bytes_twice_are_one(inbox: Path) -> None:
    shutil.copy(put(inbox, "b.xlsx"), inbox / "a.xlsx")
    season = consolidate([inbox])
    assert states(season) == {"a.xlsx": FileState.ACCEPTED, "b.xlsx": FileState.DUPLICATE}
    assert "a.xlsx" in entry(season, "b.xlsx").reason
    assert len(season.forms) == 3
    assert [form.versions for form in season.forms] == [1, 1, 1]


def test_the_version_saved_last_counts_whatever_names_and_mtimes_say(inbox: Path) -> None:
    later = put(inbox, "a.xlsx", saved=SECOND)
    os.utime(later, (0, 0))
    put(inbox, "z.xlsx", saved=FIRST)
    season = consolidate([inbox])
    assert states(season) == {"a.xlsx": FileState.ACCEPTED, "z.xlsx": FileState.SUPERSEDED}
    assert "a.xlsx" in entry(season, "z.xlsx").reason
    assert [form.versions for form in season.forms] == [2, 2, 2]
    assert [finding.code for finding in season.findings] == ["project-returned-again"] * 3


@pytest.mark.parametrize("saved", [None, "no time at all"])
def test_without_the_documents_own_time_the_file_systems_decides(
    inbox: Path, saved: str | None
) -> None:
    # None: the example says what its template said, at which time nobody saved anything.
    os.utime(put(inbox, "a.xlsx", saved=saved), (2_000_000_000, 2_000_000_000))
    os.utime(put(inbox, "z.xlsx", saved=saved, words={"650": "640"}), (1_900_000_000, 0))
    assert states(consolidate([inbox]))["z.xlsx"] is FileState.SUPERSEDED


def test_a_tie_is_reported_and_decided_by_file_time_then_path(inbox: Path) -> None:
    for name, unit in (("a.xlsx", "甲单位"), ("b.xlsx", "甲 单位")):
        os.utime(put(inbox, name, unit=unit, saved=FIRST), (1, 1))
    season = consolidate([inbox])
    assert states(season)["b.xlsx"] is FileState.ACCEPTED
    assert codes(season) == [("version-tie", "b.xlsx")] * 3
    assert "a.xlsx" in season.findings[0].message
    os.utime(inbox / "a.xlsx", (2, 2))
    assert states(consolidate([inbox]))["a.xlsx"] is FileState.ACCEPTED


def test_colleagues_who_filled_copies_are_merged_by_project(inbox: Path) -> None:
    put(inbox, "a.xlsx", projects={0: "甲一", 1: "甲二"}, saved=FIRST)
    put(inbox, "b.xlsx", projects={0: "乙一", 1: "甲 二"}, saved=SECOND)
    season = consolidate([inbox])
    assert counted(season) == [
        ("a.xlsx", "甲单位", "甲一"),
        ("b.xlsx", "甲单位", "乙一"),
        ("b.xlsx", "甲单位", PROJECTS[2]),
        ("b.xlsx", "甲单位", "甲 二"),
    ]
    assert entry(season, "a.xlsx").forms == 1
    assert "2个项目" in entry(season, "a.xlsx").reason
    assert {f.sheet for f in entry(season, "a.xlsx").findings} == {"项目1"}
    assert reconciles(season)


def test_amounts_are_summed_of_what_counts_only(inbox: Path) -> None:
    put(inbox, "a.xlsx", saved=FIRST)
    put(inbox, "b.xlsx", saved=SECOND)
    put(inbox, "c.xlsx", unit="乙单位", saved=FIRST)
    season = consolidate([inbox])
    once = consolidate([inbox / "c.xlsx"])
    total = sum((f.values["current_budget"] for f in season.forms), Decimal(0))
    assert total == 2 * sum((f.values["current_budget"] for f in once.forms), Decimal(0)) > 0


def test_forms_without_a_name_are_never_taken_for_versions(inbox: Path, examples_dir: Path) -> None:
    shutil.copy(examples_dir / "mistakes-2020.xlsx", inbox / "a.xlsx")
    put(inbox, "b.xlsx", unit=UNIT, saved="2030-01-01T00:00:00Z")
    season = consolidate([inbox])
    assert ("a.xlsx", UNIT, "") in counted(season)
    assert entry(season, "a.xlsx").state is FileState.ERRORS
