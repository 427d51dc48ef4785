"""A season that was collected, as tests ask about it."""

from __future__ import annotations

from pathlib import Path

from returned import put
from xlgoals.season.model import FileEntry, FileState, Season

FIRST, SECOND = "2020-03-01T08:00:00Z", "2020-03-02T08:00:00Z"


def states(season: Season) -> dict[str, FileState]:
    """The state of every file, by its name."""
    return {Path(file.path).name: file.state for file in season.files}


def entry(season: Season, name: str) -> FileEntry:
    """The file of a name."""
    (file,) = [file for file in season.files if Path(file.path).name == name]
    return file


def counted(season: Season) -> list[tuple[str, str | None, str]]:
    """File, unit and project of every form that counts."""
    return sorted((Path(f.file).name, f.unit, f.values["project_name"] or "") for f in season.forms)


def codes(season: Season) -> list[tuple[str, str]]:
    """Code and file of every finding."""
    return [(finding.code, Path(finding.file).name) for finding in season.findings]


def reconciles(season: Season) -> bool:
    """Forms of the files that count, and all forms that were read from them."""
    counting = [f for f in season.files if f.state in (FileState.ACCEPTED, FileState.ERRORS)]
    others = [f for f in season.files if f not in counting]
    return sum(f.forms for f in counting) == len(season.forms) and not any(f.forms for f in others)


def several(inbox: Path, count: int) -> None:
    """Files of so many units."""
    for number in range(count):
        put(inbox, f"{number:02}.xlsx", unit=f"单位{number:02}")
