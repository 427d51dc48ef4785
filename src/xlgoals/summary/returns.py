"""报送情况: every unit of the roster and beyond it, then every file that was found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xlgoals.findings import Severity
from xlgoals.season.figures import by_severity
from xlgoals.season.model import FileEntry, FileState, UnitEntry, UnitState
from xlgoals.season.words import FILE_WORDS, LATE, UNIT_WORDS
from xlgoals.summary.book import BAD, FAINT, GOOD, LOOK
from xlgoals.summary.links import Link
from xlgoals.summary.projects import unit_numbers
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Shown, Table

SHEET = "报送情况"
STATE, PATH = "state", "path"
OF_FILES = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "infos"}
_FIRST_HEAD = 4
_UNIT_LOOKS = {
    UnitState.ACCEPTED: GOOD,
    UnitState.ERRORS: BAD,
    UnitState.INCOMPLETE: LOOK,
    UnitState.MISSING: BAD,
    UnitState.UNLISTED: FAINT,
}
_FILE_LOOKS = {
    FileState.ACCEPTED: GOOD,
    FileState.ERRORS: BAD,
    FileState.REJECTED: BAD,
    FileState.SUPERSEDED: FAINT,
    FileState.DUPLICATE: FAINT,
}
# The two tables stand one above the other, so their columns share their widths.
_UNITS = (
    Column("number", "序号", 46, "centre"),
    Column(STATE, "状态", 80, "centre"),
    Column("name", "单位名称", 230, "wrap"),
    Column("code", "单位代码", 116),
    Column("late", "是否逾期", 60, "centre"),
    Column("expected", "应报项目数", 60, "count", "SUM"),
    Column("forms", "已报项目数", 60, "count", "SUM"),
    Column("missing", "缺报项目数", 60, "count", "SUM"),
    Column("files", "文件数", 60, "count", "SUM"),
    Column("what", "缺报的项目", 300, "wrap"),
    Column("contact", "联系人", 200, "wrap"),
)
_FILES = tuple(
    replace(column, width=above.width)
    for column, above in zip(
        (
            Column("number", "序号", 0, "centre"),
            Column(STATE, "状态", 0, "centre"),
            Column(PATH, "文件", 0, "link"),
            Column("modified", "修改时间", 0, "moment"),
            Column("late", "是否逾期", 0, "centre"),
            Column("forms", "表数", 0, "count", "SUM"),
            Column("errors", "错误数", 0, "count", "SUM"),
            Column("warnings", "提醒数", 0, "count", "SUM"),
            Column("infos", "说明数", 0, "count", "SUM"),
            Column("reason", "原因", 0, "wrap"),
            Column("unit", "单位名称", 0, "wrap"),
        ),
        _UNITS,
        strict=True,
    )
)


@dataclass(frozen=True)
class Returns:
    """Where the two tables stand."""

    units: Table
    files: Table


def write_returns(sheets: Sheets) -> Returns:
    """Write the sheet."""
    season = sheets.figures.season
    cells = sheets.sheet(SHEET, "#7F6000")
    units = sheets.table(cells, "units", _UNITS, len(season.units), _FIRST_HEAD)
    sheets.head(cells, "报送情况", _note(sheets))
    cells.write(2, 0, "一、单位", "heading")
    _write_units(sheets, units)
    below = units.end + 2
    cells.write(below, 0, "二、收到的文件（全部列出）", "heading")
    files = Table(sheets.book, cells, "files", _FILES, len(season.files), below + 2)
    _write_files(sheets, files)
    cells.sheet.freeze_panes(2, 0)
    return Returns(units, files)


def _note(sheets: Sheets) -> str:
    deadline = sheets.figures.season.deadline
    until = f"截止时间：{deadline:%Y-%m-%d %H:%M}。" if deadline else "未设截止时间。"
    listed = sheets.figures.listed
    return until + (
        "单位按名册顺序排列，名册外的单位在后。" if listed else "没有名册，列出报送了文件的单位。"
    )


def _write_units(sheets: Sheets, table: Table) -> None:
    season = sheets.figures.season
    forms_of = sheets.figures.forms_of
    numbers = unit_numbers(season)
    table.open(
        {
            "expected": sum(len(unit.expected) for unit in season.units),
            "forms": sum(map(forms_of, season.units)),
            "missing": sum(len(unit.missing) for unit in season.units),
            "files": sum(len(unit.files) for unit in season.units),
        }
    )
    for unit in season.units:
        table.row(_unit_row(numbers[unit.code, unit.name], unit, forms_of(unit)))
    table.close()


def _unit_row(number: int, unit: UnitEntry, forms: int) -> list[object]:
    return [
        number,
        Shown(UNIT_WORDS[unit.state], _UNIT_LOOKS[unit.state]),
        unit.name,
        unit.code,
        LATE if unit.late else None,
        len(unit.expected) or None,
        forms,
        len(unit.missing) or None,
        len(unit.files),
        "、".join(unit.missing),
        unit.contact,
    ]


def _write_files(sheets: Sheets, table: Table) -> None:
    files = sheets.figures.season.files
    found = [by_severity(file.findings) for file in files]
    totals = {key: sum(counts[s] for counts in found) for s, key in OF_FILES.items()}
    table.open({"forms": sum(file.forms for file in files), **totals})
    for number, (file, counts) in enumerate(zip(files, found, strict=True), start=1):
        table.row(_file_row(number, file, [counts[severity] for severity in OF_FILES]))
    table.close()


def _file_row(number: int, file: FileEntry, counts: list[int]) -> list[object]:
    return [
        number,
        Shown(FILE_WORDS[file.state], _FILE_LOOKS[file.state]),
        Link(file.path, file.path),
        file.modified.astimezone().replace(tzinfo=None) if file.modified else None,
        LATE if file.late else None,
        file.forms,
        *counts,
        file.reason,
        file.unit,
    ]
