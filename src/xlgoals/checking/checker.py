"""Every check on one form, in the order a person reads the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from xlgoals import codes
from xlgoals.checking.readings import FormReading, InputReading, RowReading, target_record
from xlgoals.findings import Finding, Issue, Place
from xlgoals.grid import CellRef
from xlgoals.language import Message
from xlgoals.plan.model import Plan
from xlgoals.rules.evaluate import WRONG, Environment
from xlgoals.rules.expression import under
from xlgoals.rules.rule import Rule
from xlgoals.vocabulary import COLUMN_TERMS

# Which column tells of a part of the target, where the form keeps the parts apart.
_TARGET_COLUMNS = {
    "target": "value",
    "target.number": "value",
    "target.operator": "operator",
    "target.unit": "unit",
}


class FormChecker:
    """Turns the readings of one project sheet into findings."""

    def __init__(self, file: str, plan: Plan, form: FormReading, unit: InputReading | None) -> None:
        """``unit`` is the declaring unit's input where this sheet answers for it."""
        self._file, self._plan, self._form, self._unit = file, plan, form, unit
        self._sheet = form.sheet

    def findings(self) -> Iterator[Finding]:
        """All findings of layers cell and rule."""
        yield from self._fields()
        for row in self._form.rows:
            yield from self._row(row)
        yield from self._empty_groups()
        yield from self._rules()

    # --- single cells ---------------------------------------------------------------------------
    def _fields(self) -> Iterator[Finding]:
        for key, item in self._form.fields.items():
            if key == self._plan.layout.unit_field and item is not self._unit:
                continue
            if item.cell is None:
                continue  # lost: told as such, not as blank
            if item.reading.blank and item.input.required:
                yield self._finding(Issue(codes.REQUIRED), item)
            yield from self._issues(item)

    def _issues(self, item: InputReading) -> Iterator[Finding]:
        for issue in item.reading.issues:
            yield self._finding(issue, item)

    def _row(self, row: RowReading) -> Iterator[Finding]:
        for item in row.inputs:
            yield from self._issues(item)
        if not row.filled:
            return
        columns = self._plan.layout.indicators.columns
        missing = [
            item
            for item in row.inputs
            if item.reading.blank and item.cell and columns[item.input.key].required
        ]
        if missing:
            titles = "”“".join(item.input.title for item in missing)
            filled = [item for item in row.inputs if not item.reading.blank]
            issue = Issue(codes.INDICATOR_INCOMPLETE, {"missing": titles})
            yield self._finding(issue, missing[0], related=[*missing[1:], *filled])

    # --- the table ------------------------------------------------------------------------------
    def _empty_groups(self) -> Iterator[Finding]:
        for group in self._plan.layout.indicators.groups:
            rows = [row for row in self._form.rows if row.group_name == group.name]
            if sum(row.filled for row in rows) >= group.at_least:
                continue
            details = {"group": group.name, "at_least": str(group.at_least)}
            # Where the row that is missing would stand, whichever rows are filled.
            place = rows[group.at_least - 1].inputs if len(rows) >= group.at_least else ()
            if place:
                yield self._finding(Issue(codes.GROUP_EMPTY, details), place[0])
            elif group.at_least:
                # Its rows are gone, or were never typed.
                nowhere = {**details, "cell": Message("“{group}”的行", group=group.name)}
                issue = Issue(codes.GROUP_EMPTY, nowhere)
                yield Finding.of(issue, self._file, Place(self._sheet))

    # --- rules ----------------------------------------------------------------------------------
    def _rules(self) -> Iterator[Finding]:
        form_values: dict[str, Any] = {key: i.value for key, i in self._form.fields.items()}
        form_values["fiscal_year"] = Decimal(self._plan.fiscal_year)
        names = [name for row in self._form.rows if isinstance(name := row.seen["name"], str)]
        rules = self._plan.layout.rules
        environment = Environment(form_values, self._columns())
        places = {**self._form.fields, **self._column_places()}
        for rule in rules:
            if not rule.each_row:
                yield from self._apply(rule, environment, places)
        for row in self._form.rows:
            # Prescribed rows are the form's own; nobody is asked to mend them.
            if not (row.filled and row.inputs):
                continue
            environment = Environment({**form_values, **_row_values(row)}, {"name": names})
            places = {**self._form.fields, **_places(row)}
            for rule in rules:
                if rule.each_row:
                    yield from self._apply(rule, environment, places)

    def _columns(self) -> dict[str, list[Any]]:
        """What can be added up; of a level 1 without rows it is nothing."""
        table = self._plan.layout.indicators
        found: dict[str, list[Any]] = {}
        for key in COLUMN_TERMS.keys() & table.columns.keys():
            found[key] = []
            found |= {under(key, group.level1): [Decimal(0)] for group in table.groups}
            for row in self._form.rows:
                value = row.seen[key]
                if value is None and row.seen["name"] is not None:
                    value = WRONG  # told as missing: no sum is right without it
                found[key].append(value)
                found[under(key, row.level1)].append(value)
        return found

    def _column_places(self) -> dict[str, InputReading]:
        """Where it is told what a rule says of a whole column, or part: in its first row."""
        found: dict[str, InputReading] = {}
        for row in self._form.rows:
            for item in row.inputs:
                if item.input.key in COLUMN_TERMS:
                    found.setdefault(item.input.key, item)
                    found.setdefault(under(item.input.key, row.level1), item)
        return found

    def _apply(
        self, rule: Rule, environment: Environment, inputs: Mapping[str, InputReading]
    ) -> Iterator[Finding]:
        if not rule.violated(environment):
            return
        spoken = [inputs[name] for name in rule.names if name in inputs]
        place, *others = spoken
        details = {"fiscal_year": str(self._plan.fiscal_year), **rule.words(environment)}
        yield self._finding(Issue(rule.code, details), place, related=others)

    # --- words ----------------------------------------------------------------------------------
    def _finding(
        self, issue: Issue, item: InputReading, related: list[InputReading] | None = None
    ) -> Finding:
        cells = dict.fromkeys(other.cell for other in related or () if other.cell != item.cell)
        place = Place(
            sheet=self._sheet,
            cell=item.cell.a1 if item.cell else None,
            field=item.input.key,
            label=item.input.title,
            related=tuple(f"{self._sheet}!{cell.a1}" for cell in cells if cell),
        )
        return Finding.of(issue, self._file, place, item.reading.shown, item.input.kind.expected)


def _row_values(row: RowReading) -> dict[str, Any]:
    values: dict[str, Any] = {"level1": row.level1, **row.seen}
    target = values["target"]
    if isinstance(target, str):
        parts = target_record(target)
    else:
        # Of a target that is blank or refused nothing can be said, not even that a part is blank.
        parts = dict.fromkeys(("operator", "number", "unit"), WRONG)
    values.update((f"target.{part}", parts[part]) for part in ("operator", "number", "unit"))
    return values


def _places(row: RowReading) -> dict[str, InputReading]:
    """The inputs that a row rule's names speak of."""
    places = {item.input.key: item for item in row.inputs}
    for name, column in _TARGET_COLUMNS.items():
        item = row.at("target") or row.at(column) or row.at("value")
        if item:
            places[name] = item
    return places


def finding_order(finding: Finding) -> tuple[int, int]:
    """Findings of one sheet in reading order; those of the whole sheet first."""
    return CellRef.parse(finding.cell) if finding.cell else (0, 0)
