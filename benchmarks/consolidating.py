"""Consolidating a season: processes side by side, and what is known already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path

import xlgoals
from measure import AtLeastFaster, AtMostTime, BenchmarkError, Comparison, Job

TWO_PROCESSES = AtLeastFaster(1.7)
UNCHANGED = AtMostTime(0.1)

WORKBOOKS = 2_000
_ROOT = Path(__file__).resolve().parent.parent
_PROJECTS = 3


def comparisons(
    folder: Path, note: Callable[[str], None], workbooks: int = WORKBOOKS
) -> Iterator[Comparison]:
    """A folder of filled workbooks, without the writing of the summary."""
    inbox = make_inbox(folder / "inbox", workbooks)
    registers = (folder / f"register-{number}.db" for number in count())
    one, two = (partial(_first_run, inbox, registers, jobs) for jobs in (1, 2))
    proof = partial(_prove, inbox, workbooks)
    what = f"consolidate {workbooks:,} workbooks"
    yield Comparison(f"{what}, 2 processes", "1 process", TWO_PROCESSES, two, one, proof, True)
    again = _second_run(inbox, folder / "known.db")
    yield Comparison(f"{what}, all known", "all new, 1 process", UNCHANGED, again, one, proof, True)


def make_inbox(inbox: Path, workbooks: int) -> Path:
    """A folder of so many workbooks of as many units."""
    tools = str(_ROOT / "tools")
    if tools not in sys.path:
        sys.path.append(tools)
    vary = import_module("vary")
    inbox.mkdir(exist_ok=True)
    for number in range(workbooks):
        data = vary.varied({vary.UNIT: f"第{number}单位"}, "2020-03-01T08:00:00Z")
        (inbox / f"{number:05}.xlsx").write_bytes(data)
    return inbox


def _first_run(inbox: Path, registers: Iterator[Path], jobs: int) -> None:
    """Nothing is known yet. The season is dropped, so that the register alone remains."""
    register = next(registers)
    xlgoals.consolidate([inbox], register=str(register), jobs=jobs)
    for file in register.parent.glob(f"{register.name}*"):
        file.unlink()


def _second_run(inbox: Path, register: Path) -> Job:
    xlgoals.consolidate([inbox], register=str(register))
    return partial(xlgoals.consolidate, [inbox], register=str(register))


def _prove(inbox: Path, workbooks: int) -> None:
    season = xlgoals.consolidate([inbox])
    if len(season.files) != workbooks or len(season.forms) != workbooks * _PROJECTS:
        raise BenchmarkError(f"{len(season.forms)} forms of {workbooks} workbooks")
