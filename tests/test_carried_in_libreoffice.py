"""What was carried over, in a real spreadsheet program: the mark goes when the value changes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xlgoals
from campaigns import UNIT, of_layout, returned, run_refresh
from conftest import Recalculate
from each_layout import LAYOUTS
from uno_session import OfficeSession
from xlgoals.campaign.manifest import MANIFEST
from xlgoals.campaign.writing import State
from xlgoals.layouts import Layout
from xlgoals.live.margin import CARRIED, carried_column, message_column

pytestmark = pytest.mark.slow

PROJECT, NAME = "阅览室改造", f"001-{UNIT}.xlsx"
MARK = "【沿用】上年内容，请核对。"


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.id)
def layout(request: pytest.FixtureRequest) -> Layout:
    found = request.param
    assert isinstance(found, Layout)
    return found


@pytest.fixture
def file(layout: Layout, tmp_path: Path) -> Path:
    year = layout.first_year + 1
    returned(tmp_path / "上年" / "a.xlsx", layout, year - 1, PROJECT, "第二个项目")
    roster = [f"001,{UNIT},,{PROJECT},,", f"001,{UNIT},,第二个项目,,"]
    written = of_layout(tmp_path, layout, year, roster, 'carry = ["全部"]')
    run_refresh(written)
    return written


def margin(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The messages of every row, and the marks of its inputs."""
    form = xlgoals.read(path).plan
    assert form
    first, last = message_column(form.form), carried_column(form.form) + 6
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        name: [
            tuple(value or "" for value in row)
            for row in book[name].iter_rows(
                max_row=form.form.last_row, min_col=first, max_col=last, values_only=True
            )
        ]
        for name in form.sheet_names[:2]
    }


def test_the_marks_are_what_libreoffice_works_out(
    file: Path, recalculate: Recalculate, tmp_path: Path
) -> None:
    path = file.parent / "发出" / NAME
    (saved,) = recalculate([path], tmp_path / "saved")
    ours = margin(path)
    assert ours == margin(saved)
    assert sum(MARK in str(row[0]) for row in ours["项目1"]) > 5


def test_a_mark_goes_with_the_value_that_was_carried_over(
    file: Path, office: OfficeSession, layout: Layout, tmp_path: Path
) -> None:
    path = file.parent / "发出" / NAME
    key = "overview" if "overview" in layout.fields else "overall_goal"
    inputs = {f.input.name: f for f in xlgoals.read(path).inputs if f.sheet == "项目1"}
    text, amount = inputs[key].cell, inputs["total_budget"].cell
    office.ask("open", path=str(path))
    office.ask("type", sheet="项目1", texts={text: "今年的新内容", amount: "777000"})
    office.ask("save", path=str(tmp_path / "typed.xlsx"))
    before, after = margin(path)["项目1"], margin(tmp_path / "typed.xlsx")["项目1"]
    form = xlgoals.read(path).plan
    assert form
    gone = {
        item.name: (
            before[item.area.top - 1].count(CARRIED),
            after[item.area.top - 1].count(CARRIED),
        )
        for item in form.form.inputs
        if item.name in (key, "total_budget")
    }
    assert all(was - now == 1 for was, now in gone.values())
    submission = xlgoals.read(tmp_path / "typed.xlsx")
    assert submission.records[0].values[key] == "今年的新内容"
    assert not [f for f in submission.findings if f.layer in ("file", "structure")]


@pytest.mark.parametrize("typed", [False, True])
def test_a_workbook_that_was_only_saved_is_told_from_one_that_was_filled_in(
    file: Path, office: OfficeSession, typed: bool, tmp_path: Path
) -> None:
    path = file.parent / "发出" / NAME
    (cell,) = (
        f.cell
        for f in xlgoals.read(path).inputs
        if f.sheet == "项目2" and f.input.name == "start_date"
    )
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    office.ask("open", path=str(copy))
    if typed:
        office.ask("type", sheet="项目2", texts={cell: "待定"})
    office.ask("save", path=str(tmp_path / "saved.xlsx"))
    (tmp_path / "saved.xlsx").replace(path)
    (file.parent / "发出" / MANIFEST).unlink()
    with file.open("a", encoding="utf-8") as more:
        more.write('contact = "王老师"\n')
    (outcome,) = run_refresh(file).outcomes
    assert outcome.state is (State.LEFT if typed else State.CHANGED), outcome.reason


def test_what_libreoffice_left_out_in_saving_is_put_back_and_told(
    file: Path, office: OfficeSession, tmp_path: Path
) -> None:
    path = file.parent / "发出" / NAME
    before = path.read_bytes()
    (tmp_path / "copy.xlsx").write_bytes(before)
    office.ask("open", path=str(tmp_path / "copy.xlsx"))
    office.ask("save", path=str(path))
    (outcome,) = run_refresh(file).outcomes
    assert (outcome.state, "另存过" in outcome.reason) == (State.CHANGED, True)
    assert path.read_bytes() == before


def test_a_workbook_that_libreoffice_has_open_is_left(file: Path, office: OfficeSession) -> None:
    office.ask("open", path=str(file.parent / "发出" / NAME))
    with file.open("a", encoding="utf-8") as more:
        more.write('contact = "王老师"\n')
    (outcome,) = run_refresh(file).outcomes
    assert (outcome.state, outcome.reason) == (State.LEFT, "正在 LibreOffice 中打开，原样保留")
