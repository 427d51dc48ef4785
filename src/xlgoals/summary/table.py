"""A real table on a sheet: columns, a line of totals above the head, rows one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format

from xlgoals.book import quoted, strict
from xlgoals.grid import column_letters
from xlgoals.heights import CELL_PADDING, CHARACTER_PIXELS, lines_needed
from xlgoals.language import Message
from xlgoals.summary.book import HEAD_ROW, LINE, ROW, TOTAL, SummaryBook, SummarySheet
from xlgoals.summary.links import PER_SHEET, Link, Links
from xlgoals.text import stored, wrapped


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    key: str
    title: str
    width: int  # pixels
    style: str = "text"
    total: str | None = None  # "SUM" or "COUNT": what stands above the head


@dataclass(frozen=True)
class Formula:
    """A formula and its result."""

    text: str
    result: Decimal | int | str


@dataclass(frozen=True)
class Shown:
    """A word in a look of its own."""

    text: str
    look: Mapping[str, Any]


_WRAPPED = ("wrap", "link")
_MANY = 4  # lines; few are cheaper to estimate than to break
_HIGHEST = 540  # pixels; Excel takes a few more
_CAPACITY = 32_767  # characters of a cell
_FUNCTIONS = {"SUM": 109, "COUNT": 103}  # of SUBTOTAL: what a filter leaves


class Cells:
    """Writes values of any kind into a sheet; texts are never taken for formulas."""

    def __init__(self, book: SummaryBook, sheet: SummarySheet, links: Links) -> None:
        self._book, self.sheet, self._links = book, sheet, links
        self._linked = 0
        self._by_type: dict[type, Callable[[int, int, Any, Format, str], object]] = {
            type(None): self._blank,
            str: self._text,
            Message: self._text,
            int: self._number,
            Decimal: self._number,
            date: self._moment,
            datetime: self._moment,
            Formula: self._formula,
            Shown: self._shown,
            Link: self._link,
        }

    def write(
        self, row: int, column: int, value: Any, style: str, more: dict[str, Any] | None = None
    ) -> None:
        """Write a value in a style."""
        self.put(row, column, value, self._book.style(style, more), style)

    def put(self, row: int, column: int, value: Any, form: Format, style: str) -> None:
        """The same with the format at hand; ``style`` is its name."""
        self._by_type[type(value)](row, column, value, form, style)

    def _blank(self, row: int, column: int, _: None, form: Format, __: str) -> None:
        self.sheet.write_blank(row, column, None, form)

    def _text(self, row: int, column: int, value: str, form: Format, _: str) -> None:
        if not value.isprintable():
            value = stored(value)  # names of files may hold what is no text
        if value:
            strict(self.sheet.write_string(row, column, value[:_CAPACITY], form))
        else:
            self.sheet.write_blank(row, column, None, form)

    def _number(
        self, row: int, column: int, value: Decimal | int, form: Format, style: str
    ) -> None:
        strict(self.sheet.write_number(row, column, float(value), form))

    def _moment(self, row: int, column: int, value: date, form: Format, _: str) -> None:
        strict(self.sheet.write_datetime(row, column, value, form))

    def _formula(self, row: int, column: int, value: Formula, form: Format, _: str) -> None:
        result = value.result if isinstance(value.result, str) else float(value.result)
        strict(self.sheet.write_formula(row, column, f"={value.text}", form, result))

    def _shown(self, row: int, column: int, value: Shown, form: Format, style: str) -> None:
        self._text(row, column, value.text, self._book.style(style, dict(value.look)), style)

    def _link(self, row: int, column: int, value: Link, _: Format, style: str) -> None:
        """A link; a plain text where there may be no more of them, or it would lead nowhere."""
        url = self._links.url(value) if self._linked < PER_SHEET else None
        if url is None:
            self._text(row, column, value.text, self._book.style("text"), style)
            return
        self._linked += 1
        strict(self.sheet.write_url(row, column, url, self._book.style("link")))


class Table:
    """A table whose rows are still to come; it knows where they will stand."""

    def __init__(
        self,
        book: SummaryBook,
        cells: Cells,
        name: str,
        columns: Sequence[Column],
        rows: int,
        head: int,
    ) -> None:
        """``head`` is the row of the head, counted from 0; the totals stand one above."""
        titles = unique_titles([column.title for column in columns])
        self.columns = [replace(c, title=title) for c, title in zip(columns, titles, strict=True)]
        self.cells, self.head = cells, head
        self._name, self._book = name, book
        self._formats = [(book.style(column.style), column.style) for column in columns]
        self._next = head + 1
        self._last = head + max(rows, 1)  # a table has one row at least
        self._place = {column.key: index for index, column in enumerate(columns)}
        self._wrapped = [
            (index, column.width)
            for index, column in enumerate(columns)
            if column.style in _WRAPPED
        ]

    def open(self, totals: Mapping[str, Decimal | int] | None = None) -> None:
        """Write the head, and above it the totals where there are any."""
        if totals is not None:
            self._write_totals(totals)
        self._register()
        header = self._book.style("header")
        strict(self.cells.sheet.set_row_pixels(self.head, HEAD_ROW))
        for index, column in enumerate(self.columns):
            strict(self.cells.sheet.write_string(self.head, index, column.title, header))

    def row(self, values: Sequence[Any]) -> None:
        """Write the next row."""
        row, put = self._next, self.cells.put
        lines = max((_lines(values[at], width) for at, width in self._wrapped), default=1)
        if lines > 1:
            # A sheet whose rows have a height of their own does not fit any of them to its text.
            strict(self.cells.sheet.set_row_pixels(row, min(ROW - LINE + lines * LINE, _HIGHEST)))
        for index, (value, (form, style)) in enumerate(zip(values, self._formats, strict=True)):
            put(row, index, value, form, style)
        self._next += 1

    def close(self) -> None:
        """Fill the one row of a table without any."""
        if self._next == self.head + 1:
            self.row([None] * len(self.columns))

    @property
    def next_row(self) -> int:
        """The row the next values go to, counted from 0."""
        return self._next

    @property
    def end(self) -> int:
        """The last row, counted from 0."""
        return self._last

    def letters(self, key: str) -> str:
        """The letters of a column."""
        return column_letters(self._place[key] + 1)

    def area(self, key: str) -> str:
        """A column's cells as formulas spell them from anywhere."""
        letters = self.letters(key)
        sheet = quoted(self.cells.sheet.get_name())
        return f"{sheet}!${letters}${self.head + 2}:${letters}${self._last + 1}"

    def cell(self, key: str, row: int) -> str:
        """One cell, by its row counted from 0, as formulas spell it from anywhere."""
        return f"{quoted(self.cells.sheet.get_name())}!${self.letters(key)}${row + 1}"

    def _write_totals(self, totals: Mapping[str, Decimal | int]) -> None:
        above = self.head - 1
        self.cells.write(above, 0, "合计", "centre", TOTAL)
        for index, column in enumerate(self.columns[1:], start=1):
            style = column.style if column.total else "text"
            value = None
            if column.total:
                function = _FUNCTIONS[column.total]
                letters = self.letters(column.key)
                span = f"{letters}{self.head + 2}:{letters}{self._last + 1}"
                value = Formula(f"SUBTOTAL({function},{span})", totals[column.key])
                style = "count" if column.total == "COUNT" else style
            self.cells.write(above, index, value, style, TOTAL)

    def _register(self) -> None:
        options = {
            "name": self._name,
            "columns": [{"header": column.title} for column in self.columns],
            "style": None,
        }
        last = len(self.columns) - 1
        strict(self.cells.sheet.begin_table(self.head, self._last, last, options))


def _lines(value: Any, pixels: int) -> int:
    """Lines that a text takes; none of a few characters need be measured."""
    if isinstance(value, Link):
        value = value.text
    if not isinstance(value, str) or (14 * len(value) < pixels and "\n" not in value):
        return 1
    return _long_lines(value, pixels)


@lru_cache(maxsize=1024)  # a path stands in many rows, one after the other
def _long_lines(text: str, pixels: int) -> int:
    lines = lines_needed(text, pixels)
    if lines < _MANY:
        return lines
    columns = int(2 * (pixels / CHARACTER_PIXELS - CELL_PADDING))
    # Numbers and paths are not broken, which costs a line of many.
    return max(lines, sum(len(wrapped(part, columns)) for part in text.split("\n")))


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Titles as a table needs them: one line, and no two alike."""
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        key = title.lower()
        seen[key] = seen.get(key, 0) + 1
        found.append(title if seen[key] == 1 else f"{title}（{seen[key]}）")
    return found
