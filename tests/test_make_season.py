"""A made-up season is the same for a seed, differs between seeds, and all happens in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import xlgoals
from bootstrap import ROOT
from make_season import INBOX, ROSTER, make_season
from test_examples import parts
from xlgoals.season.model import FileState, Season, UnitState
from xlgoals.season.roster import read_roster

EXAMPLES = ROOT / "examples"


def inbox(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in (folder / INBOX).iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The season of the examples, with the times at which it was returned."""
    folder = tmp_path_factory.mktemp("season")
    make_season(folder)
    return folder


def consolidated(folder: Path) -> Season:
    roster = read_roster(folder / ROSTER)
    return xlgoals.consolidate([folder / INBOX], roster=roster, jobs=1)


def test_the_inbox_of_the_examples_is_what_the_tool_makes(made: Path) -> None:
    ours, kept = inbox(made), inbox(EXAMPLES)
    assert ours.keys() == kept.keys()
    for name, path in ours.items():
        if xlgoals.read(path).status is xlgoals.Status.REJECTED or path.suffix == ".xls":
            assert path.read_bytes() == kept[name].read_bytes(), name
        else:
            assert parts(path) == parts(kept[name]), f"{name}: run tools/make_season.py examples"
    assert (made / ROSTER).read_bytes() == (EXAMPLES / ROSTER).read_bytes()
    assert sum(path.stat().st_size for path in kept.values()) < 900_000


def test_everything_that_happens_to_a_folder_happens_in_it(made: Path) -> None:
    season = consolidated(made)
    assert Counter(file.state for file in season.files) == {
        FileState.ACCEPTED: 5,
        FileState.ERRORS: 1,
        FileState.SUPERSEDED: 1,
        FileState.DUPLICATE: 1,
        FileState.REJECTED: 1,
    }
    states = {unit.code: unit.state for unit in season.units}
    assert (states["002"], states["005"]) == (UnitState.ERRORS, UnitState.MISSING)
    assert states[None] is UnitState.UNLISTED
    (old,) = (file for file in season.files if file.path.endswith(".xls"))
    assert old.state is FileState.ACCEPTED
    (first,) = (form for form in season.forms if form.unit_code == "001")
    assert "修改后" in first.file
    assert (first.versions, first.counts.errors) == (2, 0)


def test_the_same_seed_gives_the_same_bytes_and_times(made: Path, tmp_path: Path) -> None:
    make_season(tmp_path)
    for name, path in inbox(made).items():
        again = tmp_path / INBOX / name
        assert again.read_bytes() == path.read_bytes(), name
        assert again.stat().st_mtime == path.stat().st_mtime, name


@pytest.mark.slow
def test_another_seed_gives_other_forms_and_more_units_more_of_everything(tmp_path: Path) -> None:
    make_season(tmp_path, units=40, seed=2)
    season = consolidated(tmp_path)
    assert len({unit.name for unit in season.units}) == 41
    assert len({form.values["project_name"] for form in season.forms}) >= 6
    assert len({form.values["total_budget"] for form in season.forms}) > 25
    codes = {finding.code for file in season.files for finding in file.findings}
    assert {"current-over-total", "dates-reversed", "satisfaction-equals"} <= codes
    accepted = sum(file.state is FileState.ACCEPTED for file in season.files)
    assert len(season.files) / 3 < accepted < len(season.files) - 10
