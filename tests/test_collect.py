"""Collecting a season: every file is accounted for, and what was saved last counts."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from returned import PROJECTS, UNIT, put, roster_row
from xlgoals import consolidate
from xlgoals.register import open_register
from xlgoals.season import collect, reading
from xlgoals.season.build import Asked, NothingReadError
from xlgoals.season.find import digest_of
from xlgoals.season.model import FileEntry, FileState, Season, UnitState

FIRST, SECOND = "2020-03-01T08:00:00Z", "2020-03-02T08:00:00Z"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def states(season: Season) -> dict[str, FileState]:
    return {Path(file.path).name: file.state for file in season.files}


def entry(season: Season, name: str) -> FileEntry:
    (file,) = [file for file in season.files if Path(file.path).name == name]
    return file


def counted(season: Season) -> list[tuple[str, str | None, str]]:
    """File, unit and project of every form that counts."""
    return sorted((Path(f.file).name, f.unit, f.values["project_name"] or "") for f in season.forms)


def codes(season: Season) -> list[tuple[str, str]]:
    return [(finding.code, Path(finding.file).name) for finding in season.findings]


def reconciles(season: Season) -> bool:
    """Forms of the files that count, and all forms that were read from them."""
    counting = [f for f in season.files if f.state in (FileState.ACCEPTED, FileState.ERRORS)]
    others = [f for f in season.files if f not in counting]
    return sum(f.forms for f in counting) == len(season.forms) and not any(f.forms for f in others)


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


# --- versions -------------------------------------------------------------------------------------
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


# --- the register ---------------------------------------------------------------------------------
def test_what_is_known_is_not_read_again(
    inbox: Path, register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, "a.xlsx")
    once = consolidate([inbox], register=register_url)
    put(inbox, "b.xlsx", unit="乙单位")
    read: list[Path] = []
    real = xlgoals.read

    def noted(path: Path, **terms: Any) -> Any:
        read.append(path)
        return real(path, **terms)

    monkeypatch.setattr(reading, "read", noted)
    season = consolidate([inbox], register=register_url, jobs=1)
    assert [path.name for path in read] == ["b.xlsx"]
    again = [form for form in season.forms if form.unit == "甲单位"]
    assert again == list(once.forms)
    assert [form.values for form in again] == [form.values for form in once.forms]
    consolidate([inbox], register=register_url, layout="shanghai-2020", jobs=1)
    assert len(read) == 3  # other rules


def test_files_that_are_gone_count_only_when_asked_for(inbox: Path, register_url: str) -> None:
    gone = put(inbox, "a.xlsx", saved=FIRST)
    put(inbox, "b.xlsx", unit="乙单位", saved=FIRST)
    consolidate([inbox], register=register_url)
    gone.unlink()
    assert {f.unit for f in consolidate([inbox], register=register_url).forms} == {"乙单位"}
    season = consolidate([inbox], register=register_url, vanished=True)
    assert {f.unit for f in season.forms} == {"甲单位", "乙单位"}
    put(inbox, "c.xlsx", saved=SECOND)
    season = consolidate([inbox], register=register_url)
    assert {f.versions for f in season.forms if f.unit == "甲单位"} == {2}


def test_the_register_lying_in_the_folder_is_no_returned_file(inbox: Path) -> None:
    put(inbox, "a.xlsx")
    own = inbox / "out"
    put(own, "b.xlsx", unit="乙单位")
    season = consolidate([inbox], register=str(inbox / "r.db"), own=[own])
    assert set(states(season)) == {"a.xlsx"}


def test_a_register_of_its_own_accord_gives_the_same_season(inbox: Path, register_url: str) -> None:
    put(inbox, "a.xlsx", saved=FIRST)
    put(inbox, "b.xlsx", saved=SECOND, projects={0: "别的项目"})
    (inbox / "bad.xlsx").write_bytes(b"PK\3\4")
    kept = consolidate([inbox], register=register_url)
    assert kept == consolidate([inbox])
    with open_register(register_url) as register:
        assert collect.registered(register, Asked()) == kept


# --- side by side ---------------------------------------------------------------------------------
def several(inbox: Path, count: int) -> None:
    for number in range(count):
        put(inbox, f"{number:02}.xlsx", unit=f"单位{number:02}")


def test_processes_give_what_one_gives(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several(inbox, 8)
    monkeypatch.setattr(reading, "_WORTH_A_PROCESS", 1)
    assert consolidate([inbox], jobs=2) == consolidate([inbox], jobs=1)


def test_any_executor_will_do(inbox: Path) -> None:
    several(inbox, 4)
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        season = consolidate([inbox], executor=executor, progress=lambda *n: told.append(n))
    assert len(season.forms) == 12
    assert told[-1] == (4, 4)


class DyingExecutor(Executor):
    """A pool of which a process dies at the first batch, as when the system is out of memory."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("died"))
        return future


