"""自检: one verdict on the workbook, counts, and every open problem with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xlgoals import verdict
from xlgoals.book import strict
from xlgoals.findings import SEVERITY_WORDS, Severity
from xlgoals.grid import RangeRef
from xlgoals.heights import row_points
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.live.model import (
    CELL,
    COUNT,
    FIRST_ROW,
    FLAG_COLUMN,
    LABEL,
    RESULT,
    SEVERITY,
    SHEET,
    LiveTable,
    between,
)
from xlgoals.template.book import Book
from xlgoals.template.live_sheet import WrittenCheck
from xlgoals.template.styles import properties
from xlgoals.verdict import Verdict

_LISTED = 100  # problems shown at a time; the rest follow as these are mended
_FIRST_LISTED = 8
_WIDTHS = (44, 60, 70, 60, 240, 620, 60)  # pixels
_HEADER = ("序号", "级别", "工作表", "单元格", "填写项", "问题", "转到")
_SEVERITIES = {weight: SEVERITY_WORDS[weight] for weight in (Severity.ERROR, Severity.WARNING)}
_PRINTED = 40  # lines of the list on paper


def add_self_check(book: Book) -> Worksheet:
    """Add the sheet at its place among the tabs; it is written once the checks are."""
    return book.add_sheet(verdict.SHEET)


def write_self_check(
    book: Book,
    sheet: Worksheet,
    table: LiveTable,
    checks: Sequence[WrittenCheck],
    table_is_blank: bool,
) -> None:
    """Write the sheet; its formulas only count and look up what the checks say."""
    for column, pixels in enumerate(_WIDTHS, start=1):
        book.set_width(sheet, column, pixels)
    last = FIRST_ROW + len(checks) - 1

    def column_of(number: int) -> str:
        return between(RangeRef(FIRST_ROW, number, last, number), HIDDEN_SHEET)

    open_now = [w for w in checks if w.message]
    counts = {
        severity: sum(w.check.code.severity is severity for w in open_now)
        for severity in _SEVERITIES
    }
    title = f"{table.plan.layout.name}（{table.plan.fiscal_year}年度）自检"
    strict(sheet.write_string("A1", title, book.format(properties("guide_title"))))
    text = book.format(properties("guide_text"))
    for row, (severity, name) in enumerate(_SEVERITIES.items(), start=4):
        strict(sheet.write_string(row - 1, 0, name, text))
        formula = f'=SUMPRODUCT(({column_of(SEVERITY)}="{severity}")*({column_of(RESULT)}<>""))'
        strict(sheet.write_formula(row - 1, 1, formula, text, counts[severity]))
    errors = counts[Severity.ERROR]
    ready, nothing_yet = Verdict.READY.told(), Verdict.NOTHING_YET.told()
    to_mend = Verdict.MEND.value.replace("{errors}", '"&B4&"')
    filled = f"SUM({column_of_flags(table)})"
    formula = f'=IF({filled}=0,"{nothing_yet}",IF(B4=0,"{ready}","{to_mend}"))'
    shown = Verdict.of(table_is_blank, errors).told(errors)
    style = book.format(properties("verdict"))
    strict(sheet.write_formula(verdict.CELL, formula, style, shown))
    strict(sheet.set_row(2, row_points(1.6)))
    for words, colour in ((ready, "ready"), (nothing_yet, "nothing")):
        options = {"type": "formula", "criteria": f'=$A$3="{words}"', "format": book.colour(colour)}
        strict(sheet.conditional_format(verdict.CELL, options))
    header = book.format(properties("guide_header"))
    for column, name in enumerate(_HEADER):
        strict(sheet.write_string(_FIRST_LISTED - 2, column, name, header))
    columns = {
        number: column_of(number) for number in (SEVERITY, SHEET, CELL, LABEL, RESULT, COUNT)
    }
    for number in range(1, _LISTED + 1):
        known = open_now[number - 1] if number <= len(open_now) else None
        _write_problem(book, sheet, number, columns, len(open_now), known)
    sheet.freeze_panes(_FIRST_LISTED - 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    # So narrow that a list of one line a problem takes a single sheet of paper.
    sheet.set_margins(left=1.2, right=1.2, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    strict(sheet.print_area(0, 0, _FIRST_LISTED + _PRINTED - 2, len(_WIDTHS) - 1))
    strict(sheet.repeat_rows(_FIRST_LISTED - 2))


def _write_problem(
    book: Book,
    sheet: Worksheet,
    number: int,
    columns: Mapping[int, str],
    total: int,
    known: WrittenCheck | None,
) -> None:
    """One line of the list: found by the running count, blank past the last problem."""
    row = _FIRST_LISTED + number - 2
    style = book.format(properties("guide_text"))
    here = row + 1
    count = columns[COUNT]
    place = f"MATCH({number},{count},0)"
    any_left = f"MAX({count})>={number}"
    code_length = f'FIND(" ",INDEX({columns[RESULT]},{place}))'
    message = f"MID(INDEX({columns[RESULT]},{place}),{code_length}+1,300)"
    severity = f"INDEX({columns[SEVERITY]},{place})"
    names = list(_SEVERITIES.items())
    told = f'IF({severity}="{names[0][0]}","{names[0][1]}","{names[1][1]}")'
    link = f'HYPERLINK("#\'"&C{here}&"\'!"&D{here},"转到")'
    cells = (
        (str(number), number),
        (told, _SEVERITIES[known.check.code.severity] if known else ""),
        (f"INDEX({columns[SHEET]},{place})", known.check.sheet if known else ""),
        (f"INDEX({columns[CELL]},{place})", known.check.cell if known else ""),
        (f"INDEX({columns[LABEL]},{place})", known.check.input.title if known else ""),
        (message, known.message if known else ""),
        (link, "转到"),
    )
    for column, (formula, shown) in enumerate(cells):
        text = f'=IF({any_left},{formula},"")'
        cell_format = book.format(properties("link")) if formula == link else style
        strict(sheet.write_formula(row, column, text, cell_format, shown if known else ""))


def column_of_flags(table: LiveTable) -> str:
    """The cells that say which project sheets are filled in at all."""
    last = FIRST_ROW + len(table.flags) - 1
    return between(RangeRef(FIRST_ROW, FLAG_COLUMN, last, FLAG_COLUMN), HIDDEN_SHEET)
