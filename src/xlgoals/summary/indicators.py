"""指标明细: one row an indicator, with the project it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlgoals.season.model import FormEntry
from xlgoals.season.words import NO_UNIT
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Column, Table
from xlgoals.targets import QUALITATIVE
from xlgoals.vocabulary import COLUMN_TERMS

SHEET = "指标明细"
_NO_TARGET: Mapping[str, Any] = {"text": None, "operator": None, "number": None, "unit": None}


def write_indicators(sheets: Sheets) -> Table:
    """Write the sheet; the table tells others where its columns are."""
    season, total = sheets.figures.season, sheets.figures.total.indicators
    cells = sheets.sheet(SHEET, "#548235")
    note = f"计算符号、数值、计量单位由目标值拆分得出；不是数量的目标标为“{QUALITATIVE}”。"
    sheets.entitle(cells, "绩效指标明细表", note)
    table = sheets.open_table(cells, "indicators", _columns(sheets), total)
    others = [key for key in COLUMN_TERMS if key in season.layout.indicators.columns]
    for form in season.forms:
        for row in _rows(form, others):
            table.row(row)
    table.close()
    cells.sheet.freeze_panes(table.head + 1, 3)
    return table


def _columns(sheets: Sheets) -> list[Column]:
    terms = sheets.figures.season.layout.indicators.columns
    names = {key: column.title for key, column in terms.items()}
    return [
        Column("unit_code", "单位代码", 76),
        Column("unit", "单位名称", 300, "wrap"),
        Column("project", "项目名称", 220, "wrap"),
        Column("category", "项目类别", 124, "wrap"),
        Column("number", "指标序号", 48, "centre"),
        Column("level1", names.get("level1", "一级目标"), 88),
        Column("level2", names.get("level2", "二级目标"), 80),
        Column("name", names.get("name", "三级目标"), 170, "wrap"),
        Column("operator", "计算符号", 52, "centre"),
        Column("value", "数值", 78, "number"),
        Column("unit_of_measure", "计量单位", 66, "centre"),
        Column("target", "指标目标值（原文）", 190, "wrap"),
        *(Column(key, names[key], 66, "number") for key in COLUMN_TERMS if key in names),
    ]


def _rows(form: FormEntry, others: Sequence[str]) -> Iterator[list[Any]]:
    whose = [
        form.unit_code,
        form.unit or NO_UNIT,
        form.project,
        form.category,
    ]
    for number, indicator in enumerate(form.values["indicators"], start=1):
        target = indicator["target"] or _NO_TARGET
        value = target["number"]
        worded = target["text"] is not None and value is None
        yield [
            *whose,
            number,
            indicator["level1"],
            indicator["level2"],
            indicator["name"],
            QUALITATIVE if worded else target["operator"],
            None if value is None else Decimal(value),
            target["unit"],
            target["text"],
            *(indicator[key] for key in others),
        ]
