"""The summary workbook accounts for every file, adds up, and takes no text for a formula."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import season_samples
from summary_book import Summary
from xlgoals.findings import SEVERITY_WORDS, Layer, Severity
from xlgoals.season.figures import Figures, disclosure
from xlgoals.season.model import FileState, Season, UnitState
from xlgoals.season.words import FILE_WORDS, UNIT_WORDS
from xlgoals.summary import links
from xlgoals.summary.book import LINE
from xlgoals.summary.write import write_summary

SHEETS = [
    *("总览", "项目汇总", "类别小计", "单位小计"),
    *("指标明细", "问题清单", "报送情况", "文件清单"),
]
TABLES = {
    "总览": [],
    "项目汇总": ["projects"],
    "类别小计": ["by_category"],
    "单位小计": ["by_unit"],
    "指标明细": ["indicators"],
    "问题清单": ["problems"],
    "报送情况": ["units"],
    "文件清单": ["files"],
}


@pytest.fixture(scope="module")
def season() -> Season:
    return season_samples.season()


@pytest.fixture(scope="module")
def summary(season: Season, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    path = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(path, season)
    return Summary(path)


# --- every file, every project, every indicator, every finding ------------------------------------
def test_the_sheets_and_their_tables(summary: Summary) -> None:
    assert summary.formulas.sheetnames == SHEETS
    assert {s.title: list(s.tables) for s in summary.formulas.worksheets} == TABLES
    for sheet in summary.formulas.worksheets:
        for table in sheet.tables.values():
            assert table.autoFilter.ref == table.ref
            head = [cell.value for cell in next(sheet.iter_rows(*_first_row(sheet, table.ref)))]
            assert head == [column.name for column in table.tableColumns]


def _first_row(sheet: Any, area: str) -> tuple[int, int, int, int]:
    cells = sheet[area][0]
    return cells[0].row, cells[0].row, cells[0].column, cells[-1].column


def test_every_file_is_accounted_for(summary: Summary, season: Season) -> None:
    rows = summary.table("文件清单", "files")
    assert [row["文件"] for row in rows] == [file.path for file in season.files]
    for row, file in zip(rows, season.files, strict=True):
        assert row["状态"] == FILE_WORDS[file.state]
        assert (row["原因"] or "") == file.reason
        assert row["是否逾期"] == ("逾期" if file.late else None)
        assert row["单位名称"] == file.unit
    lines = summary.lines()
    for state in FileState:
        assert lines[FILE_WORDS[state]][0] == sum(file.state is state for file in season.files)


def test_every_unit_stands_where_the_season_says(summary: Summary, season: Season) -> None:
    rows = summary.table("报送情况", "units")
    assert [(r["单位代码"], r["单位名称"], r["状态"]) for r in rows] == [
        (unit.code, unit.name, UNIT_WORDS[unit.state]) for unit in season.units
    ]
    assert [row["缺报的项目"] for row in rows] == [None, None, "没有报的项目", "天文讲堂", None]
    assert [row["已报项目"] for row in rows] == [3, 3, 1, 0, 1]


def test_every_project_has_its_row_with_every_field(summary: Summary, season: Season) -> None:
    rows = summary.table("项目汇总", "projects")
    assert len(rows) == len(season.forms)
    for row, form in zip(rows, season.forms, strict=True):
        assert (row["单位代码"], row["单位名称"]) == (form.unit_code, form.unit)
        assert (row["错误数"], row["提醒数"]) == form.counts[:2]
        assert row["文件"] == form.file
        for field in season.layout.fields.values():
            if field.key != season.layout.unit_field:
                assert _plain(row[field.title]) == form.values[field.key], field.key


def _plain(value: Any) -> Any:
    """A cell's value as the form holds it."""
    match value:
        case datetime():
            return value.date()
        case "是" | "否":
            return value == "是"
        case float() | int():
            return Decimal(str(value))
    return value


def test_every_indicator_has_its_row(summary: Summary, season: Season) -> None:
    rows = summary.table("指标明细", "indicators")
    wanted = [(form, indicator) for form in season.forms for indicator in form.values["indicators"]]
    assert len(rows) == len(wanted)
    for row, (form, indicator) in zip(rows, wanted, strict=True):
        target = indicator["target"] or dict.fromkeys(("text", "operator", "number", "unit"))
        assert row["项目名称"] == form.values["project_name"]
        assert row["三级目标"] == indicator["name"]
        assert row["指标目标值（原文）"] == target["text"]
        assert (row["计量单位"], _plain(row["数值"])) == (target["unit"], target["number"])
        worded = target["text"] and target["number"] is None
        assert row["计算符号"] == ("定性" if worded else target["operator"])


