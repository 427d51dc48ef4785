"""Each input turns the colour of its own state, whatever a program takes relative cells from."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

import xlgoals
from ooxml_books import LAYOUT, TINY, TINY_YEAR, YEAR
from xlgoals.live.build import build_live

SMALL = 150_000  # bytes of three filled projects


@pytest.mark.parametrize(("layout", "year"), [(LAYOUT, YEAR), (TINY, TINY_YEAR)])
def test_a_colour_looks_at_the_state_of_the_input_it_is_for(
    layout: str, year: int, tmp_path: Path
) -> None:
    path = tmp_path / "blank.xlsx"
    xlgoals.write_template(path, layout, year)
    plan = xlgoals.read(path, layout=layout).plan
    assert plan
    table = build_live(plan)
    book = load_workbook(path)
    for index, name in enumerate(plan.sheet_names):
        sheet = book[name]
        looked_at: dict[str, set[str]] = {}
        for formatting in sheet.conditional_formatting:
            areas = str(formatting.sqref).split()
            corners = [range_boundaries(area) for area in areas]
            # Relative rows count from the first area, the topmost one or the leftmost one: with
            # one column for all, it is the same.
            assert len({left for left, *_ in corners}) == 1
            assert corners[0][1] == min(top for _, top, *_ in corners)
            for rule in formatting.rules:
                column, row = rule.formula[0].split("=")[0].lstrip("$"), corners[0][1]
                letters = column.rstrip("0123456789$")
                fixed = "$" in column
                at = int(column[len(letters) :].lstrip("$"))
                for area, (_, top, *_) in zip(areas, corners, strict=True):
                    place = f"{letters}{at if fixed else at + top - row}"
                    looked_at.setdefault(area, set()).add(place)
        checked = {item.area.a1 for item in plan.inputs(index)}
        assert set(looked_at) == checked
        for item in plan.inputs(index):
            (state,) = looked_at[item.area.a1]
            own = {
                f"${check.result.a1.rstrip('0123456789')}${check.row}"
                for check in table.checks
                if check.sheet == name and check.input.name == item.name
            }
            formula = str(sheet[state].value)
            told = {part.partition("!")[2] for part in _references(formula)}
            assert told == own, (name, item.name, state)


def _references(formula: str) -> list[str]:
    marks = formula.replace("&", " ").replace("<", " ").replace("(", " ").replace(",", " ")
    return [part for part in marks.split() if "!" in part]


def test_a_workbook_of_three_filled_projects_stays_small(
    tmp_path: Path, examples_dir: Path
) -> None:
    forms = xlgoals.read(examples_dir / "filled-2020.xlsx").forms
    assert len(forms) == 3
    path = tmp_path / "filled.xlsx"
    xlgoals.write_template(path, LAYOUT, YEAR, forms=forms)
    assert path.stat().st_size <= SMALL
