"""Which files a season is made of: in folders, behind links, and what nobody put there."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from returned import put, roster_row
from xlgoals import consolidate
from xlgoals.findings import Severity
from xlgoals.season.model import FileEntry, FileState, Season, UnitState

HALL = "黄浦区科技馆"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def named(season: Season) -> dict[str, FileEntry]:
    return {Path(file.path).name: file for file in season.files}


def unit_state(season: Season) -> UnitState:
    return season.units[0].state


def test_a_linked_folder_is_read_once(inbox: Path, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "a.xlsx")
    (inbox / "one").symlink_to(tmp_path / "elsewhere")
    (inbox / "other").symlink_to(tmp_path / "elsewhere")
    season = consolidate([inbox])
    assert [Path(file.path) for file in season.files] == [inbox / "one" / "a.xlsx"]


def test_a_file_is_called_by_where_it_lies_and_not_by_links_to_it(inbox: Path) -> None:
    put(inbox, "z/deep/a.xlsx")
    (inbox / "a").symlink_to(inbox / "z" / "deep")
    (inbox / "a.xlsx").symlink_to(inbox / "z" / "deep" / "a.xlsx")
    for paths in ([inbox], [inbox / "a.xlsx", inbox / "a", inbox]):
        season = consolidate(paths)
        assert [Path(file.path) for file in season.files] == [inbox / "z" / "deep" / "a.xlsx"]


def test_links_in_a_circle_end(inbox: Path) -> None:
    put(inbox, "deep/a.xlsx")
    (inbox / "deep" / "here").symlink_to(".")
    (inbox / "deep" / "up").symlink_to(inbox)
    (inbox / "deep" / "above").symlink_to(inbox.parent)
    put(inbox.parent, "outside.xlsx", unit="乙单位")
    (inbox / "x").symlink_to("y")
    (inbox / "y").symlink_to("x")
    files = named(consolidate([inbox]))
    assert files.keys() == {"a.xlsx", "x", "y"}
    assert files["x"].findings[0].code == "missing-file"


@pytest.mark.parametrize(
    "name", ["Thumbs.db", "desktop.ini", ".DS_Store", "._甲单位.xlsx", "~$甲单位.xlsx"]
)
def test_what_a_system_leaves_behind_is_told_and_is_no_error(inbox: Path, name: str) -> None:
    put(inbox, f"{HALL}/a.xlsx", unit=HALL)
    (inbox / HALL / name).write_bytes(b"\5user" + b" " * 160)
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    season = consolidate([inbox], roster=[roster_row(HALL)], deadline=ended)
    file = named(season)[name]
    assert (named(season)["a.xlsx"].late, file.late) == (True, False)
    assert file.state is FileState.REJECTED
    assert [(f.code, f.severity) for f in file.findings] == [("system-file", Severity.INFO)]
    assert file.unit is None
    assert unit_state(season) is UnitState.ACCEPTED


def test_a_lock_file_is_an_error_only_to_who_names_it(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    lock = inbox / "~$a.xlsx"
    lock.write_bytes(b"\5user" + b" " * 160)
    by_name = consolidate([inbox / "a.xlsx", lock])
    assert named(by_name)[lock.name].findings[0].code == "lock-file"
    by_pattern = consolidate([inbox / "*.xlsx"])
    assert named(by_pattern)[lock.name].findings[0].code == "system-file"


def test_a_scan_beside_a_complete_return_sends_nothing_back(inbox: Path) -> None:
    put(inbox, f"{HALL}/a.xlsx", unit=HALL, projects={0: "项目A", 1: "项目B", 2: "项目C"})
    (inbox / HALL / "盖章扫描件.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    roster = [roster_row(HALL, "项目A")]
    season = consolidate([inbox], roster=roster)
    assert named(season)["盖章扫描件.pdf"].state is FileState.REJECTED
    assert unit_state(season) is UnitState.ACCEPTED
    lacking = consolidate([inbox], roster=[*roster, roster_row(HALL, "项目D")])
    assert unit_state(lacking) is UnitState.ERRORS  # perhaps it is the project that is missing


def test_a_damaged_workbook_beside_a_complete_return_goes_back(inbox: Path) -> None:
    good = put(inbox, f"{HALL}/a.xlsx", unit=HALL)
    (inbox / HALL / "b.xlsx").write_bytes(good.read_bytes()[:3000])
    season = consolidate([inbox], roster=[roster_row(HALL)])
    assert unit_state(season) is UnitState.ERRORS


def test_names_as_people_and_mail_programs_make_them(inbox: Path) -> None:
    names = [
        "a'b\"c\nd [1] %20 🎉.xlsx", "=1+1.xlsx", "a#b&c;d=<e>.xlsx", "长" * 80 + ".xlsx",
        "-o.xlsx", "空 格　全角.xlsx", "*.xlsx", "[a-z].xlsx",
    ]  # fmt: skip
    for number, name in enumerate(names):
        try:
            put(inbox, name, unit=f"单位{number}")
        except OSError:
            pytest.skip("this system has no such names")
    deep = inbox.joinpath(*["深" * 60] * 6)
    try:
        deep.mkdir(parents=True)
    except OSError:
        deep = inbox
    shutil.copy(put(inbox, "x.xlsx", unit="单位X"), deep / "y.xlsx")
    (inbox / "x.xlsx").unlink()
    season = consolidate([inbox])
    assert named(season).keys() == {*names, "y.xlsx"}
    assert {file.state for file in season.files} == {FileState.ACCEPTED}
