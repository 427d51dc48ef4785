"""Row heights and page scale: merged rows never fit themselves, so both are worked out here.

Measured on prototypes: 10.5 pt type is 14 pixels wide and takes 15.2 pt a line; line breaking that
keeps punctuation off the start of a line costs about one character of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlgoals.text import display_width

CHARACTER_PIXELS = 14
CELL_PADDING = 0.5  # characters that a cell's own margins take
LOST_CHARACTERS = 1.0
LINE_POINTS, PADDING_POINTS, TIGHT_PADDING_POINTS = 15.2, 5.0, 3.0
MAX_ROW_POINTS = 409.5  # Excel's own
PAGE_POINTS = 770  # what A4 upright leaves between margins of half an inch
FULL_SCALE, LEAST_SCALE = 86, 60  # per cent; 86 prints 10.5 pt as 9 pt


def lines_needed(text: str, pixels: int) -> int:
    """Lines that a text takes in a cell so wide; a CJK character counts 1, others a half."""
    whole = pixels / CHARACTER_PIXELS - CELL_PADDING
    broken = max(whole - LOST_CHARACTERS, 1.0)
    lines = 0
    for paragraph in text.split("\n"):
        width = display_width(paragraph) / 2
        lines += 1 if width <= whole else -int(-width // broken)
    return lines


def row_points(lines: float, padding: float = PADDING_POINTS) -> float:
    """The height of a row for so many lines, no more than a row can have."""
    return min(round(lines * LINE_POINTS + padding, 2), MAX_ROW_POINTS)


def row_heights(
    needed: Mapping[int, float], roomy: Mapping[int, int], page_ends: Sequence[int]
) -> dict[int, float]:
    """The height of every row, in points, from lines of text by row.

    A page is laid out with the room that the layout gives each row; one that is too full for its
    paper gives up the room that its texts do not take.
    """
    heights: dict[int, float] = {}
    for rows in _pages(page_ends):
        page = {row: row_points(max(needed[row], roomy[row])) for row in rows}
        if sum(page.values()) > PAGE_POINTS * 100 / FULL_SCALE:
            page = {row: row_points(needed[row], TIGHT_PADDING_POINTS) for row in rows}
        heights.update(page)
    return heights


def page_scale(heights: Mapping[int, float], page_ends: Sequence[int]) -> int:
    """The per cent at which each page of rows fits its sheet of paper, within sensible bounds."""
    tallest = max(sum(heights[row] for row in rows) for rows in _pages(page_ends))
    return max(LEAST_SCALE, min(FULL_SCALE, int(PAGE_POINTS / tallest * 100 - 1)))


def _pages(page_ends: Sequence[int]) -> Iterator[range]:
    """The rows of each page."""
    first = 1
    for last in page_ends:
        yield range(first, last + 1)
        first = last + 1
