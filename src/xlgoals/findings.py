"""What is reported to a person: the finding, its code, severity and layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xlgoals.language import Message, noted
from xlgoals.text import visible


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # the form is returned
    WARNING = "warning"  # finance should look
    INFO = "info"  # a value was normalised, or a rule is on trial


# What people call the weights.
SEVERITY_WORDS = {
    Severity.ERROR: noted("错误"),
    Severity.WARNING: noted("提醒"),
    Severity.INFO: noted("说明"),
}
# What people call all of them in a list, and there the place of one that is on no sheet.
LIST_NAME, WHOLE_FILE = "问题清单", "（整个文件）"


class Layer(StrEnum):
    """What a finding is about."""

    FILE = "file"
    STRUCTURE = "structure"  # labels, names, sheets, locks
    CELL = "cell"  # one cell's value
    RULE = "rule"  # several cells
    BATCH = "batch"  # several files


# What the words of a rule may speak of, the last where it has a sum; a code's own words may also
# use what its issue names.
WORDS = ("label", "cell", "sheet", "value", "expected", "fiscal_year", "sum")


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its words are said here and nowhere else.

    ``message`` and ``hint`` may hold ``{label}``, ``{cell}``, ``{value}``, ``{expected}`` and what
    the issue itself names.
    """

    id: str
    severity: Severity
    layer: Layer
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A code met by a value, before anyone knows in which cell it stands."""

    code: Code
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands; None where the layer has no such place."""

    sheet: str | None = None
    cell: str | None = None
    field: str | None = None
    label: str | None = None
    related: tuple[str, ...] = ()


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place, in the words a filler reads.

    ``message`` and ``hint`` are Chinese; as they are made, the console can say them in its own
    language, but not as they come out of a register.
    """

    code: str
    severity: Severity
    layer: Layer
    file: str
    sheet: str | None
    cell: str | None
    field: str | None
    label: str | None
    message: str
    value: str | None
    expected: str | None
    hint: str
    related: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        issue: Issue,
        file: str,
        place: Place = NOWHERE,
        value: str | None = None,
        expected: str | None = None,
    ) -> Finding:
        """Put an issue at its place and fill in its words; nothing in it can harm who shows it."""
        words = {
            "label": place.label or "",
            "cell": place.cell or "",
            "sheet": place.sheet or "",
            "value": _quoted(value),
            "expected": expected or "",
            **issue.details,
        }
        code = issue.code
        return cls(
            code=code.id,
            severity=code.severity,
            layer=code.layer,
            file=visible(file),
            sheet=_visible(place.sheet),
            cell=place.cell,
            field=place.field,
            label=_visible(place.label),
            message=Message(code.message, **words),
            value=_visible(value),
            expected=_visible(expected),
            hint=Message(code.hint, **words),
            related=tuple(visible(cell) for cell in place.related),
        )


def _visible(text: str | None) -> str | None:
    return None if text is None else visible(text)


def _quoted(value: str | None, longest: int = 40) -> str:
    """A value as a message quotes it: one line, not longer than a line."""
    if value is None:
        return Message("（空白）")
    if isinstance(value, Message):
        return Message("“{value}”", value=value)
    line = " ".join(value.split())
    return f"“{line if len(line) <= longest else line[: longest - 1] + '…'}”"
