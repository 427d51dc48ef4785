"""That the sheets add up: numbers that must be equal, each worked out in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlgoals.season.figures import Figures, amount_field
from xlgoals.summary import files as files_sheet
from xlgoals.summary import problems, projects, subtotals
from xlgoals.summary.subtotals import Subtotals
from xlgoals.summary.table import Formula, Table


@dataclass(frozen=True)
class Tables:
    """Where the tables of the sheets stand."""

    projects: Table
    subtotals: Subtotals
    indicators: Table
    problems: Table
    units: Table
    files: Table


@dataclass(frozen=True)
class Check:
    """Two numbers that must be equal."""

    what: str
    one: Formula
    other: Formula
    style: str = "count"

    @property
    def difference(self) -> Decimal:
        """Zero where all is well."""
        return Decimal(self.one.result) - Decimal(self.other.result)


def checks_of(figures: Figures, tables: Tables, files_by_state: str) -> list[Check]:
    """Every check; ``files_by_state`` is the cell that sums up the files of each state."""
    return list(_checks(figures, tables, files_by_state))


def _checks(figures: Figures, tables: Tables, files_by_state: str) -> Iterator[Check]:
    season, total, files = figures.season, figures.total, tables.files
    yield Check(
        "文件：各状态之和＝文件清单行数",
        Formula(files_by_state, sum(figures.files.values())),
        _rows(files, files_sheet.NUMBER, len(season.files)),
    )
    forms = _rows(tables.projects, projects.UNIT_NUMBER, total.forms)
    in_files = sum(file.forms for file in season.files)
    yield Check("项目数：汇总＝各文件之和", forms, _sum(files, files_sheet.FORMS_COUNT, in_files))
    for name, table in tables.subtotals.named():
        yield Check(f"项目数：汇总＝{name}", forms, _sum(table, subtotals.FORMS, total.forms))
    yield Check(
        "指标数：汇总＝明细行数",
        _sum(tables.projects, projects.INDICATORS, total.indicators),
        _rows(tables.indicators, "number", total.indicators),
    )
    yield _findings(figures, tables)
    if main := amount_field(season.layout):
        amount = _sum(tables.projects, main, total.amount)
        for name, table in tables.subtotals.named():
            other = _sum(table, main, total.amount)
            yield Check(f"资金：汇总＝{name}", amount, other, "amount")


def _findings(figures: Figures, tables: Tables) -> Check:
    count = figures.of_files.all
    parts = "+".join(f"SUM({tables.files.area(key)})" for key in files_sheet.COUNTS)
    scope = tables.problems.area(problems.SCOPE)
    return Check(
        "问题数：各文件之和＝问题清单",
        Formula(parts, count),
        Formula(f'COUNTIF({scope},"{problems.OF_ONE_FILE}")', count),
    )


def _rows(table: Table, key: str, result: int) -> Formula:
    return Formula(f"COUNT({table.area(key)})", result)


def _sum(table: Table, key: str, result: Decimal | int) -> Formula:
    return Formula(f"SUM({table.area(key)})", result)
