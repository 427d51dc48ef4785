"""类别小计, 单位小计: what the projects amount to, worked out from 项目汇总."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlgoals.season.figures import CATEGORY, WAN, Figures, amount_field
from xlgoals.season.model import FormEntry
from xlgoals.season.words import NO_UNIT
from xlgoals.summary.projects import (
    CATEGORY_NUMBER,
    ERRORS,
    INDICATORS,
    UNIT_NUMBER,
    WARNINGS,
    Projects,
    field_sum,
    money_title,
)
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Formula, Table

BY_CATEGORY, BY_UNIT = "类别小计", "单位小计"
NUMBER, NAME, FORMS, WAN_KEY, SHARE = "number", "name", "forms", "wan", "share"


@dataclass(frozen=True)
class Group:
    """Projects that are summed together; the number tells them in 项目汇总."""

    number: int
    name: str
    forms: list[FormEntry]


@dataclass(frozen=True)
class Subtotals:
    """Where the two tables stand."""

    by_category: Table | None  # None: the form knows no categories
    by_unit: Table
    categories: Sequence[Group]

    def named(self) -> list[tuple[str, Table]]:
        """The tables that are there, each with its name."""
        first = [(BY_CATEGORY, self.by_category)] if self.by_category else []
        return [*first, (BY_UNIT, self.by_unit)]


def write_subtotals(sheets: Sheets, projects: Projects, table: Table) -> Subtotals:
    """Write a sheet by category, where the form knows any, and one by unit."""
    figures = sheets.figures
    writer = _Writer(sheets, projects, table)
    by_category, categories = None, []
    if CATEGORY in figures.season.layout.fields:
        categories = [
            Group(projects.categories[name], name, forms) for name, forms in figures.by_category()
        ]
        by_category = writer.write(
            BY_CATEGORY, "by_category", "项目类别", categories, CATEGORY_NUMBER
        )
    by_unit = writer.write(BY_UNIT, "by_unit", "单位名称", _units(figures, projects), UNIT_NUMBER)
    return Subtotals(by_category, by_unit, categories)


def _units(figures: Figures, projects: Projects) -> list[Group]:
    """Units that have forms, in the order of their numbers."""
    groups: dict[int, Group] = {}
    for form in figures.season.forms:
        number = projects.units[form.unit_code, form.unit]
        groups.setdefault(number, Group(number, form.unit or NO_UNIT, [])).forms.append(form)
    return [groups[number] for number in sorted(groups)]


def _columns(figures: Figures, projects: Projects, named: str) -> list[Column]:
    fields = figures.season.layout.fields
    main = amount_field(figures.season.layout)
    return [
        Column(NUMBER, "序号", 48, "centre"),
        Column(NAME, named, 300, "wrap"),
        Column(FORMS, "项目数", 60, "count", "SUM"),
        Column(INDICATORS, "指标数", 60, "count", "SUM"),
        *(
            Column(key, money_title(fields[key]), 128, "amount", "SUM")
            for key in projects.amounts
        ),
        *([Column(WAN_KEY, "折合万元", 100, "amount", "SUM")] if main else []),
        *([Column(SHARE, "占比", 68, "rate")] if main else []),
        Column(ERRORS, "错误数", 60, "count", "SUM"),
        Column(WARNINGS, "提醒数", 60, "count", "SUM"),
    ]  # fmt: skip


class _Writer:
    def __init__(self, sheets: Sheets, projects: Projects, source: Table) -> None:
        self._sheets, self._projects, self._source = sheets, projects, source
        self._figures = sheets.figures
        self._main = amount_field(self._figures.season.layout)

    def write(self, sheet: str, name: str, named: str, groups: Sequence[Group], key: str) -> Table:
        """Write a sheet of groups; ``key`` is the column of 项目汇总 that holds their numbers."""
        cells = self._sheets.sheet(sheet, "#2F5597")
        self._sheets.entitle(cells, sheet, "金额单位：元；由“项目汇总”计算得出。")
        columns = _columns(self._figures, self._projects, named)
        forms = self._figures.season.forms
        totals = {**self._sums(list(forms)), FORMS: len(forms)}
        table = self._sheets.open_table(cells, name, columns, len(groups), totals)
        for group in groups:
            table.row(self._row(table, group, key))
        table.close()
        return table

    def _sums(self, forms: list[FormEntry]) -> dict[str, Decimal | int]:
        sums: dict[str, Decimal | int] = {
            INDICATORS: self._figures.sums(forms).indicators,
            ERRORS: sum(form.counts.errors for form in forms),
            WARNINGS: sum(form.counts.warnings for form in forms),
            **{key: field_sum(forms, key) for key in self._projects.amounts},
        }
        if self._main:
            sums[WAN_KEY] = self._figures.sums(forms).amount / WAN
        return sums

    def _row(self, table: Table, group: Group, key: str) -> list[object]:
        row, numbers = table.next_row, self._source.area(key)
        mine = f"{table.letters(NUMBER)}{row + 1}"
        sums = self._sums(group.forms)

        def summed(column: str) -> Formula:
            return Formula(f"SUMIFS({self._source.area(column)},{numbers},{mine})", sums[column])

        cells: list[object] = [
            group.number,
            group.name,
            Formula(f"COUNTIF({numbers},{mine})", len(group.forms)),
            summed(INDICATORS),
            *(summed(amount) for amount in self._projects.amounts),
        ]
        if self._main:
            main = f"{table.letters(self._main)}{row + 1}"
            total = self._source.area(self._main)
            whole = self._figures.total.amount
            share = self._figures.sums(group.forms).amount / whole if whole else Decimal(0)
            cells += [
                Formula(f"{main}/{WAN}", sums[WAN_KEY]),
                Formula(f"IF(SUM({total})=0,0,{main}/SUM({total}))", share),
            ]
        return [*cells, summed(ERRORS), summed(WARNINGS)]
