"""项目汇总: one row a project, every field of the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlgoals.layouts.model import Field
from xlgoals.season.figures import CATEGORY, Figures
from xlgoals.season.model import FormEntry, Season
from xlgoals.season.words import DOUBTFUL, NO_CATEGORY, NO_UNIT, PASSED, TO_MEND, form_word
from xlgoals.summary.book import A3, BAD, GOOD, LOOK
from xlgoals.summary.links import Link
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Shown, Table
from xlgoals.vocabulary import KindName

SHEET = "项目汇总"
UNIT_NUMBER, CATEGORY_NUMBER = "unit_number", "category_number"
INDICATORS, ERRORS, WARNINGS, WAIVED = "indicators", "errors", "warnings", "waived"
_FROZEN = "project_name"
_LOOKS = {PASSED: GOOD, DOUBTFUL: LOOK, TO_MEND: BAD}
_YES_NO = {True: "是", False: "否", None: None}
_LONG = 120  # characters; a field that may hold more has no place on paper
_UNIT_OF_MONEY = re.compile("（(万?元)）$")

_BEFORE = (
    Column(UNIT_NUMBER, "单位序号", 44, "centre"),
    Column("unit_code", "单位代码", 84),
    Column("unit", "单位名称", 220, "wrap"),
)
_COUNTS = (
    Column(INDICATORS, "指标数", 52, "count", "SUM"),
    Column("form_state", "检查结果", 96, "centre"),
    Column(ERRORS, "错误数", 52, "count", "SUM"),
    Column(WARNINGS, "提醒数", 52, "count", "SUM"),
    Column(WAIVED, "豁免数", 52, "count", "SUM"),
    Column("versions", "报送次数", 52, "count"),
    Column("file", "文件", 210, "link"),
    Column("sheet", "工作表", 72),
)
_AFTER = (Column(CATEGORY_NUMBER, "类别序号", 44, "centre"),)


class Projects:
    """The columns that a layout's projects have, and the numbers of their units and categories."""

    def __init__(self, figures: Figures) -> None:
        season = figures.season
        fields = [f for f in season.layout.fields.values() if f.key != season.layout.unit_field]
        self._short = [item for item in fields if not _is_long(item)]
        self._long = [item for item in fields if _is_long(item)]
        self.amounts = [item.key for item in fields if item.kind.name == KindName.AMOUNT]
        self.units = unit_numbers(season)
        self.categories = {
            name: number for number, (name, _) in enumerate(figures.by_category(), start=1)
        }
        self._after = _AFTER if CATEGORY in season.layout.fields else ()

    def columns(self) -> list[Column]:
        """Who and what first, then what is counted, then long texts, which print nowhere."""
        return [
            *_BEFORE,
            *map(_field_column, self._short),
            *_COUNTS,
            *map(_field_column, self._long),
            *self._after,
        ]

    @property
    def printed(self) -> int:
        """How many columns print."""
        return len(_BEFORE) + len(self._short) + len(_COUNTS)

    @property
    def frozen(self) -> int:
        """How many columns stay in sight."""
        keys = [item.key for item in self._short]
        return len(_BEFORE) + (keys.index(_FROZEN) + 1 if _FROZEN in keys[:1] else 0)

    def row(self, form: FormEntry) -> list[Any]:
        """The cells of a form."""
        word, values = form_word(form), form.values
        return [
            self.units[form.unit_code, form.unit],
            form.unit_code,
            form.unit or NO_UNIT,
            *(_told(item, values) for item in self._short),
            form.indicators,
            Shown(word, _LOOKS[word]),
            form.counts.errors,
            form.counts.warnings,
            form.counts.waived,
            form.versions,
            Link(form.file, form.file, form.sheet),
            form.sheet,
            *(_told(item, values) for item in self._long),
            *([self._category(form)] if self._after else []),
        ]

    def _category(self, form: FormEntry) -> int:
        return self.categories[form.category or NO_CATEGORY]


def unit_numbers(season: Season) -> dict[tuple[str | None, str | None], int]:
    """Every unit's number in the order of 报送情况; a form's unit that is not there comes last."""
    numbers: dict[tuple[str | None, str | None], int] = {}
    for unit in season.units:
        numbers.setdefault((unit.code, unit.name), len(numbers) + 1)
    for form in season.forms:
        numbers.setdefault((form.unit_code, form.unit), len(numbers) + 1)
    return numbers


def write_projects(sheets: Sheets, projects: Projects) -> Table:
    """Write the sheet; the table tells others where its columns are."""
    season = sheets.figures.season
    cells = sheets.sheet(SHEET, "#2F5597", A3)
    columns = projects.columns()
    sheets.entitle(
        cells, "项目绩效目标汇总表", "金额单位：元。合计行随筛选变化。右侧的长文本不打印。"
    )
    totals = _totals(sheets.figures, projects)
    table = sheets.open_table(cells, "projects", columns, len(season.forms), totals)
    for form in season.forms:
        table.row(projects.row(form))
    table.close()
    cells.sheet.freeze_panes(table.head + 1, projects.frozen)
    cells.sheet.print_area(0, 0, table.end, projects.printed - 1)
    return table


def _totals(figures: Figures, projects: Projects) -> Mapping[str, Decimal | int]:
    forms = figures.season.forms
    return {
        "project_name": sum(bool(form.project) for form in forms),
        INDICATORS: figures.total.indicators,
        ERRORS: sum(form.counts.errors for form in forms),
        WARNINGS: sum(form.counts.warnings for form in forms),
        WAIVED: sum(form.counts.waived for form in forms),
        **{key: field_sum(forms, key) for key in projects.amounts},
    }


def field_sum(forms: tuple[FormEntry, ...] | list[FormEntry], key: str) -> Decimal:
    """The exact sum of an amount; what is blank or refused counts as zero."""
    return sum((form.amounts.get(key, Decimal(0)) for form in forms), Decimal(0))


def _is_long(item: Field) -> bool:
    return item.kind.name == KindName.TEXT and getattr(item.kind, "max_length", 0) > _LONG


def _field_column(item: Field) -> Column:
    if item.key == _FROZEN:
        return Column(item.key, item.title, 230, "wrap", "COUNT")
    match item.kind.name:
        case KindName.AMOUNT:
            # Amounts are in 元 here, in whatever unit the form prints them.
            return Column(item.key, money_title(item), 124, "amount", "SUM")
        case KindName.DATE:
            return Column(item.key, item.title, 80, "date")
        case KindName.YES_NO:
            return Column(item.key, item.title, 96, "centre")
        case KindName.CHOICE:
            return Column(item.key, item.title, 124, "wrap")
    return Column(item.key, item.title, 220 if _is_long(item) else 130)


def money_title(item: Field) -> str:
    """An amount's title in 元."""
    return f"{_UNIT_OF_MONEY.sub('', item.title)}（元）"


def _told(item: Field, values: Mapping[str, Any]) -> Any:
    value = values.get(item.key)
    return _YES_NO[value] if item.kind.name == KindName.YES_NO else value
