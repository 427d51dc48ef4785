"""The command line as whole processes: what a person or a script waits for."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import AtMostTime, BenchmarkError, Comparison, process

HELP = AtMostTime(6)
CHECK = AtMostTime(0.5)
HTML = AtMostTime(2)

_FILLED = Path(__file__).resolve().parent.parent / "examples" / "filled-2020.xlsx"
_LOAD_TWICE = """\
import sys
from openpyxl import load_workbook
load_workbook(sys.argv[1])
load_workbook(sys.argv[1], data_only=True)
"""


def comparisons(folder: Path, note: Callable[[str], None]) -> Iterator[Comparison]:
    """The shortest command, the one that everybody uses, and that with its longest report."""
    xlgoals, python = _program(), sys.executable
    yield Comparison(
        "xlgoals --help, the process",
        "python -c pass",
        HELP,
        process([xlgoals, "--help"], folder),
        process([python, "-c", "pass"], folder),
    )
    yield Comparison(
        "xlgoals check, the process",
        "a process: openpyxl, loaded twice",
        CHECK,
        process([xlgoals, "check", _FILLED], folder),
        process([python, "-c", _LOAD_TWICE, _FILLED], folder),
    )
    yield Comparison(
        "xlgoals check --format html, the process",
        "xlgoals check, the process",
        HTML,
        process([xlgoals, "check", "--format", "html", _FILLED], folder),
        process([xlgoals, "check", _FILLED], folder),
    )


def _program() -> Path:
    suffix = ".exe" if sys.platform == "win32" else ""
    program = Path(sysconfig.get_path("scripts"), "xlgoals" + suffix)
    if not program.is_file():
        raise BenchmarkError("xlgoals is not installed for this Python: pip install -e .")
    return program
