"""A spreadsheet program at work: LibreOffice, told what to do by lines of JSON on standard input.

Run by a Python that has ``uno``, which is seldom the one that runs the tests, so this file needs
nothing but the standard library: ``python uno_script.py SOFFICE PROFILE``. A request is
``{"do": NAME, …arguments}``, the answer ``{"answer": …}`` or ``{"error": "…"}``. See uno_client.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FILTER = "Calc MS Excel 2007 XML"
_LOGICAL = 1024  # com.sun.star.util.NumberFormat.LOGICAL
_START_SECONDS = 90
# The locale of Chinese users: the machine's own must not decide what a typed date is. And no
# formula bar (window 26100): a LibreOffice without a screen lacks its description and dies of it.
# Nor may it complete what is typed by what stands in the column.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Views/Windows"><node oor:name="26100" oor:op="replace">
<prop oor:name="Visible" oor:op="fuse"><value>false</value></prop></node></item>
<item oor:path="/org.openoffice.Office.Calc/Input">
<prop oor:name="AutoInput" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


class Program:
    """A running LibreOffice with at most one workbook open."""

    def __init__(self, context: Any, uno: Any) -> None:
        manager = context.ServiceManager
        self._uno = uno
        self.desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self._dispatcher = manager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", context
        )
        self._keyboard = manager.createInstanceWithContext(
            "org.libreoffice.uitest.UITest", context
        )
        self._book: Any = None

    # --- helpers --------------------------------------------------------------------------------
    def _properties(self, **values: Any) -> tuple[Any, ...]:
        made = []
        for name, value in values.items():
            made.append(self._uno.createUnoStruct("com.sun.star.beans.PropertyValue"))
            made[-1].Name, made[-1].Value = name, value
        return tuple(made)

    def _dispatch(self, command: str, **arguments: Any) -> None:
        frame = self._book.CurrentController.Frame
        given = self._properties(**arguments)
        self._dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, given)

    def _sheet(self, name: str) -> Any:
        return self._book.Sheets.getByName(name)

    def _go_to(self, sheet: str, cell: str) -> None:
        self._book.CurrentController.setActiveSheet(self._sheet(sheet))
        self._dispatch("GoToCell", ToPoint=cell)

    def _press(self, **keys: str) -> None:
        """Keys pressed in the cells: ``TEXT`` or ``KEYCODE``."""
        window = self._keyboard.getTopFocusWindow()
        while "ok" in window.getChildren():  # a message about a locked cell
            window.getChild("ok").executeAction("CLICK", ())
            window = self._keyboard.getTopFocusWindow()
        window.getChild("grid_window").executeAction("TYPE", self._properties(**keys))

    def _selected(self) -> str:
        """Where the cursor is: ``项目1!B3:E3``."""
        return _plain(self._book.CurrentSelection.AbsoluteName)

    # --- the workbook ---------------------------------------------------------------------------
    def open(self, path: str) -> dict[str, Any]:
        """Open a workbook; what it looks like at first."""
        self.close()
        url = self._uno.systemPathToFileUrl(path)
        self._book = self.desktop.loadComponentFromURL(url, "_blank", 0, ())
        frame = self._book.CurrentController.Frame
        frame.activate()
        frame.ContainerWindow.setFocus()
        sheets = [self._book.Sheets.getByIndex(n) for n in range(self._book.Sheets.Count)]
        return {
            "active": self._book.CurrentController.ActiveSheet.Name,
            "cursor": self._selected(),
            "structure": self._book.isProtected(),
            "sheets": {sheet.Name: sheet.isProtected() for sheet in sheets},
        }

    def close(self) -> None:
        """Close the workbook, changes and all."""
        if self._book is not None:
            self._book.close(True)
            self._book = None

    def save(self, path: str) -> None:
        """Save a copy as xlsx."""
        url = self._uno.systemPathToFileUrl(path)
        self._book.storeToURL(url, self._properties(FilterName=_FILTER))

    def unprotect(self, password: str) -> dict[str, bool]:
        """Try to take protection off; what is still protected, the workbook itself as ``""``."""
        still = {}
        for name in self._book.Sheets.ElementNames:
            with contextlib.suppress(Exception):
                self._sheet(name).unprotect(password)
            still[name] = self._sheet(name).isProtected()
        with contextlib.suppress(Exception):
            self._book.unprotect(password)
        return {"": self._book.isProtected(), **still}

    # --- locks ----------------------------------------------------------------------------------
    def locked(self, sheet: str, cells: list[str]) -> list[bool]:
        """Whether each cell is locked."""
        found = [self._sheet(sheet).getCellRangeByName(cell) for cell in cells]
        return [cell.CellProtection.IsLocked for cell in found]

    def unlocked(self, sheet: str) -> list[str]:
        """Every range of the whole sheet that is not locked."""
        formats = self._sheet(sheet).UniqueCellFormatRanges
        found = []
        for ranges in (formats.getByIndex(n) for n in range(formats.Count)):
            if not ranges.getByIndex(0).CellProtection.IsLocked:
                found += [ranges.getByIndex(n) for n in range(ranges.Count)]
        return [_plain(area.AbsoluteName).partition("!")[2] for area in found]

    def type(self, sheet: str, cell: str, text: str) -> str:
        """Type into a cell key by key, as a person does; what the cell then holds.

        Questions and refusals appear nowhere, for there is no screen, and count as cancelled.
        """
        self._go_to(sheet, cell)
        self._press(TEXT=text)
        self._press(KEYCODE="RETURN")
        return str(self._sheet(sheet).getCellRangeByName(cell).Formula)

    def enter(self, sheet: str, cell: str, text: str) -> str:
        """Put what was typed into a cell, past validation but not past locks; what it then holds."""
        self._go_to(sheet, cell)
        self._dispatch("EnterString", StringName=text)
        return str(self._sheet(sheet).getCellRangeByName(cell).Formula)

    def tab(self, sheet: str, start: str, count: int) -> list[str]:
        """Where the tabulator key leads, so many times."""
        self._go_to(sheet, start)
        found = []
        for _ in range(count):
            self._press(KEYCODE="TAB")
            found.append(self._selected())
        return found

    # --- validations ----------------------------------------------------------------------------
    def validations(self, sheet: str, cells: list[str]) -> list[dict[str, Any]]:
        """The validation of each cell as the program understands it."""
        return [self._validation(self._sheet(sheet).getCellRangeByName(cell)) for cell in cells]

    def _validation(self, cell: Any) -> dict[str, Any]:
        own = cell.Validation
        anchor = own.getSourcePosition()
        return {
            "type": own.Type.value,
            "operator": own.getOperator().value,
            "formula1": own.getFormula1(),
            "formula2": own.getFormula2(),
            "options": self._options(own.getFormula1()) if own.Type.value == "LIST" else [],
            "alert": own.ErrorAlertStyle.value,
            "ignores_blank": own.IgnoreBlankCells,
            "drop_down": own.ShowList != 0,
            "shows_prompt": own.ShowInputMessage,
            "shows_refusal": own.ShowErrorMessage,
            "prompt": [own.InputTitle, own.InputMessage],
            "refusal": [own.ErrorTitle, own.ErrorMessage],
            "anchor": [anchor.Row + 1, anchor.Column + 1],
        }

    def _options(self, name: str) -> list[str]:
        """The texts of the cells that a defined name refers to."""
        rows = self._book.NamedRanges.getByName(name).ReferredCells.DataArray
        return [str(value) for row in rows for value in row]

    def judge(self, entries: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
        """Type each text into its blank cell: whether it is taken, and what it is or would be."""
        return [self._judge(*entry) for entry in entries]

    def _judge(self, sheet: str, address: str, text: str) -> dict[str, Any]:
        cell = self._sheet(sheet).getCellRangeByName(address)
        number_format = cell.NumberFormat
        if cell.Formula:
            raise ValueError(f"{address} is not blank")
        accepted = self.type(sheet, address, text) != ""
        self.enter(sheet, address, text)
        seen = {**self._content(cell), "accepted": accepted}
        cell.Formula = ""
        cell.NumberFormat = number_format
        return seen

    def _content(self, cell: Any) -> dict[str, Any]:
        number_format = self._book.NumberFormats.getByKey(cell.NumberFormat)
        kind = cell.Type.value
        formula = cell.Formula if kind == "FORMULA" else None
        if kind == "FORMULA":
            kind = {1: "VALUE", 2: "TEXT"}.get(cell.FormulaResultType2, "ERROR")
        if kind == "VALUE" and number_format.Type & _LOGICAL:
            kind = "BOOLEAN"
        return {
            "kind": kind,
            "value": cell.Value if kind in ("VALUE", "BOOLEAN") else cell.String,
            "formula": formula,
            "number_format": number_format.FormatString,
        }


def _plain(absolute: str) -> str:
    """``$项目1.$B$3:$E$3`` as ``项目1!B3:E3``."""
    sheet, _, area = absolute.rpartition(".")
    return re.sub(r"^'|'$", "", sheet.lstrip("$")) + "!" + area.replace("$", "")


@contextlib.contextmanager
def running(soffice: str, profile: Path) -> Iterator[Program]:
    """LibreOffice from start to end, with a profile of its own."""
    uno = importlib.import_module("uno")
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    pipe = f"tests{os.getpid()}"
    command = [soffice, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless"]
    command += ["--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
        start_new_session=True,
    )
    try:
        program = Program(_connected(uno, pipe, process), uno)
        yield program
        program.close()
        with contextlib.suppress(Exception):  # the connection may go before the answer comes
            program.desktop.terminate()
        process.wait(20)
    finally:
        # The program proper is a child of what was started.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _connected(uno: Any, pipe: str, process: subprocess.Popen[bytes]) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)


def main() -> None:
    """Answer requests until there are no more."""
    soffice, profile = sys.argv[1:]
    answers = sys.stdout
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    with running(soffice, Path(profile)) as program:
        for line in sys.stdin:
            request: dict[str, Any] = json.loads(line)
            action: Callable[..., Any] = getattr(program, request.pop("do"))
            try:
                reply = {"answer": action(**request)}
            except Exception as fault:
                reply = {"error": f"{type(fault).__name__}: {fault}"}
            answers.write(json.dumps(reply) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
