"""One project's sheet before anybody fills it in: what is known, carried over, and still open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from xlgoals.campaign.carry import CURRENT_BUDGET, PRIOR_BUDGET, PRIOR_EXECUTION, PROJECT
from xlgoals.campaign.jobs import Job, Project, Terms
from xlgoals.findings import Finding, Issue, Place
from xlgoals.language import Message
from xlgoals.migration import Left, migrate_form
from xlgoals.models import GoalForm, form_class
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Plan
from xlgoals.rules.evaluate import Environment
from xlgoals.template.handout import Handout
from xlgoals.template.prefill import (
    blank_contents,
    check_unit,
    contents_of,
    group_of,
    rows_needed,
)
from xlgoals.template.write import workbook_of

_SHORT = 40  # characters of a text that found no place


@dataclass(frozen=True)
class Note:
    """Something to be told of a project."""

    project: str
    text: str
    reason: str = ""  # and what to do, where the text does not say it


@dataclass(frozen=True)
class Prefilled:
    """One project's form, as far as it is known."""

    form: GoalForm
    carried: frozenset[str]  # the fields, by key, that come from an earlier form
    open: tuple[Note, ...]  # what somebody has to fill in or look at
    left: tuple[Note, ...]  # what the earlier form said and this one has no place for


@dataclass(frozen=True)
class Made:
    """A workbook, and what is to be told of it."""

    data: bytes
    open: tuple[Note, ...]
    left: tuple[Note, ...]


def make_workbook(job: Job, terms: Terms) -> Made:
    """The workbook of a unit. Raises DataError where the form cannot hold what is known."""
    known = [_Maker(project, job.unit, terms).prefilled() for project in job.projects]
    forms = [item.form for item in known]
    rows = rows_needed(forms, terms.layout, {})
    plan = build_plan(terms.layout, terms.fiscal_year, rows, len(forms), job.unit)
    check_unit(plan)
    filled = [contents_of(form, plan, number) for number, form in enumerate(forms, start=1)]
    handout = Handout(
        source=terms.source,
        carried=tuple(
            _carried_inputs(plan, item, contents.keys())
            for item, contents in zip(known, filled, strict=True)
        ),
        notes=terms.notes,
    )
    sheets = [{**blank_contents(plan), **contents} for contents in filled]
    return Made(
        workbook_of(plan, sheets, terms.password, handout),
        tuple(note for item in known for note in item.open),
        tuple(note for item in known for note in item.left),
    )


def _carried_inputs(plan: Plan, item: Prefilled, filled: Collection[str]) -> frozenset[str]:
    """The inputs that hold what was carried over: fields, and all of the table's rows."""
    return frozenset(
        known.name
        for known in plan.form.inputs
        if known.name in filled and (known.row is not None or known.key in item.carried)
    )


