"""Workbooks of Excel 5 to 2003 (.xls), read by xlrd in a process that can be bounded and ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import IO, Any

from xlgoals.cells import Cell, CellKind, DefinedName, Sheet, Visibility, Workbook
from xlgoals.grid import CellRef, RangeRef
from xlgoals.reader import old_excel_process as process
from xlgoals.reader.errors import Reason, Unreadable, damaged
from xlgoals.reader.limits import Limits, too_large

_WHAT = "xls"
_LONGEST_WAIT = 86_400  # seconds; far longer ones no system can wait
_CPU_SIGNAL = 24  # SIGXCPU, where there is one
# By the clock there is more time where the system counts what the process itself takes: other
# programs may be at work, and what is read must not depend on them.
_CLOCK = 1 if sys.platform == "win32" else 10
_VISIBILITY = (Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VERY_HIDDEN)
_KINDS = {kind.value: kind for kind in CellKind}


def read_old_excel(file: IO[bytes], size: int, limits: Limits) -> Workbook:
    """Read an .xls file. Raises Unreadable."""
    if size > limits.packed_bytes:
        raise too_large("packed_bytes", size, limits.packed_bytes)
    found = _contents(file, limits)
    texts, formats = found["texts"], found["formats"]
    for text in texts:
        if len(text) > limits.string_length:
            raise too_large("string_length", len(text), limits.string_length, _WHAT)
    return Workbook(
        sheets=tuple(_sheet(sheet, texts, formats, limits) for sheet in found["sheets"]),
        names=tuple(DefinedName(*name) for name in found["names"][: limits.names]),
        properties={},
        modified=None,
        date1904=found["date1904"],
        format="xls",
    )


def _sheet(found: Any, texts: list[str], formats: list[str], limits: Limits) -> Sheet:
    if len(found["merges"]) > limits.merges:
        raise too_large("merges", len(found["merges"]), limits.merges, _WHAT)
    cells: dict[tuple[int, int], Cell] = {}
    for row, column, kind, value, number_format, formula in found["cells"]:
        ref = CellRef(row, column)
        if kind in ("text", "error"):
            value = texts[value]
        elif kind == "boolean":
            value = bool(value)
        if value != "" or formula is not None:
            cells[ref] = Cell(ref, _KINDS[kind], value, formula, formats[number_format])
    merges = tuple(RangeRef(*area) for area in found["merges"])
    return Sheet(found["name"], _VISIBILITY[found["visibility"] % 3], cells, merges)


def _contents(file: IO[bytes], limits: Limits) -> Any:
    # -P, and no blank entry in the path: what lies in the current folder may be anybody's.
    # -O: the library asserts what other programs' files do not always keep to.
    bounds = (limits.memory_bytes, limits.seconds, limits.cells)
    command = [sys.executable, "-P", "-O", "-m", process.__name__, *map(str, bounds)]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    file.seek(0)
    try:
        done = subprocess.run(  # noqa: S603 - nothing of the file gets into the command
            command,
            input=file.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=min(limits.seconds * _CLOCK + 1, _LONGEST_WAIT),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_large("seconds", limits.seconds + 1, limits.seconds, _WHAT) from None
    status = done.returncode
    if status == process.SUCCESS:
        return json.loads(done.stdout)
    if status == process.ENCRYPTED:
        raise Unreadable(Reason.ENCRYPTED, _WHAT)
    if status == process.DAMAGED:
        raise damaged(_WHAT, "not read by xlrd")
    if status == process.TOO_MANY_CELLS:
        raise too_large("cells", limits.cells + 1, limits.cells, _WHAT)
    if status == -_CPU_SIGNAL:
        raise too_large("seconds", limits.seconds, limits.seconds, _WHAT)
    raise too_large("memory_bytes", limits.memory_bytes, limits.memory_bytes, _WHAT)
