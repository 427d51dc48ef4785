"""Collecting with a register: nothing is read twice, and no reading is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from collected import FIRST, SECOND, several, states
from returned import put
from xlgoals import consolidate
from xlgoals.register import open_register
from xlgoals.season import collect, reading
from xlgoals.season.build import Asked
from xlgoals.season.find import digest_of


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
