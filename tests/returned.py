"""A folder as finance has it, made of variations of the filled example."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vary import PROJECTS, UNIT, varied
from xlgoals.season.model import RosterRow

__all__ = ["PROJECTS", "UNIT", "put", "roster_row"]


def put(
    folder: Path,
    name: str,
    *,
    unit: str = "甲单位",
    projects: Mapping[int, str] | None = None,
    saved: str | None = None,
    words: Mapping[str, str] | None = None,
) -> Path:
    """A filled workbook of a unit; ``projects`` renames some of its three, counted from 0."""
    renamed = {PROJECTS[index]: name for index, name in (projects or {}).items()}
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(varied({UNIT: unit, **renamed, **(words or {})}, saved))
    return path


def roster_row(
    name: str, project: str | None = None, code: str | None = None, *aliases: str
) -> RosterRow:
    """A line of a roster."""
    return RosterRow(code, name, None, project, aliases, None)
