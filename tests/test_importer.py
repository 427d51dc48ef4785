"""Reading filled workbooks that somebody's program, or somebody, has changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import xlgoals
from few_and_many import mostly_slow
from opened import opened
from xlgoals.models import form_class
from xlgoals.submission import Status

LAYOUT = xlgoals.load_layout("shanghai-2020")
Change = Callable[[Workbook], Any]


@pytest.fixture(scope="module")
def filled(examples_dir: Path) -> Path:
    return examples_dir / "filled-2020.xlsx"


@pytest.fixture
def changed(tmp_path: Path, filled: Path) -> Callable[[Change], xlgoals.Submission]:
    """Change the filled workbook with openpyxl, save it, and read it."""

    def change_and_read(change: Change) -> xlgoals.Submission:
        book = opened(filled)
        change(book)
        book.save(tmp_path / "changed.xlsx")
        return xlgoals.read(tmp_path / "changed.xlsx")

    return change_and_read


def places(submission: xlgoals.Submission, code: str) -> list[tuple[str | None, str | None]]:
    return [(f.sheet, f.cell) for f in submission.findings if f.code == code]


def codes(submission: xlgoals.Submission) -> set[str]:
    return {finding.code for finding in submission.findings}


def type_into(sheet: str, cell: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


# --- what a finding says ------------------------------------------------------------------------
def test_a_finding_names_everything_a_filler_needs(
    changed: Callable[[Change], xlgoals.Submission], tmp_path: Path
) -> None:
    submission = changed(type_into("项目1", "B5", "2020-02-30"))
    (finding,) = [f for f in submission.findings if f.severity is xlgoals.Severity.ERROR]
    assert finding.code == "date-invalid"
    assert finding.layer is xlgoals.Layer.CELL
    assert finding.file == str(tmp_path / "changed.xlsx")
    assert (finding.sheet, finding.cell) == ("项目1", "B5")
    assert (finding.field, finding.label) == ("start_date", "计划开始日期")
    assert finding.value == "2020-02-30"
    assert "计划开始日期" in finding.message
    assert "2020-02-30" in finding.message
    assert finding.expected
    assert finding.hint
    assert submission.status is Status.ERRORS


def test_a_refused_value_is_none_and_the_rest_is_read(
    changed: Callable[[Change], xlgoals.Submission], filled: Path
) -> None:
    submission = changed(type_into("项目2", "B14", "约12万"))
    before = xlgoals.read(filled).forms
    after = submission.forms
    assert after[1].total_budget is None
    assert after[1] == before[1].model_copy(update={"total_budget": None})
    assert (after[0], after[2]) == (before[0], before[2])


def test_a_rule_that_spans_cells_names_the_others(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    submission = changed(type_into("项目2", "E14", 120001))
    (finding,) = [f for f in submission.findings if f.code == "current-over-total"]
    assert finding.cell == "E14"
    assert finding.related == ("项目2!B14",)


def test_rules_are_silent_about_cells_that_are_already_wrong(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    assert "current-over-total" not in codes(changed(type_into("项目2", "B14", "十二万")))
    assert "current-over-total" not in codes(changed(type_into("项目2", "B14", None)))


# --- the indicator table ------------------------------------------------------------------------
def test_a_half_filled_row_is_an_error_at_its_first_blank_cell(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    submission = changed(type_into("项目1", "D37", "≥3场"))
    assert places(submission, "indicator-incomplete") == [("项目1", "B37")]
    row = submission.forms[0].indicators[14]
    assert (row.level1, row.level2, row.name) == ("效果目标", None, None)
    assert row.target is not None


def test_a_group_without_any_row_is_an_error(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    def empty(book: Workbook) -> None:
        for cell in ("B40", "C40", "D40"):
            book["项目3"][cell] = None

    assert places(changed(empty), "group-empty") == [("项目3", "B40")]


def test_prescribed_rows_are_not_asked_to_follow_rules(filled: Path) -> None:
    findings = xlgoals.read(filled).findings
    assert not [f for f in findings if f.cell and 18 <= int(f.cell[1:]) <= 27]


# --- spares and units ---------------------------------------------------------------------------
def test_a_sheet_left_blank_is_a_spare_and_says_nothing(tmp_path: Path) -> None:
    form = form_class(LAYOUT)(layout=LAYOUT.id, fiscal_year=2020, project_name="甲")
    xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020, forms=[form], projects=3)
    submission = xlgoals.read(tmp_path / "t.xlsx")
    assert len(submission.forms) == 1
    assert {f.sheet for f in submission.findings} == {"项目1"}


def test_a_workbook_of_spares_is_one_error(templates_dir: Path) -> None:
    submission = xlgoals.read(templates_dir / "shanghai-2020.xlsx")
    assert [f.code for f in submission.findings] == ["no-project"]
    assert submission.forms == ()


def test_the_unit_filled_in_once_holds_for_every_form(tmp_path: Path) -> None:
    xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book["项目1"]["B3"] = "上海市甲中心"
    book["项目1"]["B4"] = "甲项目"
    book["项目3"]["B4"] = "丙项目"
    book.save(tmp_path / "t.xlsx")
    forms = xlgoals.read(tmp_path / "t.xlsx").forms
    assert [(f.declaring_unit, f.project_name) for f in forms] == [
        ("上海市甲中心", "甲项目"),
        ("上海市甲中心", "丙项目"),
    ]


def test_a_missing_unit_is_told_once_where_it_is_to_be_filled_in(tmp_path: Path) -> None:
    xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2020)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book["项目2"]["B4"] = "乙项目"
    book["项目3"]["B4"] = "丙项目"
    book.save(tmp_path / "t.xlsx")
    findings = xlgoals.read(tmp_path / "t.xlsx").findings
    told = [(f.sheet, f.cell) for f in findings if f.field == "declaring_unit"]
    assert told == [("项目1", "B3")]


# --- structure ----------------------------------------------------------------------------------
def test_an_edited_label_is_told_at_its_cell_and_the_data_is_read(
    changed: Callable[[Change], xlgoals.Submission], filled: Path
) -> None:
    submission = changed(type_into("项目1", "A7", "项目简介："))
    assert places(submission, "locked-text-changed") == [("项目1", "A7")]
    assert submission.forms == xlgoals.read(filled).forms


def test_a_prescribed_target_that_was_changed_is_read_and_told(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    submission = changed(type_into("项目1", "D19", "=95%"))
    assert places(submission, "locked-text-changed") == [("项目1", "D19")]
    target = submission.forms[0].indicators[1].target
    assert target is not None
    assert target.text == "=95%"


def test_a_filled_cell_that_nothing_reads_is_told(
    changed: Callable[[Change], xlgoals.Submission], filled: Path
) -> None:
    submission = changed(type_into("项目2", "H30", "备注"))
    assert places(submission, "unexpected-cell") == [("项目2", "H30")]
    assert submission.forms == xlgoals.read(filled).forms


def test_thousands_of_filled_cells_are_counted_and_not_listed(
    changed: Callable[[Change], xlgoals.Submission], filled: Path
) -> None:
    def flood(book: Workbook) -> None:
        for row in range(100, 600):
            for column in (3, 4):
                book["项目1"].cell(row, column, "备注")

    submission = changed(flood)
    assert len(places(submission, "unexpected-cell")) == 50
    (more,) = [f for f in submission.findings if f.code == "unexpected-more"]
    assert (more.cell, "950个" in more.message) == ("C125", True)
    assert submission.forms == xlgoals.read(filled).forms


def test_results_of_live_checks_are_no_unexpected_cells_where_formulas_are_lost(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    def flatten(book: Workbook) -> None:
        sheet = book["项目1"]
        sheet["G30"], sheet["H30"] = "【提醒】请核对。", "W"
        sheet["G31"], sheet["H31"] = "我的备注", "备注"

    assert places(changed(flatten), "unexpected-cell") == [("项目1", "G31"), ("项目1", "H31")]


def test_labels_may_differ_in_white_space_and_colons(
    changed: Callable[[Change], xlgoals.Submission],
) -> None:
    submission = changed(type_into("项目1", "A6", "是否含有 政府\n购买服务:"))
    assert "locked-text-changed" not in codes(submission)


def _drop_names(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.defined_names.clear()


def _drop_identity(book: Workbook) -> None:
    _drop_names(book)
    book.defined_names.clear()
    del book["_xlgoals"]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


def _rename_sheets(book: Workbook) -> None:
    for number, sheet in enumerate(book.worksheets[1:-1], start=1):
        sheet.title = f"表{number}"


def _make_names_global(book: Workbook) -> None:
    for sheet in book.worksheets:
        for name, item in list(sheet.defined_names.items()):
            del sheet.defined_names[name]
            book.defined_names[name] = item


@pytest.mark.parametrize(
    "change",
    mostly_slow([_drop_identity, _rename_sheets, _drop_names, _make_names_global], 2),
)
def test_what_editors_lose_costs_no_data(
    changed: Callable[[Change], xlgoals.Submission], filled: Path, change: Change
) -> None:
    submission = changed(change)
    assert submission.forms == xlgoals.read(filled).forms
    assert submission.status is Status.WARNINGS


def test_a_lost_identity_is_told(changed: Callable[[Change], xlgoals.Submission]) -> None:
    assert "identity-lost" in codes(changed(_drop_identity))


@pytest.mark.parametrize("row", mostly_slow([1, 7, 4, 14, 16], 2))
def test_an_inserted_row_moves_the_inputs_and_is_told_once_a_sheet(
    changed: Callable[[Change], xlgoals.Submission], filled: Path, row: int
) -> None:
    def insert(book: Workbook) -> None:
        sheet = book["项目1"]
        sheet.insert_rows(row)
        # openpyxl moves cells but neither merges nor names, as the worst of editors.
        merged = [str(area) for area in sheet.merged_cells.ranges]
        for area in merged:
            sheet.merged_cells.remove(area)
        _drop_names(book)

    submission = changed(insert)
    assert len(places(submission, "input-moved")) == 1
    first = submission.forms[0].model_dump(exclude={"indicators"})
    assert first == xlgoals.read(filled).forms[0].model_dump(exclude={"indicators"})


# --- which form, which year ---------------------------------------------------------------------
def test_another_year_than_asked_for_is_refused(filled: Path) -> None:
    submission = xlgoals.read(filled, fiscal_year=2021)
    assert [f.code for f in submission.findings] == ["wrong-year"]
    assert submission.status is Status.REJECTED
    assert submission.forms == ()


def test_a_workbook_of_something_else_is_no_form(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["项目名称", "金额"])
    book.save(tmp_path / "t.xlsx")
    submission = xlgoals.read(tmp_path / "t.xlsx")
    assert [f.code for f in submission.findings] == ["not-our-form"]
    assert submission.status is Status.REJECTED


def _with_identity(source: Path, target: Path, old: str, new: str) -> Path:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old.encode(), new.encode()))
    return target


def test_a_template_of_a_newer_program_is_refused(tmp_path: Path, filled: Path) -> None:
    path = _with_identity(filled, tmp_path / "t.xlsx", "xlgoals|format=1|", "xlgoals|format=99|")
    assert [f.code for f in xlgoals.read(path).findings] == ["newer-template"]


def test_a_layout_that_is_not_known_is_refused(tmp_path: Path, filled: Path) -> None:
    path = _with_identity(filled, tmp_path / "t.xlsx", "layout=shanghai-2020|", "layout=mars-1|")
    assert [f.code for f in xlgoals.read(path).findings] == ["unknown-layout"]


def test_a_template_whose_layout_has_changed_since_is_told(tmp_path: Path, filled: Path) -> None:
    path = _with_identity(filled, tmp_path / "t.xlsx", "|plan=", "|plan=0")
    submission = xlgoals.read(path)
    assert "template-differs" in codes(submission)
    assert submission.forms == xlgoals.read(filled).forms


# --- what a workbook says of itself -------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "instead", "codes_told"),
    [
        ("数量=4", "数量=3000000", set()),
        ("year=2020", "year=99999999999", {"identity-lost"}),
        ("year=2020", "year=-5", {"identity-lost"}),
    ],
)
def test_an_absurd_identity_is_not_believed(
    filled: Path, tmp_path: Path, said: str, instead: str, codes_told: set[str]
) -> None:
    path = tmp_path / "absurd.xlsx"
    with zipfile.ZipFile(filled) as package, zipfile.ZipFile(path, "w") as copy:
        for name in package.namelist():
            data = package.read(name)
            copy.writestr(name, data.replace(said.encode(), instead.encode()))
    submission = xlgoals.read(path)
    assert submission.forms == xlgoals.read(filled).forms
    assert codes(submission) & {"template-differs", "identity-lost"} == codes_told
