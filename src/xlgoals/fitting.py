"""The plan with room for all that a file's forms hold, and every reading at its input there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlgoals.checking.readings import FormReading, InputReading, RowReading
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Input, Plan


def grown(plan: Plan, forms: Sequence[FormReading]) -> Plan:
    """The plan with room for every row that holds anything."""
    rows = dict(plan.capacity)
    for form in forms:
        for name, found in _by_group(form).items():
            fixed = sum(row.fixed is not None for row in plan.form.rows_by_group[name])
            last = max((n for n, row in enumerate(found, start=1) if row.filled), default=0)
            if name in rows:
                rows[name] = max(rows[name], last - fixed)
    return build_plan(plan.layout, plan.fiscal_year, rows, len(forms), plan.unit)


def fitted(plan: Plan, form: FormReading) -> Iterator[tuple[Input, InputReading]]:
    """Each input of a grown plan that the form has, with what was read for it."""
    for item in form.fields.values():
        yield plan.form.by_name[item.input.name], item
    for name, rows in _by_group(form).items():
        # Rows past those planned are blank: the plan has grown.
        for row, planned in zip(rows, plan.form.rows_by_group[name], strict=False):
            for new in plan.form.by_row[planned.number]:
                if (old := row.at(new.key)) is not None:
                    yield new, old


def _by_group(form: FormReading) -> dict[str, list[RowReading]]:
    found: dict[str, list[RowReading]] = {}
    for row in form.rows:
        found.setdefault(row.group_name, []).append(row)
    return found
