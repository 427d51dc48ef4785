"""Readings of a form's inputs, as the checks take them; where they came from does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlgoals.grid import CellRef
from xlgoals.kinds import Reading
from xlgoals.layouts.model import FixedRow
from xlgoals.plan.model import IndicatorRow, Input
from xlgoals.rules.evaluate import WRONG
from xlgoals.targets import join_target, parse_quantity, split_target
from xlgoals.vocabulary import COLUMN_TERMS


@dataclass(frozen=True)
class InputReading:
    """An input, where it stands, and what it says."""

    input: Input
    cell: CellRef | None
    reading: Reading

    @property
    def value(self) -> Any:
        """The value as rules see it: None where blank, WRONG where all is said already."""
        return WRONG if self.reading.settled else self.reading.value


@dataclass(frozen=True)
class RowReading:
    """One indicator row."""

    number: int
    group_name: str
    level1: str
    said: Mapping[str, Any]  # level2, name, target and further columns as read
    seen: Mapping[str, Any]  # the same as rules see them
    inputs: tuple[InputReading, ...]
    fixed: FixedRow | None

    @property
    def filled(self) -> bool:
        """Whether the row exists: prescribed, or with anything in it."""
        return self.fixed is not None or any(not item.reading.blank for item in self.inputs)

    def at(self, key: str) -> InputReading | None:
        """The input of a column."""
        return next((item for item in self.inputs if item.input.key == key), None)

    def record(self) -> dict[str, Any]:
        """The row as the record of an Indicator."""
        target = self.said["target"]
        others = {key: self.said[key] for key in COLUMN_TERMS if self.at(key)}
        return {
            "level1": self.level1,
            "level2": self.said["level2"],
            "name": self.said["name"],
            "target": None if target is None else target_record(target),
            **others,
        }


@dataclass(frozen=True, eq=False)
class FormReading:
    """One project sheet: all that checks may know of it."""

    sheet: str
    fields: Mapping[str, InputReading]
    rows: tuple[RowReading, ...]

    def all_inputs(self) -> Iterator[InputReading]:
        """Every input, fields before rows."""
        yield from self.fields.values()
        for row in self.rows:
            yield from row.inputs

    def is_spare(self, unit_field: str) -> bool:
        """Whether nothing but the unit, and targets that the layout proposes, is filled in."""
        if any(not item.reading.blank for key, item in self.fields.items() if key != unit_field):
            return False
        return not any(_typed(row) for row in self.rows)


def row_reading(
    planned: IndicatorRow, inputs: tuple[InputReading, ...], printed: Mapping[str, str | None]
) -> RowReading:
    """Put a row together from its inputs and from what is printed in its other cells."""
    seen = {**printed, **{item.input.key: item.value for item in inputs}}
    read = {**seen, **{i.input.key: i.reading.value for i in inputs if not i.reading.refused}}
    said = _row_values(planned, read)
    return RowReading(
        number=planned.number,
        group_name=planned.group.name,
        level1=planned.group.level1,
        said={key: None if value is WRONG else value for key, value in said.items()},
        seen=_row_values(planned, seen),
        inputs=inputs,
        fixed=planned.fixed,
    )


def target_record(text: str) -> dict[str, Any]:
    """A target's text with what it states, as the record of a Target."""
    operator, number, unit = parse_quantity(text) or (None, None, None)
    return {"text": text, "operator": operator, "number": number, "unit": unit}


def _row_values(planned: IndicatorRow, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "level2": values.get("level2", planned.group.level2),
        "name": values.get("name"),
        "target": _whole_target(values),
        **{key: values.get(key) for key in COLUMN_TERMS},
    }


def _whole_target(values: Mapping[str, Any]) -> Any:
    """The target's text, joined where the form keeps its parts apart."""
    if "target" in values:
        return values["target"]
    parts = [values.get(key) for key in ("operator", "value", "unit")]
    return WRONG if WRONG in parts else join_target(*parts)


def _typed(row: RowReading) -> bool:
    proposed = {row.fixed.target, *split_target(row.fixed.target).values()} if row.fixed else set()
    return any(not item.reading.blank and item.reading.value not in proposed for item in row.inputs)