def test_every_finding_is_listed_in_words(summary: Summary, season: Season) -> None:
    rows = summary.table("问题清单", "problems")
    wanted = [f for file in season.files for f in file.findings] + list(season.findings)
    assert [(r["级别"], r["文件"], r["工作表"], r["问题"], r["怎样处理"]) for r in rows] == [
        (SEVERITY_WORDS[f.severity], f.file, f.sheet, f.message, f.hint) for f in wanted
    ]
    assert [r["单元格"] for r in rows] == [f.cell or "打开" for f in wanted]
    assert Counter(r["范围"] for r in rows)["文件之间"] == len(season.findings)


# --- it adds up -----------------------------------------------------------------------------------
def test_the_sums_agree_and_the_workbook_says_so(summary: Summary, season: Season) -> None:
    amount = sum((form.values["current_budget"] or 0 for form in season.forms), Decimal(0))
    assert amount == Decimal("2393456.78")
    checks = {name: row for name, row in summary.lines().items() if "＝" in name}
    assert len(checks) == 8
    for name, (one, other, difference, result, *_) in checks.items():
        assert (one == other, difference, result) == (True, 0, "相符"), name
    for sheet, name in (("类别小计", "by_category"), ("单位小计", "by_unit")):
        rows = summary.table(sheet, name)
        assert sum(Decimal(str(row["项目当年预算（元）"])) for row in rows) == amount
        assert sum(row["项目数"] for row in rows) == len(season.forms)
    total = summary.lines("项目汇总")["合计"]
    assert Decimal(str(total[9])) == amount


def test_a_sum_that_does_not_agree_is_told(season: Season, tmp_path: Path) -> None:
    file = next(file for file in season.files if file.forms)
    lost = replace(file, forms=0)
    files = tuple(lost if item is file else item for item in season.files)
    write_summary(tmp_path / "lost.xlsx", replace(season, files=files))
    row = Summary(tmp_path / "lost.xlsx").lines()["项目数：汇总＝各文件之和"]
    assert row[2:4] == [file.forms, "不符"]


def test_the_sentence_to_disclose(summary: Summary) -> None:
    assert (
        "按照本区预算绩效管理工作的总体要求，本部门4个预算单位开展了2020年项目预算绩效目标编报工作，"
        "编报绩效目标的项目8个，涉及项目预算资金239.35万元。"
    ) in summary.lines()
    season = season_samples.large(1)
    amounts = {"current_budget": Decimal("3140768999.99")}
    rich = replace(season, forms=(replace(season.forms[0], amounts=amounts),))
    assert disclosure(Figures(rich)).endswith("项目1个，涉及项目预算资金314,076.90万元。")


def test_coverage_by_number_and_by_amount(summary: Summary) -> None:
    lines = summary.lines()
    assert lines["单位（个）"][:5] == [4, 3, 0.75, 1, pytest.approx(1 / 3)]
    # Of seven projects on the roster five came; one of them has an error.
    assert lines["项目（个）"][:5] == [7, 5, pytest.approx(5 / 7), 4, 0.8]
    assert lines["资金（元）"][1:2] == [2393456.78]
    assert lines["资金（元）"][3] == 1543456.78
    assert "上年预算执行数（元）" not in lines


def test_coverage_by_what_the_roster_says_was_spent_before(season: Season, tmp_path: Path) -> None:
    first, *others = season.units
    spent = dict(zip(first.expected, map(Decimal, ("100.5", "200")), strict=False))
    missing = [
        replace(unit, spent={"天文讲堂": Decimal("99.5")})
        if unit.missing == ("天文讲堂",)
        else unit
        for unit in others
    ]
    units = (replace(first, spent=spent), *missing)
    write_summary(tmp_path / "spent.xlsx", replace(season, units=units))
    lines = Summary(tmp_path / "spent.xlsx").lines()
    assert lines["上年预算执行数（元）"][:3] == [400, 300.5, 0.75125]


def test_without_a_roster_nothing_is_due(season: Season, tmp_path: Path) -> None:
    units = tuple(
        replace(unit, state=UnitState.UNLISTED, expected=(), missing=())
        for unit in season.units
        if unit.state is not UnitState.MISSING
    )
    write_summary(tmp_path / "free.xlsx", replace(season, units=units))
    lines = Summary(tmp_path / "free.xlsx").lines()
    assert lines["单位（个）"][:5] == ["—", 4, "—", 3, 0.75]
    assert lines["项目（个）"][:5] == ["—", 8, "—", 5, 0.625]


# --- texts, links, looks --------------------------------------------------------------------------
def test_no_text_of_a_sender_is_a_formula(summary: Summary) -> None:
    texts = set()
    for cell, result in summary.cells():
        if cell.data_type == "f":
            assert result.value is not None, cell.coordinate
            assert not str(cell.value).startswith(("=SUM(1", "=100", "=1+1", "=+"))
        elif isinstance(cell.value, str):
            texts.add(cell.value)
    assert {"=100%", "=SUM(1,2)", "+加号开头", "<r><t>&\n=1+1</t></r>"} <= texts


