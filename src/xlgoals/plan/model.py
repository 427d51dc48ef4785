"""The plan: what writer and importer share. Every label and every input has its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from xlgoals.grid import RangeRef
from xlgoals.kinds import Kind
from xlgoals.layouts.model import FixedRow, Group, Layout
from xlgoals.text import label_key

_SHEET_NAME = "项目"


def is_project_sheet(name: str) -> bool:
    """Whether a sheet bears the name of a project sheet of some template."""
    return name.startswith(_SHEET_NAME) and name.removeprefix(_SHEET_NAME).isdecimal()


@dataclass(frozen=True)
class Locked:
    """A text of the form that nobody may change."""

    area: RangeRef
    text: str
    style: str  # of STYLES in the template's styles
    aliases: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """What the text may read when it is compared as a label."""
        return frozenset(label_key(text) for text in (self.text, *self.aliases))


@dataclass(frozen=True)
class Input:
    """One cell, or merge, that a person fills."""

    name: str  # the sheet-scoped defined name
    key: str  # the field's key, or the indicator column's
    area: RangeRef
    kind: Kind
    title: str  # the official label, without its colon
    label: Locked  # the label that proves the place
    required: bool
    help: str = ""
    row: int | None = None  # number of the indicator row
    framed: bool = True


@dataclass(frozen=True)
class IndicatorRow:
    """One row of the indicator table."""

    number: int  # from 1 down the sheet, fixed rows included
    row: int  # the sheet's row
    group: Group
    fixed: FixedRow | None = None


@dataclass(frozen=True)
class FormPlan:
    """One form on one sheet; all project sheets of a workbook have the same."""

    locked: tuple[Locked, ...]
    inputs: tuple[Input, ...]
    indicator_rows: tuple[IndicatorRow, ...]
    headings: Mapping[str, Locked]  # of the indicator table, by column key
    row_lines: Mapping[int, int]  # lines of text each row keeps room for
    page_ends: tuple[int, ...]  # the last row of each page
    columns: int

    @cached_property
    def by_name(self) -> Mapping[str, Input]:
        """Inputs by defined name."""
        return {item.name: item for item in self.inputs}

    @cached_property
    def rows_by_group(self) -> Mapping[str, tuple[IndicatorRow, ...]]:
        """Rows of the indicator table by the name of their group."""
        found: dict[str, list[IndicatorRow]] = {}
        for row in self.indicator_rows:
            found.setdefault(row.group.name, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def by_row(self) -> Mapping[int, tuple[Input, ...]]:
        """Inputs of the indicator table by the number of their row."""
        found: dict[int, list[Input]] = {row.number: [] for row in self.indicator_rows}
        for item in self.inputs:
            if item.row is not None:
                found[item.row].append(item)
        return {number: tuple(items) for number, items in found.items()}

    @cached_property
    def described(self) -> str:
        """All places, texts and kinds, a line each."""
        parts = [
            *(f"{item.area.a1}={item.text}" for item in self.locked),
            *(f"{item.area.a1}:{item.name}:{item.kind.requirement}" for item in self.inputs),
        ]
        return "\n".join(parts)

    @property
    def last_row(self) -> int:
        """The last row of the form."""
        return self.page_ends[-1]


@dataclass(frozen=True)
class Plan:
    """A workbook to be: the layout for a fiscal year, with so many rows and project sheets."""

    layout: Layout
    fiscal_year: int
    capacity: Mapping[str, int]  # free rows by group name
    projects: int
    unit: str | None  # given: locked on every sheet; None: an input on the first
    form: FormPlan

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The project sheets in order."""
        return tuple(f"{_SHEET_NAME}{number}" for number in range(1, self.projects + 1))

    @property
    def unit_input(self) -> Input:
        """Where the declaring unit stands."""
        return self.form.by_name[self.layout.unit_field]

    def inputs(self, sheet: int) -> tuple[Input, ...]:
        """What is open on a project sheet, counted from 0."""
        if sheet == 0 and self.unit is None:
            return self.form.inputs
        return tuple(item for item in self.form.inputs if item.key != self.layout.unit_field)

    @cached_property
    def digest(self) -> str:
        """A short fingerprint of all places, texts and kinds; equal plans read alike."""
        described = f"{self.layout.id}\n{self.fiscal_year}\n{self.form.described}"
        return sha256(described.encode()).hexdigest()[:16]
