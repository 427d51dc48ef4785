"""报送情况: every unit of the roster, in its order, and those beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xlgoals.season.model import FileState, UnitEntry, UnitState
from xlgoals.season.words import FILE_WORDS, LATE
from xlgoals.summary.book import BAD, FAINT, GOOD, LOOK
from xlgoals.summary.projects import unit_numbers
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Shown, Table

SHEET = "报送情况"
STATE = "state"
_LOOKS = {
    UnitState.ACCEPTED: GOOD,
    UnitState.ERRORS: BAD,
    UnitState.INCOMPLETE: LOOK,
    UnitState.MISSING: BAD,
    UnitState.UNLISTED: FAINT,
}
_COLUMNS = (
    Column("number", "序号", 46, "centre"),
    Column(STATE, "状态", 76, "centre"),
    Column("code", "单位代码", 84),
    Column("name", "单位名称", 220, "wrap"),
    Column("late", "是否逾期", 60, "centre"),
    Column("expected", "应报项目", 60, "count", "SUM"),
    Column("forms", "已报项目", 60, "count", "SUM"),
    Column("missing", "缺报项目", 60, "count", "SUM"),
    Column("files", "收到文件", 60, "count", "SUM"),
    *(Column(state.value, f"其中{word}", 66, "count", "SUM") for state, word in FILE_WORDS.items()),
    Column("what", "缺报的项目", 240, "wrap"),
    Column("contact", "联系人", 140, "wrap"),
)


def write_returns(sheets: Sheets) -> Table:
    """Write the sheet; the table tells others where its columns are."""
    season, figures = sheets.figures.season, sheets.figures
    cells = sheets.sheet(SHEET, "#7F6000")
    sheets.entitle(cells, "各单位报送情况", _note(sheets))
    states = {file.path: file.state for file in season.files}
    found = [Counter(states[path] for path in unit.files) for unit in season.units]
    totals = {
        "expected": sum(len(unit.expected) for unit in season.units),
        "forms": sum(map(figures.forms_of, season.units)),
        "missing": sum(len(unit.missing) for unit in season.units),
        "files": sum(len(unit.files) for unit in season.units),
        **{state.value: sum(counts[state] for counts in found) for state in FileState},
    }
    table = sheets.open_table(cells, "units", _COLUMNS, len(season.units), totals)
    numbers = unit_numbers(season)
    for unit, counts in zip(season.units, found, strict=True):
        number, word = numbers[unit.code, unit.name], figures.unit_words[unit.state]
        table.row(_row(number, unit, word, figures.forms_of(unit), counts))
    table.close()
    return table


def _note(sheets: Sheets) -> str:
    deadline = sheets.figures.season.deadline
    until = f"截止时间：{deadline:%Y-%m-%d %H:%M}。" if deadline else "未设截止时间。"
    if sheets.figures.listed:
        return f"{until}单位按名册顺序排列，名册外的单位在后。"
    return f"{until}没有名册，列出报送了文件的单位。"


def _row(
    number: int, unit: UnitEntry, word: str, forms: int, files: Mapping[FileState, int]
) -> list[object]:
    return [
        number,
        Shown(word, _LOOKS[unit.state]),
        unit.code,
        unit.name,
        LATE if unit.late else None,
        len(unit.expected) or None,
        forms,
        len(unit.missing) or None,
        len(unit.files),
        *(files[state] or None for state in FileState),
        "、".join(unit.missing),
        unit.contact,
    ]
