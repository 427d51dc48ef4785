"""Writing the summary of a season, against the calls to XlsxWriter that this comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import xlgoals
import xlgoals.summary.book
from measure import AtMostTime, BenchmarkError, Comparison
from recording import Recording
from xlgoals.season.model import FileEntry, FileState, FormEntry, Season, UnitEntry, UnitState
from xlgoals.summary.write import write_summary

LAYOUT, YEAR, UNITS = "shanghai-2020", 2020, 60
PROMISE = AtMostTime(1.3)

_FILLED = Path(__file__).resolve().parent.parent / "examples" / f"filled-{YEAR}.xlsx"


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """A season of units of three projects each."""
    path, season = folder / "summary.xlsx", _season()
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


def _season() -> Season:
    published = xlgoals.read(_FILLED)
    files, forms, units = [], [], []
    for number in range(UNITS):
        path, code, name = f"inbox/{number:03}.xlsx", f"{number:03}", f"第{number}号单位"
        found = tuple(replace(finding, file=path) for finding in published.findings)
        count = len(published.records)
        files.append(FileEntry(path, code, None, FileState.ACCEPTED, name, "", False, count, found))
        for record in published.records:
            forms.append(FormEntry(path, record.sheet, code, name, record.values, 0, 7, 1))
        units.append(UnitEntry(code, name, None, UnitState.ACCEPTED, (), (), (path,), False))
    return Season(
        layout=xlgoals.load_layout(LAYOUT),
        fiscal_year=YEAR,
        round=None,
        deadline=None,
        files=tuple(files),
        forms=tuple(forms),
        units=tuple(units),
        findings=(),
    )
