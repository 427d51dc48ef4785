"""An export that has little in memory at a time is the export that has all of it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from returned import put
from xlgoals import consolidate
from xlgoals.register import Register, open_register
from xlgoals.season import export as exporting
from xlgoals.season.export import What, export


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Two rounds; in the first a project comes thrice, under a unit spelt in three ways."""
    folder = tmp_path_factory.mktemp("season")
    for number, unit in enumerate(["甲单位", "甲 单位", "乙单位", "甲单位　", "丙单位", "丁单位"]):
        put(folder, f"一/{number}.xlsx", unit=unit, saved=f"2020-03-0{number + 1}T08:00:00Z")
    put(folder, "一/copy of 4.xlsx", unit="丙单位", saved="2020-03-05T08:00:00Z")
    (folder / "一" / "letter.txt").write_text("您好", encoding="utf-8")
    put(folder, "二/0.xlsx", unit="甲单位", saved="2020-03-01T08:00:00Z")
    url = str(folder / "register.db")
    for round_ in "一二":
        consolidate([folder / round_], register=url, round=round_, jobs=1)
    return open_register(url)


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize("what", What)
def test_few_at_a_time_give_the_same(
    what: What, history: bool, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(export(register, what, history=history).records)
    assert whole
    monkeypatch.setattr(exporting, "_FEW", 1)
    assert list(export(register, what, history=history).records) == whole


def test_a_unit_spelt_in_several_ways_is_judged_as_one(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_FEW", 1)
    counting = [
        (row["round"], Path(row["file"]).name)
        for row in export(register, What.FILES).records
        if row["counts"]
    ]
    assert counting == [
        ("一", "2.xlsx"), ("一", "3.xlsx"), ("一", "4.xlsx"), ("一", "5.xlsx"), ("二", "0.xlsx"),
    ]  # fmt: skip


def test_what_is_kept_of_a_file_is_little(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two records there is no more in memory than the next few files."""
    monkeypatch.setattr(exporting, "_FEW", 1)
    records = export(register, What.FORMS, history=True).records
    next(records)
    tracemalloc.start()
    first = [tracemalloc.get_traced_memory()[0] for _ in records]
    tracemalloc.stop()
    assert len(first) > 20
    assert max(first[10:]) < 2 * max(first[:10])
