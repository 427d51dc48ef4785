"""Labels that somebody wrote into, and labels that rows pushed apart from their merges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

import xlgoals
from each_layout import LAYOUTS, sound_form, write_sound
from few_and_many import mostly_slow
from opened import opened
from xlgoals.kinds import AmountKind
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan

EACH_LAYOUT = pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Layout, Callable[[Workbook], Any]], xlgoals.Submission]:
    """Change a filled workbook of a layout with openpyxl, save it, and read it."""

    def change_and_read(layout: Layout, change: Callable[[Workbook], Any]) -> xlgoals.Submission:
        path = write_sound(tmp_path / "changed.xlsx", layout)
        book = opened(path)
        change(book)
        book.save(path)
        return xlgoals.read(path)

    return change_and_read


Changed = Callable[[Layout, Callable[[Workbook], Any]], xlgoals.Submission]


def told(submission: xlgoals.Submission) -> list[tuple[str, str | None]]:
    found = [f for f in submission.findings if f.layer != "file"]
    return [(f.code, f.cell) for f in found if not f.code.startswith("verdict")]


def drop_names(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.defined_names.clear()


@EACH_LAYOUT
@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
def test_a_remark_behind_a_label_is_not_read_in_place_of_its_cell(
    changed: Changed, layout: Layout, named: bool
) -> None:
    def remark(book: Workbook) -> None:
        for cell in ("A3", "A4", "A5", "D5"):
            label = book["项目1"][cell]
            label.value = f"{label.value.rstrip('：')}：（必填）"
        if not named:
            drop_names(book)

    submission = changed(layout, remark)
    assert submission.forms == (sound_form(layout),)
    assert told(submission) == [("locked-text-changed", c) for c in ("A3", "A4", "A5", "D5")]


@EACH_LAYOUT
@pytest.mark.parametrize("row", [2, 5])
def test_merges_left_behind_by_an_inserted_row_cost_no_data(
    changed: Changed, layout: Layout, row: int
) -> None:
    # openpyxl moves cells but neither merges nor names.
    submission = changed(layout, lambda book: book["项目1"].insert_rows(row))
    assert submission.forms == (sound_form(layout),)
    assert [code for code, _ in told(submission)] == ["input-moved"]


@pytest.mark.parametrize("layout", [x for x in LAYOUTS if "total_other_funds" in x.fields])
def test_a_label_that_two_inputs_share_is_not_the_value_of_a_blank_one(
    changed: Changed, layout: Layout
) -> None:
    """Where the names are lost, the next label in the row ends the search for what is filled."""
    inputs: list[str] = []

    def clear(book: Workbook) -> None:
        drop_names(book)
        cells = [cell for row in book["项目1"].iter_rows() for cell in row]
        label = next(cell for cell in cells if cell.value == "其他资金")
        blank = label.offset(column=1)
        blank.value = None
        inputs.append(blank.coordinate)

    submission = changed(layout, clear)
    assert submission.forms[0].total_other_funds is None
    assert told(submission) == [("required", inputs[0])]


def test_a_day_that_stands_where_no_input_is_told_as_a_day(changed: Changed) -> None:
    def note(book: Workbook) -> None:
        book["项目1"]["K3"] = date(2020, 3, 1)

    submission = changed(LAYOUTS[0], note)
    (found,) = [f for f in submission.findings if f.code == "unexpected-cell"]
    assert (found.cell, found.value) == ("K3", "2020-03-01")


@EACH_LAYOUT
def test_a_label_that_is_changed_costs_no_data_and_is_all_that_is_told(
    changed: Changed, layout: Layout
) -> None:
    fields = [item for item in build_plan(layout, layout.first_year).form.inputs if not item.row]
    amounts = [item for item in fields if isinstance(item.kind, AmountKind)]

    def distinct(book: Workbook) -> None:
        for number, item in enumerate(amounts, start=1):
            book["项目1"][item.area.first.a1] = number

    whole = changed(layout, distinct)
    # At the edge of the form, and of words that two inputs share.
    doubtful = [item for item in fields if item is fields[0] or "其他" in item.title]
    for label in {item.label.area.first.a1 for item in doubtful}:

        def rewrite(book: Workbook, label: str = label) -> None:
            distinct(book)
            book["项目1"][label] = "改过的文字"

        submission = changed(layout, rewrite)
        assert submission.forms == whole.forms
        assert set(told(submission)) - set(told(whole)) == {("locked-text-changed", label)}
