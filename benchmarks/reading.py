"""Reading and checking one filled workbook, against openpyxl merely loading it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import openpyxl

import xlgoals
from measure import AtLeastFaster, BenchmarkError, Comparison
from released import filled_workbooks

LOADED_TWICE = AtLeastFaster(20)
READ_ONLY_TWICE = AtLeastFaster(6)

_ROOT = Path(__file__).resolve().parent.parent
FILLED = _ROOT / "examples" / "filled-2020.xlsx"


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """The filled example as each program saves it, and a filled workbook of each layout."""
    for writer, path in _workbooks(folder, note):
        read = partial(xlgoals.read, path)
        prove = partial(_prove_read, path)
        what = f"read and check, saved by {writer}"
        full = partial(load_twice, path)
        yield Comparison(what, "openpyxl, loaded twice", LOADED_TWICE, read, full, prove)
        passes = partial(_read_only_twice, path)
        yield Comparison(what, "openpyxl, 2 read-only passes", READ_ONLY_TWICE, read, passes, prove)


def load_twice(path: Path) -> object:
    """What reading formulas and values takes with openpyxl."""
    return [openpyxl.load_workbook(path, data_only=data_only) for data_only in (False, True)]


def _read_only_twice(path: Path) -> object:
    """The same with its quickest way to every value."""
    seen = 0
    for data_only in (False, True):
        book = openpyxl.load_workbook(path, read_only=True, data_only=data_only)
        for sheet in book.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    seen += value is not None
        book.close()
    return seen


def _prove_read(path: Path) -> None:
    submission = xlgoals.read(path)
    if not submission.records:
        raise BenchmarkError(f"{path.name} is not read as it should be: {submission.findings}")
    if not _read_only_twice(path):
        raise BenchmarkError(f"openpyxl finds nothing in {path.name}")


def _workbooks(folder: Path, note: Callable[[str], None]) -> Iterator[tuple[str, Path]]:
    for name, path in filled_workbooks().items():
        yield f"XlsxWriter, {name}", path
    resaved = folder / "openpyxl.xlsx"
    openpyxl.load_workbook(FILLED).save(resaved)
    yield "openpyxl", resaved
    if converted := _saved_by_libreoffice(folder, note):
        yield "LibreOffice", converted


def _saved_by_libreoffice(folder: Path, note: Callable[[str], None]) -> Path | None:
    tools = str(_ROOT / "tools")
    if tools not in sys.path:
        sys.path.append(tools)
    office = import_module("office")
    soffice = office.find_libreoffice()
    if soffice is None:
        note("LibreOffice is not installed: reading what it saved is left out.")
        return None
    to = "xlsx:Calc MS Excel 2007 XML"
    try:
        return Path(
            office.convert_with_libreoffice(
                soffice, FILLED, to, folder / "libreoffice", folder / "profile"
            )
        )
    except office.ConversionError:
        note("LibreOffice saved nothing: reading what it saves is left out.")
        return None
