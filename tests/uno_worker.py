"""LibreOffice at work on a workbook, asked step by step; run by a Python that has UNO.

``uno_worker.py SOFFICE PROFILE`` starts LibreOffice and then answers requests: one JSON list a
line, ``[step, {arguments}]``, each with one line, ``{"answer": …}`` or ``{"error": "…"}``. It ends
with its input. Workbooks are opened hidden: without a display LibreOffice may end abruptly as soon
as it shows a window. For the same reason no step may lead to a message box.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

_START_SECONDS = 60
_NEW = "private:factory/scalc"
_XLSX = "Calc MS Excel 2007 XML"
_HUNDREDTHS_OF_MM_PER_POINT = 2540 / 72


def _properties(**values: Any) -> tuple[Any, ...]:
    """Named arguments as UNO takes them."""
    struct = "com.sun.star.beans.PropertyValue"
    return tuple(uno.createUnoStruct(struct, name, 0, v, 0) for name, v in values.items())


def _url(path: str) -> str:
    return Path(path).resolve().as_uri()


def _connect(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """LibreOffice's component context, as soon as it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # UNO's own exceptions are known only once something has raised them
            if office.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class _Steps:
    """What can be asked; every public method is a step. Cells are named as ``B6``."""

    def __init__(self, context: Any) -> None:
        make = context.ServiceManager.createInstance
        self.desktop = make("com.sun.star.frame.Desktop")
        self._dispatcher = make("com.sun.star.frame.DispatchHelper")
        self._book: Any = None
        # Kept open, because LibreOffice without a workbook shows its start window.
        self._load(_NEW)

    # --- files ----------------------------------------------------------------------------------
    def open(self, path: str) -> None:
        """Open a workbook; the one before is closed without saving."""
        if self._book is not None:
            self._book.close(True)
        self._book = self._load(_url(path))

    def _load(self, url: str) -> Any:
        book = self.desktop.loadComponentFromURL(url, "_blank", 0, _properties(Hidden=True))
        if book is None:
            raise ValueError(f"LibreOffice does not open {url}")
        # Or the first command would have the toolbars made, which without a display is the end.
        book.CurrentController.Frame.LayoutManager.setVisible(False)
        return book

    def save(self, path: str) -> None:
        """Save the workbook elsewhere as .xlsx."""
        self._book.storeToURL(_url(path), _properties(FilterName=_XLSX))

    # --- looking --------------------------------------------------------------------------------
    def sheets(self) -> dict[str, Any]:
        """Of each sheet: whether it is protected, and every range that is not locked.

        The ranges are found among all cells a sheet can have, the unwritten ones included.
        """
        return {sheet.Name: _locks(sheet) for sheet in self._all_sheets()}

    def _all_sheets(self) -> list[Any]:
        sheets = self._book.Sheets
        return [sheets.getByIndex(number) for number in range(sheets.Count)]

    def locked(self, sheet: str, cells: list[str]) -> dict[str, bool]:
        """Whether cells are locked."""
        return {cell: self._cell(sheet, cell).CellProtection.IsLocked for cell in cells}

    def cursor(self) -> list[str]:
        """The sheet and the cell on which the cursor stands."""
        return _place(self._book.CurrentSelection)

    def text(self, sheet: str, cell: str) -> str:
        """What a cell shows."""
        return str(self._cell(sheet, cell).String)

    def page(self, sheet: str) -> dict[str, Any]:
        """The scale in per cent, and the height of the first 200 rows in points."""
        found = self._book.Sheets.getByName(sheet)
        styles = self._book.StyleFamilies.getByName("PageStyles")
        rows = [found.Rows.getByIndex(number).Height for number in range(200)]
        return {
            "scale": styles.getByName(found.PageStyle).PageScale,
            "heights": [round(height / _HUNDREDTHS_OF_MM_PER_POINT, 1) for height in rows],
        }

    def alert(self, sheet: str, cell: str) -> str:
        """How a validation meets what it does not accept: STOP, or WARNING, which can be passed."""
        validation = self._cell(sheet, cell).Validation
        return str(validation.ErrorAlertStyle.value) if validation.ShowErrorMessage else "NONE"

    def refused(self, sheet: str) -> list[str]:
        """The cells of a sheet whose content their validation does not accept."""
        found = self._book.Sheets.getByName(sheet)
        found.showInvalid()
        drawn = [found.DrawPage.getByIndex(number) for number in range(found.DrawPage.Count)]
        # The mark round a cell is an ellipse on no layer of the user's.
        marks = [mark for mark in drawn if mark.ShapeType == "com.sun.star.drawing.EllipseShape"]
        cells = [_place(mark.Anchor)[1] for mark in marks]
        found.clearArrows()
        return cells

    # --- doing ----------------------------------------------------------------------------------
    def go(self, sheet: str, cell: str) -> list[str]:
        """Move the cursor to a cell as the name box does; returns where it stands."""
        self._select(self._book, sheet, cell)
        return self.cursor()

    def tab(self, times: int) -> list[list[str]]:
        """Press Tab on a protected sheet; returns where the cursor stands each time."""
        places = []
        for _ in range(times):
            self._dispatch(self._book, "JumpToNextUnprotected")
            places.append(self.cursor())
        return places

    def type(self, sheet: str, texts: dict[str, str]) -> None:
        """Type texts into cells; the validation is not asked, protection is."""
        for cell, text in texts.items():
            self._select(self._book, sheet, cell)
            self._dispatch(self._book, "EnterString", StringName=text)

    def paste(self, source: str, pairs: dict[str, str], sheet: str, how: str = "Paste") -> None:
        """Copy cells from the first sheet of another workbook and paste them into cells."""
        other = self._load(_url(source))
        try:
            first = other.Sheets.getByIndex(0).Name
            for cell, origin in pairs.items():
                self._select(other, first, origin)
                self._dispatch(other, "Copy")
                self._select(self._book, sheet, cell)
                self._dispatch(self._book, how)
        finally:
            other.close(True)

    def copy_out(self, sheet: str, cell: str) -> str:
        """Copy a cell and paste it into a new workbook; returns what arrives there."""
        self._select(self._book, sheet, cell)
        self._dispatch(self._book, "Copy")
        other = self._load(_NEW)
        try:
            self._select(other, other.Sheets.getByIndex(0).Name, "A1")
            self._dispatch(other, "Paste")
            return str(other.Sheets.getByIndex(0).getCellByPosition(0, 0).String)
        finally:
            other.close(True)

    def _cell(self, sheet: str, cell: str) -> Any:
        return self._book.Sheets.getByName(sheet).getCellRangeByName(cell)

    def _select(self, book: Any, sheet: str, cell: str) -> None:
        book.CurrentController.ActiveSheet = book.Sheets.getByName(sheet)
        self._dispatch(book, "GoToCell", ToPoint=cell)

    def _dispatch(self, book: Any, command: str, **arguments: Any) -> None:
        frame = book.CurrentController.Frame
        values = _properties(**arguments)
        self._dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, values)


