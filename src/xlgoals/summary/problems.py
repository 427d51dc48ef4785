"""问题清单: every finding, with a link to the place it speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.season.model import FileEntry, Waiver
from xlgoals.season.words import FILE_WORDS, WAIVED, waiver_words
from xlgoals.summary.book import A4, BAD, FAINT, GOOD, LOOK
from xlgoals.summary.links import Link
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Shown, Table

SHEET = "问题清单"
SCOPE, SEVERITY, IS_WAIVED = "scope", "severity", "waived"
OF_ONE_FILE, BETWEEN_FILES = "单个文件", "文件之间"
_LOOKS = {Severity.ERROR: BAD, Severity.WARNING: LOOK, Severity.INFO: FAINT}
_COLUMNS = (
    Column("number", "序号", 46, "centre"),
    Column(SEVERITY, "级别", 44, "centre"),
    Column("unit", "单位名称", 150, "wrap"),
    Column("file", "文件", 170, "wrap"),
    Column("sheet", "工作表", 64, "wrap"),
    Column("cell", "单元格", 52, "link"),
    Column("label", "填写项", 110, "wrap"),
    Column("message", "问题", 290, "wrap"),
    Column("hint", "怎样处理", 250, "wrap"),
    Column(IS_WAIVED, "豁免", 52, "centre"),
    Column("waiver", "豁免理由", 150, "wrap"),
    Column("code", "代码", 120, "wrap"),
    Column("state", "文件状态", 64, "centre"),
    Column(SCOPE, "范围", 64, "centre"),
)


def write_problems(sheets: Sheets) -> Table:
    """Write the sheet; the table tells others where its columns are."""
    figures = sheets.figures
    cells = sheets.sheet(SHEET, "#C55A11", A4)
    sheets.entitle(
        cells,
        "问题清单",
        "点“单元格”一栏可打开文件中的相应位置。错误须退回修改，提醒请核实，说明供参考；已豁免的不必处理。",
    )
    table = sheets.open_table(cells, "problems", _COLUMNS, figures.counts.all)
    files = {file.path: file for file in figures.season.files}
    for number, (finding, scope) in enumerate(_scoped(sheets), start=1):
        waiver = figures.season.waived.get(finding)
        table.row(_row(number, finding, scope, files.get(finding.file), waiver))
    table.close()
    return table


def _scoped(sheets: Sheets) -> Iterator[tuple[Finding, str]]:
    season = sheets.figures.season
    for file in season.files:
        for finding in file.findings:
            yield finding, OF_ONE_FILE
    for finding in season.findings:
        yield finding, BETWEEN_FILES


def _row(
    number: int, finding: Finding, scope: str, file: FileEntry | None, waiver: Waiver | None
) -> list[object]:
    place = finding.cell or "打开"
    return [
        number,
        Shown(SEVERITY_WORDS[finding.severity], FAINT if waiver else _LOOKS[finding.severity]),
        file.unit if file else None,
        finding.file or None,
        finding.sheet,
        Link(place, finding.file, finding.sheet, finding.cell) if finding.file else finding.cell,
        finding.label,
        finding.message,
        finding.hint,
        Shown(WAIVED, GOOD) if waiver else None,
        waiver_words(waiver) if waiver else None,
        finding.code,
        FILE_WORDS[file.state] if file else None,
        scope,
    ]
