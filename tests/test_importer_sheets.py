"""Whole sheets that are not as they were handed out: hidden, twice, of another year or unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

import xlgoals
from opened import opened

Read = Callable[[Callable[[Workbook], Any]], dict[str, xlgoals.Finding]]


@pytest.fixture
def told(tmp_path: Path, examples_dir: Path) -> Read:
    """Change the filled workbook; what is then found of layer structure, by code."""

    def change_and_read(change: Callable[[Workbook], Any]) -> dict[str, xlgoals.Finding]:
        book = opened(examples_dir / "filled-2020.xlsx")
        change(book)
        book.save(tmp_path / "changed.xlsx")
        submission = xlgoals.read(tmp_path / "changed.xlsx")
        found = [f for f in submission.findings if f.layer == "structure"]
        # openpyxl saves no results of formulas, the verdict's included.
        return {f.code: f for f in found if f.code != "verdict-outdated"}

    return change_and_read


def test_a_hidden_sheet_is_read_and_told(told: Read) -> None:
    def hide(book: Workbook) -> None:
        book["项目2"].sheet_state = "hidden"

    found = told(hide)
    assert set(found) == {"sheet-hidden"}
    assert found["sheet-hidden"].sheet == "项目2"


def test_a_sheet_of_another_year_is_an_error_at_its_title(told: Read) -> None:
    def retitle(book: Workbook) -> None:
        book["项目3"]["A2"] = "（2019年度）"
        book["项目3"]["A16"] = "2019年绩效目标"

    found = told(retitle)
    assert set(found) == {"sheet-of-other-year"}
    finding = found["sheet-of-other-year"]
    assert (finding.sheet, finding.cell, finding.severity) == ("项目3", "A2", "error")
    assert finding.related == ("项目3!A16",)
    assert "2019年度" in finding.message
    assert "2020年度" in finding.message


@pytest.mark.parametrize("between", ["", " "])
def test_one_project_on_two_sheets_is_told_at_the_second(told: Read, between: str) -> None:
    def repeat(book: Workbook) -> None:
        name = book["项目1"]["B4"].value
        book["项目3"]["B4"] = f"{name[:2]}{between}{name[2:]}"

    found = told(repeat)
    assert set(found) == {"project-repeated"}
    finding = found["project-repeated"]
    assert (finding.sheet, finding.cell) == ("项目3", "B4")
    assert "项目1" in finding.message


def test_a_label_that_stands_twice_is_told_with_what_was_left_out(told: Read) -> None:
    def repeat(book: Workbook) -> None:
        del book["项目1"].defined_names["project_name"]
        book["项目1"]["A4"] = None
        for row, name in ((45, "甲项目"), (46, "乙项目")):
            book["项目1"][f"A{row}"] = "项目名称"
            book["项目1"][f"B{row}"] = name

    found = told(repeat)
    finding = found["label-repeated"]
    assert (finding.cell, finding.value) == ("B45", "甲项目")
    assert "B46" in finding.message


def test_a_column_of_the_table_that_is_gone_is_told_once(told: Read) -> None:
    found = told(lambda book: book["项目1"].delete_cols(3))
    lost = found["input-lost"]
    assert (lost.sheet, lost.cell, lost.label) == ("项目1", None, "三级目标")


def test_what_stands_in_the_place_of_a_column_that_is_gone_is_not_read(
    tmp_path: Path, examples_dir: Path
) -> None:
    book = opened(examples_dir / "filled-2020.xlsx")
    book["项目1"].delete_cols(3)
    book.save(tmp_path / "changed.xlsx")
    submission = xlgoals.read(tmp_path / "changed.xlsx")
    free = [row for row in submission.forms[0].indicators if row.level1 != "投入与管理"]
    assert [row.target.text if row.target else None for row in free][:3] == [
        "=100%",
        "=100%",
        "按时",
    ]
    assert {row.name for row in free} == {None}
    assert "indicator-incomplete" not in {finding.code for finding in submission.findings}
