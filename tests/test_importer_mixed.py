"""Sheets of several layouts in one workbook: none is read as another, none is passed over."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

import xlgoals
from each_layout import LAYOUTS, write_sound
from few_and_many import mostly_slow
from opened import opened
from xlgoals.layouts import Layout

Copy = Callable[[Workbook, Layout, str], Any]
TWO_LAYOUTS = pytest.mark.parametrize(
    ("layout", "other"),
    mostly_slow(permutations(LAYOUTS, 2)),
    ids=lambda layout: layout.id,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook with one filled form of each layout."""
    folder = tmp_path_factory.mktemp("layouts")
    for layout in LAYOUTS:
        write_sound(folder / f"{layout.id}.xlsx", layout)
    return {path.stem: path for path in folder.iterdir()}


def copied(source: Path, book: Workbook, title: str, *, filled: bool = True) -> None:
    """The form of a workbook in one more sheet, as somebody would paste it there."""
    form = opened(source)["项目1"]
    sheet = book.create_sheet(title)
    inputs = {item.cell for item in xlgoals.read(source).inputs if item.sheet == "项目1"}
    for row in form.iter_rows():
        for cell in row:
            live = cell.data_type == "f" and "_xlgoals" in str(cell.value)
            if cell.value is not None and not live and (filled or cell.coordinate not in inputs):
                sheet[cell.coordinate] = cell.value
                sheet[cell.coordinate].data_type = cell.data_type
                sheet[cell.coordinate].number_format = cell.number_format
    for area in form.merged_cells.ranges:
        sheet.merge_cells(str(area))


def strangers(submission: xlgoals.Submission) -> list[xlgoals.Finding]:
    return [f for f in submission.findings if f.code == "sheet-of-other-layout"]


@TWO_LAYOUTS
def test_a_form_of_another_layout_is_an_error_at_its_sheet(
    written: dict[str, Path], tmp_path: Path, layout: Layout, other: Layout
) -> None:
    book = opened(written[layout.id])
    copied(written[other.id], book, "补充")
    book.save(tmp_path / "a.xlsx")
    submission = xlgoals.read(tmp_path / "a.xlsx")
    (found,) = strangers(submission)
    assert (found.sheet, found.cell, found.severity) == ("补充", "A1", xlgoals.Severity.ERROR)
    assert f"“{other.name}”" in found.message
    assert f"“{layout.name}”" in found.message
    assert submission.sheets == ("项目1",)
    assert submission.forms == xlgoals.read(written[layout.id]).forms


def test_a_blank_form_of_another_layout_is_nobodys_loss(
    written: dict[str, Path], tmp_path: Path
) -> None:
    book = opened(written["shanghai-2020"])
    copied(written["shanghai-2026"], book, "空表", filled=False)
    book.save(tmp_path / "a.xlsx")
    assert not strangers(xlgoals.read(tmp_path / "a.xlsx"))


def test_of_forms_typed_by_hand_those_of_one_layout_are_read_and_the_others_told(
    written: dict[str, Path], tmp_path: Path
) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    for number, layout in enumerate(LAYOUTS, start=1):
        copied(written[layout.id], book, f"表{number}")
    copied(written["shanghai-2020"], book, "又一张")
    book.save(tmp_path / "a.xlsx")
    submission = xlgoals.read(tmp_path / "a.xlsx")
    assert submission.layout is not None
    assert submission.layout.id == "shanghai-2020"
    assert len(submission.forms) == 2
    assert len(strangers(submission)) == 2


def test_what_finance_says_a_file_is_holds_for_its_sheets(
    written: dict[str, Path], tmp_path: Path
) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    copied(written["national-2021"], book, "表1")
    book.save(tmp_path / "a.xlsx")
    forced = xlgoals.read(tmp_path / "a.xlsx", layout="shanghai-2026", fiscal_year=2026)
    assert forced.sheets == ("表1",)
    assert not strangers(forced)


def test_an_own_sheet_that_names_some_labels_is_left_alone(
    written: dict[str, Path], tmp_path: Path
) -> None:
    book = opened(written["shanghai-2020"])
    sheet = book.create_sheet("目录")
    sheet.append(["项目名称", "项目类别", "项目总预算", "一级指标", "三级指标", "指标值"])
    for number in range(30):
        sheet.append([f"项目{number}", "其他经常性项目", 100, "产出指标", "场次", "≥1"])
    book.save(tmp_path / "a.xlsx")
    assert not strangers(xlgoals.read(tmp_path / "a.xlsx"))
