"""Consolidating a season: processes side by side, and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import xlgoals
from inbox import filled, prove, registers, remove
from measure import AtLeastFaster, AtMostTime, Comparison, Further, Job

TWO_PROCESSES = AtLeastFaster(1.7)
UNCHANGED = AtMostTime(0.1)

WORKBOOKS = 2_000


def comparisons(
    folder: Path, note: Callable[[str], None], workbooks: int = WORKBOOKS
) -> Iterator[Comparison]:
    """A folder of filled workbooks, without the writing of the summary."""
    inbox = filled(folder, range(workbooks))
    fresh = registers(folder, "consolidate")
    one, two = (partial(_first_run, inbox, fresh, jobs) for jobs in (1, 2))
    proof = partial(_prove, inbox, workbooks)
    what = f"consolidate {workbooks:,} workbooks"
    again = _second_run(inbox, folder / "known.db")
    known = Further(f"{what}, all known", "all new, 1 process", UNCHANGED, again)
    side = f"{what}, 2 processes", "1 process", TWO_PROCESSES
    yield Comparison(*side, two, one, proof, takes_minutes=True, also=(known,))


def _first_run(inbox: Path, fresh: Iterator[Path], jobs: int) -> None:
    """Nothing is known yet. The season is dropped, so that the register alone remains."""
    register = next(fresh)
    xlgoals.consolidate([inbox], register=str(register), jobs=jobs)
    remove(register)


def _second_run(inbox: Path, register: Path) -> Job:
    xlgoals.consolidate([inbox], register=str(register))
    return partial(xlgoals.consolidate, [inbox], register=str(register))


def _prove(inbox: Path, workbooks: int) -> None:
    prove(xlgoals.consolidate([inbox]), workbooks)
