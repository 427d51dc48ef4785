"""The entry: the marked copy of one submission's file."""

from __future__ import annotations

import zipfile
from os import PathLike
from pathlib import Path

from xlgoals.annotate.fresh import fresh_copy
from xlgoals.annotate.marking import marked
from xlgoals.annotate.xml import Unmarkable
from xlgoals.language import Message
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.submission import Submission

__all__ = ["SUFFIXES", "Unmarkable", "annotated_copy", "copy_name"]

# Of files whose own parts are marked; whatever else was sent goes back as the first of these.
SUFFIXES = (".xlsx", ".xlsm")
_BINARY_PART = ".bin"


def annotated_copy(
    path: str | PathLike[str], submission: Submission, *, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """A copy of the file that ``submission`` was read from, with every finding marked in it.

    Each cell with an error or a warning gets a fill and a note; all findings stand on a sheet of
    their own, which shows first. Whatever else the file holds stays as it is, and marks of an
    earlier time go. What is no .xlsx or .xlsm file comes back as a new .xlsx workbook with
    everything that was typed into the form. ``limits`` are those it was read with.

    Raises Unmarkable where no copy can be made, OSError where the file cannot be read.
    """
    if submission.layout is None or submission.plan is None:
        raise Unmarkable(Message("文件里没有可以读取的表"))
    file = Path(path)
    if _is_package(file):
        data, findings = file.read_bytes(), submission.findings
    else:
        data, findings = fresh_copy(submission)
    return marked(data, findings, submission.layout.name, limits)


def copy_name(path: str | PathLike[str]) -> str:
    """What the copy of a file is called."""
    file = Path(path)
    return file.name if file.suffix.lower() in SUFFIXES else f"{file.stem}{SUFFIXES[0]}"


def _is_package(file: Path) -> bool:
    """Whether a file consists of parts as .xlsx and .xlsm do: .xlsb has others, .ods none."""
    try:
        with zipfile.ZipFile(file) as package:
            names = {name.lower() for name in package.namelist()}
    except zipfile.BadZipFile:
        return False
    return "[content_types].xml" in names and not any(
        name.endswith(f"workbook{_BINARY_PART}") for name in names
    )
