"""The live checks of a workbook and the importer say the same of whatever is typed into it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from conftest import Convert, Recalculate
from each_layout import LAYOUTS
from ooxml_books import BOOKS, LAYOUT, TINY, TINY_YEAR, YEAR
from parity import Disagreement, Filler, disagreements, live_side, told
from typed_workbooks import Base, Contents, Typed
from xlgoals import codes
from xlgoals.cells import Cell
from xlgoals.cli.main import cli
from xlgoals.findings import Code, Layer, Severity
from xlgoals.kinds import AmountKind, ChoiceKind, Kind, NumberKind, YesNoKind
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.reader import read_workbook
from xlgoals.text import unescaped

SEED = int(os.environ.get("XLGOALS_PARITY_SEED", "2020"))
WORKBOOKS = int(os.environ.get("XLGOALS_PARITY_WORKBOOKS", "200"))
BY_GNUMERIC = 20

# What a workbook cannot tell of, and why.
NOT_LIVE = {
    "formula": "no formula that every program knows can see that a cell holds a formula",
    "formula-result": "the same",
}


# --- which checks are live ------------------------------------------------------------------------
def told_of_cells(layout: xlgoals.Layout) -> set[str]:
    """Every error and warning about cells that the importer may give for a layout."""
    every: list[Code] = [*codes.SHARED.values(), *(rule.code for rule in layout.rules)]
    return {
        code.id
        for code in every
        if code.layer in (Layer.CELL, Layer.RULE) and code.severity is not Severity.INFO
    }


def _is_closed(kind: Kind) -> bool:
    return isinstance(kind, ChoiceKind) and not kind.open


@pytest.mark.parametrize(
    ("layout", "year"),
    [*((each.id, each.first_year) for each in LAYOUTS), (TINY, TINY_YEAR)],
)
def test_all_but_a_few_named_codes_are_live(layout: str, year: int, tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    xlgoals.write_template(path, layout, year)
    base = Base(path, layout)
    wanted = told_of_cells(base.layout)
    kinds = [check.input.kind for check, _ in base.checks]
    if all(_is_closed(kind) for kind in kinds if isinstance(kind, ChoiceKind)):
        wanted -= {"choice-unlisted"}
    if not any(isinstance(kind, YesNoKind) or _is_closed(kind) for kind in kinds):
        wanted -= {"choice-unknown"}
    if not any(isinstance(kind, NumberKind) for kind in kinds):
        wanted -= {"number-invalid"}
    if all(kind.plausible_to == MAX_AMOUNT for kind in kinds if isinstance(kind, AmountKind)):
        wanted -= {"amount-large"}
    assert base.live_codes <= wanted
    assert wanted - base.live_codes == set(NOT_LIVE)
    assert len(base.live_codes) >= 0.9 * len(wanted)


def test_the_command_line_lists_the_checks_compared_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "blank.xlsx"
    BOOKS["published forms"](path)
    cli(["cells", str(path), "--checks", "--format", "json"], standalone_mode=False)
    listed = [
        (row["code"], row["cells"][0], row["result"].partition("!")[2])
        for row in json.loads(capsys.readouterr().out)
    ]
    ours = Base(path, LAYOUT).checks
    assert listed == [(c.code.id, f"{c.sheet}!{c.cell}", place.a1) for c, place in ours]


# --- results as written ---------------------------------------------------------------------------
def _same(written: Cell, again: Cell | None) -> bool:
    """Whether a result stays what it was; some programs leave out an empty one."""
    before, after = written.value, again.value if again else None
    if isinstance(before, float) and isinstance(after, float):
        return abs(before - after) <= 1e-9 * abs(before)
    return _text(before) == _text(after)


def _text(value: str | float | None) -> str | float:
    # LibreOffice itself loses tabs where a text has several lines, too.
    return unescaped(value or "").replace("\x01", " ") if isinstance(value, str | None) else value


@pytest.mark.slow
def test_every_result_as_written_is_what_a_spreadsheet_program_works_out(
    recalculate: Recalculate, tmp_path: Path
) -> None:
    paths = [_written(name, tmp_path) for name in BOOKS]
    wrong = []
    for path, again in zip(paths, recalculate(paths, tmp_path / "again"), strict=True):
        recalculated = read_workbook(again)
        # The hidden sheet stands last, but what is wrong begins there.
        for sheet in reversed(read_workbook(path).sheets):
            cells = getattr(recalculated.sheet(sheet.name), "cells", {})
            for ref, cell in sheet.cells.items():
                if cell.formula is not None and not _same(cell, cells.get(ref)):
                    place = f"{path.stem} {sheet.name}!{cell.ref.a1}"
                    results = (cell.value, getattr(cells.get(ref), "value", None))
                    before, after = (str(result)[:60] for result in results)
                    wrong.append(f"{place}: {before!r}, worked out {after!r}: {cell.formula[:99]}")
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} results", *wrong[:40]]), pytrace=False)


# --- whatever is typed ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Filled:
    """A workbook filled in, and with what."""

    path: Path
    base: Base
    contents: Contents


def bases(folder: Path) -> list[tuple[Base, int]]:
    """Templates to fill, each with how often it is taken."""
    forms = [xlgoals.read(_written("published forms", folder)).forms[0]]
    shapes: dict[str, tuple[dict[str, Any], bool, int]] = {
        "two": ({"projects": 2}, False, 5),
        "one": ({"projects": 1}, False, 4),
        "unit": ({"projects": 1, "unit": "某市图书馆", "rows": {"数量": 6, "时效": 1}}, False, 1),
        "prefilled": ({"projects": 2, "forms": forms}, False, 2),
        "since 1904": ({"projects": 1}, True, 2),
    }
    found: list[tuple[Base, int]] = []
    for name, (options, date1904, weight) in shapes.items():
        path = folder / f"{name}.xlsx"
        xlgoals.write_template(path, LAYOUT, YEAR, **options)
        found.append((Base(path, LAYOUT, date1904), weight))
    others = [(each.id, each.first_year, 3) for each in LAYOUTS if each.id != LAYOUT]
    for layout, year, weight in (*others, (TINY, TINY_YEAR, 4)):
        path = folder / f"{Path(layout).stem}.xlsx"
        xlgoals.write_template(path, layout, year, projects=2)
        found.append((Base(path, layout), weight))
    return found


def _written(book: str, folder: Path) -> Path:
    path = folder / f"{book}.xlsx"
    BOOKS[book](path)
    return path


def filled_workbooks(
    folder: Path, count: int, but: Callable[[Typed | None], bool] = lambda _: False
) -> list[Filled]:
    """So many workbooks, the same for the same seed; what is left out, is left blank."""
    rng = random.Random(SEED)
    weighed = bases(folder)
    fillers = [(base, Filler(rng, base)) for base, _ in weighed]
    found = []
    for number in range(count):
        ((base, filler),) = rng.choices(fillers, [weight for _, weight in weighed])
        path = folder / f"filled-{number:04d}.xlsx"
        drawn = filler.contents()
        contents = {key: None if but(typed) else typed for key, typed in drawn.items()}
        base.fill(path, contents)
        found.append(Filled(path, base, contents))
    return found


@pytest.mark.slow
def test_workbook_and_importer_say_the_same_of_whatever_is_typed(
    recalculate: Recalculate, tmp_path: Path
) -> None:
    filled = filled_workbooks(tmp_path, WORKBOOKS)
    again = recalculate([item.path for item in filled], tmp_path / "again")
    found: list[Disagreement] = []
    seen: set[str] = set()
    for item, path in zip(filled, again, strict=True):
        found += disagreements(item.base, path, item.contents)
        seen |= {code for _, _, code in live_side(item.base, path)}
    # Nothing is proven of a check that never spoke.
    silent = set().union(*(item.base.live_codes for item in filled)) - seen
    if found or (silent and WORKBOOKS >= 200):
        pytest.fail(f"{told(found)}\nnever spoke: {sorted(silent)}", pytrace=False)


def beyond_gnumeric(typed: Typed | None) -> bool:
    """What Gnumeric takes in a way of its own: escapes, wide letters, and digits past the 15th."""
    if isinstance(typed, str):
        wide = any("Ａ" <= character <= "ｚ" for character in typed)  # equal to narrow ones there
        return wide or "\r" in typed or "_x" in typed or "\x0b" in typed
    return isinstance(typed, float) and typed != float(f"{typed:.15g}")


@pytest.mark.slow
def test_so_they_do_where_gnumeric_has_worked_it_out(gnumeric: Convert, tmp_path: Path) -> None:
    found: list[Disagreement] = []
    for item in filled_workbooks(tmp_path, BY_GNUMERIC, beyond_gnumeric):
        again = gnumeric(item.path, "xlsx", tmp_path / "again")
        found += disagreements(item.base, again, item.contents)
    if found:
        pytest.fail(told(found), pytrace=False)
