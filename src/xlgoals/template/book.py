"""The template being written: what is locked, and how."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import ColumnInfo, Worksheet

from xlgoals.book import OPTIONS, BaseBook, BaseSheet, quoted, strict
from xlgoals.grid import RangeRef
from xlgoals.template.styles import COLOURS

LAST_COLUMN = 16_383  # counted from 0
MAX_TITLE, MAX_MESSAGE, MAX_FORMULA = 32, 255, 255  # limits of a data validation in Excel


class _Sheet(BaseSheet):
    """A sheet whose every cell is locked that nobody wrote."""

    rest_format: Format | None = None
    _first_of_rest = LAST_COLUMN

    def _write_cols(self) -> None:
        """Give all columns without a width the locked format, in one element."""
        self._first_of_rest = max(self.col_info, default=-1) + 1
        self.col_info[self._first_of_rest] = ColumnInfo(column_format=self.rest_format)
        super()._write_cols()

    def _write_col_info(self, col_min: int, col_max: int, col_info: ColumnInfo) -> None:
        last = LAST_COLUMN if col_max == self._first_of_rest else col_max
        super()._write_col_info(col_min, last, col_info)


class _Format(Format):  # type: ignore[misc]
    """A format that says whether it locks; XlsxWriter leaves the default unsaid.

    Beside an unlocked Normal style a silent format could be read as unlocked, too.
    """

    def _get_protection_properties(self) -> list[tuple[str, int]]:
        return [("locked", int(bool(self.locked)))]


class _LockedWorkbook(Workbook):  # type: ignore[misc]
    """XlsxWriter has no protection of the workbook's structure; it stands before the views."""

    worksheet_class = _Sheet
    password: str | None = None

    def add_format(self, properties: dict[str, Any] | None = None) -> Format:
        made = super().add_format(properties)
        made.__class__ = _Format  # XlsxWriter has no other way in
        return made

    def _write_book_views(self) -> None:
        attributes = [("lockStructure", "1")]
        if self.password:
            hashed = self.worksheets()[0]._encode_password(self.password)
            attributes.insert(0, ("workbookPassword", hashed))
        self._xml_empty_tag("workbookProtection", attributes)
        super()._write_book_views()


class Book(BaseBook):
    """The workbook and its formats."""

    def __init__(self, password: str | None) -> None:
        super().__init__(_LockedWorkbook(BytesIO(), {**OPTIONS, "in_memory": True}))
        self.workbook.password = password
        self._password = password
        self._colours: dict[str, Format] = {}

    @property
    def locked(self) -> Format:
        """The format of every cell that nobody wrote."""
        return self.format({"locked": True})

    def set_width(self, sheet: Worksheet, column: int, pixels: int, hidden: bool = False) -> None:
        """Set a column's width, counted from 1; its unwritten cells stay locked."""
        options = {"hidden": True} if hidden else {}
        strict(sheet.set_column_pixels(column - 1, column - 1, pixels, self.locked, options))

    def colour(self, style: str) -> Format:
        """A format for conditional formatting: colours alone."""
        if style not in self._colours:
            self._colours[style] = self.workbook.add_format(COLOURS[style])
        return self._colours[style]

    def add_sheet(self, name: str) -> Worksheet:
        """A protected sheet: select, copy, and resize rows and columns, but nothing else."""
        sheet = self.workbook.add_worksheet(name)
        sheet.rest_format = self.locked
        sheet.protect(self._password or "", {"format_columns": True, "format_rows": True})
        return sheet

    def define(self, name: str, refers_to: str, sheet: str | None = None) -> None:
        """Define a name, scoped to a sheet where one is given."""
        scoped = f"{quoted(sheet)}!{name}" if sheet else name
        strict(self.workbook.define_name(scoped, f"={refers_to}"))


def absolute(sheet: str, area: RangeRef) -> str:
    """The top-left cell of an area as formulas spell it from anywhere: ``'项目1'!$B$6``."""
    letters = area.first.a1.rstrip("0123456789")
    return f"{quoted(sheet)}!${letters}${area.top}"
