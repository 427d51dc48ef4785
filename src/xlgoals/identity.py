"""What a workbook says of itself: which form, which year, which unit, which plan.

The same text stands in three places, since every editor loses one of them: a custom document
property, the hidden sheet, and a workbook-scoped defined name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlgoals.plan.model import Plan

GUIDE_SHEET = "填报说明"  # holds nothing but words for the filler

# Where the text stands.
PROPERTY = "xlgoals"
HIDDEN_SHEET = "_xlgoals"
HIDDEN_CELL = "B1"
DEFINED_NAME = "xlgoals_identity"

MAX_IDENTITY = 255  # UTF-16 units: what a document property and a formula's text can hold
FORMAT = 1  # raised when a program that knows only this one could no longer read the templates
YEARS = range(1900, 2200)  # whatever else stands there is no fiscal year
_MARK = "xlgoals"
_KEYS = ("format", "layout", "edition", "year", "rows", "plan", "unit")


class NewerFormatError(ValueError):
    """The identity was written by a newer program."""


@dataclass(frozen=True)
class Identity:
    """A workbook's own word on what it is."""

    layout: str
    edition: str
    fiscal_year: int
    capacity: Mapping[str, int]  # free rows by group name
    plan: str  # the plan's digest
    unit: str | None

    @classmethod
    def of(cls, plan: Plan) -> Identity:
        """The identity that a plan's workbook gets."""
        return cls(
            layout=plan.layout.id,
            edition=plan.layout.years,
            fiscal_year=plan.fiscal_year,
            capacity=dict(plan.capacity),
            plan=plan.digest,
            unit=plan.unit,
        )

    def encode(self) -> str:
        """One line of text; the unit stands last since it may hold any character."""
        rows = ",".join(f"{name}={count}" for name, count in self.capacity.items())
        values = (
            str(FORMAT), self.layout, self.edition, str(self.fiscal_year), rows, self.plan,
            self.unit or "",
        )  # fmt: skip
        return "|".join((_MARK, *(f"{k}={v}" for k, v in zip(_KEYS, values, strict=True))))

    @classmethod
    def decode(cls, text: str) -> Identity | None:
        """Read it back; None for any other text. Raises NewerFormatError."""
        mark, *parts = text.split("|", len(_KEYS))
        if mark != _MARK:
            return None
        values = dict(part.partition("=")[::2] for part in parts)
        try:
            if int(values["format"]) > FORMAT:
                raise NewerFormatError
            if int(values["year"]) not in YEARS:
                return None
            rows = [item.rpartition("=") for item in values["rows"].split(",") if item]
            return cls(
                layout=values["layout"],
                edition=values["edition"],
                fiscal_year=int(values["year"]),
                capacity={name: int(count) for name, _, count in rows},
                plan=values["plan"],
                unit=values["unit"] or None,
            )
        except NewerFormatError:
            raise
        except (KeyError, ValueError):
            return None
