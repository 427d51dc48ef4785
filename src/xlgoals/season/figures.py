"""The numbers of a season, each worked out once; amounts are exact, in 元."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlgoals.findings import Finding
from xlgoals.layouts import Layout
from xlgoals.season.model import Counts, FileState, FormEntry, Season, UnitEntry, UnitState
from xlgoals.season.words import NO_CATEGORY, RETURNED, UNIT_WORDS
from xlgoals.text import label_key

WAN = Decimal(10_000)  # 元
CATEGORY = "project_category"
# The project's money of the year; forms that do not ask for it have one amount for all.
BUDGETS = ("current_budget", "total_budget")
_Named = tuple[str | None, str | None, str]  # a project: code and name of its unit, its own name


def amount_field(layout: Layout) -> str | None:
    """The field whose sum is the money that the forms speak of."""
    return next((key for key in BUDGETS if key in layout.fields), None)


@dataclass(frozen=True)
class Sums:
    """What some forms amount to."""

    forms: int
    indicators: int
    amount: Decimal


@dataclass(frozen=True)
class Coverage:
    """How much of what is due came, and how much of that is without errors."""

    due: Decimal | None  # None: nobody knows
    returned: Decimal
    passed: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Returned of due."""
        return self.returned / self.due if self.due else None

    @property
    def passed_rate(self) -> Decimal | None:
        """Passed of returned."""
        return self.passed / self.returned if self.returned else None