class ElsewhereExecutor(Executor):
    """Reads where nothing of our disks is seen, and notes how much it was sent at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.sent = folder, list[int]()

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        sent = pickle.dumps((function, arguments))
        self.sent.append(len(sent))
        hidden = self._folder.with_name("hidden")
        self._folder.rename(hidden)
        try:
            function, arguments = pickle.loads(sent)
            future: Future[Any] = Future()
            future.set_result(pickle.loads(pickle.dumps(function(*arguments))))
        finally:
            hidden.rename(self._folder)
        return future


@pytest.mark.slow
def test_an_executor_needs_none_of_our_disks(inbox: Path) -> None:
    several(inbox, 3)
    formats = Path(__file__).parent / "data" / "formats"
    for name in ("values.xls", "values.ods", "values.xlsb"):
        shutil.copy(formats / name, inbox)
    (inbox / "empty.xlsx").touch()
    (inbox / "~$a.xlsx").touch()
    for layout in (None, "shanghai-2020"):
        season = consolidate([inbox], executor=ElsewhereExecutor(inbox), layout=layout)
        assert season == consolidate([inbox], jobs=1, layout=layout)
        assert len(season.forms) == 9


@pytest.mark.slow
def test_an_executor_is_never_sent_too_much(inbox: Path) -> None:
    several(inbox, 25)
    for number in range(25):
        (inbox / f"x{number}").write_bytes(bytes([number]) * 500_000)
    (inbox / "large.xlsx").write_bytes((inbox / "00.xlsx").read_bytes() + bytes(3_000_000))
    limits = xlgoals.Limits(packed_bytes=2_000_000)
    executor = ElsewhereExecutor(inbox)
    season = consolidate([inbox], executor=executor, jobs=1, limits=limits)
    assert max(executor.sent) < 5_000_000
    assert sum(executor.sent) > 13_000_000
    assert entry(season, "large.xlsx").findings[0].code == "too-large"
    assert season == consolidate([inbox], jobs=1, limits=limits)


@pytest.mark.slow
def test_a_pool_that_breaks_loses_nothing(inbox: Path) -> None:
    several(inbox, 3)
    assert len(consolidate([inbox], executor=DyingExecutor()).forms) == 9


_POISON = """\
import os
from pathlib import Path
import sys
import xlgoals.season.reading as reading
from xlgoals import consolidate, read as real

def read(path, **terms):
    if "poison" in Path(path).name:
        os._exit(9) if sys.argv[2] == "die" else 1 / 0
    return real(path, **terms)

reading.read = read
reading._WORTH_A_PROCESS = 1

if __name__ == "__main__":
    season = consolidate([sys.argv[1]], jobs=2)
    for file in season.files:
        print(Path(file.path).name, file.state, *(f.code for f in file.findings[:1]))
"""


def test_an_interrupted_run_keeps_what_it_read(inbox: Path, register_url: str) -> None:
    several(inbox, 4)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consolidate([inbox], register=register_url, jobs=1, progress=interrupt)
    told: list[int] = []
    season = consolidate([inbox], register=register_url, progress=lambda done, _: told.append(done))
    assert told == [2, 3, 4]
    assert season == consolidate([inbox])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["raise", "die"])
def test_one_poisonous_file_never_stops_the_batch(inbox: Path, tmp_path: Path, how: str) -> None:
    several(inbox, 5)
    put(inbox, "poison.xlsx", unit="毒单位")
    script = tmp_path / "poison.py"
    script.write_text(_POISON, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, inbox, how], capture_output=True, encoding="utf-8", check=True
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[1] for line in lines] == ["accepted"] * 5 + ["rejected"]
    assert lines[-1] == ["poison.xlsx", "rejected", "read-failed"]


def test_a_file_that_failed_is_tried_again(
    inbox: Path, register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, "a.xlsx")
    put(inbox, "b.xlsx", unit="乙单位")
    shutil.copy(inbox / "b.xlsx", inbox / "c.xlsx")
    real = xlgoals.read

    def fail(path: Path, **terms: Any) -> Any:
        if path.name == "b.xlsx":
            raise MemoryError
        return real(path, **terms)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", fail)
        season = consolidate([inbox], register=register_url)
        assert [f.findings[0].code for f in season.files[1:]] == ["read-failed"] * 2
    assert len(consolidate([inbox], register=register_url).forms) == 6


def test_a_file_written_to_since_it_was_found_is_read_as_it_is_then(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(inbox, "a.xlsx", unit="旧单位")
    real = reading.read_all

    def written_before(*arguments: Any) -> Any:
        put(inbox, "a.xlsx", unit="新单位")
        return real(*arguments)

    monkeypatch.setattr(collect, "read_all", written_before)
    season = consolidate([path])
    assert {form.unit for form in season.forms} == {"新单位"}
    assert season.files[0].digest == digest_of(path)


def test_a_file_written_to_while_it_is_read_is_stored_as_it_was_and_read_again(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(inbox, "a.xlsx", unit="旧单位")
    digest, register = digest_of(path), str(tmp_path / "r.db")
    real = xlgoals.read

    def written_meanwhile(path: Path, **terms: Any) -> Any:
        put(inbox, "a.xlsx", unit="新单位")
        return real(path, **terms)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", written_meanwhile)
        season = consolidate([path], register=register)
    assert {form.unit for form in season.forms} == {"旧单位"}
    assert season.files[0].digest == digest
    again = consolidate([path], register=register)
    assert {form.unit for form in again.forms} == {"新单位"}


@pytest.mark.slow
def test_the_rules_of_reading_are_the_same_in_every_process() -> None:
    code = (
        "from xlgoals.season.reading import Terms, Wanted; print(Terms(Wanted(None, 2020)).rules)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_what_it_lacks(inbox: Path, tmp_path: Path) -> None:
    for number in range(60):
        put(inbox, f"{number}.xlsx", unit=f"{number}号单位")
    script = tmp_path / "script.py"
    script.write_text(f"import xlgoals\nxlgoals.consolidate([{str(inbox)!r}], jobs=2)\n", "utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 1
    # A process that could not start may have its say after ours.
    told = next(line for line in done.stderr.splitlines() if "ExecutorError: " in line)
    assert 'if __name__ == "__main__":' in told
