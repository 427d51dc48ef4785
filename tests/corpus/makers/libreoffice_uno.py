"""Cases by LibreOffice's own hands: run by a Python that has ``uno``, jobs on standard input."""

from __future__ import annotations

import contextlib
import importlib
import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

uno: Any = importlib.import_module("uno")

_EXPORT = "Calc MS Excel 2007 XML"


def main() -> None:
    """``libreoffice_uno.py SOFFICE PROFILE``: all jobs in one run of LibreOffice."""
    soffice, profile = sys.argv[1:]
    pipe = f"xlgoals-{Path(profile).parent.name}"
    command = [soffice, f"-env:UserInstallation={Path(profile).resolve().as_uri()}"]
    command += ["--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        desktop = _connect(pipe)
        for job in json.load(sys.stdin):
            _make(desktop, job)
        with contextlib.suppress(Exception):  # the connection ends before the answer
            desktop.terminate()
        process.wait(60)
    finally:
        if process.poll() is None:
            process.kill()


def _connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(120):
        with contextlib.suppress(Exception):  # not yet up
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        time.sleep(0.5)
    raise TimeoutError("LibreOffice does not answer")


def _property(name: str, value: Any) -> Any:
    item = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    item.Name, item.Value = name, value
    return item


def _make(desktop: Any, job: dict[str, Any]) -> None:
    address = Path(job["source"]).as_uri() if job["source"] else "private:factory/scalc"
    book = desktop.loadComponentFromURL(address, "_blank", 0, (_property("Hidden", True),))
    try:
        editor = _Editor(book)
        for step in job["steps"]:
            getattr(editor, step["do"])(**{k: v for k, v in step.items() if k != "do"})
        target = Path(job["target"]).as_uri()
        book.storeToURL(target, (_property("FilterName", _EXPORT),))
    finally:
        book.close(True)


class _Editor:
    """The steps of a case; protection is lifted, which takes no password."""

    def __init__(self, book: Any) -> None:
        self._book, self._sheets = book, book.Sheets
        if book.isProtected():
            book.unprotect("")

    def _sheet(self, name: str) -> Any:
        sheet = self._sheets.getByName(name)
        if sheet.isProtected():
            sheet.unprotect("")
        return sheet

    def set(self, sheet: str, cells: dict[str, Any]) -> None:
        for ref, value in cells.items():
            self._put(self._sheet(sheet).getCellRangeByName(ref), value)

    def _put(self, cell: Any, value: Any) -> None:
        if isinstance(value, dict):
            self._put_special(cell, value)
        elif value is None:
            cell.clearContents(1 | 2 | 4 | 16)  # numbers, dates, texts, formulas
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)

    def _put_special(self, cell: Any, value: dict[str, Any]) -> None:
        if "format" in value:
            formats, locale = (
                self._book.NumberFormats,
                uno.createUnoStruct("com.sun.star.lang.Locale"),
            )
            key = formats.queryKey(value["format"], locale, False)
            cell.NumberFormat = formats.addNew(value["format"], locale) if key == -1 else key
        if "date" in value:
            cell.setValue((date.fromisoformat(value["date"]) - date(1899, 12, 30)).days)
        elif "typed" in value:  # what the keyboard would make of it
            cell.FormulaLocal = value["typed"]
        elif "formula" in value:
            cell.setFormula("=" + value["formula"])
        elif "number" in value:
            cell.setValue(value["number"])

    def insert_rows(self, sheet: str, at: int, count: int = 1) -> None:
        self._sheet(sheet).Rows.insertByIndex(at - 1, count)

    def delete_rows(self, sheet: str, at: int, count: int = 1) -> None:
        self._sheet(sheet).Rows.removeByIndex(at - 1, count)

    def insert_columns(self, sheet: str, at: int, count: int = 1) -> None:
        self._sheet(sheet).Columns.insertByIndex(at - 1, count)

    def cut(self, sheet: str, area: str, to: str) -> None:
        book_sheet = self._sheet(sheet)
        source = book_sheet.getCellRangeByName(area).RangeAddress
        book_sheet.moveRange(book_sheet.getCellRangeByName(to).CellAddress, source)

    def paste(self, sheet: str, area: str, to: str) -> None:
        book_sheet = self._sheet(sheet)
        source = book_sheet.getCellRangeByName(area).RangeAddress
        book_sheet.copyRange(book_sheet.getCellRangeByName(to).CellAddress, source)

    def rename(self, sheet: str, to: str) -> None:
        self._sheet(sheet).Name = to

    def copy(self, sheet: str, to: str) -> None:
        self._sheets.copyByName(sheet, to, self._sheets.Count)

    def move(self, sheet: str, to: int) -> None:
        self._sheets.moveByName(sheet, to)

    def state(self, sheet: str, to: str) -> None:
        self._sheet(sheet).IsVisible = to == "visible"

    def remove(self, sheet: str) -> None:
        self._sheets.removeByName(sheet)

    def add(self, sheet: str) -> None:
        self._sheets.insertNewByName(sheet, self._sheets.Count)

    def merge(self, sheet: str, areas: list[str]) -> None:
        for area in areas:
            self._sheet(sheet).getCellRangeByName(area).merge(True)

    def unmerge(self, sheet: str, areas: list[str]) -> None:
        for area in areas:
            self._sheet(sheet).getCellRangeByName(area).merge(False)

    def drop_names(self) -> None:
        for sheet in self._sheets:
            for name in sheet.NamedRanges.ElementNames:
                sheet.NamedRanges.removeByName(name)


if __name__ == "__main__":
    main()
