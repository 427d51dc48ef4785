"""A small layout of another shape than the shipped ones, and a form of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opened import opened
from xlgoals import GoalForm, Submission, Target, load_layout, write_template
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan

YAML = Path(__file__).parent / "data" / "tiny.yaml"
TINY = load_layout(str(YAML))
YEAR = 2025
PLAN = build_plan(TINY, YEAR)
SHEET = "项目1"


def row(level1: str, level2: str | None, name: str | None, text: str | None) -> dict[str, Any]:
    target = Target.parse(text).model_dump(mode="json") if text else None
    return {"level1": level1, "level2": level2, "name": name, "target": target}


FIXED = [
    row("成本指标", "经济成本指标", "预算控制率", "≤100%"),
    row("成本指标", "经济成本指标", "支出合规性", "合规"),
    row("成本指标", "经济成本指标", "资金到位率", "=100%"),
]
EXAMPLE: dict[str, Any] = {
    "layout": "tiny",
    "fiscal_year": YEAR,
    "declaring_unit": "某市图书馆",
    "project_name": "读书月",
    "manager": "张三",
    "nature": "延续项目",
    "start_date": "2025-03-01",
    "end_date": "2025-11-30",
    "approved_on": "2024-12-20",
    "shared": False,
    "total_budget": "655000",
    "current_budget": "600000.01",
    "own_funds": None,
    "overview": "举办讲座，\n开放阅览。",
    "indicators": [
        *FIXED,
        row("成本指标", "经济成本指标", "场均成本", "≤2.5万元"),
        row("产出指标", "数量指标", "讲座场次", "≥10场"),
        row("产出指标", "时效指标", "完成时间", "11月底前完成"),
        row("效益指标", "社会效益", "到馆人次", "≥50000人次"),
    ],
}


def form(record: Mapping[str, Any] = EXAMPLE, **changed: Any) -> GoalForm:
    return form_class(TINY).model_validate({**record, **changed})


def filled(folder: Path, cells: Mapping[str, Any] | None = None, **changed: Any) -> Path:
    """The example as a workbook; then some cells, by address, as a person overwrote them."""
    path = folder / "tiny.xlsx"
    if changed:
        write_template(path, TINY, YEAR, forms=[form(**changed)])
    else:
        path.write_bytes(_example())
    if cells:
        book = opened(path)
        for cell, value in cells.items():
            book[SHEET][cell] = value
        book.save(path)
    return path


@cache
def _example() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "tiny.xlsx")
        write_template(path, TINY, YEAR, forms=[form()])
        return path.read_bytes()


def records(submission: Submission) -> list[dict[str, Any]]:
    return [form.record() for form in submission.forms]


def found(submission: Submission) -> list[tuple[str, str | None]]:
    """Codes and cells of the findings that are more than an information."""
    return [(f.code, f.cell) for f in submission.findings if f.severity != "info"]
