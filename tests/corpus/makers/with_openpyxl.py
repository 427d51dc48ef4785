"""One case by openpyxl."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook


def make(source: Path | None, target: Path, steps: list[dict[str, Any]]) -> None:
    """Take the steps in a copy of a workbook, or in a new one."""
    book = openpyxl.load_workbook(source) if source else Workbook()
    if not source:
        book.remove(book.active)
    editor = _Editor(book)
    for step in steps:
        getattr(editor, step["do"])(**{k: v for k, v in step.items() if k != "do"})
    book.save(target)


def sheets(source: Path) -> list[str]:
    """The names of a workbook's sheets."""
    return list(openpyxl.load_workbook(source, read_only=True).sheetnames)


class _Editor:
    """The steps of a case. When rows move, openpyxl leaves names and merges behind."""

    def __init__(self, book: Workbook) -> None:
        self._book = book

    def set(self, sheet: str, cells: dict[str, Any]) -> None:
        for ref, value in cells.items():
            self._put(self._book[sheet][ref], value)

    def _put(self, cell: Any, value: Any) -> None:
        if not isinstance(value, dict):
            cell.value = value
            if isinstance(value, str) and not value.startswith("#"):
                cell.data_type = "s"  # "=100%" is text
            return
        if "date" in value:
            cell.value = datetime.fromisoformat(value["date"])
        elif "rich" in value:
            bold = InlineFont(b=True)
            texts = [TextBlock(bold, t) if n % 2 else t for n, t in enumerate(value["rich"])]
            cell.value = CellRichText(*texts)
        elif "formula" in value:
            cell.value = "=" + value["formula"]
        else:
            cell.value = value.get("number", value.get("error"))
        if "format" in value:
            cell.number_format = value["format"]

    def insert_rows(self, sheet: str, at: int, count: int = 1) -> None:
        self._book[sheet].insert_rows(at, count)

    def delete_rows(self, sheet: str, at: int, count: int = 1) -> None:
        self._book[sheet].delete_rows(at, count)

    def rename(self, sheet: str, to: str) -> None:
        self._book[sheet].title = to

    def copy(self, sheet: str, to: str) -> None:
        self._book.copy_worksheet(self._book[sheet]).title = to

    def state(self, sheet: str, to: str) -> None:
        self._book[sheet].sheet_state = to

    def remove(self, sheet: str) -> None:
        del self._book[sheet]

    def add(self, sheet: str) -> None:
        self._book.create_sheet(sheet)

    def merge(self, sheet: str, areas: list[str]) -> None:
        for area in areas:
            self._book[sheet].merge_cells(area)

    def unmerge(self, sheet: str) -> None:
        for area in [str(area) for area in self._book[sheet].merged_cells.ranges]:
            self._book[sheet].unmerge_cells(area)

    def clear_from(self, sheet: str, column: int) -> None:
        """Empty everything right of the form, and the colours that depend on it."""
        for row in self._book[sheet].iter_rows(min_col=column):
            for cell in row:
                cell.value = None
        self._book[sheet].conditional_formatting = ConditionalFormattingList()

    def keep(self, sheet: str, cells: list[str]) -> None:
        """Empty all of a sheet but these cells."""
        old = self._book[sheet]
        index, kept = self._book.index(old), {ref: old[ref].value for ref in cells}
        self._book.remove(old)
        new = self._book.create_sheet(sheet, index)
        new.sheet_state = old.sheet_state
        for ref, value in kept.items():
            new[ref] = value

    def drop_names(self) -> None:
        for sheet in self._book.worksheets:
            sheet.defined_names.clear()
        self._book.defined_names.clear()

    def drop_properties(self) -> None:
        for name in list(self._book.custom_doc_props.names):
            del self._book.custom_doc_props[name]

    def epoch_1904(self) -> None:
        self._book.epoch = CALENDAR_MAC_1904
