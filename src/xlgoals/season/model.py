"""What finance sees of a season: every file that was found, every project that counts.

Plain values: the register makes them, summary workbook and status report read them. What a season
would hold too much of, the values of its forms and the findings of its files, is read when asked
for: whoever goes through them in order needs little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from xlgoals.findings import Finding, Severity
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


class Counts(NamedTuple):
    """How many findings there are of each weight; what is waived is counted apart."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    waived: int = 0

    def of(self, severity: Severity) -> int:
        """How many there are of a weight."""
        return self[list(Severity).index(severity)]

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(self)

    @classmethod
    def total(cls, counted: Iterable[Counts]) -> Counts:
        """The sum of several."""
        return cls(*map(sum, zip(cls(), *counted, strict=True)))

    @classmethod
    def of_findings(cls, findings: Iterable[tuple[Severity, bool, int]]) -> Counts:
        """The sum of findings: their weight, whether they are waived, and how many."""
        order, found = list(Severity), [0] * len(cls._fields)
        for severity, waived, number in findings:
            found[-1 if waived else order.index(severity)] += number
        return cls(*found)


@dataclass(frozen=True, slots=True)
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
    counts: Counts  # of its findings
    read_findings: Callable[[], tuple[Finding, ...]] = field(compare=False, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of what counts, or why nothing does."""
        return self.read_findings()


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One project's form in the version that counts."""

    file: str  # the path
    sheet: str
    unit_code: str | None
    unit: str | None
    project: str | None
    category: str | None
    amounts: Mapping[str, Decimal]  # in 元, by field; without those that are blank or refused
    indicators: int  # how many
    counts: Counts  # of the findings on its sheet
    versions: int  # how many versions came, this one included
    read_values: Callable[[], Mapping[str, Any]] = field(compare=False, repr=False)

    @property
    def values(self) -> Mapping[str, Any]:
        """The record of the form, as ``submission.FormRecord.values``."""
        return self.read_values()


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
    # What was spent on the expected projects in the year before, as far as the roster tells; in 元.
    spent: Mapping[str, Decimal] = field(default_factory=dict)


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
