"""The guide's tables of spellings: what may be typed, and what the kinds of field read in it.

Only the samples stand here. What becomes of each is what its field of the form reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import xlgoals
from markdown_table import table
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Finding, Place, Severity
from xlgoals.grid import CellRef
from xlgoals.kinds import Kind
from xlgoals.layouts.model import Layout
from xlgoals.targets import parse_quantity

LAYOUT = "shanghai-2020"
_ANYWHERE = CellRef(1, 1)


class Number(NamedTuple):
    """What is typed where the program makes a number of it; ``shape`` is the cell's format."""

    held: float
    shape: str
    shown: str


# By title: the field, and what is typed or pasted into it.
SAMPLES: Mapping[str, tuple[str, tuple[str | Number, ...]]] = {
    "日期": (
        "start_date",
        (
            *("2020-03-01", "2020/3/1", "2020.3.1", "2020年3月1日", "20200301", "２０２０-03-01"),
            *("2020-02-30", "2020年3月", "3月1日", "待定", "2020-03-01 08:30", "1999-12-31"),
        ),
    ),
    "金额": (
        "total_budget",
        (
            Number(650000.0, "General", "650000"),
            *("650,000", "６５０，０００", "650000元", "65万元", "65.5万", "￥650,000"),
            Number(65.0, "General", "65"),
            *("约65万", "六十五万", "50~60万元", "待定", "-100", "1234.567"),
        ),
    ),
    "是否含有政府购买服务": ("has_government_purchase", ("是", "否", " 否", "有", "√")),
    "项目类别": ("project_category", ("其他一次性项目", " 其他一次性项目", "信息化项目")),
    "指标目标值": (
        "target",
        (
            *("≥95%", "=100%", "≥10场", "2020年6月底前完成", "合理"),
            *("<=3天", "≧10场", "不低于90%", "90%以上", "不超过5个工作日"),
            Number(1.0, "0%", "100%"),
            "无",
        ),
    ),
}
_OUTCOMES = {
    None: "直接接受",
    Severity.INFO: "按规范写法读取",
    Severity.WARNING: "接受，但提醒核对",
    Severity.ERROR: "不接受",
}


def tables() -> str:
    """One table for each kind, under its title."""
    layout = xlgoals.load_layout(LAYOUT)
    parts = []
    for title, (key, samples) in SAMPLES.items():
        kind = _kind(layout, key)
        parts.append(f"**{title}**：{kind.expected}。\n")
        lines = [_line(title, kind, sample) for sample in samples]
        parts.append(table(("填写的内容", "结果", "说明"), lines))
    return "\n".join(parts)


def _kind(layout: Layout, key: str) -> Kind:
    column = layout.indicators.columns.get(key)
    kind = column.kind if column else layout.fields[key].kind
    assert kind is not None  # noqa: S101 - every sample's field is one to fill in
    return kind


def _line(title: str, kind: Kind, sample: str | Number) -> tuple[str, str, str]:
    reading = kind.read(_cell(kind, sample))
    weights = [issue.code.severity for issue in reading.issues]
    worst = min(weights, key=list(Severity).index) if weights else None
    said = [
        Finding.of(issue, "", Place(label=title), reading.shown).message.removesuffix("。")
        for issue in reading.issues
        if issue.code.severity is not Severity.INFO
    ]
    told = [] if reading.refused else [f"读作 {_read(reading.value)}"]
    content = sample.shown if isinstance(sample, Number) else sample
    return f"`{content.replace(' ', '␣')}`", _OUTCOMES[worst], "；".join([*told, *said])


def _cell(kind: Kind, sample: str | Number) -> Cell:
    if isinstance(sample, Number):
        return Cell(_ANYWHERE, CellKind.NUMBER, sample.held, None, sample.shape)
    return Cell(_ANYWHERE, CellKind.TEXT, sample, None, kind.number_format)


def _read(value: Any) -> str:
    """A typed value in a filler's words."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return f"{value:,} 元"
        case date():
            return value.isoformat()
    quantity = parse_quantity(value)
    if quantity is None:
        return f"文字“{value}”"
    parts = zip(("符号", "数值", "单位"), quantity, strict=True)
    return "，".join(f"{name} {part}" for name, part in parts if part is not None)
