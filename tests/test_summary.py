"""The summary workbook accounts for every file, adds up, and takes no text for a formula."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

import season_samples
import xlgoals
from few_and_many import mostly_slow
from ooxml import problems
from ooxml_books import TINY, TINY_YEAR
from xlgoals.findings import SEVERITY_WORDS
from xlgoals.season.figures import Figures, disclosure
from xlgoals.season.model import FileState, Season, UnitState
from xlgoals.season.words import FILE_WORDS, UNIT_WORDS
from xlgoals.summary import links
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


class Summary:
    """A summary workbook as openpyxl reads it: formulas, and the results that stand in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.formulas = openpyxl.load_workbook(path)
        self.values = openpyxl.load_workbook(path, data_only=True)

    def table(self, sheet: str, name: str) -> list[dict[str, Any]]:
        """The rows of a table, by the titles of its columns; a table without any has none."""
        found = self.values[sheet]
        area = self.formulas[sheet].tables[name].ref
        head, *rows = ([cell.value for cell in row] for row in found[area])
        return [
            dict(zip(head, row, strict=True)) for row in rows if any(v is not None for v in row)
        ]

    def lines(self, sheet: str = "总览") -> dict[str, list[Any]]:
        """The lines of a sheet by what stands at their beginning."""
        rows = self.values[sheet].iter_rows(values_only=True)
        return {str(row[0]): list(row[1:]) for row in rows if row[0] is not None}

    def cells(self) -> Iterator[tuple[Any, Any]]:
        """Every cell twice: with its formula, with its result."""
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    yield cell, self.values[sheet.title][cell.coordinate]


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


# --- any season -----------------------------------------------------------------------------------
def other_layout() -> Season:
    """A season of a form without categories, in 万元, whose amounts are 元 all the same."""
    layout = xlgoals.load_layout(TINY)
    values: dict[str, Any] = {
        **dict.fromkeys(layout.fields),
        "project_name": "修缮",
        "current_budget": Decimal("120000.00"),
        "indicators": [],
    }
    whole = season_samples.season()
    forms = (season_samples.form("inbox/园.xlsx", "003", "=SUM(1,2)", values),)
    return replace(whole, layout=layout, fiscal_year=TINY_YEAR, forms=forms)


def many_categories() -> Season:
    """More categories than 总览 has room for; some differ only by what a spreadsheet ignores."""
    whole = season_samples.season()
    names = ["甲", "A类", "a类", "1", "01", "=1", "*", "?", "<>1", "~*", "", None]
    forms = tuple(
        season_samples.form(
            whole.forms[6].file,
            whole.forms[6].unit_code,
            f"单位{name}",
            {
                **whole.forms[6].values,
                "project_category": name,
                "current_budget": Decimal(f"{number + 1}000.01"),
            },
        )
        for number, name in enumerate(names)
    )
    return replace(whole, forms=forms)


SEASONS: Mapping[str, Callable[[], Season]] = {
    "usual": season_samples.season,
    "empty": season_samples.empty,
    "other layout": other_layout,
    "many categories": many_categories,
    "waived": season_samples.waived,
    "many units": lambda: season_samples.large(20),
}


@pytest.mark.parametrize("name", mostly_slow(SEASONS, 2))
def test_the_workbook_is_sound(name: str, tmp_path: Path) -> None:
    write_summary(tmp_path / "book.xlsx", SEASONS[name]())
    assert problems(tmp_path / "book.xlsx", links_out=True) == []
    lines = Summary(tmp_path / "book.xlsx").lines()
    assert any(name.endswith("、核对") for name in lines)


def test_categories_without_room_are_summed(tmp_path: Path) -> None:
    season = many_categories()
    write_summary(tmp_path / "book.xlsx", season)
    summary = Summary(tmp_path / "book.xlsx")
    # Blank and missing are one category.
    assert len(summary.table("类别小计", "by_category")) == 11
    lines = summary.lines()
    assert lines["其余3类"][:2] == [3, 6000.03]
    assert lines["合计"][:1] == [len(season.files)]


def test_equal_seasons_give_equal_bytes(season: Season, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_summary(tmp_path / f"{name}.xlsx", season)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_unwritable_target_is_told_and_nothing_is_lost(season: Season, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="文件夹"):
        write_summary(tmp_path / "folder", season)
    with pytest.raises(OSError, match="none"):
        write_summary(tmp_path / "none" / "a.xlsx", season)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_target_that_is_open_elsewhere_keeps_its_content(
    season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"earlier")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)  # as Windows does while Excel has it open
    with pytest.raises(PermissionError):
        write_summary(target, season)
    assert target.read_bytes() == b"earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
