"""What the template writer refuses, and that nothing is then left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import xlgoals
from xlgoals.book import WriterFault, no_warnings, strict
from xlgoals.models import form_class

LAYOUT = xlgoals.load_layout("shanghai-2020")
FORM = form_class(LAYOUT)
TARGET = xlgoals.Target.parse("≥10场")


def form(**values: Any) -> xlgoals.GoalForm:
    return FORM(**{"layout": LAYOUT.id, "fiscal_year": 2020, "project_name": "甲", **values})


def row(**values: Any) -> xlgoals.Indicator:
    return xlgoals.Indicator(**{"level1": "产出目标", "level2": "数量", "name": "场次", **values})


REFUSED = {
    "another layout": ([form(layout="other")], "表样"),
    "another year": ([form(fiscal_year=2021)], "2021年度"),
    "several units": ([form(declaring_unit="甲"), form(declaring_unit="乙")], "一个申报单位"),
    "an over-long text": ([form(overview="按" * 501)], "501个字"),
    "a date off the calendar of the layout": ([form(start_date="1999-12-31")], "1999-12-31"),
    "a group the form does not have": ([form(indicators=[row(level1="成本目标")])], "成本目标"),
    "a prescribed target changed": (
        [form(indicators=[row(level1="投入与管理", level2="投入管理", name="预算执行率")])],
        "预算执行率",
    ),
    "an unknown prescribed indicator": (
        [form(indicators=[row(level1="投入与管理", level2="投入管理", name="新指标")])],
        "投入管理",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_forms_that_do_not_fit_are_refused(tmp_path: Path, case: str) -> None:
    forms, words = REFUSED[case]
    with pytest.raises(xlgoals.DataError, match=words):
        xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020, forms=forms)
    assert list(tmp_path.iterdir()) == []


def test_a_unit_other_than_the_forms_is_refused(tmp_path: Path) -> None:
    forms = [form(declaring_unit="甲")]
    with pytest.raises(xlgoals.DataError, match="一个申报单位"):
        xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020, unit="乙", forms=forms)


def test_fewer_sheets_than_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(xlgoals.DataError, match="2张"):
        xlgoals.write_template(
            tmp_path / "t.xlsx", LAYOUT, 2020, forms=[form(), form()], projects=1
        )


@pytest.mark.parametrize("rows", [{"投入管理": 3}, {"没有": 3}, {"数量": 0}])
def test_rows_that_the_layout_does_not_have_are_refused(
    tmp_path: Path, rows: dict[str, int]
) -> None:
    with pytest.raises(xlgoals.CapacityError):
        xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020, rows=rows)


def test_an_unwritable_place_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "no" / "t.xlsx"
    with pytest.raises(FileNotFoundError) as caught:
        xlgoals.write_template(path, LAYOUT, 2020)
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_file_survives_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"earlier")
    with pytest.raises(xlgoals.DataError):
        xlgoals.write_template(path, LAYOUT, 2020, forms=[form(overview="按" * 501)])
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_code_that_xlsxwriter_returns_is_a_fault() -> None:
    strict(0)
    strict(None)
    with pytest.raises(WriterFault):
        strict(-2)


def test_a_warning_of_xlsxwriter_is_a_fault(tmp_path: Path) -> None:
    import xlsxwriter

    def define_a_wrong_name() -> None:
        with no_warnings():
            xlsxwriter.Workbook(tmp_path / "t.xlsx").define_name("A1", "=Sheet1!$A$1")

    with pytest.raises(WriterFault, match="A1"):
        define_a_wrong_name()
