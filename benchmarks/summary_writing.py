"""Writing the summary of a season, against the calls to XlsxWriter that this comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import xlgoals
import xlgoals.summary.book
from inbox import filled
from measure import AtMostTime, BenchmarkError, Comparison
from recording import Recording
from xlgoals.summary.write import write_summary

UNITS = 60
PROMISE = AtMostTime(1.3)


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """A season of units of three projects each."""
    path = folder / "summary.xlsx"
    inbox = filled(folder, range(UNITS))
    season = xlgoals.consolidate([inbox], register=str(folder / "register.db"))
    write = partial(write_summary, path, season)
    recording = Recording()
    with recording.of(xlgoals.summary.book):
        write()
    replay = recording.replay()

    def prove_same_bytes() -> None:
        write()
        if replay() != path.read_bytes():
            raise BenchmarkError("the recorded calls do not give the bytes that the writer gives")

    yield Comparison(
        f"write the summary of {UNITS} workbooks, {len(season.forms)} projects",
        f"its {recording.calls:,} XlsxWriter calls, bare",
        PROMISE,
        write,
        replay,
        prove_same_bytes,
    )
