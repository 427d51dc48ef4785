"""文件清单: every file that was found, and what became of it."""

from __future__ import annotations

from xlgoals.season.model import Counts, FileEntry, FileState
from xlgoals.season.words import FILE_WORDS, LATE
from xlgoals.summary.book import BAD, FAINT, GOOD
from xlgoals.summary.links import Link
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Shown, Table

SHEET = "文件清单"
NUMBER, STATE, FORMS_COUNT, IS_LATE = "number", "state", "forms", "late"
COUNTS = Counts._fields
_LOOKS = {
    FileState.ACCEPTED: GOOD,
    FileState.ERRORS: BAD,
    FileState.REJECTED: BAD,
    FileState.SUPERSEDED: FAINT,
    FileState.DUPLICATE: FAINT,
}
_COLUMNS = (
    Column(NUMBER, "序号", 46, "centre"),
    Column(STATE, "状态", 80, "centre"),
    Column("file", "文件", 300, "link"),
    Column("unit", "单位名称", 220, "wrap"),
    Column("modified", "修改时间", 116, "moment"),
    Column(IS_LATE, "是否逾期", 66, "centre"),
    Column(FORMS_COUNT, "项目数", 60, "count", "SUM"),
    Column("errors", "错误数", 60, "count", "SUM"),
    Column("warnings", "提醒数", 60, "count", "SUM"),
    Column("infos", "说明数", 60, "count", "SUM"),
    Column("waived", "豁免数", 60, "count", "SUM"),
    Column("reason", "原因", 360, "wrap"),
)


def write_files(sheets: Sheets) -> Table:
    """Write the sheet; the table tells others where its columns are."""
    files = sheets.figures.season.files
    cells = sheets.sheet(SHEET, "#7F6000")
    note = "收到的文件全部列出；项目数是以这个文件为准的项目。"
    sheets.entitle(cells, "收到的文件", note)
    totals = dict(zip(COUNTS, sheets.figures.of_files, strict=True))
    totals[FORMS_COUNT] = sum(file.forms for file in files)
    table = sheets.open_table(cells, "files", _COLUMNS, len(files), totals)
    for number, file in enumerate(files, start=1):
        table.row(_row(number, file))
    table.close()
    return table


def _row(number: int, file: FileEntry) -> list[object]:
    return [
        number,
        Shown(FILE_WORDS[file.state], _LOOKS[file.state]),
        Link(file.path, file.path),
        file.unit,
        file.modified.astimezone().replace(tzinfo=None) if file.modified else None,
        LATE if file.late else None,
        file.forms,
        *file.counts,
        file.reason,
    ]
