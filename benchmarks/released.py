"""The released layouts, each with a filled workbook that is kept for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xlgoals
from measure import BenchmarkError
from xlgoals.layouts import layout_ids

_RELEASED = Path(__file__).resolve().parent.parent / "tests" / "released"


def filled_workbooks() -> Mapping[str, Path]:
    """A filled workbook of every layout. Raises BenchmarkError where a layout has none."""
    found: dict[str, Path] = {}
    for path in sorted(_RELEASED.glob("*.xlsx")):
        layout = xlgoals.read(path).layout
        if layout:
            found.setdefault(layout.id, path)
    if missing := set(layout_ids()) - set(found):
        raise BenchmarkError(f"no filled workbook of {', '.join(sorted(missing))}")
    return found
