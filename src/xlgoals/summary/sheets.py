"""What the sheets of one summary workbook share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlgoals.season.figures import Figures
from xlgoals.summary.book import A4, TITLE_ROW, SummaryBook
from xlgoals.summary.links import Links
from xlgoals.summary.table import Cells, Column, Table

HEAD = 3  # the row of a table's head below title, note and totals, counted from 0


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

    def open_table(
        self,
        cells: Cells,
        name: str,
        columns: Sequence[Column],
        rows: int,
        totals: Mapping[str, Decimal | int] | None = None,
    ) -> Table:
        """The one table of a sheet, ready for its rows: its head stays in sight and is printed."""
        for index, column in enumerate(columns):
            cells.sheet.set_column_pixels(index, index, column.width)
        head = HEAD if totals is not None else HEAD - 1
        cells.sheet.repeat_rows(head)
        cells.sheet.freeze_panes(head + 1, 0)
        table = Table(self.book, cells, name, columns, rows, head)
        table.open(totals)
        return table

    def entitle(self, cells: Cells, title: str, note: str) -> None:
        """Write the rows above a table and its totals."""
        season = self.figures.season
        round_ = f"，{season.round}" if season.round else ""
        cells.sheet.set_row_pixels(0, TITLE_ROW)
        cells.write(0, 0, f"{title}（{season.fiscal_year}年度{round_}）", "title")
        cells.write(1, 0, note, "subtitle")
