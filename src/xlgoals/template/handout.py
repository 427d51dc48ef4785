"""What finance adds to a workbook that it hands out: what was carried over, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xlgoals.book import strict
from xlgoals.grid import CellRef
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.live.margin import CARRIED_MARK
from xlgoals.live.model import CARRIED_COLUMN, FIRST_ROW, absolute
from xlgoals.live.results import Contents
from xlgoals.template.book import Book


@dataclass(frozen=True)
class Handout:
    """What a workbook says beyond its plan and its contents."""

    source: str = ""  # what the values were carried over from, such as 上年
    carried: tuple[frozenset[str], ...] = ()  # by project sheet: the inputs they stand in
    notes: tuple[str, ...] = ()  # lines of the guide: the deadline, whom to ask

    @property
    def message(self) -> str:
        """What stands beside a row while anything in it is as it was carried over."""
        return f"{CARRIED_MARK}{self.source}内容，请核对。"

    @property
    def legend(self) -> str:
        """What the guide says of the mark; empty where nothing was carried over."""
        if not any(self.carried):
            return ""
        return (
            f"底色为浅蓝的内容沿用自{self.source}，请逐项核对，不合适的请改写。"
            "改写后底色自动消失；核对无误的不用改，底色不影响报送。"
        )


PLAIN = Handout()


def write_carried(
    book: Book, hidden: Worksheet, sheets: Sequence[Contents], handout: Handout
) -> list[Mapping[str, str]]:
    """Keep what was carried over on the hidden sheet, one value a row.

    Returns the cells that keep it, by project sheet and input.
    """
    row = FIRST_ROW
    places: list[Mapping[str, str]] = []
    for index, contents in enumerate(sheets):
        names = handout.carried[index] if index < len(handout.carried) else frozenset()
        kept: dict[str, str] = {}
        for name in sorted(names & contents.keys()):
            _keep(book, hidden, row, contents[name])
            kept[name] = absolute(CellRef(row, CARRIED_COLUMN), HIDDEN_SHEET)
            row += 1
        places.append(kept)
    return places


def _keep(book: Book, hidden: Worksheet, row: int, content: str | Decimal | date | None) -> None:
    place = (row - 1, CARRIED_COLUMN - 1)
    match content:
        case Decimal():
            strict(hidden.write_number(*place, float(content), book.locked))
        case date():
            strict(hidden.write_datetime(*place, content, book.locked))
        case str():
            strict(hidden.write_string(*place, content, book.locked))