class _Maker:
    def __init__(self, project: Project, unit: str, terms: Terms) -> None:
        self._project, self._unit, self._terms = project, unit, terms
        self._layout = terms.layout

    def prefilled(self) -> Prefilled:
        """The form as far as it is known."""
        carried, left = self._carried()
        indicators = carried.pop("indicators", [])
        amounts = self._prior_year()
        values = {
            "layout": self._layout.id,
            "fiscal_year": self._terms.fiscal_year,
            **carried,
            **amounts,
            self._layout.unit_field: self._unit,
            PROJECT: self._project.name,
            "indicators": indicators,
        }
        form = form_class(self._layout).model_validate(values)
        by_roster = {PRIOR_EXECUTION} if self._project.prior_execution is not None else set()
        keys = frozenset(key for key, value in (carried | amounts).items() if value is not None)
        return Prefilled(form, keys - by_roster, tuple(self._open(values)), left)

    # --- what an earlier form says ----------------------------------------------------------------
    def _carried(self) -> tuple[dict[str, Any], tuple[Note, ...]]:
        earlier, carry = self._project.earlier, self._terms.carry
        if earlier is None or earlier.errors or (carry.nothing and not self._is_same_year):
            return {}, ()
        source = self._terms.earlier_layouts[earlier.layout]
        # Where it is the same layout, this finds what an edited copy no longer takes.
        migrated = migrate_form(earlier.values, source, self._layout)
        keys: Collection[str] = carry.fields
        if self._is_same_year:
            # A later round goes on with all of it; names come from the roster.
            keys = self._layout.fields.keys() - {self._layout.unit_field, PROJECT}
        values = {key: value for key, value in migrated.values.items() if key in keys}
        if carry.indicators or self._is_same_year:
            values["indicators"] = self._free_rows(migrated.values["indicators"])
        left = [Note(self._project.name, _in_words(item), item.reason) for item in migrated.left]
        return values, tuple(left)

    @property
    def _is_same_year(self) -> bool:
        earlier = self._project.earlier
        return earlier is not None and earlier.year == self._terms.fiscal_year

    def _free_rows(self, indicators: Any) -> list[Any]:
        """The rows that somebody filled in; the form prints its own."""
        kept = []
        for row in indicators:
            group = group_of(row["level1"], row["level2"], self._layout)
            printed = {fixed.name for fixed in group.fixed if not fixed.editable} if group else ()
            if row["name"] not in printed:
                kept.append(row)
        return kept

    def _prior_year(self) -> dict[str, Any]:
        """The budget of the year before is what its form declared; what was spent, the roster's."""
        earlier, found = self._project.earlier, dict[str, Any]()
        last = earlier is not None and earlier.year == self._terms.fiscal_year - 1
        if earlier and last and PRIOR_BUDGET in self._layout.fields:
            found[PRIOR_BUDGET] = earlier.values.get(CURRENT_BUDGET)
        if PRIOR_EXECUTION in self._layout.fields and self._project.prior_execution is not None:
            found[PRIOR_EXECUTION] = self._project.prior_execution
        return found

    # --- what is still to be done -----------------------------------------------------------------
    def _open(self, values: dict[str, Any]) -> list[Note]:
        notes = []
        pair = (PRIOR_BUDGET, PRIOR_EXECUTION)
        filled = [key for key in pair if values.get(key) is not None]
        if len(filled) == 1:
            (missing,) = set(pair) - set(filled)
            told = Message("{field}未填", field=self._layout.fields[missing].title)
            notes.append(Note(self._project.name, told))
        elif filled:
            notes += self._contradictions({key: values[key] for key in pair})
        earlier = self._project.earlier
        if earlier and earlier.errors:
            has_budget = not self._is_same_year and values.get(PRIOR_BUDGET) is not None
            kept = Message("项目名称和预算额") if has_budget else Message("项目名称")
            told = Message(
                "{source}的表还有{errors}处错误没有改正，只沿用了{kept}",
                source=self._terms.source,
                errors=earlier.errors,
                kept=kept,
            )
            notes.append(Note(self._project.name, told))
        return notes

    def _contradictions(self, known: dict[str, Any]) -> list[Note]:
        """What the form's rules say of the amounts that the filler gets from finance."""
        said, details = Environment(known), {"fiscal_year": str(self._terms.fiscal_year)}
        broken = [
            rule
            for rule in self._layout.rules
            if known.keys() >= {*rule.names} and rule.violated(said)
        ]
        found = [
            Finding.of(
                Issue(rule.code, details),
                "",
                Place(label=self._layout.fields[rule.at].title),
                str(known[rule.at]),
            )
            for rule in broken
        ]
        return [Note(self._project.name, finding.message) for finding in found]


def _in_words(item: Left) -> str:
    """The value, and the indicator that it is a part of."""
    told = f"{item.label}：{_short(item.value)}"
    if item.row is None or (item.name and item.value.startswith(item.name)):
        return told
    return Message(
        "{value}（第{row}行指标“{name}”）", value=told, row=item.row, name=item.name or ""
    )


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"
