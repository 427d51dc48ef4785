"""The workbook being written: structure lock, Chinese fonts, and no fault passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import ColumnInfo, Worksheet

from xlgoals.grid import RangeRef
from xlgoals.template.styles import COLOURS

# 宋体 11 is what Chinese Excel calls Normal: 72 pixel columns, 18 pixel rows. A family and a
# charset of its own, and no theme font, keep other systems from choosing a Latin face.
NORMAL = {
    "font_name": "宋体",
    "font_size": 11,
    "font_family": 3,
    "font_charset": 134,
    "font_scheme": "none",
    # A cell pasted from elsewhere may bring the Normal style: it must not stay locked for good.
    # Whatever is to be locked says so itself, column by column and cell by cell.
    "locked": False,
}
LAST_COLUMN = 16_383  # counted from 0
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": NORMAL,
    "default_column_width": 72,
    "default_row_height": 18,
}
_ESCAPE = re.compile("(_x[0-9A-Fa-f]{4}_)")
MAX_TITLE, MAX_MESSAGE, MAX_FORMULA = 32, 255, 255  # limits of a data validation in Excel


class WriterFault(RuntimeError):  # noqa: N818 - a fault of ours, never of the user's
    """XlsxWriter refused something: the workbook would not be what the plan says."""


def strict(result: object) -> None:
    """Turn XlsxWriter's negative return codes into a fault; it would drop the item silently."""
    if isinstance(result, int) and result != 0:
        raise WriterFault(f"XlsxWriter returned {result}")


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas with an empty result are marked as text, as the format wants it.

    No formula of ours uses a function that Excel 2007 did not know, so the search for those,
    which takes two thirds of the time of writing a template, is left out.
    """

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

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: Any, attributes: list[Any]) -> None:
        if result == "":
            attributes.append(("t", "str"))
        elif isinstance(result, str) and "_x" in result:
            # Strings are escaped by XlsxWriter, results of formulas are not.
            result = _ESCAPE.sub(r"_x005F\1", result)
        super()._xml_formula_element(formula, result, attributes)


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


class Book:
    """The workbook and its formats."""

    def __init__(self, password: str | None) -> None:
        self._buffer = BytesIO()
        self.workbook = _LockedWorkbook(self._buffer, _OPTIONS)
        self.workbook.password = password
        self._password = password
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._colours: dict[str, Format] = {}

    def format(self, properties: dict[str, Any]) -> Format:
        """A format, one for equal properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

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

    def finish(self) -> bytes:
        """The bytes of the finished workbook."""
        self.workbook.close()
        return self._buffer.getvalue()


@contextmanager
def no_warnings() -> Iterator[None]:
    """Make any warning a fault: XlsxWriter warns and then leaves the thing out."""
    with catch_warnings():
        simplefilter("error")
        try:
            yield
        except Warning as warning:
            raise WriterFault(str(warning)) from warning


def quoted(sheet: str) -> str:
    """A sheet's name as formulas spell it."""
    return "'" + sheet.replace("'", "''") + "'"


def absolute(sheet: str, area: RangeRef) -> str:
    """The top-left cell of an area as formulas spell it from anywhere: ``'项目1'!$B$6``."""
    letters = area.first.a1.rstrip("0123456789")
    return f"{quoted(sheet)}!${letters}${area.top}"
