"""What comes back on any layout: tampered with, full of mistakes, marked, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import make_pictures
import xlgoals
from annotated import annotate, said
from each_layout import LAYOUTS, sound_form, write_sound
from few_and_many import mostly_slow
from opened import opened
from test_pictures import SELF_CHECK, Printed, folder, squeezed  # noqa: F401 - a fixture
from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, NumberKind, TextKind, YesNoKind
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Input, Plan

SHEET = "项目1"
each_layout = pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)


@pytest.fixture
def filled(layout: Layout, tmp_path: Path) -> Path:
    """A workbook with two sound forms."""
    return write_sound(tmp_path / "filled.xlsx", layout, 2)


# --- tampered with --------------------------------------------------------------------------------
Change = Callable[[Workbook, Plan], Any]


def _hide(book: Workbook, plan: Plan) -> None:
    book["项目2"].sheet_state = "hidden"


def _rename(book: Workbook, plan: Plan) -> None:
    for name in plan.sheet_names[:2]:
        book[name].title = f"{name}（已填）"


def _repeat(book: Workbook, plan: Plan) -> None:
    cell = plan.form.by_name["project_name"].area.first.a1
    book["项目2"][cell] = book["项目1"][cell].value


def _retitle(book: Workbook, plan: Plan) -> None:
    year = str(plan.fiscal_year)
    for locked in plan.form.locked:
        if year in locked.text:
            text = locked.text.replace(year, str(plan.fiscal_year - 1))
            book["项目2"][locked.area.first.a1] = text


def _write_below(book: Workbook, plan: Plan) -> None:
    book[SHEET].cell(plan.form.last_row + 3, 2, "另附材料一份")


def _insert_row(book: Workbook, plan: Plan) -> None:
    sheet = book[SHEET]
    sheet.insert_rows(plan.form.by_name["start_date"].area.top)
    # openpyxl moves cells but neither merges nor names, as the worst of editors.
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.merged_cells.remove(area)
    sheet.defined_names.clear()


def _lose_names(book: Workbook, plan: Plan) -> None:
    for sheet in book.worksheets:
        sheet.defined_names.clear()


def _lose_a_column(book: Workbook, plan: Plan) -> None:
    book[SHEET].delete_cols(plan.form.headings["name"].area.left)


@each_layout
@pytest.mark.parametrize(
    ("change", "told"),
    mostly_slow(
        [
            (_hide, {"sheet-hidden"}),
            (_rename, set()),
            (_repeat, {"project-repeated"}),
            (_retitle, {"sheet-of-other-year"}),
            (_write_below, {"unexpected-cell"}),
            (_insert_row, {"input-moved"}),
            (_lose_names, set()),
            (_lose_a_column, {"input-lost"}),
        ],
        3,
    ),
)
def test_what_was_done_to_a_workbook_is_told(
    layout: Layout, filled: Path, change: Change, told: set[str]
) -> None:
    book = opened(filled)
    change(book, build_plan(layout, layout.first_year))
    book.save(filled)
    submission = xlgoals.read(filled)
    found = {finding.code for finding in submission.findings if finding.layer == "structure"}
    # openpyxl saves no results of formulas: neither the verdict's nor the second sheet's unit.
    assert told <= found
    if change not in (_insert_row, _lose_a_column):
        assert found - told <= {"verdict-outdated"}
    if change is not _lose_a_column:
        assert submission.forms[0] == sound_form(layout)


# --- full of mistakes -----------------------------------------------------------------------------
def _mistake(item: Input) -> str | int | datetime:
    match item.kind:
        case AmountKind():
            return "约六十五"
        case DateKind():
            return f"{item.kind.first.year}年2月30日"
        case ChoiceKind() | YesNoKind():
            return "随便"
        case NumberKind():
            return 101
        case TextKind():
            return "长" * (item.kind.max_length + 1)
    return "若干"


@pytest.fixture
def mistaken(layout: Layout, tmp_path: Path) -> Path:
    """A blank workbook in which the first input of each column and kind is filled in wrongly."""
    path = tmp_path / "mistaken.xlsx"
    xlgoals.write_template(path, layout, layout.first_year)
    plan = build_plan(layout, layout.first_year)
    book = openpyxl.load_workbook(path)
    done: set[object] = set()
    for item in plan.inputs(0):
        what = item.key if item.row else type(item.kind)
        if what not in done and item.key != layout.unit_field:
            book[SHEET][item.area.first.a1] = _mistake(item)
            done.add(what)
    book.save(path)
    return path


def _of_cells(path: Path) -> list[Finding]:
    found = xlgoals.read(path).findings
    return [f for f in found if f.layer in ("cell", "rule") and f.severity is not Severity.INFO]


@each_layout
def test_each_mistake_is_marked_and_explained_in_the_copy(
    layout: Layout, mistaken: Path, tmp_path: Path
) -> None:
    copy, again, third = (tmp_path / f"{name}.xlsx" for name in ("copy", "again", "third"))
    before = annotate(mistaken, copy)
    wrong = _of_cells(mistaken)
    assert {finding.severity for finding in wrong} == {Severity.ERROR, Severity.WARNING}
    book = openpyxl.load_workbook(copy)
    for finding in wrong:
        note = book[finding.sheet or ""][finding.cell or ""].comment.text
        assert f"【{SEVERITY_WORDS[finding.severity]}】{finding.message}" in note
        assert finding.hint in note
    assert said(xlgoals.read(copy)) == said(before)
    annotate(copy, again)
    annotate(again, third)
    assert said(xlgoals.read(again)) == said(before)
    assert third.read_bytes() == again.read_bytes()


@pytest.mark.slow
@each_layout
def test_screen_and_self_check_show_every_mistake_and_the_official_pages_none(
    layout: Layout,
    mistaken: Path,
    folder: Path,  # noqa: F811
) -> None:
    name = f"mistaken-{layout.id}"
    wrong = _of_cells(mistaken)
    assert len(wrong) > 10
    sheet = make_pictures.one_sheet(mistaken, SHEET, folder / f"{name}.xlsx")
    screen, paper = Printed.of(sheet, folder / name), Printed.of(mistaken, folder / name)
    assert screen.pages[0].share("red") > 0.01
    assert screen.pages[0].share("yellow") > 0.01
    _guide, *forms, self_check = paper.texts
    assert len(forms) == 2 * len(build_plan(layout, layout.first_year).sheet_names)
    assert f"{layout.first_year}年度）{SELF_CHECK}" in self_check
    assert f"还有{sum(f.severity is Severity.ERROR for f in wrong)}处需要修改" in self_check
    for finding in wrong:
        message = squeezed(finding.message)
        if finding.code == "indicator-incomplete":  # the workbook tells of the first that lacks
            message = message.partition("”")[0]
        assert message in screen.texts[0]
        assert f"{finding.cell}{squeezed(finding.label or '')}" in self_check
        assert message in self_check
        assert not [page for page in forms if message[:12] in page]


# --- on paper -------------------------------------------------------------------------------------
@pytest.mark.slow
@each_layout
def test_the_fullest_form_prints_whole(
    layout: Layout,
    folder: Path,  # noqa: F811
) -> None:
    form = sound_form(layout).record()
    marks: dict[str, str] = {}
    for key, item in layout.fields.items():
        if isinstance(item.kind, AmountKind):
            form[key] = "999999999999.99"
        elif isinstance(item.kind, TextKind):
            marks[key] = f"完毕{len(marks)}号"
            # Long ones as long as the longest that was published.
            length = min(343, item.kind.max_length // 2)
            form[key] = ("按计划推进，" * 99)[: length - 4] + marks[key]
    full = type(sound_form(layout)).model_validate(form)
    path = folder / f"full-{layout.id}.xlsx"
    xlgoals.write_template(path, layout, layout.first_year, forms=[full])
    printed = Printed.of(path, folder / f"full-{layout.id}")
    _guide, first, second, _check = printed.texts
    assert all(mark in first for mark in marks.values())
    assert "###" not in first + second
    assert squeezed(build_plan(layout, layout.first_year).form.headings["name"].text) in second
    for page in printed.pages[1:3]:
        assert (page.width, len(page.rows)) == pytest.approx((496, 702), abs=2)  # A4 upright
