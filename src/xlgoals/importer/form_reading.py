"""What one project sheet says: readings of all inputs, before any rule has looked at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlgoals.cells import Cell
from xlgoals.grid import CELL_CAPACITY, CellRef
from xlgoals.importer.locate import FieldLocator, Located, TableLocator, TableRow
from xlgoals.importer.sheet_view import SheetView
from xlgoals.kinds import Reading, TargetKind
from xlgoals.kinds.base import BLANK
from xlgoals.layouts.model import FixedRow
from xlgoals.plan.build import fixed_texts
from xlgoals.plan.model import Input, Plan
from xlgoals.rules.evaluate import WRONG
from xlgoals.targets import join_target, parse_quantity, split_target


@dataclass(frozen=True)
class InputReading:
    """An input, where it stands, and what it says."""

    input: Input
    cell: CellRef | None
    reading: Reading

    @property
    def value(self) -> Any:
        """The value as rules see it: None where blank, WRONG where refused."""
        return WRONG if self.reading.refused else self.reading.value


@dataclass(frozen=True)
class RowReading:
    """One indicator row."""

    number: int
    group_name: str
    level1: str
    level2: Any  # as rules see it
    name: Any
    target: Any
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
        target = _known(self.target)
        return {
            "level1": self.level1,
            "level2": _known(self.level2),
            "name": _known(self.name),
            "target": None if target is None else target_record(target),
        }


@dataclass(frozen=True, eq=False)
class FormReading:
    """One project sheet."""

    view: SheetView
    fields: Mapping[str, InputReading]
    rows: tuple[RowReading, ...]
    table: TableLocator

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


def read_form(
    view: SheetView, plan: Plan, names: Mapping[str, CellRef], date1904: bool
) -> FormReading:
    """Find and read every input of a project sheet."""
    locator = FieldLocator(view, names)
    fields = {
        item.key: _read(locator.locate(item), view, date1904)
        for item in plan.form.inputs
        if item.row is None
    }
    table = TableLocator(view, plan)
    rows = tuple(_read_row(row, view, table, date1904) for row in table.rows())
    return FormReading(view, fields, rows, table)


def target_record(text: str) -> dict[str, Any]:
    """A target's text with what it states, as the record of a Target."""
    operator, number, unit = parse_quantity(text) or (None, None, None)
    return {"text": text, "operator": operator, "number": number, "unit": unit}


def _read(located: Located, view: SheetView, date1904: bool) -> InputReading:
    cell = located.cell
    reading = located.input.kind.read(view.cell(cell), date1904) if cell else BLANK
    return InputReading(located.input, cell, reading)


def _read_row(row: TableRow, view: SheetView, table: TableLocator, date1904: bool) -> RowReading:
    inputs = tuple(_read(located, view, date1904) for located in row.inputs)
    values = {item.input.key: item.value for item in inputs}
    planned = row.planned
    if planned.fixed:
        for key, text in fixed_texts(planned.fixed, table.columns).items():
            if key not in values:
                # What stands there now is what the unit declares; that it was changed is told.
                values[key] = _printed(view.cell((row.row, table.columns[key])), text, date1904)
    return RowReading(
        number=planned.number,
        group_name=planned.group.name,
        level1=planned.group.level1,
        level2=values.get("level2", planned.group.level2),
        name=values.get("name"),
        target=_whole_target(values),
        inputs=inputs,
        fixed=planned.fixed,
    )


def _printed(cell: Cell | None, text: str, date1904: bool) -> str | None:
    """A locked text as it stands: read as a target, since ``=100%`` may have become a formula."""
    reading = TargetKind(max_length=CELL_CAPACITY).read(cell, date1904)
    return reading.value or text or None


def _whole_target(values: Mapping[str, Any]) -> Any:
    """The target's text, joined where the form keeps its parts apart."""
    if "target" in values:
        return values["target"]
    parts = [values.get(key) for key in ("operator", "value", "unit")]
    return WRONG if WRONG in parts else join_target(*parts)


def _known(value: Any) -> Any:
    return None if value is WRONG else value


def _typed(row: RowReading) -> bool:
    proposed = {row.fixed.target, *split_target(row.fixed.target).values()} if row.fixed else set()
    return any(not item.reading.blank and item.reading.value not in proposed for item in row.inputs)
