"""What the sheets of one summary workbook share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlgoals.season.figures import Figures
from xlgoals.summary.book import A4, TITLE_ROW, SummaryBook
from xlgoals.summary.links import Links
from xlgoals.summary.table import Cells, Column, Table


@dataclass(frozen=True)
class Sheets:
    """The book, the numbers, and where links lead from."""

    book: SummaryBook
    figures: Figures
    links: Links

    def sheet(self, name: str, colour: str, paper: int = A4) -> Cells:
        """A sheet that was added before, or a new one; tabs stand in the order of adding."""
        sheet = self.book.workbook.get_worksheet_by_name(name)
        return Cells(self.book, sheet or self.book.add_sheet(name, colour, paper), self.links)

    def table(
        self, cells: Cells, name: str, columns: Sequence[Column], rows: int, head: int
    ) -> Table:
        """A table that is the first of its sheet: it sets the widths, and its head is printed."""
        for index, column in enumerate(columns):
            cells.sheet.set_column_pixels(index, index, column.width)
        cells.sheet.repeat_rows(head)
        return Table(self.book, cells, name, columns, rows, head)

    def head(self, cells: Cells, title: str, note: str) -> None:
        """The first two rows of a sheet of a table."""
        season = self.figures.season
        round_ = f"，{season.round}" if season.round else ""
        cells.sheet.set_row_pixels(0, TITLE_ROW)
        cells.write(0, 0, f"{title}（{season.fiscal_year}年度{round_}）", "title")
        cells.write(1, 0, note, "subtitle")
