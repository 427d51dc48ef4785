"""Writing one template, against the calls to XlsxWriter that this comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import xlgoals
import xlgoals.template.book
from measure import AtMostTime, BenchmarkError, Comparison
from recording import Recording, Replay
from released import filled_workbooks

PROMISE = AtMostTime(1.3)


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """A prefilled template of each layout, and a blank one of three projects."""
    for name, path in filled_workbooks().items():
        forms, layout = xlgoals.read(path).forms, xlgoals.load_layout(name)
        what = f"write a template of {name}, {len(forms)} prefilled"
        yield _comparison(what, layout, forms, folder)
        yield _comparison(f"write a blank template of {name}, 3 projects", layout, (), folder)


def _comparison(
    what: str, layout: xlgoals.Layout, forms: Sequence[xlgoals.GoalForm], folder: Path
) -> Comparison:
    path = folder / "template.xlsx"
    year = forms[0].fiscal_year if forms else layout.first_year
    write = partial(xlgoals.write_template, path, layout, year, forms=forms)
    recording = Recording()
    with recording.of(xlgoals.template.book):
        write()
    replay = recording.replay()

    def prove_same_bytes() -> None:
        write()
        _prove_same(path.read_bytes(), replay)

    against = f"its {recording.calls:,} XlsxWriter calls, bare"
    return Comparison(what, against, PROMISE, write, replay, prove_same_bytes)


def _prove_same(written: bytes, replay: Replay) -> None:
    if replay() != written:
        raise BenchmarkError("the recorded calls do not give the bytes that the writer gives")
