"""A new workbook with everything that was typed, for files that cannot be marked themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xlgoals import codes
from xlgoals.annotate.xml import Unmarkable
from xlgoals.checking.readings import FormReading, InputReading, RowReading
from xlgoals.findings import Finding
from xlgoals.grid import CELL_CAPACITY
from xlgoals.kinds import CellContent
from xlgoals.language import Message
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Input, Plan
from xlgoals.submission import Submission
from xlgoals.template.write import workbook_of


class FreshCopy(NamedTuple):
    """The workbook, and the findings as they stand in it."""

    data: bytes
    findings: tuple[Finding, ...]


def fresh_copy(submission: Submission) -> FreshCopy:
    """A workbook from the template with all that the submission's forms hold, refused or not.

    Raises Unmarkable for a submission without forms.
    """
    if submission.plan is None:
        raise Unmarkable(Message("文件里没有可以读取的表"))
    plan = _grown(submission.plan, submission.readings)
    moves = [dict(_moves(plan, index, form)) for index, form in enumerate(submission.readings)]
    contents = [
        {new.name: _content(old) for new, old in found.values() if _is_typed(old)}
        for found in moves
    ]
    _share_unit(plan, contents)
    places = {
        (form.sheet, cell): new.area.first.a1
        for form, found in zip(submission.readings, moves, strict=True)
        for cell, (new, _) in found.items()
    }
    names = dict(zip(submission.sheets, plan.sheet_names, strict=True))
    findings = tuple(_moved(finding, names, places) for finding in submission.findings)
    return FreshCopy(workbook_of(plan, contents), findings)


def _grown(plan: Plan, forms: Sequence[FormReading]) -> Plan:
    """The plan with room for every row that holds anything."""
    rows = dict(plan.capacity)
    for form in forms:
        for name, found in _by_group(form).items():
            fixed = sum(row.fixed is not None for row in plan.form.rows_by_group[name])
            last = max((n for n, row in enumerate(found, start=1) if row.filled), default=0)
            if name in rows:
                rows[name] = max(rows[name], last - fixed)
    return build_plan(plan.layout, plan.fiscal_year, rows, len(forms), plan.unit)


def _by_group(form: FormReading) -> dict[str, list[RowReading]]:
    found: dict[str, list[RowReading]] = {}
    for row in form.rows:
        found.setdefault(row.group_name, []).append(row)
    return found


def _moves(
    plan: Plan, index: int, form: FormReading
) -> Iterator[tuple[str, tuple[Input, InputReading]]]:
    """By the cell where it was: an input of the new workbook, and what was read."""
    open_now = {item.name for item in plan.inputs(index)}
    pairs = [(plan.form.by_name[item.input.name], item) for item in form.fields.values()]
    for name, rows in _by_group(form).items():
        # Rows past those planned are blank: the plan has grown.
        for row, planned in zip(rows, plan.form.rows_by_group[name], strict=False):
            pairs += [
                (new, old)
                for new in plan.form.by_row[planned.number]
                if (old := row.at(new.key)) is not None
            ]
    for new, old in pairs:
        if old.cell and new.name in open_now:
            yield old.cell.a1, (new, old)


def _is_typed(item: InputReading) -> bool:
    """Whether anything was filled in. An error value was not: as a text it would be accepted."""
    issues = item.reading.issues
    return not item.reading.blank and all(i.code is not codes.ERROR_VALUE for i in issues)


def _content(item: InputReading) -> CellContent:
    """What was typed: the value where it was taken, else the text as it stood there."""
    reading = item.reading
    if reading.refused or reading.value is None:
        text = (reading.shown or "").encode("utf-16-le", "surrogatepass")
        return text[: 2 * CELL_CAPACITY].decode("utf-16-le", "ignore")
    return item.input.kind.write(reading.value)


def _share_unit(plan: Plan, contents: Sequence[dict[str, CellContent]]) -> None:
    """Sheets after the first show the unit of the first."""
    name = plan.unit_input.name
    if contents and name in contents[0]:
        for others in contents[1:]:
            others[name] = contents[0][name]


def _moved(
    finding: Finding, names: Mapping[str, str], places: Mapping[tuple[str, str], str]
) -> Finding:
    """A finding at its new place; what was about the old sheet itself has none."""
    sheet, old = finding.sheet, finding.cell
    if sheet is None or sheet not in names:
        return finding
    new = places.get((sheet, old)) if old else None
    hint = finding.hint
    if old and new:
        # Hints name the cell to fill in; values, which might look like one, they never hold.
        hint = re.sub(rf"(?<![A-Z0-9]){old}(?![0-9])", new, hint)
    return replace(finding, sheet=names[sheet], cell=new, hint=hint, related=())
