"""Writing one template, against the calls to XlsxWriter that this comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import xlgoals
import xlgoals.template.book
from measure import AtMostTime, BenchmarkError, Comparison
from recording import Recording, Replay
from xlgoals.records import load_forms

LAYOUT, YEAR = "shanghai-2020", 2020
PROMISE = AtMostTime(1.3)

_FORMS = Path(__file__).resolve().parent.parent / "examples" / f"forms-{YEAR}.json"


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """A prefilled template of three projects, and a blank one."""
    layout = xlgoals.load_layout(LAYOUT)
    forms = load_forms(_FORMS, layout)
    yield _comparison(f"write a template, {len(forms)} projects prefilled", layout, forms, folder)
    yield _comparison("write a blank template, 3 projects", layout, (), folder)


def _comparison(
    what: str, layout: xlgoals.Layout, forms: Sequence[xlgoals.GoalForm], folder: Path
) -> Comparison:
    path = folder / "template.xlsx"
    write = partial(xlgoals.write_template, path, layout, YEAR, forms=forms)
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
