"""Lists that finance keeps, out of a CSV file or a workbook: a line of headers, then one a row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from xlgoals.cells import CellKind, Sheet
from xlgoals.grid import column_letters
from xlgoals.kinds.seen import as_seen
from xlgoals.language import Message, enumerated
from xlgoals.reader import Unreadable, read_workbook
from xlgoals.text import label_key, stored
from xlgoals.unreadable import issue_of

_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # Excel's "Unicode text" begins with one
_DELIMITERS = ",\t;"
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et")
_MAGIC = (b"PK\3\4", b"\xd0\xcf\x11\xe0")  # workbooks, whatever they are called
_ABOVE = 10  # lines that may stand above the headers: a title, who made it, a date


class ListingError(ValueError):
    """A file that is no such list; the text says where and why."""


class Line(NamedTuple):
    """One line, and how the file numbers it and its columns."""

    number: int
    texts: Sequence[str]


class Listing:
    """A list: a workbook by its first sheet that holds anything, all else as CSV.

    ``headers`` are the Chinese names of the columns by their English ones; any order will do,
    other columns are passed over, and so is a title above them. Raises ``error`` where the file is
    no such list, and OSError where it cannot be read.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        headers: Mapping[str, str],
        required: Sequence[str],
        error: type[ListingError],
    ) -> None:
        self.file, self._error = Path(path), error
        names = {label_key(name): key for key, zh in headers.items() for name in (key, zh)}
        try:
            lines = _with_head(_tables(self.file), names, required)
        except _NoListError as no_list:
            raise error(Message("{file}：{problem}", file=self.file, problem=no_list)) from no_list
        if not lines:
            raise error(Message("{file}：文件是空的", file=self.file))
        self._head, *self.lines = lines
        self._columns = self._found_columns(names)
        if missing := [headers[key] for key in required if key not in self._columns]:
            raise error(
                Message(
                    "{file}：第{line}行应是表头，缺少{names}列",
                    file=self.file,
                    line=self._head.number,
                    names=enumerated(f"“{name}”" for name in missing),
                )
            )

    def _found_columns(self, names: Mapping[str, str]) -> Mapping[str, int]:
        columns: dict[str, int] = {}
        for column, text in enumerate(self._head.texts):
            key = names.get(label_key(text).lower())
            if key in columns:
                raise self._at(self._head, column, Message("“{text}”列出现了两次", text=text))
            if key:
                columns[key] = column
        return columns

    def texts(self, line: Line) -> dict[str, str]:
        """What a line says, by the English names of the columns that are there."""
        return {
            key: line.texts[column] if column < len(line.texts) else ""
            for key, column in self._columns.items()
        }

    def problem(self, line: Line, key: str, said: str) -> ListingError:
        """The error to raise for what a line says in a column."""
        return self._at(line, self._columns[key], said)

    def _at(self, line: Line, column: int, said: str) -> ListingError:
        where = _where(line.number, column + 1)
        return self._error(
            Message("{file}：{where}：{problem}", file=self.file, where=where, problem=said)
        )


def _where(line: int, column: int) -> str:
    letters = column_letters(column)
    return Message(
        "第{line}行第{column}列（{letters}列）", line=line, column=column, letters=letters
    )


def _with_head(
    tables: Iterable[Sequence[Line]], names: Mapping[str, str], required: Collection[str]
) -> Sequence[Line]:
    """The lines from the headers on: of the first few lines, the one that has most of them."""
    best: Sequence[Line] = ()
    known: set[str] = set()
    for lines in tables:
        for number, line in enumerate(lines[:_ABOVE]):
            said = {names[key] for text in line.texts if (key := label_key(text).lower()) in names}
            if not best or len(said) > len(known):
                best, known = lines[number:], said
        if known.issuperset(required):
            break
    return best


# --- the two kinds of file ------------------------------------------------------------------------
class _NoListError(Exception):
    """Why a file is no list, whatever list it ought to be."""


def _tables(file: Path) -> Iterator[list[Line]]:
    """The lines of a file, in each way in which they may be meant."""
    data = file.read_bytes()
    if file.suffix.lower() in _WORKBOOKS or data.startswith(_MAGIC):
        yield _workbook_lines(file)
        return
    text = _decoded(data)
    if "\0" in text:
        raise _NoListError(Message("不是 CSV 文本；应是 CSV 或 .xlsx 文件"))
    yield from (_csv_lines(text, delimiter) for delimiter in _DELIMITERS)


def _csv_lines(text: str, delimiter: str) -> list[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines, first = [], 1
    try:
        for texts in reader:
            lines.append(Line(first, [stored(item) for item in texts]))
            first = reader.line_num + 1
    except csv.Error as error:
        raise _NoListError(Message("第{line}行不是有效的 CSV", line=first)) from error
    return [line for line in lines if any(line.texts)]


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith(_UTF16) else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _NoListError(Message("既不是 UTF-8 也不是 GB18030 编码的文本"))


def _workbook_lines(file: Path) -> list[Line]:
    try:
        workbook = read_workbook(file)
    except Unreadable as unreadable:
        issue = issue_of(unreadable.reason.value, unreadable.limit, unreadable.allowed)
        raise _NoListError(Message(issue.code.message, **issue.details)) from unreadable
    for sheet in workbook.sheets:
        if lines := list(_sheet_lines(sheet, workbook.date1904)):
            return lines
    return []


def _sheet_lines(sheet: Sheet, date1904: bool) -> Iterator[Line]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.kind is CellKind.ERROR:
            where = _where(row, column)
            raise _NoListError(
                Message("{where}：是电子表格的错误值{value}", where=where, value=cell.value)
            )
        if text := as_seen(cell, date1904):
            rows.setdefault(row, {})[column] = text
    _spread_merges(sheet, rows)
    for row, texts in sorted(rows.items()):
        yield Line(row, [texts.get(column, "") for column in range(1, max(texts) + 1)])


def _spread_merges(sheet: Sheet, rows: Mapping[int, dict[int, str]]) -> None:
    """What is merged downwards holds for each of its lines: a unit beside several projects."""
    for area in sheet.merges:
        text = rows.get(area.top, {}).get(area.left)
        if text is None or area.top == area.bottom:
            continue
        for row, texts in rows.items():
            if area.top < row <= area.bottom:
                texts[area.left] = text