def _locks(sheet: Any) -> dict[str, Any]:
    """Ranges of equal formats cover the whole sheet, so this needs no walk over its cells."""
    formats = sheet.UniqueCellFormatRanges
    groups = [formats.getByIndex(number) for number in range(formats.Count)]
    unlocked = [_areas(group) for group in groups if not group.CellProtection.IsLocked]
    return {
        "protected": sheet.isProtected(),
        "cells": sum(_size(area) for group in groups for area in group.RangeAddresses),
        "unlocked": [area for areas in unlocked for area in areas],
    }


def _areas(ranges: Any) -> list[list[int]]:
    """Top, left, bottom, right of each range, counted from 1."""
    return [
        [area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1]
        for area in ranges.RangeAddresses
    ]


def _size(area: Any) -> int:
    rows = area.EndRow - area.StartRow + 1
    return int(rows * (area.EndColumn - area.StartColumn + 1))


def _place(selection: Any) -> list[str]:
    """Sheet and top-left cell: ``$项目1.$B$4:$C$4`` is 项目1 and B4."""
    sheet, _, area = selection.AbsoluteName.replace("$", "").partition(".")
    return [sheet.strip("'"), area.partition(":")[0]]


def _answer(steps: _Steps, line: str) -> dict[str, Any]:
    try:
        name, arguments = json.loads(line)
        step: Callable[..., Any] = getattr(steps, name)
        return {"answer": step(**arguments)}
    except Exception as error:  # whatever went wrong is the caller's to judge
        return {"error": f"{type(error).__name__}: {error}"}


def main(soffice: str, profile: str) -> None:
    """Start LibreOffice, answer requests until there are no more, end LibreOffice."""
    pipe = f"xlgoals-{os.getpid()}"
    command = [soffice, f"-env:UserInstallation={_url(profile)}", "--headless", "--norestore"]
    command += ["--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp"]
    office = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    steps = _Steps(_connect(pipe, office))
    for line in sys.stdin:
        print(json.dumps(_answer(steps, line)), flush=True)  # noqa: T201
    steps.desktop.terminate()
    office.wait(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
