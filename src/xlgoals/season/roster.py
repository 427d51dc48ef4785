"""The roster: who must return what, out of a CSV file or a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from xlgoals.cells import Cell, CellKind, Sheet
from xlgoals.codes import UNREADABLE
from xlgoals.grid import CellRef, column_letters
from xlgoals.kinds.amount import AmountKind
from xlgoals.kinds.base import as_shown
from xlgoals.reader import Unreadable, read_workbook
from xlgoals.season.model import RosterRow
from xlgoals.text import label_key, stored

CODE, NAME, CONTACT, PROJECT = "unit_code", "unit_name", "contact", "project_name"
ALIASES, PRIOR_EXECUTION = "unit_aliases", "prior_execution"
# Each column under its two names; the first four must be there.
HEADERS = {
    CODE: "单位代码",
    NAME: "单位名称",
    CONTACT: "联系人",
    PROJECT: "项目名称",
    ALIASES: "单位别名",
    PRIOR_EXECUTION: "上年预算执行数",
}
_REQUIRED = (CODE, NAME, CONTACT, PROJECT)
_BETWEEN_ALIASES = re.compile("[、;；]")
_ENCODINGS = ("utf-8-sig", "gb18030")
_ANYWHERE = CellRef(1, 1)


class RosterError(ValueError):
    """A file that is no roster, or one that contradicts itself; the text says where and why."""


class _Line(NamedTuple):
    """One line, and how the file numbers it and its columns."""

    number: int
    texts: Sequence[str]


def read_roster(path: str | PathLike[str]) -> tuple[RosterRow, ...]:
    """Read a roster: .xlsx or .xlsm by its first sheet that holds anything, all else as CSV.

    Raises RosterError, which names line and column, and OSError where the file cannot be read.
    """
    file = Path(path)
    is_workbook = file.suffix.lower() in (".xlsx", ".xlsm")
    lines = _workbook_lines(file) if is_workbook else _csv_lines(file)
    return _Reader(file, lines).rows()


# --- the two kinds of file ------------------------------------------------------------------------
def _csv_lines(file: Path) -> list[_Line]:
    text = _decoded(file)
    if "\0" in text:
        raise RosterError(f"{file}：不是 CSV 文本；名册应是 CSV 或 .xlsx 文件")
    reader = csv.reader(io.StringIO(text, newline=""))
    lines, first = [], 1
    try:
        for texts in reader:
            lines.append(_Line(first, [stored(item) for item in texts]))
            first = reader.line_num + 1
    except csv.Error as error:
        raise RosterError(f"{file}：第{first}行不是有效的 CSV") from error
    return [line for line in lines if any(line.texts)]


def _decoded(file: Path) -> str:
    data = file.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterError(f"{file}：既不是 UTF-8 也不是 GB18030 编码的文本")


def _workbook_lines(file: Path) -> list[_Line]:
    try:
        workbook = read_workbook(file)
    except Unreadable as unreadable:
        code = UNREADABLE[unreadable.reason.value]
        raise RosterError(f"{file}：{code.message}") from unreadable
    for sheet in workbook.sheets:
        if lines := list(_sheet_lines(file, sheet)):
            return lines
    return []


def _sheet_lines(file: Path, sheet: Sheet) -> Iterator[_Line]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.kind is CellKind.ERROR:
            where = f"第{row}行第{column}列（{column_letters(column)}列）"
            raise RosterError(f"{file}：{where}：是电子表格的错误值{cell.value}")
        if text := stored(as_shown(cell)):
            rows.setdefault(row, {})[column] = text
    for row, texts in sorted(rows.items()):
        yield _Line(row, [texts.get(column, "") for column in range(1, max(texts) + 1)])


# --- what the lines say ---------------------------------------------------------------------------
class _Reader:
    def __init__(self, file: Path, lines: Sequence[_Line]) -> None:
        if not lines:
            raise RosterError(f"{file}：文件是空的")
        self._file, (self._head, *self._lines) = file, lines
        self._columns = self._found_columns()
        self._units: dict[str, tuple[RosterRow, int]] = {}  # by name
        self._known: dict[str, tuple[str, int]] = {}  # unit and line, by code, name and alias
        self._projects: dict[tuple[str, str], int] = {}

    def rows(self) -> tuple[RosterRow, ...]:
        rows = [self._row(line) for line in self._lines]
        if not rows:
            raise RosterError(f"{self._file}：只有表头，没有单位")
        return tuple(rows)

    def _found_columns(self) -> Mapping[str, int]:
        names = {label_key(name): key for key, zh in HEADERS.items() for name in (key, zh)}
        columns: dict[str, int] = {}
        for column, text in enumerate(self._head.texts):
            key = names.get(label_key(text).lower())
            if key in columns:
                raise self._problem(self._head, key, f"“{text}”列出现了两次", column)
            if key:
                columns[key] = column
        if missing := [HEADERS[key] for key in _REQUIRED if key not in columns]:
            raise RosterError(
                f"{self._file}：第{self._head.number}行应是表头，"
                f"缺少{'、'.join(f'“{name}”' for name in missing)}列"
            )
        return columns

    def _row(self, line: _Line) -> RosterRow:
        texts = {key: self._text(line, column) for key, column in self._columns.items()}
        name = texts[NAME]
        if not name:
            raise self._problem(line, NAME, "单位名称没有填写")
        row = RosterRow(
            code=texts[CODE] or None,
            name=name,
            contact=texts[CONTACT] or None,
            project=texts[PROJECT] or None,
            aliases=_aliases(texts.get(ALIASES, "")),
            prior_execution=self._amount(line, texts.get(PRIOR_EXECUTION, "")),
        )
        self._check_unit(line, row)
        self._check_project(line, row)
        return row

    def _text(self, line: _Line, column: int) -> str:
        return line.texts[column] if column < len(line.texts) else ""

    def _amount(self, line: _Line, text: str) -> Decimal | None:
        if not text:
            return None
        reading = AmountKind().parse(Cell(_ANYWHERE, CellKind.TEXT, text, None, "@"), text, False)
        if not isinstance(reading.value, Decimal):
            raise self._problem(line, PRIOR_EXECUTION, f"“{text}”不是以元为单位的金额")
        return reading.value

    def _check_unit(self, line: _Line, row: RosterRow) -> None:
        """One code and one name are one unit, wherever they stand."""
        first, number = self._units.setdefault(row.name, (row, line.number))
        if row.code != first.code:
            raise self._problem(
                line, CODE, f"“{row.name}”在第{number}行的代码是“{first.code or '（空白）'}”"
            )
        for key, text in ((CODE, row.code), (NAME, row.name), *((ALIASES, a) for a in row.aliases)):
            if text is None:
                continue
            known = f"{key == CODE}{label_key(text)}"
            unit, number = self._known.setdefault(known, (row.name, line.number))
            if unit != row.name:
                raise self._problem(line, key, f"“{text}”在第{number}行已经是另一个单位“{unit}”的")

    def _check_project(self, line: _Line, row: RosterRow) -> None:
        key = (row.name, label_key(row.project or ""))
        number = self._projects.setdefault(key, line.number)
        if number != line.number:
            what = f"项目“{row.project}”" if row.project else "没有项目的一行"
            raise self._problem(line, PROJECT, f"“{row.name}”的{what}与第{number}行重复")

    def _problem(
        self, line: _Line, key: str | None, said: str, column: int | None = None
    ) -> RosterError:
        at = self._columns[key or NAME] if column is None else column
        where = f"第{line.number}行第{at + 1}列（{column_letters(at + 1)}列）"
        return RosterError(f"{self._file}：{where}：{said}")


def _aliases(text: str) -> tuple[str, ...]:
    parts = (stored(part) for part in _BETWEEN_ALIASES.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))
