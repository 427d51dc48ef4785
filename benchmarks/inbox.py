"""Folders of filled workbooks, each of a unit of its own, made once a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path

import xlgoals
from measure import BenchmarkError

PROJECTS = 3  # in each workbook
_ROOT = Path(__file__).resolve().parent.parent
_PROCESSES = 2


def filled(folder: Path, workbooks: range) -> Path:
    """A folder with the workbooks of these numbers."""
    inbox = folder / f"inbox-{workbooks.start}-{workbooks.stop}"
    if not inbox.exists():
        inbox.mkdir()
        with ProcessPoolExecutor(_PROCESSES) as pool:
            list(pool.map(partial(_write, inbox), workbooks, chunksize=50))
    return inbox


def _write(inbox: Path, number: int) -> None:
    tools = str(_ROOT / "tools")
    if tools not in sys.path:
        sys.path.append(tools)
    vary = import_module("vary")
    data = vary.varied({vary.UNIT: f"第{number}单位"}, "2020-03-01T08:00:00Z")
    (inbox / f"{number:05}.xlsx").write_bytes(data)


def registers(folder: Path, name: str) -> Iterator[Path]:
    """Registers that nobody has used."""
    return (folder / f"{name}-{number}.db" for number in count())


def remove(register: Path) -> None:
    """Delete a register, and what SQLite keeps beside it."""
    for file in register.parent.glob(f"{register.name}*"):
        file.unlink()


def prove(season: xlgoals.Season, workbooks: int) -> None:
    """Raises BenchmarkError where a season has not every form of so many workbooks."""
    if len(season.files) != workbooks or len(season.forms) != workbooks * PROJECTS:
        raise BenchmarkError(f"{len(season.forms)} forms of {workbooks} workbooks")
