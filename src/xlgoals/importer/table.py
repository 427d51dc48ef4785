"""Where the indicator table really stands, and to which group each of its rows belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from xlgoals.grid import CellRef
from xlgoals.importer.locate import Located, NamedCells
from xlgoals.importer.sheet_view import SheetView
from xlgoals.layouts.model import MOST_ROWS, Group
from xlgoals.plan.model import IndicatorRow, Plan
from xlgoals.text import label_key

_LEAST_HEADINGS = 2  # in one row, that make it the heading of the table


@dataclass(frozen=True)
class TableRow:
    """One row of the indicator table as it stands on the sheet."""

    planned: IndicatorRow
    row: int
    inputs: tuple[Located, ...]


class TableLocator:
    """Finds the indicator table by its headings, and the group of each row by its level texts.

    Rows that somebody inserted inside a group are read as rows of that group: that is what a
    person looking at the sheet sees. A row without level texts of its own belongs to the group
    above it, if anything is filled in.
    """

    def __init__(self, view: SheetView, plan: Plan, names: NamedCells) -> None:
        self._view, self._plan, self._form = view, plan, plan.form
        self._level1 = {label_key(group.level1) for group in plan.layout.indicators.groups}
        planned = {key: locked.area.first for key, locked in self._form.headings.items()}
        heading_row = next(iter(planned.values())).row
        row, found = self._find_headings() or (heading_row, {})
        shift = next((found[key] - planned[key].column for key in found), 0)
        self.found = len(found) > len(planned) / 2  # a column may have been taken out
        self.heading_row = row
        self.columns: dict[str, int] = dict(found)
        for key, place in planned.items():
            if key not in found:
                self._guess(key, (_named_column(names, key), place.column + shift))
        self.shift = row - heading_row
        self._levels: dict[tuple[int, str], str] = {}  # asked for several times

    def _guess(self, key: str, candidates: tuple[int | None, ...]) -> None:
        """The column of a rewritten heading; none where another one stands there: it is gone."""
        for column in candidates:
            if column and column > 0 and column not in self.columns.values():
                self.columns[key] = column
                return

    def _find_headings(self) -> tuple[int, dict[str, int]] | None:
        """The row that has most of the headings, and their columns."""
        by_row: dict[int, dict[str, int]] = {}
        for key, locked in self._form.headings.items():
            for place in self._view.places(locked.keys):
                by_row.setdefault(place.row, {}).setdefault(key, place.column)
        best = max(by_row, key=lambda row: (len(by_row[row]), -row), default=0)
        found = by_row.get(best, {})
        return (best, found) if len(found) >= _LEAST_HEADINGS else None

    def rows(self) -> list[TableRow]:
        """Every row below the headings, with its group and the cells of its inputs."""
        waiting = {name: list(rows) for name, rows in self._form.rows_by_group.items()}
        extra = len(self._form.indicator_rows)
        found = []
        for row, group in self._grouped():
            planned = self._take(waiting[group.name], row)
            number = planned.number if planned else (extra := extra + 1)
            found.append(
                self._table_row(planned or self._form.rows_by_group[group.name][-1], row, number)
            )
        return found

    def _take(self, waiting: list[IndicatorRow], row: int) -> IndicatorRow | None:
        """The planned row: the prescribed one of that name, else the next of its group."""
        name = label_key(self._text(row, "name"))
        for planned in waiting:
            if planned.fixed and label_key(planned.fixed.name) == name:
                waiting.remove(planned)
                return planned
        return waiting.pop(0) if waiting else None

    def _table_row(self, planned: IndicatorRow, row: int, number: int) -> TableRow:
        inputs = []
        for item in self._form.by_row[planned.number]:
            column = self.columns.get(item.key)
            cell = CellRef(row, column) if column else None
            if number != planned.number:
                area = item.area._replace(top=row, bottom=row)
                name = item.name.replace(f"_{planned.number:02d}_", f"_{number:02d}_")
                item = replace(item, name=name, area=area, row=number)
            inputs.append(Located(item, cell))
        return TableRow(replace(planned, number=number), row, tuple(inputs))

    # --- groups ---------------------------------------------------------------------------------
    def _grouped(self) -> Iterator[tuple[int, Group]]:
        """Each row of the table with its group, downwards."""
        rows = range(self.heading_row + 1, self._last_row() + 1)
        by_text = dict(self._grouped_by_text(rows))
        named = {group.name for group in by_text.values()}
        for row in rows:
            group = by_text.get(row) or self._rewritten_group(row, named)
            if group is not None:
                yield row, group

    def _grouped_by_text(self, rows: range) -> Iterator[tuple[int, Group]]:
        level1 = level2 = ""
        for row in rows:
            own1, own2 = self._level_key(row, "level1"), self._level_key(row, "level2")
            if own1 and own1 != level1:
                level1, level2 = own1, ""
            level2 = own2 or level2
            group = self._group_of(level1, level2)
            # Blank rows without a level of their own belong to nothing.
            if group and (own1 or self._is_filled(row)):
                yield row, group

    def _rewritten_group(self, row: int, named: Collection[str]) -> Group | None:
        """By the plan, where a level's text was rewritten: no other row bears it then."""
        planned = row - self.shift
        group = next((r.group for r in self._form.indicator_rows if r.row == planned), None)
        covered = self._covered(row) or self._level_key(row, "level1")
        return group if group and covered and group.name not in named else None

    def _group_of(self, level1: str, level2: str) -> Group | None:
        """By the level texts."""
        for group, key1, key2 in self._groups:
            if key1 == level1 and key2 in (None, level2):
                return group
        return None

    @cached_property
    def _groups(self) -> list[tuple[Group, str, str | None]]:
        """Every group with the keys of its levels; without a second one any will do."""
        return [
            (group, label_key(group.level1), label_key(group.level2) if group.level2 else None)
            for group in self._plan.layout.indicators.groups
        ]

    def _last_row(self) -> int:
        """The last row that may belong to the table: before the headings of a second form."""
        level1 = self.columns.get("level1")
        ends = [
            area.bottom
            for area in self._view.sheet.merges
            if area.left == level1 and area.top > self.heading_row
        ]
        end = max(self._form.indicator_rows[-1].row + self.shift, self.heading_row, *ends)
        # Rows that somebody added right below; a remark there is no row.
        whole = "target" if "target" in self._form.headings else "value"
        while self._text(end + 1, "name") and self._text(end + 1, whole):
            end += 1
        # What stands below is told as unread.
        end = min(end, self.heading_row + MOST_ROWS)
        titles = {key for text in self._plan.form.locked for key in text.keys if key}
        for row in range(self.heading_row + 1, end + 1):
            own = self._level_key(row, "level1")
            if own in titles and own not in self._level1:
                return row - 1
        return end

    def _covered(self, row: int) -> bool:
        """Whether a merged level text, even a blank one, covers the row."""
        level1 = self.columns.get("level1")
        return level1 is not None and not self._view.area((row, level1)).is_single

    def _is_filled(self, row: int) -> bool:
        """Whether anything stands in the row right of its level."""
        return any(self._text(row, key) for key in self.columns if key != "level1")

    def _text(self, row: int, key: str) -> str:
        column = self.columns.get(key)
        return self._view.text(CellRef(row, column)) if column else ""

    def _level_key(self, row: int, key: str) -> str:
        if (row, key) not in self._levels:
            self._levels[row, key] = self._read_level_key(row, key)
        return self._levels[row, key]

    def _read_level_key(self, row: int, key: str) -> str:
        column = self.columns.get(key)
        if column is None:
            return ""
        place, text = self._view.covering_text((row, column))
        return label_key(text) if place.row > self.heading_row else ""

    def repeated_levels(self, row: TableRow) -> Iterator[CellRef]:
        """Cells that say a row's levels: the form prints them once, people in every row."""
        group = row.planned.group
        for key, text in (("level1", group.level1), ("level2", group.level2)):
            if text and self._level_key(row.row, key) == label_key(text):
                yield self._view.covering_text((row.row, self.columns[key]))[0]


def _named_column(names: NamedCells, key: str) -> int | None:
    """The column that most names of a column's inputs point into."""
    ends = [
        cell.column
        for name, cell in names.items()
        if name.startswith("indicator_") and name.endswith(f"_{key}")
    ]
    return max(set(ends), key=ends.count, default=None)
