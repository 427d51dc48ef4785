"""填报说明: how to fill, and one line for each thing to fill, all from the layout."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from xlgoals.book import strict
from xlgoals.heights import lines_needed, row_points
from xlgoals.identity import GUIDE_SHEET
from xlgoals.plan.model import Input, Plan
from xlgoals.template.book import Book
from xlgoals.template.handout import Handout
from xlgoals.template.styles import properties

_WIDTHS = (210, 440, 104)  # pixels
_HEADER = ("填写项", "填写要求", "是否必填")


def write_guide_sheet(book: Book, plan: Plan, handout: Handout) -> None:
    """Write the guide as the first sheet."""
    sheet: Worksheet = book.add_sheet(GUIDE_SHEET)
    for column, pixels in enumerate(_WIDTHS, start=1):
        book.set_width(sheet, column, pixels)
    row = _write_lines(book, sheet, plan, handout)
    row = _write_table(book, sheet, plan, row + 1)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 1)
    strict(sheet.print_area(0, 0, row - 1, len(_WIDTHS) - 1))


def _write_lines(book: Book, sheet: Worksheet, plan: Plan, handout: Handout) -> int:
    layout = plan.layout
    title = f"{layout.name}（{plan.fiscal_year}年度）填报说明"
    lines = [("guide_title", title)]
    if plan.unit:
        lines.append(("guide_text", f"{plan.unit_input.title}：{plan.unit}"))
    lines += [("guide_text", text) for text in handout.notes]
    lines.append(("guide_heading", "怎样填写"))
    lines += [("guide_text", f"{n}. {text}") for n, text in enumerate(layout.guide, start=1)]
    if handout.legend:
        lines.append(("guide_carried", handout.legend))
    for row, (style, text) in enumerate(lines):
        cell_format = book.format(properties(style))
        strict(sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", cell_format))
        strict(sheet.write_string(row, 0, text, cell_format))
        needed = lines_needed(text, sum(_WIDTHS)) + (
            0.6 if style.endswith(("title", "heading")) else 0
        )
        strict(sheet.set_row(row, row_points(needed)))
    return len(lines)


def _write_table(book: Book, sheet: Worksheet, plan: Plan, row: int) -> int:
    rows = [("guide_header", _HEADER)]
    rows += [("guide_cell", line) for line in _explained(plan)]
    for style, line in rows:
        cell_format = book.format(properties(style))
        needed = 1
        for column, text in enumerate(line):
            strict(sheet.write_string(row, column, text, cell_format))
            needed = max(needed, lines_needed(text, _WIDTHS[column]))
        strict(sheet.set_row(row, row_points(needed)))
        row += 1
    return row


def _explained(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """One line for each field, then one for each column of the indicator table."""
    columns = {item.key: item for item in reversed(plan.inputs(0)) if item.row is not None}
    for item in plan.inputs(0):
        if item.row is None:
            yield item.title, explanation(item), "必填" if item.required else "可不填"
    for key, column in plan.layout.indicators.columns.items():
        if key in columns:
            needed = "填写的行必填" if column.required else "可不填"
            yield column.title, explanation(columns[key]), needed


def explanation(item: Input) -> str:
    """What an input is for and what it takes, in one line."""
    takes = "从列表中选择" if item.key == "level2" else item.kind.expected
    return "；".join(part for part in (item.help.rstrip("。"), takes) if part) + "。"
