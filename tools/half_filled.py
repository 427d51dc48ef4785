"""A form on which somebody is still at work, typed into a blank workbook."""

import sys
from datetime import datetime
from pathlib import Path

from bootstrap import ROOT, SetUpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

BLANK = ROOT / "templates" / "shanghai-2020.xlsx"
SELF_CHECK = "自检"
HALF_FILLED_SHEET = "项目1"

# What was typed, cell by cell, slips included.
HALF_FILLED: "dict[str, str | int | datetime]" = {
    "B3": "上海市科普活动中心（示例）",
    "B4": "社区科普讲堂",
    "E4": "其他经常性项目",
    "B5": datetime(2020, 3, 1),
    "E5": "2020年11月31日",
    "B6": "否",
    "E6": "事业/专业类",
    "B7": "组织科技工作者走进全市24个社区，围绕健康、应急、环保等主题举办科普讲座，"
    "并向社区居民发放科普读本，提升居民科学素质。",
    "B8": "《全民科学素质行动计划纲要（2006—2010—2020年）》；《上海市科学技术普及条例》。",
    "B10": "无",
    "B11": "3月至4月确定讲师和主题，5月至10月举办讲座，11月总结。",
    "B14": 120000,
    "E14": 150000,
    "E15": 98000,
    "C28": "举办讲座场次",
    "D28": "≥24场",
    "C29": "参与居民人数",
    "C30": "数量目标",
    "D30": "若干",
    "C32": "讲座按计划完成率",
    "D32": "≥95%",
    "B36": "社会效益",
    "C36": "发放科普读本",
    "D36": "≥5000册",
    "B37": "满意度",
    "C37": "听众满意度",
    "D37": "=95%",
    "B40": "长效管理",
    "C40": "建立社区讲师库",
    "D40": "建立",
}


def half_fill(template: Path, target: Path) -> Path:
    """Type :data:`HALF_FILLED` into a copy of a blank workbook."""
    return type_into(template, target, HALF_FILLED)


def type_into(workbook: Path, target: Path, cells: "Mapping[str, str | int | datetime]") -> Path:
    """Save a copy of a workbook with these cells of its first form filled in."""
    book = opened(workbook)
    for cell, typed in cells.items():
        place = book[HALF_FILLED_SHEET][cell]
        place.value = typed
        if isinstance(typed, str):
            place.data_type = "s"  # "=95%" is a text in a cell of text format
    book.save(target)
    return target


def opened(workbook: Path) -> "Any":
    """A workbook with live checks, by openpyxl. Raises SetUpError where that cannot be had."""
    try:
        import openpyxl
    except ImportError:
        raise SetUpError(f"This needs openpyxl, which {sys.executable} does not have.") from None
    book = openpyxl.load_workbook(workbook)
    if SELF_CHECK not in book.sheetnames:
        raise SetUpError(f"{workbook} has no live checks; run tools/make_examples.py first.")
    return book
