"""A form drawn by its plan: what stands in each cell of each page, and the findings there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlgoals.checking.readings import FormReading, InputReading
from xlgoals.findings import Finding, Severity
from xlgoals.fitting import fitted
from xlgoals.grid import CellRef, RangeRef
from xlgoals.plan.model import FormPlan, Input, Plan

_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)
_LEVEL = "level"  # style of the texts that rows of the indicator table stand under
_WORST_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Mark:
    """A finding under the number by which list and form know it."""

    number: int
    finding: Finding


@dataclass(frozen=True)
class Box:
    """One cell, or merge, as it is drawn."""

    area: RangeRef
    text: str = ""
    style: str = "blank"
    is_head: bool = False  # whether it says what other cells hold
    heads: tuple[CellRef, ...] = ()  # the boxes of its page that say what it holds
    cell: CellRef | None = None  # where an input stands in the file
    marks: tuple[Mark, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The weight of the worst that is said of it."""
        found = {mark.finding.severity for mark in self.marks}
        return next((severity for severity in _WORST_FIRST if severity in found), None)


@dataclass(frozen=True)
class Row:
    """One row of the form: the boxes that begin in it, and its room in lines of text."""

    boxes: tuple[Box, ...]
    lines: int


@dataclass(frozen=True)
class Drawing:
    """One form as its pages; ``apart`` is what is said of its sheet, but of no cell drawn."""

    pages: tuple[tuple[Row, ...], ...]
    apart: tuple[Mark, ...]


def drawn(plan: Plan, form: FormReading, unit: str | None, marks: Sequence[Mark]) -> Drawing:
    """Draw a form by a plan that has room for all of its rows.

    ``unit`` is the declaring unit where the sheet only repeats it; ``marks`` are of this sheet.
    """
    readings = {item.name: found for item, found in fitted(plan, form)}
    boxes = {box.area.first: box for box in (*_locked(plan.form), *_inputs(plan.form, readings))}
    if unit is not None:
        place = plan.unit_input.area.first
        boxes[place] = replace(boxes[place], text=unit)
    places = _Places(plan.form, readings)
    by_place: dict[CellRef | None, list[Mark]] = {}
    for mark in marks:
        by_place.setdefault(places.of(mark.finding), []).append(mark)
    pages, first = [], 1
    for last in plan.form.page_ends:
        rows = range(first, last + 1)
        pages.append(tuple(_rows(plan.form, rows, boxes, by_place)))
        first = last + 1
    return Drawing(tuple(pages), tuple(by_place.get(None, ())))


# --- boxes ----------------------------------------------------------------------------------------
def _locked(form: FormPlan) -> Iterator[Box]:
    labels = {item.label.area for item in form.inputs}
    labels |= {heading.area for heading in form.headings.values()}
    for locked in form.locked:
        is_head = bool(locked.text) and (locked.style == _LEVEL or locked.area in labels)
        yield Box(locked.area, locked.text, locked.style, is_head)


def _inputs(form: FormPlan, readings: Mapping[str, InputReading]) -> Iterator[Box]:
    for item in form.inputs:
        found = readings.get(item.name)
        text, cell = (_shown(found), found.cell) if found else ("", None)
        heads = () if item.row else (item.label.area.first,)
        yield Box(item.area, text, _style(item), heads=heads, cell=cell)


def _style(item: Input) -> str:
    if item.key == "level2":
        return "input_level"  # as the printed 二级目标 cells around it
    return "input" if item.framed else "input_plain"


def _shown(item: InputReading) -> str:
    """What was typed; a number that was taken as an amount in groups of three digits."""
    text = item.reading.shown or ""
    if isinstance(item.reading.value, Decimal) and _NUMBER.match(text):
        return f"{Decimal(text):,f}"
    return text


def _rows(
    form: FormPlan,
    rows: range,
    boxes: Mapping[CellRef, Box],
    marks: Mapping[CellRef | None, list[Mark]],
) -> Iterator[Row]:
    """The rows of a page; where the plan leaves a gap is a box, too."""
    heads = [box for box in boxes.values() if box.is_head and box.area.top in rows]
    here = {box.area.first for box in heads}
    in_table = {row.row for row in form.indicator_rows}
    covered: set[CellRef] = set()
    for row in rows:
        found = []
        for column in range(1, form.columns + 1):
            place = CellRef(row, column)
            if place in covered:
                continue
            box = boxes.get(place) or Box(RangeRef(*place, *place))
            covered.update(box.area.cells())
            said = [head for head in box.heads if head in here]
            if row in in_table and not box.is_head:
                said = [head.area.first for head in heads if _stands_under(box, head)]
            found.append(replace(box, heads=tuple(said), marks=tuple(marks.get(place, ()))))
        yield Row(tuple(found), form.row_lines.get(row, 1))


def _stands_under(box: Box, head: Box) -> bool:
    """Whether a cell of the indicator table belongs to a heading above or a level beside it."""
    if head.style == _LEVEL:
        return box.area.top in head.area.rows
    return head.style == "header" and box.area.left in head.area.columns


# --- places ---------------------------------------------------------------------------------------
class _Places:
    """Where on the drawing a finding stands; None where it is of no cell that is drawn."""

    def __init__(self, form: FormPlan, readings: Mapping[str, InputReading]) -> None:
        self._form = form
        self._inputs = {
            found.cell: form.by_name[name].area.first
            for name, found in readings.items()
            if found.cell
        }
        # The file's own addresses mean the same on the plan only if nothing was moved.
        self._unmoved = all(cell == place for cell, place in self._inputs.items())
        self._areas = [locked.area for locked in form.locked]
        self._areas += [item.area for item in form.inputs]

    def of(self, finding: Finding) -> CellRef | None:
        """The first cell of the box."""
        if finding.cell is None:
            return self._of_field(finding.field)
        cell = CellRef.parse(finding.cell)
        if cell in self._inputs:
            return self._inputs[cell]
        if not self._unmoved or cell.row > self._form.last_row or cell.column > self._form.columns:
            return None
        covering = (
            area for area in self._areas if cell.row in area.rows and cell.column in area.columns
        )
        return next((area.first for area in covering), cell)

    def _of_field(self, field: str | None) -> CellRef | None:
        """Of an input that is gone: where it should be, or the head of its column."""
        item = self._form.by_name.get(field or "") or self._form.headings.get(field or "")
        return item.area.first if item else None
