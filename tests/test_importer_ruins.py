"""Project sheets of which parts were taken out: read while they can be, never lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

import xlgoals
from each_layout import LAYOUTS, write_sound
from few_and_many import mostly_slow
from opened import opened
from xlgoals.layouts import Layout

each_layout = pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)
Ruin = Callable[[Layout, str, Callable[[Worksheet], None]], xlgoals.Submission]


@pytest.fixture
def ruin(tmp_path: Path) -> Ruin:
    """Two filled forms and a spare sheet, one of them without its names and worse."""

    def read(layout: Layout, sheet: str, spoil: Callable[[Worksheet], None]) -> xlgoals.Submission:
        path = write_sound(tmp_path / "a.xlsx", layout, 2, projects=3)
        book = opened(path)
        form = book[sheet]
        form.defined_names.clear()
        for area in [str(area) for area in form.merged_cells.ranges]:
            form.unmerge_cells(area)
        spoil(form)
        book.save(path)
        return xlgoals.read(path)

    return read


def without_names_of_indicators(form: Worksheet) -> None:
    headings = {"三级目标", "三级指标"}
    cells = (cell for row in form.iter_rows() for cell in row)
    form.delete_cols(next(cell.column for cell in cells if cell.value in headings))


def without_its_upper_half(form: Worksheet) -> None:
    form.delete_rows(1, 24)


def lost(found: xlgoals.Submission) -> list[tuple[str | None, xlgoals.Severity]]:
    return [(f.sheet, f.severity) for f in found.findings if f.code == "sheet-not-read"]


@each_layout
def test_a_form_that_lost_its_names_and_a_column_is_still_read(ruin: Ruin, layout: Layout) -> None:
    found = ruin(layout, "项目1", without_names_of_indicators)
    assert (len(found.forms), found.status) == (2, xlgoals.Status.ERRORS)


@each_layout
def test_a_sheet_that_is_no_form_any_more_is_an_error(ruin: Ruin, layout: Layout) -> None:
    found = ruin(layout, "项目1", without_its_upper_half)
    assert lost(found) == [("项目1", xlgoals.Severity.ERROR)]
    assert len(found.forms) == 1


@each_layout
def test_a_spare_sheet_is_nobodys_loss(ruin: Ruin, layout: Layout) -> None:
    found = ruin(layout, "项目3", without_its_upper_half)
    assert (lost(found), len(found.forms)) == ([], 2)


@each_layout
def test_what_was_typed_beside_the_inputs_of_a_spare_sheet_is_told(
    ruin: Ruin, layout: Layout
) -> None:
    def typed(form: Worksheet) -> None:
        form.cell(60, 2).value = "写错了地方的内容"

    found = ruin(layout, "项目3", typed)
    told = [(f.code, f.cell, f.value) for f in found.findings if f.sheet == "项目3"]
    assert told == [("unexpected-cell", "B60", "写错了地方的内容")]
    assert len(found.forms) == 2
