"""The yearly refresh: processes side by side, and a run that finds nothing to change."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path

import xlgoals
from measure import AtMostTime, BenchmarkError, Comparison, Further, Job
from xlgoals.campaign.refresh import refresh
from xlgoals.campaign.source import read_campaign
from xlgoals.season.roster import CODE, CONTACT, HEADERS, NAME, PROJECT

TWO_PROCESSES = AtMostTime(0.6)
UNCHANGED = AtMostTime(0.2)

UNITS = 1_000
_PROJECTS = 3
_ROOT = Path(__file__).resolve().parent.parent
_CAMPAIGN = """layout = "shanghai-2020"
fiscal_year = 2021
roster = "roster.csv"
previous = "register.db"
outbox = "outbox"
carry = ["文字", "选项", "指标"]
"""


def comparisons(
    folder: Path, note: Callable[[str], None], units: int = UNITS
) -> Iterator[Comparison]:
    """A workbook of three projects for each unit, prefilled from last year's register."""
    place = folder / "refresh"
    file = _campaign(place, units)
    outboxes = (place / f"outbox-{number}" for number in count())
    one, two = (partial(_first_run, file, outboxes, jobs) for jobs in (1, 2))
    proof = partial(_prove, file, place / "proof", units)
    what = f"refresh {units:,} units of {_PROJECTS} projects"
    again = _second_run(file, place / "known")
    nothing = Further(f"{what}, nothing to change", "all new, 1 process", UNCHANGED, again)
    side = f"{what}, 2 processes", "1 process", TWO_PROCESSES
    yield Comparison(*side, two, one, proof, takes_minutes=True, also=(nothing,))


def _campaign(place: Path, units: int) -> Path:
    """A register of last year, a roster of as many units, and the file that names them."""
    tools = str(_ROOT / "tools")
    if tools not in sys.path:
        sys.path.append(tools)
    vary = import_module("vary")
    inbox = place / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    names = [f"第{number}单位" for number in range(units)]
    for number, name in enumerate(names):
        data = vary.varied({vary.UNIT: name}, "2020-03-01T08:00:00Z")
        (inbox / f"{number:05}.xlsx").write_bytes(data)
    with (place / "roster.csv").open("w", encoding="utf-8", newline="") as roster:
        writer = csv.writer(roster)
        writer.writerow([HEADERS[key] for key in (CODE, NAME, CONTACT, PROJECT)])
        writer.writerows(
            (f"{number:05}", name, "", project)
            for number, name in enumerate(names)
            for project in vary.PROJECTS
        )
    xlgoals.consolidate([inbox], register=str(place / "register.db"))
    file = place / "campaign.toml"
    file.write_text(_CAMPAIGN, encoding="utf-8")
    return file


def _first_run(file: Path, outboxes: Iterator[Path], jobs: int) -> None:
    """Everything is new. What was written is dropped."""
    outbox = next(outboxes)
    refresh(read_campaign(file), outbox=outbox, jobs=jobs)
    shutil.rmtree(outbox)


def _second_run(file: Path, outbox: Path) -> Job:
    refresh(read_campaign(file), outbox=outbox)
    return partial(refresh, read_campaign(file), outbox=outbox, jobs=1)


def _prove(file: Path, outbox: Path, units: int) -> None:
    done = refresh(read_campaign(file), outbox=outbox)
    written = list(outbox.glob("*.xlsx"))
    if not done.succeeded or len(written) != units:
        raise BenchmarkError(f"{len(written)} workbooks of {units} units")
    if any(len(item.open) != _PROJECTS for item in done.outcomes):
        raise BenchmarkError("what is still to be filled in is not told")