def test_links_lead_to_files_and_cells(
    season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    write_summary(Path("out", "汇总.xlsx"), season)
    book = Summary(tmp_path / "out" / "汇总.xlsx").formulas
    linked = [cell for row in book["问题清单"].iter_rows() for cell in row if cell.hyperlink]
    findings = list(Figures(season).findings())
    assert len(linked) == len(findings)
    for cell, finding in zip(linked, findings, strict=True):
        target = unquote(cell.hyperlink.target)
        assert os.path.normpath(tmp_path / "out" / target) == str(tmp_path / finding.file)
        place = f"'{finding.sheet}'!{finding.cell or 'A1'}" if finding.sheet else None
        assert cell.hyperlink.location == place
    forms = [cell for row in book["项目汇总"].iter_rows() for cell in row if cell.hyperlink]
    assert [cell.value for cell in forms] == [form.file for form in season.forms]
    files = [cell for row in book["文件清单"].iter_rows() for cell in row if cell.hyperlink]
    assert [cell.value for cell in files] == [file.path for file in season.files]


def test_more_links_than_excel_can_bear_become_texts(
    season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlgoals.summary.table.PER_SHEET", 10)
    write_summary(tmp_path / "few.xlsx", season)
    summary = Summary(tmp_path / "few.xlsx")
    sheet = summary.formulas["问题清单"]
    assert sum(bool(cell.hyperlink) for row in sheet.iter_rows() for cell in row) == 10
    assert len(summary.table("问题清单", "problems")) == Figures(season).counts.all
    assert links.PER_SHEET <= 65_530


def test_names_that_no_link_can_hold_stay_texts(tmp_path: Path) -> None:
    odd = ("inbox/\udcff坏名.xlsx", "inbox/" + "长" * 2_500 + ".xlsx")
    files = tuple(season_samples.entry(name, FileState.ACCEPTED, None) for name in odd)
    odd_season = replace(season_samples.empty(), files=files)
    write_summary(tmp_path / "odd.xlsx", odd_season)
    summary = Summary(tmp_path / "odd.xlsx")
    rows = summary.table("文件清单", "files")
    assert [row["文件"] for row in rows] == [name.replace("\udcff", "") for name in odd]
    assert not any(c.hyperlink for row in summary.formulas["文件清单"].iter_rows() for c in row)


def test_heads_stay_in_sight_and_are_printed_on_every_page(summary: Summary) -> None:
    for sheet in summary.formulas.worksheets[1:]:
        assert sheet.freeze_panes is not None, sheet.title
        assert sheet.print_title_rows is not None, sheet.title
        assert sheet.page_setup.orientation == "landscape"
    for sheet in summary.formulas.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 goes without saying
        assert "&P" in sheet.oddFooter.right.text
    assert summary.formulas["项目汇总"].freeze_panes == "E5"


def test_a_row_is_high_enough_for_words_that_do_not_break(season: Season, tmp_path: Path) -> None:
    # As Excel and LibreOffice break it in this column: five lines.
    message = (
        "项目“科技人才服务平台运行维护”的“项目当年预算（元）”由上一版的 1,647,800.00 元"
        "改为 1,177,000.00 元，"
        "上一版是“inbox/001-黄浦区青少年科技教育中心.xlsx”。"
    )
    told = season_samples.finding("inbox/外.xlsx", Severity.WARNING, message, Layer.BATCH)
    write_summary(tmp_path / "high.xlsx", replace(season, findings=(told,)))
    sheet = Summary(tmp_path / "high.xlsx").formulas["问题清单"]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == message)
    assert sheet.row_dimensions[cell.row].height >= 5 * LINE * 0.75


def test_numbers_and_dates_have_their_formats(summary: Summary) -> None:
    sheet = summary.formulas["项目汇总"]
    formats = {cell.value: sheet.cell(5, cell.column).number_format for cell in sheet[4]}
    assert formats["项目当年预算（元）"] == "#,##0.00"
    assert formats["计划开始日期"] == "yyyy-mm-dd"
    assert formats["指标数"] == "#,##0"
    assert formats["项目名称"] == "@"


def test_there_are_charts_that_show_what_the_blocks_say(summary: Summary) -> None:
    with zipfile.ZipFile(summary.path) as package:
        charts = [
            package.read(name).decode()
            for name in package.namelist()
            if name.startswith("xl/charts/chart")
        ]
    assert len(charts) == 2
    by_unit, by_category = charts
    for state in UnitState:
        assert f"<c:v>{UNIT_WORDS[state]}</c:v>" in by_unit
    assert "<c:v>其他一次性项目</c:v>" in by_category
    assert "<c:v>227</c:v>" in by_category or "<c:v>227.0</c:v>" in by_category
