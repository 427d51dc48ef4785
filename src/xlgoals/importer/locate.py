"""Where the inputs of a form really stand on a sheet.

Two witnesses for every input: its defined name and its planned address. Each must be proven by
the label beside it. Where neither can be, the label is searched on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xlgoals.cells import DefinedName
from xlgoals.grid import CellRef
from xlgoals.importer.sheet_view import SheetView
from xlgoals.layouts.model import Group
from xlgoals.plan.model import IndicatorRow, Input, Plan
from xlgoals.text import label_key


@dataclass(frozen=True)
class Located:
    """An input and its cell; None where it could not be found."""

    input: Input
    cell: CellRef | None

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than planned."""
        return self.cell is not None and self.cell != self.input.area.first


NamedCells = Mapping[str, CellRef]


def named_cells(names: Iterable[DefinedName]) -> dict[str, NamedCells]:
    """By sheet, the names that point into it; a sheet's own names before the workbook's."""
    found: dict[str, dict[str, CellRef]] = {}
    for name in sorted(names, key=lambda name: name.sheet is None):
        target = name.target()
        if target and name.sheet in (target[0], None):
            found.setdefault(target[0], {}).setdefault(name.name, target[1].first)
    return dict(found)


class FieldLocator:
    """Finds the fields outside the indicator table."""

    def __init__(self, view: SheetView, names: NamedCells) -> None:
        self._view, self._names = view, names

    def locate(self, item: Input) -> Located:
        """By name, else by address, else by label; each proven by the label."""
        keys = item.label.keys
        for witness in (self._names.get(item.name), item.area.first):
            if witness and self._proven(witness, item, keys):
                return Located(item, witness)
        for place in self._view.places(keys):
            return Located(item, self._view.right_of(place))
        # The label itself is gone (reported elsewhere); a name still says where the input is.
        return Located(item, self._names.get(item.name))

    def _proven(self, cell: CellRef, item: Input, keys: frozenset[str]) -> bool:
        planned, label = item.area.first, item.label.area.first
        beside = CellRef(
            cell.row + label.row - planned.row, cell.column + label.column - planned.column
        )
        for place in (beside, self._view.filled_left_of(cell)):
            if place and label_key(self._view.text(place)) in keys:
                return True
        return False


@dataclass(frozen=True)
class TableRow:
    """One row of the indicator table as it stands on the sheet."""

    planned: IndicatorRow
    row: int
    inputs: tuple[Located, ...]


class TableLocator:
    """Finds the indicator table by its headings, and the group of each row by its level texts.

    Rows that somebody inserted inside a group are read as rows of that group: that is what a
    person looking at the sheet sees.
    """

    def __init__(self, view: SheetView, plan: Plan) -> None:
        self._view, self._plan, self._form = view, plan, plan.form
        planned = {key: locked.area.first for key, locked in self._form.headings.items()}
        self.heading_row, self.columns = self._find_headings() or (
            next(iter(planned.values())).row,
            {key: place.column for key, place in planned.items()},
        )
        self.shift = self.heading_row - next(iter(planned.values())).row

    @property
    def found(self) -> bool:
        """Whether all headings stand in one row."""
        return self._find_headings() is not None

    def _find_headings(self) -> tuple[int, dict[str, int]] | None:
        places = {
            key: self._view.places(locked.keys) for key, locked in self._form.headings.items()
        }
        rows = [{place.row for place in found} for found in places.values()]
        for row in sorted(set.intersection(*rows)):
            columns = {
                key: next(place.column for place in found if place.row == row)
                for key, found in places.items()
            }
            return row, columns
        return None

    def rows(self) -> list[TableRow]:
        """Every row below the headings, with its group and the cells of its inputs."""
        taken: dict[str, int] = {}
        found = []
        extra = len(self._form.indicator_rows)
        for row in range(self.heading_row + 1, self._last_row() + 1):
            group = self._group_at(row)
            if group is None:
                continue
            position = taken.get(group.name, 0)
            taken[group.name] = position + 1
            planned = self._form.rows_by_group[group.name]
            if position < len(planned):
                found.append(self._table_row(planned[position], row, planned[position].number))
            else:
                extra += 1
                found.append(self._table_row(planned[-1], row, extra))
        return found

    def _last_row(self) -> int:
        level1 = self.columns["level1"]
        ends = [
            area.bottom
            for area in self._view.sheet.merges
            if area.left == level1 and area.top > self.heading_row
        ]
        return max(self._form.indicator_rows[-1].row + self.shift, *ends, self.heading_row)

    def _table_row(self, planned: IndicatorRow, row: int, number: int) -> TableRow:
        inputs = []
        for item in self._form.by_row[planned.number]:
            cell = CellRef(row, self.columns[item.key])
            if number != planned.number:
                area = item.area._replace(top=row, bottom=row)
                name = item.name.replace(f"_{planned.number:02d}_", f"_{number:02d}_")
                item = replace(item, name=name, area=area, row=number)
            inputs.append(Located(item, cell))
        row_plan = replace(planned, number=number)
        return TableRow(row_plan, row, tuple(inputs))

    def _group_at(self, row: int) -> Group | None:
        """By the level texts that cover the row; where those were changed, by the plan."""
        level1 = self._level_key(row, "level1")
        level2 = self._level_key(row, "level2")
        for group in self._plan.layout.indicators.groups:
            if label_key(group.level1) == level1 and (
                group.level2 is None or label_key(group.level2) == level2
            ):
                return group
        covered = self._view.area((row, self.columns["level1"]))
        if not level1 and covered.is_single:
            return None  # below the table, or a row that belongs to no group
        planned_row = row - self.shift
        return next((r.group for r in self._form.indicator_rows if r.row == planned_row), None)

    def _level_key(self, row: int, key: str) -> str:
        return label_key(self._view.text(self._view.area((row, self.columns[key])).first))
