"""The copy of a file that cannot be marked itself: a new workbook with all that was typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgoals
from annotated import LIST, MISTAKES, SHEET
from bootstrap import ROOT
from ooxml import problems
from ooxml_books import TINY, TINY_YEAR
from xlgoals.annotate.copy import annotated_copy, copy_name
from xlgoals.annotate.fresh import fresh_copy
from xlgoals.annotate.xml import Unmarkable
from xlgoals.grid import RangeRef
from xlgoals.submission import Submission

FILLED = ROOT / "examples" / "filled-2020.xlsx"


def fresh(submission: Submission, target: Path) -> Submission:
    """What is read from the new workbook."""
    target.write_bytes(fresh_copy(submission).data)
    return xlgoals.read(target)


def test_all_forms_and_findings_are_there_again(tmp_path: Path) -> None:
    submission = xlgoals.read(FILLED)
    again = fresh(submission, tmp_path / "fresh.xlsx")
    assert again.forms == submission.forms
    assert [(f.sheet, f.cell, f.code) for f in again.findings] == [
        (f.sheet, f.cell, f.code) for f in submission.findings
    ]
    assert problems(tmp_path / "fresh.xlsx") == []


def test_refused_texts_are_there_as_they_were_typed(tmp_path: Path) -> None:
    fresh(xlgoals.read(MISTAKES), tmp_path / "fresh.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "fresh.xlsx")[SHEET]
    typed = {cell: sheet[cell].value for cell in ("B4", "B5", "B6", "B8", "B9", "B14", "E14")}
    assert typed == {
        "B4": None,
        "B5": "2020-02-30",
        "B6": "可能",
        "B8": "=A8&A9",
        "B9": None,
        "B14": "约65万",
        "E14": "-650000",
    }
    again = xlgoals.read(tmp_path / "fresh.xlsx")
    found = {f.cell: f.code for f in again.findings if f.sheet == SHEET}
    assert "B8" not in found  # a formula is text now, and never run
    assert found["B9"] == "required"  # an error value is nobody's text


def test_the_live_checks_say_what_is_wrong_in_the_new_workbook(tmp_path: Path) -> None:
    submission = xlgoals.read(MISTAKES)
    fresh(submission, tmp_path / "fresh.xlsx")
    book = openpyxl.load_workbook(tmp_path / "fresh.xlsx", data_only=True)
    told = "\n".join(str(cell.value) for row in book["自检"].iter_rows() for cell in row)
    for code in ("date-invalid", "amount-invalid", "amount-negative", "choice-unknown"):
        for finding in submission.findings:
            if finding.code == code and finding.value:
                assert finding.value in told, finding


def insert_rows(sheet: Any, after: int, count: int) -> None:
    """Insert rows as programs do: merges below move along, and those around grow."""
    areas = [RangeRef.parse(str(a)) for a in sheet.merged_cells.ranges if a.max_row >= after]
    for area in areas:
        sheet.unmerge_cells(area.a1)
    sheet.insert_rows(after + 1, count)
    for area in areas:
        around = area.top < after <= area.bottom
        top = area.top + count * (area.top > after)
        bottom = area.bottom + count * (around or area.bottom > after)
        sheet.merge_cells(area._replace(top=top, bottom=bottom).a1)


@pytest.mark.slow
def test_rows_beyond_the_template_find_room(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(FILLED)
    sheet = book[SHEET]
    insert_rows(sheet, after=31, count=2)
    for row in (29, 30, 31, 32, 33):
        sheet.cell(row, 3, f"第{row}行的指标")
        sheet.cell(row, 4, f"≥{row}个")
    book.save(tmp_path / "grown.xlsx")
    submission = xlgoals.read(tmp_path / "grown.xlsx")
    assert "第33行的指标" in {i.name for i in submission.forms[0].indicators}
    again = fresh(submission, tmp_path / "fresh.xlsx")
    assert again.forms == submission.forms
    before = {(f.code, f.label) for f in submission.findings if f.layer in ("cell", "rule")}
    assert {(f.code, f.label) for f in again.findings} == before
    # Findings follow their cells: the same cells are told by reading the new workbook.
    moved = fresh_copy(submission).findings
    assert {(f.sheet, f.cell, f.code, f.hint) for f in moved if f.layer in ("cell", "rule")} == {
        (f.sheet, f.cell, f.code, f.hint) for f in again.findings
    }


def test_the_unit_is_carried_where_it_was_an_input(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    xlgoals.write_template(path, "shanghai-2020", 2020, projects=2)
    book = openpyxl.load_workbook(path)
    book["项目1"]["B3"], book["项目1"]["B4"], book["项目2"]["B4"] = "某某中心", "甲项目", "乙项目"
    book.save(path)
    again = fresh(xlgoals.read(path), tmp_path / "fresh.xlsx")
    assert [(f.declaring_unit, f.project_name) for f in again.forms] == [
        ("某某中心", "甲项目"),
        ("某某中心", "乙项目"),
    ]


def test_other_layouts_are_carried_too(tmp_path: Path) -> None:
    path = tmp_path / "tiny.xlsx"
    xlgoals.write_template(path, TINY, TINY_YEAR, unit="某馆")
    submission = xlgoals.read(path, layout=TINY)
    target = tmp_path / "fresh.xlsx"
    target.write_bytes(fresh_copy(submission).data)
    assert [f.code for f in xlgoals.read(target, layout=TINY).findings] == ["no-project"]


def test_a_text_longer_than_a_cell_is_cut_to_a_cell(tmp_path: Path) -> None:
    submission = xlgoals.read(FILLED)
    form = submission.readings[0]
    item = form.fields["overview"]
    long = replace(item, reading=replace(item.reading, value=None, shown="𠮷" * 40_000))
    forms = (replace(form, fields={**form.fields, "overview": long}), *submission.readings[1:])
    target = tmp_path / "fresh.xlsx"
    target.write_bytes(fresh_copy(replace(submission, readings=forms)).data)
    assert problems(target) == []


def test_what_is_no_package_comes_back_as_a_marked_new_workbook(tmp_path: Path) -> None:
    submission = xlgoals.read(MISTAKES)
    foreign = tmp_path / "报送.et"
    foreign.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    target = tmp_path / copy_name(foreign)
    assert target.name == "报送.xlsx"
    target.write_bytes(annotated_copy(foreign, submission))
    book = openpyxl.load_workbook(target)
    assert book.sheetnames[0] == LIST
    assert "2020-02-30" in book[SHEET]["B5"].comment.text
    # The changed label is the template's own again: it is told in the list, and nowhere marked.
    assert book[SHEET]["A10"].comment is None
    (row,) = (r for r in book[LIST].iter_rows(values_only=True) if "表样文字被改动" in str(r[5]))
    assert row[3] is None
    assert xlgoals.read(target).status == "errors"


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSM", "a.xls", "a.b.ods", "a"])
def test_copies_keep_a_name_that_fits(name: str) -> None:
    expected = {"a.xls": "a.xlsx", "a.b.ods": "a.b.xlsx", "a": "a.xlsx"}
    assert copy_name(f"folder/{name}") == expected.get(name, name)


def test_a_rejected_file_has_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("nothing")
    with pytest.raises(Unmarkable):
        annotated_copy(path, xlgoals.read(path))
