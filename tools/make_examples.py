"""Writes `templates/` and the workbooks of `examples/`: `python tools/make_examples.py`.

`filled-2020.xlsx` holds three real forms of one unit, as published. `mistakes-2020.xlsx` is the
same workbook after a careless afternoon: each line below is typed into a cell, the way any
program that ignores protection would. What must then be found is kept by hand, in
`mistakes-2020.json`: (sheet, cell, code).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

import xlgoals
from xlgoals.records import load_forms

ROOT = Path(__file__).resolve().parent.parent
LAYOUT, YEAR = "shanghai-2020", 2020

TYPED: tuple[tuple[str, str, Any], ...] = (
    # single cells
    ("项目1", "B4", None),
    ("项目1", "B5", "2020-02-30"),
    ("项目1", "E5", datetime(2020, 12, 31, 17, 30)),
    ("项目1", "B6", "可能"),
    ("项目1", "E6", "科研类"),
    ("项目1", "B7", "为科技工作者服务。" * 60),
    ("项目1", "B8", "=A8&A9"),
    ("项目1", "B9", "#N/A"),
    ("项目1", "B10", "无"),
    ("项目1", "B14", "约65万"),
    ("项目1", "E14", -650000),
    ("项目2", "B5", "2199-01-01"),
    ("项目3", "B5", "2020年1月1日"),
    ("项目3", "B14", 65),
    ("项目3", "B15", 650000.125),
    ("项目3", "E15", 99999999999999),
    # cells against each other
    ("项目2", "E14", 200000),
    ("项目2", "E15", 150000),
    ("项目3", "E5", datetime(2019, 12, 31)),
    # the indicator table
    ("项目1", "D28", None),
    ("项目2", "C32", None),
    ("项目2", "D32", None),
    ("项目3", "C29", "举办讲座"),
    ("项目3", "D29", "若干"),
    ("项目3", "C30", "举办讲座"),
    ("项目3", "D30", "≥120%"),
    # the form itself
    ("项目1", "A10", "制度和措施："),
    ("项目2", "G7", "请领导审阅"),
)


def make_all(templates: Path, examples: Path) -> None:
    """Write the blank templates, the filled workbook and the one with mistakes."""
    for name in xlgoals.layout_ids():
        first_year = xlgoals.load_layout(name).first_year
        xlgoals.write_template(templates / f"{name}.xlsx", name, first_year)
    forms = load_forms(ROOT / "examples" / f"forms-{YEAR}.json", xlgoals.load_layout(LAYOUT))
    filled = examples / f"filled-{YEAR}.xlsx"
    xlgoals.write_template(filled, LAYOUT, YEAR, forms=forms)
    make_mistakes(filled, examples / f"mistakes-{YEAR}.xlsx")


def make_mistakes(filled: Path, target: Path) -> None:
    """Type every mistake into a copy of the filled workbook."""
    book = openpyxl.load_workbook(filled)
    for sheet, cell, typed in TYPED:
        target_cell = book[sheet][cell]
        target_cell.value = typed
        if isinstance(typed, datetime) and not typed.hour:
            target_cell.number_format = "yyyy-mm-dd"
    book.properties.modified = datetime(2020, 1, 1)
    book.save(target)


if __name__ == "__main__":
    make_all(ROOT / "templates", ROOT / "examples")
