"""Layout → Plan: place every label and input on cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from xlgoals.grid import RangeRef
from xlgoals.language import Message, enumerated
from xlgoals.layouts.grid import EMPTY, runs
from xlgoals.layouts.model import MOST_ROWS, Column, Field, FixedRow, GridRow, Group, Layout
from xlgoals.plan.model import FormPlan, IndicatorRow, Input, Locked, Plan
from xlgoals.targets import split_target

DEFAULT_PROJECTS = 3
# Room in lines of text for locked texts, by style.
STYLE_LINES = {"title": 2, "subtitle": 1, "heading": 1, "note": 1}


class CapacityError(ValueError):
    """Rows were asked for under a group that the layout does not have, or has no free rows."""


def build_plan(
    layout: Layout,
    fiscal_year: int,
    rows: Mapping[str, int] | None = None,
    projects: int = DEFAULT_PROJECTS,
    unit: str | None = None,
) -> Plan:
    """Place a layout on cells for a fiscal year.

    ``rows`` gives free rows by group name (``{"数量": 5}``) where they differ from the layout's.
    Raises CapacityError for a group that has no free rows, for fewer rows than one, and for
    absurdly many.
    """
    capacity = {group.name: group.rows for group in layout.indicators.groups if group.rows}
    for name, count in (rows or {}).items():
        if name not in capacity:
            names = enumerated(capacity)
            raise CapacityError(
                Message("没有可增减行数的“{name}”；可用：{names}", name=name, names=names)
            )
        if count < 1:
            raise CapacityError(Message("“{name}”的行数应不少于1", name=name))
        if count > MOST_ROWS:
            raise CapacityError(Message("“{name}”的行数应不多于{most}", name=name, most=MOST_ROWS))
        capacity[name] = count
    form = _form_plan(layout, fiscal_year, tuple(capacity.items()))
    return Plan(layout, fiscal_year, capacity, projects, unit, form)


@lru_cache(maxsize=16)  # the workbooks of a season are of a few shapes
def _form_plan(layout: Layout, year: int, capacity: tuple[tuple[str, int], ...]) -> FormPlan:
    return _Builder(layout, year, dict(capacity)).build()


class _Builder:
    """Walks the grid downwards, row by row."""

    def __init__(self, layout: Layout, year: int, capacity: Mapping[str, int]) -> None:
        self._layout, self._year, self._capacity = layout, year, capacity
        self._columns = layout.indicators.columns
        self._row = 0
        self._areas: dict[str, RangeRef] = {}
        self._lines: dict[int, int] = {}
        self._locked: list[Locked] = []
        self._inputs: list[Input] = []
        self._indicator_rows: list[IndicatorRow] = []
        self._headings: dict[str, Locked] = {}

    def build(self) -> FormPlan:
        page_ends = []
        table: GridRow | None = None
        for page in self._layout.pages:
            for grid_row in page:
                if set(grid_row.cells) & set(self._columns):
                    table, first = grid_row, self._row + 1
                    self._row += self._count_rows()
                    self._table_areas = list(self._indicator_areas(grid_row))
                    self._first_indicator = first
                else:
                    self._row += 1
                    self._place_row(grid_row)
            page_ends.append(self._row)
        self._place_texts()
        self._place_fields()
        if table is not None:
            self._place_table()
        return FormPlan(
            locked=tuple(sorted(self._locked, key=lambda item: item.area)),
            inputs=tuple(sorted(self._inputs, key=lambda item: (item.area.top, item.area.left))),
            indicator_rows=tuple(self._indicator_rows),
            headings=self._headings,
            row_lines=self._lines,
            page_ends=tuple(page_ends),
            columns=len(self._layout.column_widths),
        )

    # --- the grid -------------------------------------------------------------------------------
    def _place_row(self, grid_row: GridRow) -> None:
        self._lines[self._row] = 1
        for key, left, right in runs(grid_row.cells):
            if key == EMPTY:
                continue
            top = self._areas[key].top if key in self._areas else self._row
            self._areas[key] = RangeRef(top, left, self._row, right)

    def _keep_room(self, area: RangeRef, lines: int) -> None:
        """A text over several rows spreads its lines over them."""
        each = -(-lines // len(area.rows))
        for row in area.rows:
            self._lines[row] = max(self._lines[row], each)

    def _place_texts(self) -> None:
        for text in self._layout.texts.values():
            if area := self._areas.get(text.key):
                words = text.text.replace("{fiscal_year}", str(self._year))
                self._locked.append(Locked(area, words, text.style, text.aliases))
                self._keep_room(area, STYLE_LINES[text.style])

    def _place_fields(self) -> None:
        for item in self._layout.fields.values():
            label = self._label(item)
            area = self._areas[item.key]
            self._keep_room(area, item.lines)
            self._inputs.append(
                Input(
                    name=item.key,
                    key=item.key,
                    area=area,
                    kind=item.kind,
                    title=item.title,
                    label=label,
                    required=item.required,
                    help=item.help,
                    framed=item.framed,
                )
            )

    def _label(self, item: Field | Column) -> Locked:
        framed = "label" if isinstance(item, Field) else "header"
        style = framed if getattr(item, "framed", True) else "plain"
        label = Locked(self._areas[f"{item.key}:"], item.label, style, item.aliases)
        self._locked.append(label)
        self._keep_room(label.area, item.label.count("\n") + 1)
        return label

    # --- the indicator table --------------------------------------------------------------------
    def _rows_of(self, group: Group) -> Iterator[FixedRow | None]:
        yield from group.fixed
        for _ in range(self._capacity.get(group.name, 0)):
            yield None

    def _count_rows(self) -> int:
        return sum(len(list(self._rows_of(group))) for group in self._layout.indicators.groups)

    def _indicator_areas(self, grid_row: GridRow) -> Iterator[tuple[str, int, int]]:
        return ((key, left, right) for key, left, right in runs(grid_row.cells) if key != EMPTY)

    def _place_table(self) -> None:
        self._headings = {key: self._label(column) for key, column in self._columns.items()}
        places = {key: (left, right) for key, left, right in self._table_areas}
        row = self._first_indicator
        level1_top = row
        groups = self._layout.indicators.groups
        for position, group in enumerate(groups):
            top = row
            for fixed in self._rows_of(group):
                number = row - self._first_indicator + 1
                self._indicator_rows.append(IndicatorRow(number, row, group, fixed))
                self._lines[row] = 1 if fixed else self._layout.indicators.row_lines
                self._place_indicator(number, row, group, fixed, places)
                row += 1
            if group.level2:
                self._lock("level2", group.level2, places, top, row - 1)
            following = groups[position + 1].level1 if position + 1 < len(groups) else None
            if following != group.level1:
                self._lock("level1", group.level1, places, level1_top, row - 1)
                level1_top = row

    def _lock(
        self, key: str, text: str, places: Mapping[str, tuple[int, int]], top: int, bottom: int
    ) -> None:
        left, right = places[key]
        style = "fixed" if key not in ("level1", "level2") else "level"
        self._locked.append(Locked(RangeRef(top, left, bottom, right), text, style))

    def _place_indicator(
        self,
        number: int,
        row: int,
        group: Group,
        fixed: FixedRow | None,
        places: Mapping[str, tuple[int, int]],
    ) -> None:
        kinds = {key: column.kind for key, column in self._columns.items() if column.kind}
        if group.level2_kind:
            kinds["level2"] = group.level2_kind
        if fixed:
            for key, text in fixed_texts(fixed, self._columns).items():
                if key == "name" or not fixed.editable:
                    self._lock(key, text, places, row, row)
                    kinds.pop(key, None)
        for key, kind in kinds.items():
            left, right = places[key]
            column = self._columns[key]
            self._inputs.append(
                Input(
                    name=f"indicator_{number:02d}_{key}",
                    key=key,
                    area=RangeRef(row, left, row, right),
                    kind=kind,
                    title=column.title,
                    label=self._headings[key],
                    required=False,
                    help=column.help,
                    row=number,
                )
            )


def fixed_texts(fixed: FixedRow, columns: Collection[str]) -> dict[str, str]:
    """What a prescribed row says in each column of the table."""
    texts = {"name": fixed.name, "target": fixed.target, **split_target(fixed.target)}
    return {key: texts[key] or "" for key in columns if key in texts}
