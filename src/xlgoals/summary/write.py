"""The entry to the summary workbook."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from xlgoals.book import no_warnings, strict
from xlgoals.grid import MAX_ROWS, TooManyRowsError
from xlgoals.identity import PROPERTY, SUMMARY, made_at
from xlgoals.language import Message
from xlgoals.output import write_whole
from xlgoals.season.figures import Figures
from xlgoals.season.model import Season
from xlgoals.summary import (
    checks,
    files,
    indicators,
    overview,
    problems,
    projects,
    returns,
    subtotals,
)
from xlgoals.summary.book import SummaryBook, summary_book
from xlgoals.summary.links import Links
from xlgoals.summary.sheets import HEAD, Sheets


def write_summary(path: str | PathLike[str], season: Season) -> None:
    """Write the summary workbook of a season, whole or not at all; equal seasons, equal bytes.

    Its links lead to the files as seen from where it stands. Raises OSError where it cannot be
    written, as when a spreadsheet program has it open, and TooManyRowsError where it cannot hold
    the season; then an earlier one is untouched.
    """
    figures = Figures(season)
    _require_room(figures)
    with no_warnings(), summary_book() as book:
        _describe(book, season)
        sheets = Sheets(book, figures, Links(Path(path).parent))
        # The first sheet is written last: it speaks of all the others.
        sheets.sheet(overview.SHEET, overview.COLOUR)
        columns = projects.Projects(sheets.figures)
        all_projects = projects.write_projects(sheets, columns)
        subtotal_tables = subtotals.write_subtotals(sheets, columns, all_projects)
        overview.write_overview(
            sheets,
            checks.Tables(
                projects=all_projects,
                subtotals=subtotal_tables,
                indicators=indicators.write_indicators(sheets),
                problems=problems.write_problems(sheets),
                units=returns.write_returns(sheets),
                files=files.write_files(sheets),
            ),
        )
        data = book.finish()
    write_whole(path, data)


def _require_room(figures: Figures) -> None:
    """Find out before anything is written what has no room on its sheet."""
    season, room = figures.season, MAX_ROWS - HEAD - 1
    needed = {
        projects.SHEET: len(season.forms),
        indicators.SHEET: figures.total.indicators,
        problems.SHEET: figures.counts.all,
        returns.SHEET: len(season.units),
        files.SHEET: len(season.files),
    }
    for sheet, rows in needed.items():
        if rows > room:
            raise TooManyRowsError(
                Message(
                    "“{sheet}”需要{rows}行，而电子表格每张工作表最多容纳{room}行",
                    sheet=sheet,
                    rows=rows,
                    room=room,
                )
            )


def _describe(book: SummaryBook, season: Season) -> None:
    """Document properties; a fixed date, since equal seasons must give equal bytes."""
    book.workbook.set_properties(
        {
            "title": f"{season.layout.name}汇总（{season.fiscal_year}年度）",
            "created": made_at(season.fiscal_year),
        }
    )
    # So that a summary which lies among the files of its season is told apart from them.
    strict(book.workbook.set_custom_property(PROPERTY, SUMMARY, "text"))
