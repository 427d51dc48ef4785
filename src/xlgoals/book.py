"""What every workbook we write has in common: Chinese fonts, and no fault passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from warnings import catch_warnings, simplefilter
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": NORMAL,
    "default_column_width": 72,
    "default_row_height": 18,
}
# Built-in number formats keep their index, so that every program knows them as its own.
BUILT_IN = {"#,##0": 3, "#,##0.00": 4, "0.00%": 10, "@": 49}
_ESCAPE = re.compile("(_x[0-9A-Fa-f]{4}_)")


class WriterFault(RuntimeError):  # noqa: N818 - a fault of ours, never of the user's
    """XlsxWriter refused something: the workbook would not be what the plan says."""


def strict(result: object) -> None:
    """Turn XlsxWriter's negative return codes into a fault; it would drop the item silently."""
    if isinstance(result, int) and result != 0:
        raise WriterFault(f"XlsxWriter returned {result}")


@contextmanager
def no_warnings() -> Iterator[None]:
    """Make any warning a fault: XlsxWriter warns and then leaves the thing out."""
    with catch_warnings():
        simplefilter("error")
        try:
            yield
        except Warning as warning:
            raise WriterFault(str(warning)) from warning


@contextmanager
def streaming(kind: type[Workbook], file: BinaryIO, options: dict[str, Any]) -> Iterator[Workbook]:
    """A workbook whose rows are on disk while it is made; in the end nothing of them is left."""
    with TemporaryDirectory(prefix="xlgoals-") as folder:
        workbook = kind(file, {**options, "constant_memory": True, "tmpdir": folder})
        try:
            yield workbook
        finally:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()


def quoted(sheet: str) -> str:
    """A sheet's name as formulas spell it."""
    return "'" + sheet.replace("'", "''") + "'"


class BaseSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas with an empty result are marked as text, as the format wants it.

    No formula of ours uses a function that Excel 2007 did not know, so the search for those,
    which takes two thirds of the time of writing a template, is left out.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_string(
        self, row: int, col: int, string: str, cell_format: Format | None = None
    ) -> int:
        if string.startswith("<r>") and string.endswith("</r>"):
            # XlsxWriter would take it for the markup of a rich text, and write it as it is.
            string = f'<r><t xml:space="preserve">{escape(string)}</t></r>'
        result: int = super()._write_string(row, col, string, cell_format)
        return result

    def _xml_formula_element(self, formula: str, result: Any, attributes: list[Any]) -> None:
        if result == "":
            attributes.append(("t", "str"))
        elif isinstance(result, str) and "_x" in result:
            # Strings are escaped by XlsxWriter, results of formulas are not.
            result = _ESCAPE.sub(r"_x005F\1", result)
        super()._xml_formula_element(formula, result, attributes)


class BaseBook:
    """A workbook in the making, which is written to a buffer, and its formats."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, properties: dict[str, Any]) -> Format:
        """A format, one for equal properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def finish(self) -> bytes:
        """The bytes of the finished workbook."""
        self.workbook.close()
        data: bytes = self.workbook.filename.getvalue()
        return data
