"""Row heights and page scale: merged rows never fit themselves, so both are worked out here.

Measured on prototypes: 10.5 pt type is 14 pixels wide and takes 15.2 pt a line; line breaking that
keeps punctuation off the start of a line costs about one and a half characters of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlgoals.text import display_width

CHARACTER_PIXELS = 14
LOST_CHARACTERS = 1.5
LINE_POINTS, PADDING_POINTS = 15.2, 5.0
MAX_ROW_POINTS = 409.5  # Excel's own
PAGE_POINTS = 770  # what A4 upright leaves between margins of half an inch
FULL_SCALE, LEAST_SCALE = 86, 60  # per cent; 86 prints 10.5 pt as 9 pt


def lines_needed(text: str, pixels: int) -> int:
    """Lines that a text takes in a cell so wide; a CJK character counts 1, others a half."""
    room = max(pixels / CHARACTER_PIXELS - LOST_CHARACTERS, 1.0)
    lines = 0
    for paragraph in text.split("\n"):
        lines += max(1, -int(-(display_width(paragraph) / 2) // room))
    return lines


def row_points(lines: float) -> float:
    """The height of a row for so many lines, no more than a row can have."""
    return min(round(lines * LINE_POINTS + PADDING_POINTS, 2), MAX_ROW_POINTS)


def page_scale(heights: Mapping[int, float], page_ends: Sequence[int]) -> int:
    """The per cent at which each page of rows fits its sheet of paper, within sensible bounds."""
    first, tallest = 1, 0.0
    for last in page_ends:
        tallest = max(tallest, sum(heights[row] for row in range(first, last + 1)))
        first = last + 1
    return max(LEAST_SCALE, min(FULL_SCALE, int(PAGE_POINTS / tallest * 100 - 1)))
