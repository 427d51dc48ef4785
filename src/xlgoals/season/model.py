"""What finance sees of a season: every file that was found, every project that counts.

Plain values: the register makes them, summary workbook and status report read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xlgoals.findings import Finding
from xlgoals.layouts import Layout


class FileState(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"  # read, and no error in it but such as are waived
    ERRORS = "errors"  # read, but it goes back to the unit: an error is not waived
    REJECTED = "rejected"  # nothing could be read from it
    SUPERSEDED = "superseded"  # every project in it was returned again later
    DUPLICATE = "duplicate"  # the same bytes as another file


class UnitState(StrEnum):
    """Where a unit stands."""

    ACCEPTED = "accepted"  # all of its projects are in, without errors
    ERRORS = "errors"  # something goes back
    INCOMPLETE = "incomplete"  # some of its projects are missing
    MISSING = "missing"  # nothing came
    UNLISTED = "unlisted"  # it returned something, but is not on the roster


@dataclass(frozen=True)
class RosterRow:
    """One line of the roster: a unit, and one of its projects if any is named."""

    code: str | None
    name: str
    contact: str | None
    project: str | None
    aliases: tuple[str, ...]  # other names of the unit
    prior_execution: Decimal | None  # what was spent on the project in the year before, in 元


@dataclass(frozen=True)
class Waiver:
    """One line of the waivers: findings of a code that finance accepts in a project."""

    project: str
    code: str
    reason: str
    who: str
    when: date
    unit_code: str | None  # where neither is given, in whatever unit
    unit: str | None
    file: str  # where it stands
    line: int


@dataclass(frozen=True)
class FileEntry:
    """One file found, whatever it is: none is left out."""

    path: str
    digest: str  # sha256 of its bytes, hexadecimal
    modified: datetime | None  # by the document itself, else by the file system; UTC
    state: FileState
    unit: str | None  # the name that the roster gives it, else the one in the file
    reason: str  # for a person: why it is rejected, or which file counts instead; else empty
    late: bool
    forms: int  # that count
    findings: tuple[Finding, ...]  # of what counts, or why nothing does


@dataclass(frozen=True)
class FormEntry:
    """One project's form in the version that counts."""

    file: str  # the path
    sheet: str
    unit_code: str | None
    unit: str | None
    values: Mapping[str, Any]  # the record of the form, as ``submission.FormRecord.values``
    errors: int  # findings on its sheet that are not waived, by severity
    warnings: int
    versions: int  # how many versions came, this one included


@dataclass(frozen=True)
class UnitEntry:
    """One unit: on the roster, or not."""

    code: str | None
    name: str
    contact: str | None
    state: UnitState
    expected: tuple[str, ...]  # projects that the roster names; empty: any
    missing: tuple[str, ...]  # of these, those that nobody returned
    files: tuple[str, ...]
    late: bool


@dataclass(frozen=True)
class Season:
    """All of it, for one layout, year and round."""

    layout: Layout
    fiscal_year: int
    round: str | None
    deadline: datetime | None
    files: tuple[FileEntry, ...]  # by path
    forms: tuple[FormEntry, ...]  # by unit, then by project
    units: tuple[UnitEntry, ...]  # as on the roster, then the unlisted
    findings: tuple[Finding, ...]  # of layer batch: what only shows between files
    waived: Mapping[Finding, Waiver] = field(default_factory=dict)  # of all the findings above
