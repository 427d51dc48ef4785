"""The unit's part in docs/unit-story.md: what it typed at first, and what it mended."""

from datetime import datetime
from pathlib import Path

from half_filled import BLANK, HALF_FILLED, type_into

_LEFT_OUT = ("C30", "D30")
FIRST: "dict[str, str | int | datetime]" = {
    **{cell: typed for cell, typed in HALF_FILLED.items() if cell not in _LEFT_OUT},
    "B9": "社区居民需要就近、长期的科普服务，现有场次还不能满足。",
    "B10": "《科普项目经费管理办法》；由办公室按季度督办。",
    "B12": "全年举办社区科普讲座，提高居民科学素质。",
    "B14": 150000,
    "E14": "约12万",
    "B15": 100000,
    "D29": "≥2000人",
    "C34": "讲座按期举办率",
    "D34": "≥95%",
}
MENDED: "dict[str, str | int | datetime]" = {
    "E5": datetime(2020, 11, 30),
    "E14": 120000,
    "D37": "≥95%",
}


def first_try(target: Path) -> Path:
    """The workbook that the unit sends in at first."""
    return type_into(BLANK, target, FIRST)


def second_try(returned: Path, target: Path) -> Path:
    """The marked copy, mended and sent in again."""
    return type_into(returned, target, MENDED)