@dataclass(frozen=True)
class Figures:
    """All that is counted and summed over a season."""

    season: Season

    @cached_property
    def files(self) -> Mapping[FileState, int]:
        """Files by state, every state included."""
        found = Counter(file.state for file in self.season.files)
        return {state: found[state] for state in FileState}

    @cached_property
    def units(self) -> Mapping[UnitState, int]:
        """Units by state, every state included."""
        found = Counter(unit.state for unit in self.season.units)
        return {state: found[state] for state in UnitState}

    @cached_property
    def unit_words(self) -> Mapping[UnitState, str]:
        """What the states of units are called; without a roster nobody is off it."""
        return UNIT_WORDS if self.listed else {**UNIT_WORDS, UnitState.UNLISTED: RETURNED}

    @property
    def listed(self) -> tuple[UnitEntry, ...]:
        """The units on the roster; none where there is no roster."""
        return tuple(unit for unit in self.season.units if unit.state is not UnitState.UNLISTED)

    @property
    def late_files(self) -> int:
        """Files that came after the deadline."""
        return sum(file.late for file in self.season.files)

    @cached_property
    def declaring(self) -> int:
        """Units that have a form that counts."""
        return len(self._forms_by_unit)

    @cached_property
    def total(self) -> Sums:
        """All forms that count."""
        return self.sums(self.season.forms)

    def amount(self, form: FormEntry) -> Decimal:
        """What a form is counted with; zero where its amount is blank or refused."""
        key = amount_field(self.season.layout)
        return form.amounts.get(key, Decimal(0)) if key else Decimal(0)

    def sums(self, forms: Iterable[FormEntry]) -> Sums:
        """What these forms amount to."""
        counted = list(forms)
        return Sums(
            len(counted),
            sum(form.indicators for form in counted),
            sum(map(self.amount, counted), Decimal(0)),
        )

    @cached_property
    def _forms_by_unit(self) -> Counter[tuple[str | None, str | None]]:
        return Counter((form.unit_code, form.unit) for form in self.season.forms)

    def forms_of(self, unit: UnitEntry) -> int:
        """How many forms of a unit count."""
        return self._forms_by_unit[unit.code, unit.name]

    def by_category(self) -> list[tuple[str, list[FormEntry]]]:
        """The forms of each category, most money first."""
        groups: dict[str, list[FormEntry]] = {}
        for form in self.season.forms:
            groups.setdefault(form.category or NO_CATEGORY, []).append(form)
        return sorted(groups.items(), key=lambda group: -self.sums(group[1]).amount)

    # --- coverage ---------------------------------------------------------------------------------
    @cached_property
    def unit_coverage(self) -> Coverage:
        """Units of the roster, by number; without a roster, units that returned anything."""
        listed = self.listed
        counted = listed or self.season.units
        came = [unit for unit in counted if unit.state is not UnitState.MISSING]
        mend = {(form.unit_code, form.unit) for form in self.season.forms if form.counts.errors}
        passed = [
            unit
            for unit in came
            if unit.state is UnitState.ACCEPTED
            or (unit.state is UnitState.UNLISTED and (unit.code, unit.name) not in mend)
        ]
        due = Decimal(len(listed)) if listed else None
        return Coverage(due, Decimal(len(came)), Decimal(len(passed)))

    @cached_property
    def project_coverage(self) -> Coverage:
        """Projects that the roster names, by number; where it names none, those returned."""
        forms = self.season.forms
        due = sum(len(unit.expected) for unit in self.listed)
        if not due:
            passed = sum(not form.counts.errors for form in forms)
            return Coverage(None, Decimal(len(forms)), Decimal(passed))
        return Coverage(Decimal(due), Decimal(len(self._came)), Decimal(len(self._passed)))

    @cached_property
    def spent_coverage(self) -> Coverage | None:
        """Of the same projects, what was spent on them before; None where no roster tells."""
        spent = {
            (unit.code, unit.name, label_key(project)): amount
            for unit in self.listed
            for project, amount in unit.spent.items()
        }
        if not spent:
            return None

        def of(projects: Collection[_Named]) -> Decimal:
            return sum((spent[named] for named in spent if named in projects), Decimal(0))

        return Coverage(of(spent), of(self._came), of(self._passed))

    @cached_property
    def _came(self) -> frozenset[_Named]:
        """The projects that the roster names and that were returned."""
        return frozenset(
            (unit.code, unit.name, label_key(project))
            for unit in self.listed
            for project in set(unit.expected) - set(unit.missing)
        )

    @cached_property
    def _passed(self) -> frozenset[_Named]:
        """Of these, those without errors."""
        return self._came & {
            (form.unit_code, form.unit, label_key(form.project or ""))
            for form in self.season.forms
            if not form.counts.errors
        }

    @cached_property
    def amount_coverage(self) -> Coverage:
        """Money of the forms returned; no roster tells how much of it is due."""
        passed = self.sums(form for form in self.season.forms if not form.counts.errors)
        return Coverage(None, self.total.amount, passed.amount)

    # --- findings ---------------------------------------------------------------------------------
    def findings(self) -> Iterator[Finding]:
        """Every finding, file by file, then those between files."""
        for file in self.season.files:
            yield from file.findings
        yield from self.season.findings

    @cached_property
    def of_files(self) -> Counts:
        """The findings of all files."""
        return Counts.total(file.counts for file in self.season.files)

    @cached_property
    def between_files(self) -> Counts:
        """The findings that only show between files."""
        waived = self.season.waived
        return Counts.of_findings(
            (item.severity, item in waived, 1) for item in self.season.findings
        )

    @property
    def counts(self) -> Counts:
        """All findings."""
        return Counts.total((self.of_files, self.between_files))

    @cached_property
    def _by_file(self) -> Mapping[str, Counts]:
        return {file.path: file.counts for file in self.season.files}

    def counts_of(self, unit: UnitEntry) -> Counts:
        """The findings in a unit's files."""
        return Counts.total(self._by_file.get(path, Counts()) for path in unit.files)


def disclosure(figures: Figures) -> str:
    """The sentence by which a department discloses its goals, in its official wording."""
    total = figures.total
    return (
        "按照本区预算绩效管理工作的总体要求，本部门"
        f"{figures.declaring}个预算单位开展了{figures.season.fiscal_year}年项目预算绩效目标编报工作，"
        f"编报绩效目标的项目{total.forms}个，涉及项目预算资金{total.amount / WAN:,.2f}万元。"
    )
