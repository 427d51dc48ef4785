"""The summary workbook being written: how its cells look, how its sheets print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from xlgoals.book import BUILT_IN, OPTIONS, BaseBook, BaseSheet, streaming, strict
from xlgoals.grid import column_letters

A3, A4 = 8, 9  # as spreadsheets number them
ROW, HEAD_ROW, TITLE_ROW, LINE = 22, 38, 40, 17  # pixels
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_LINE = {"border": 1, "border_color": "#A6A6A6"}
_CELL = {"font_size": 10, "valign": "vcenter", **_LINE}
_HEI = {"font_name": "黑体", "bold": True}
_NUMBER = {**_CELL, "align": "right", "indent": 1}

STYLES: dict[str, dict[str, Any]] = {
    # what stands above and between the tables
    "title": {**_HEI, "font_size": 16, "valign": "vcenter"},
    "subtitle": {"font_size": 10, "font_color": "#595959", "valign": "vcenter"},
    "heading": {**_HEI, "font_size": 12, "font_color": "#1F3864", "valign": "vcenter"},
    "sentence": {
        "font_size": 12, "valign": "vcenter", "text_wrap": True, "border": 1,
        "border_color": "#1F3864", "bg_color": "#EEF3FA", "indent": 1,
    },
    # tables
    "header": {
        **_CELL, **_HEI, "align": "center", "text_wrap": True,
        "bg_color": "#D9E2F0", "font_color": "#1F3864",
    },
    "text": {**_CELL},
    "wrap": {**_CELL, "text_wrap": True},
    "centre": {**_CELL, "align": "center"},
    "label": {**_CELL, "bg_color": "#F5F7FA"},
    "link": {**_CELL, "text_wrap": True, "font_color": "#0563C1", "underline": 1},
    "date": {**_CELL, "align": "center", "num_format": "yyyy-mm-dd"},
    "moment": {**_CELL, "align": "center", "num_format": "yyyy-mm-dd hh:mm"},
    "number": {**_NUMBER, "num_format": "General"},
    "count": {**_NUMBER, "num_format": "#,##0"},
    "amount": {**_NUMBER, "num_format": "#,##0.00"},
    "rate": {**_NUMBER, "num_format": "0.00%"},
    "note": {"font_size": 9, "font_color": "#595959", "valign": "vcenter", "text_wrap": True},
}  # fmt: skip
TOTAL = {"bold": True, "bg_color": "#F2F2F2", "top": 1}

# Words that say how a thing stands: letters in colour, and a fill for what somebody has to mend.
GOOD, LOOK, BAD, FAINT = (
    {"font_color": "#00703C"},
    {"font_color": "#B45F06"},
    {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    {"font_color": "#7F7F7F"},
)


class SummarySheet(BaseSheet):
    """A sheet whose rows are written as they come, and that may have a table all the same."""

    constant_memory: Any  # XlsxWriter's name for that

    def begin_table(self, head: int, last_row: int, last_column: int, options: Any) -> int:
        """Begin a table whose rows are still to come; rows and columns are counted from 0.

        XlsxWriter refuses that, since its tables may write cells of their own, and it notes every
        cell of a table. So it is told of a table of one row, which then grows.
        """
        streaming, self.constant_memory = self.constant_memory, False
        try:
            result: int = self.add_table(head, 0, head + 1, last_column, options)
        finally:
            self.constant_memory = streaming
        if result == 0:
            whole = f"A{head + 1}:{column_letters(last_column + 1)}{last_row + 1}"
            self.tables[-1].update(dict.fromkeys(("range", "a_range", "autofilter"), whole))
        return result


class _Book(Workbook):  # type: ignore[misc]
    worksheet_class = SummarySheet


class SummaryBook(BaseBook):
    """The workbook; rows are written once and in order, so that memory stays flat."""

    def style(self, name: str, more: dict[str, Any] | None = None) -> Format:
        """The format of a style, with further properties."""
        properties = {**STYLES[name], **(more or {})}
        code = properties.get("num_format", "@" if "border" in properties else "General")
        return self.format({**properties, "num_format": BUILT_IN.get(code, code)})

    def add_sheet(self, name: str, colour: str, paper: int = A4) -> SummarySheet:
        """A sheet that prints landscape, as wide as the paper, its pages numbered."""
        sheet: SummarySheet = self.workbook.add_worksheet(name)
        sheet.set_tab_color(colour)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(**_MARGINS)
        sheet.fit_to_pages(1, 0)
        strict(sheet.set_footer("&L&A&R第 &P 页，共 &N 页"))
        return sheet

    def add_chart(self, kind: str) -> Chart:
        """A chart of that kind."""
        return self.workbook.add_chart({"type": kind})


@contextmanager
def summary_book() -> Iterator[SummaryBook]:
    """A new workbook; left unfinished, it is gone."""
    with streaming(_Book, BytesIO(), {**OPTIONS, "default_row_height": ROW}) as workbook:
        yield SummaryBook(workbook)
