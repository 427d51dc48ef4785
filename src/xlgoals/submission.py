"""What became of one returned file: forms, findings, and where the inputs stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlgoals.findings import Finding
from xlgoals.layouts import Layout
from xlgoals.plan.model import Input, Plan

if TYPE_CHECKING:
    from xlgoals.checking.readings import FormReading
    from xlgoals.models import GoalForm


class Status(StrEnum):
    """What became of a file."""

    OK = "ok"
    WARNINGS = "warnings"
    ERRORS = "errors"
    REJECTED = "rejected"  # no form could be read from it


@dataclass(frozen=True)
class FormRecord:
    """One project's form as plain values, and the sheet it was read from."""

    sheet: str
    values: dict[str, Any]


@dataclass(frozen=True)
class FoundInput:
    """An input, and where it stands in the workbook."""

    sheet: str
    cell: str
    input: Input


@dataclass(frozen=True)
class Submission:
    """What one file says, and everything that is to be said of it."""

    file: str
    layout: Layout | None
    fiscal_year: int | None
    status: Status
    findings: tuple[Finding, ...]
    records: tuple[FormRecord, ...] = ()
    inputs: tuple[FoundInput, ...] = ()  # of every sheet, spares included
    plan: Plan | None = None  # of the template, with as many project sheets as there are
    sheets: tuple[str, ...] = ()  # the project sheets under their present names
    readings: tuple[FormReading, ...] = ()  # of these sheets: all that was typed, taken or not

    @cached_property
    def forms(self) -> tuple[GoalForm, ...]:
        """The typed forms in sheet order; a refused value is None."""
        if self.layout is None:
            return ()
        # Only who asks for typed forms pays for pydantic.
        from xlgoals.models import form_class

        cls = form_class(self.layout)
        return tuple(cls.model_validate(record.values) for record in self.records)
