"""The live checks of a workbook: which there are, and by which formulas. No library, no sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from xlgoals import codes
from xlgoals.grid import CellRef, RangeRef
from xlgoals.kinds.live import Live, Step, Watch, quoted, refused_as
from xlgoals.layouts.model import Layout
from xlgoals.live import quantity
from xlgoals.live.lists import place_lists
from xlgoals.live.model import (
    FIRST_ROW,
    FLAG_COLUMN,
    STEP_COLUMN,
    LiveCheck,
    LiveTable,
    Quantity,
    Reader,
    absolute,
    between,
)
from xlgoals.live.sums import summed
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import IndicatorRow, Input, Plan
from xlgoals.rules.evaluate import Environment, holds
from xlgoals.rules.excel import TRUE, Operand, rendered, violated
from xlgoals.rules.expression import referenced
from xlgoals.rules.rule import Rule
from xlgoals.targets import PARTS, QUALITATIVE, split_target

# No formula can tell in words which error value it is.
_ERROR_VALUE = Watch(
    codes.ERROR_VALUE, refused_as(codes.ERROR_VALUE).fires, {"value": quoted("（如 #N/A）")}
)


def build_live(plan: Plan) -> LiveTable:
    """Work out every live check of a plan's workbook.

    The formulas depend on the form, not on who fills it: the workbooks of a season share them.
    """
    capacity = tuple(plan.capacity.items())
    shared = _shared(plan.layout, plan.fiscal_year, capacity, plan.projects, plan.unit is None)
    return replace(shared, plan=plan)


@lru_cache(maxsize=16)
def _shared(
    layout: Layout,
    fiscal_year: int,
    capacity: tuple[tuple[str, int], ...],
    projects: int,
    unit_open: bool,
) -> LiveTable:
    unit = None if unit_open else ""
    plan = build_plan(layout, fiscal_year, dict(capacity), projects, unit)
    lists = place_lists(plan)
    builder = _Builder(plan, {entries: between(area) for entries, area in lists.items()})
    for index in range(plan.projects):
        builder.place_readers(index)
    checks = [check for index in range(plan.projects) for check in builder.checks(index)]
    return LiveTable(
        plan,
        lists,
        tuple(builder.readers),
        tuple(builder.quantities.values()),
        tuple(builder.flag_formula(index) for index in range(plan.projects)),
        tuple(replace(check, row=row) for row, check in enumerate(checks, start=FIRST_ROW)),
    )


class _Builder:
    def __init__(self, plan: Plan, lists: Mapping[tuple[str | int, ...], str]) -> None:
        self._plan, self._lists = plan, lists
        self._unit = plan.layout.unit_field
        self.readers: list[Reader] = []
        self._by_name: dict[tuple[int, str], Reader] = {}
        self.quantities: dict[tuple[int, int], Quantity] = {}
        self._row = FIRST_ROW
        self._live: dict[int, Live] = {}
        self._flags = [
            absolute(CellRef(FIRST_ROW + index, FLAG_COLUMN)) for index in range(plan.projects)
        ]

    # --- reading --------------------------------------------------------------------------------
    def place_readers(self, index: int) -> None:
        """Fields first, then the columns of the table one below the other, each in one run."""
        inputs = self._plan.inputs(index)
        columns = list(self._plan.layout.indicators.columns)
        rank = {key: n for n, key in enumerate([self._unit, *columns])}
        ordered = sorted(inputs, key=lambda item: (item.row is not None, rank.get(item.key, 0.5)))
        for item in ordered:
            self._place(index, item)
        for row in self._plan.form.indicator_rows:
            if quantity_ := self._quantity(index, row):
                self.quantities[index, row.number] = quantity_

    def _place(self, index: int, item: Input) -> None:
        live = self._live.setdefault(id(item.kind), item.kind.live())
        lists = {name: self._lists[tuple(entries)] for name, entries in live.lists.items()}
        known = {"raw": absolute(item.area.first, self._plan.sheet_names[index]), **lists}
        steps, formulas = _chain(live.steps, self._row, STEP_COLUMN, known)
        reader = Reader(index, item, live, self._row, steps, formulas)
        self.readers.append(reader)
        self._by_name[index, item.name] = reader
        self._row += 1

    def _of_row(self, index: int, row: IndicatorRow) -> dict[str, Reader]:
        inputs = self._plan.form.by_row[row.number]
        return {item.key: self._by_name[index, item.name] for item in inputs}

    def _quantity(self, index: int, row: IndicatorRow) -> Quantity | None:
        readers = self._of_row(index, row)
        home = readers.get("target") or readers.get("value")
        if home is None:
            return None
        text = _target_text(home, [readers[part] for part in PARTS if part in readers])
        first = STEP_COLUMN + len(home.live.steps)
        chain = (Step("text", text), *quantity.STEPS)
        steps, formulas = _chain(chain, home.row, first, {})
        return Quantity(home, steps, formulas)

    def flag_formula(self, index: int) -> str:
        """Whether a sheet is filled in: anything but the unit, and but proposed targets."""
        rows = [r.row for r in self.readers if r.sheet == index and r.input.key != self._unit]
        column = RangeRef(rows[0], STEP_COLUMN, rows[-1], STEP_COLUMN)
        proposed = "".join(
            f"-EXACT({self._by_name[index, name].clean},{quoted(text)})*1"
            for name, text in proposed_targets(self._plan).items()
        )
        return f'IF(SUMPRODUCT(({between(column)}<>"")*1){proposed}>0,1,0)'

    # --- checks ---------------------------------------------------------------------------------
    def checks(self, index: int) -> Iterator[LiveCheck]:
        """The checks of one sheet: inputs in reading order, each with what is told at its cell."""
        told: dict[str, list[LiveCheck]] = {item.name: [] for item in self._plan.inputs(index)}
        for found in (
            *self._cell_checks(index),
            *self._row_checks(index),
            *self._group_checks(index),
            *self._rule_checks(index),
        ):
            told[found.input.name].append(found)
        for item in self._plan.inputs(index):
            yield from told[item.name]

    def _check(self, reader: Reader, watch: Watch, related: tuple[Input, ...] = ()) -> LiveCheck:
        known = {**reader.steps, "raw": self._raw(reader)}
        return LiveCheck(
            watch.code,
            self._plan.sheet_names[reader.sheet],
            reader.input,
            related,
            _filled(watch.fires, known),
            reader.clean,
            {name: _filled(text, known) for name, text in watch.details.items()},
        )

    def _raw(self, reader: Reader) -> str:
        return absolute(reader.input.area.first, self._plan.sheet_names[reader.sheet])

    def _cell_checks(self, index: int) -> Iterator[LiveCheck]:
        for reader in (r for r in self.readers if r.sheet == index):
            gate = f"{self._flags[index]}>0"
            watches = [_ERROR_VALUE, *reader.live.watches]
            if reader.input.key == self._unit:
                # It is said once for all projects, and alone it makes none.
                gate = f"SUM({','.join(self._flags)})>0"
                watches = [replace(w, fires=f"IF({gate},{w.fires},FALSE)") for w in watches]
            if reader.input.required:
                watches.insert(0, Watch(codes.REQUIRED, f'AND({gate},{{clean}}="")'))
            for watch in watches:
                yield self._check(reader, watch)

    def _row_checks(self, index: int) -> Iterator[LiveCheck]:
        columns = self._plan.layout.indicators.columns
        for row in self._plan.form.indicator_rows:
            readers = list(self._of_row(index, row).values())
            exists = self._row_exists(index, row)
            earlier: list[str] = []
            for reader in readers:
                if not columns[reader.input.key].required:
                    continue
                conditions = [exists, f'{reader.clean}=""', *earlier]
                earlier.append(f'{reader.clean}<>""')
                details = {"missing": quoted(reader.input.title)}
                others = tuple(r.input for r in readers if r is not reader)
                watch = Watch(codes.INDICATOR_INCOMPLETE, f"AND({','.join(conditions)})", details)
                yield self._check(reader, watch, others)

    def _row_exists(self, index: int, row: IndicatorRow) -> str:
        if row.fixed:
            return f"{self._flags[index]}>0"
        cells = (f'{reader.clean}<>""' for reader in self._of_row(index, row).values())
        return f"OR({','.join(cells)})"

    def _group_checks(self, index: int) -> Iterator[LiveCheck]:
        for name, rows in self._plan.form.rows_by_group.items():
            group = rows[0].group
            if not group.at_least:
                continue
            inputs = self._plan.form.by_row[rows[group.at_least - 1].number]
            if not inputs:
                continue
            count = "+".join(f"IF({self._row_exists(index, row)},1,0)" for row in rows)
            fires = f"AND({self._flags[index]}>0,{count}<{group.at_least})"
            details = {"group": quoted(name), "at_least": quoted(str(group.at_least))}
            reader = self._by_name[index, inputs[0].name]
            yield self._check(reader, Watch(codes.GROUP_EMPTY, fires, details))

    # --- rules ----------------------------------------------------------------------------------
    def _rule_checks(self, index: int) -> Iterator[LiveCheck]:
        of_sheet = [reader for reader in self.readers if reader.sheet == index]
        form = {r.input.key: r.operand for r in of_sheet if r.input.row is None}
        form["fiscal_year"] = Operand(str(self._plan.fiscal_year))
        sums = summed(self._plan, of_sheet)
        operands = {**form, **{key: operand for key, (operand, _) in sums.items()}}
        readers = {r.input.key: r for r in of_sheet if r.input.row is None}
        readers |= {key: first for key, (_, first) in sums.items()}
        for rule in self._plan.layout.rules:
            if not rule.each_row:
                yield from self._rule(rule, operands, readers)
                continue
            for row in self._plan.form.indicator_rows:
                row_readers = self._row_readers(index, row)
                if row_readers and not _never_speaks(rule, row):
                    of_row = {**form, **self._row_operands(index, row)}
                    yield from self._rule(rule, of_row, row_readers)

    def _rule(
        self, rule: Rule, operands: Mapping[str, Operand], readers: Mapping[str, Reader]
    ) -> Iterator[LiveCheck]:
        if any(name not in operands for name in rule.names):
            return  # the unit is locked here, or a part has no cell
        places = [readers[name] for name in rule.names if name in readers]
        if not places:
            return
        fires = violated(rule.check, rule.when, operands.__getitem__)
        related = {p.input.name: p.input for p in places if p.input is not places[0].input}
        escaped = fires.replace("{", "{{").replace("}", "}}")
        details = {"fiscal_year": quoted(str(self._plan.fiscal_year))}
        if rule.sum:
            details["sum"] = rendered(rule.sum, operands.__getitem__)
        yield self._check(places[0], Watch(rule.code, escaped, details), tuple(related.values()))

    def _row_readers(self, index: int, row: IndicatorRow) -> dict[str, Reader]:
        """The input that tells of each name of a row rule."""
        readers = self._of_row(index, row)
        whole = readers.get("target") or readers.get("value")
        if whole:
            parts = {"operator": readers.get("operator"), "unit": readers.get("unit")}
            readers |= {"target": whole, "target.number": whole}
            for part, reader in parts.items():
                readers[f"target.{part}"] = reader or whole
        return readers

    def _row_operands(self, index: int, row: IndicatorRow) -> dict[str, Operand]:
        readers = self._of_row(index, row)
        operands = {
            "level1": _constant(row.group.level1),
            "level2": _constant(row.group.level2 or ""),
            "name": _constant(row.fixed.name if row.fixed else ""),
        }
        operands |= {key: reader.operand for key, reader in readers.items()}
        operands["name"] = operands["name"]._replace(
            occurrences=self._occurrences(index, operands["name"].value)
        )
        if found := self.quantities.get((index, row.number)):
            text = found.steps["text"]
            operands["target"] = Operand(text, f'{found.reader.clean}<>""', f'{text}<>""')
            for part in ("operator", "number", "unit"):
                operands[f"target.{part}"] = found.operand(part)
        return operands

    def _occurrences(self, index: int, name: str) -> str:
        rows = [r.row for r in self.readers if r.sheet == index and r.input.key == "name"]
        ranges = []
        if rows:
            ranges.append(between(RangeRef(rows[0], STEP_COLUMN, rows[-1], STEP_COLUMN)))
        column = self._plan.form.headings["name"].area.left
        fixed = [row.row for row in self._plan.form.indicator_rows if row.fixed]
        for _, run in groupby(enumerate(fixed), lambda pair: pair[1] - pair[0]):
            numbers = [row for _, row in run]
            area = RangeRef(numbers[0], column, numbers[-1], column)
            ranges.append(between(area, self._plan.sheet_names[index]))
        return "(" + "+".join(f"SUMPRODUCT(({area}={name})*1)" for area in ranges) + ")"


def proposed_targets(plan: Plan) -> dict[str, str]:
    """What a blank form already holds: targets that the layout proposes, by input name."""
    return {
        item.name: text
        for row in plan.form.indicator_rows
        if row.fixed and row.fixed.editable
        for item in plan.form.by_row[row.number]
        if (text := _proposed(item.key, row.fixed.target))
    }


def _proposed(key: str, target: str) -> str | None:
    return {"target": target, **split_target(target)}.get(key)


def _target_text(home: Reader, parts: list[Reader]) -> str:
    """The folded text of a row's target, joined where the form keeps its parts apart."""
    if home.input.key == "target":
        return f'IF({home.steps["state"]}<>"","",{home.clean})'
    wrong = ",".join(f'{part.steps["state"]}<>""' for part in parts)
    values = {part.input.key: part.steps[part.live.value] for part in parts}
    sign = values.get("operator", '""')
    sign = f'IF(EXACT({sign},{quoted(QUALITATIVE)}),"",{sign})'
    joined = f"{sign}&{values['value']}&{values.get('unit', quoted(''))}"
    return f'IF(OR({home.clean}="",{wrong}),"",{joined})'


def _never_speaks(rule: Rule, row: IndicatorRow) -> bool:
    """Whether what is printed in a row already says that a rule is not about it."""
    printed = {"level1": row.group.level1, "level2": row.group.level2}
    known = {key for key, text in printed.items() if text}
    return (
        rule.when is not None
        and {name.key for name in referenced(rule.when)} <= known
        and not holds(rule.when, Environment(printed))
    )


def _constant(text: str) -> Operand:
    return Operand(quoted(text), filled=TRUE if text else "FALSE")


def _filled(template: str, known: Mapping[str, str]) -> str:
    return template.format_map(known) if "{" in template else template


def _chain(
    steps: tuple[Step, ...], row: int, column: int, known: Mapping[str, str]
) -> tuple[dict[str, str], tuple[tuple[CellRef, str], ...]]:
    """Place steps left to right; each may use those before it."""
    addresses = dict(known)
    placed: dict[str, str] = {}
    formulas = []
    for offset, step in enumerate(steps):
        place = CellRef(row, column + offset)
        formulas.append((place, step.formula.format_map(addresses)))
        addresses[step.name] = placed[step.name] = absolute(place)
    return placed, tuple(formulas)
