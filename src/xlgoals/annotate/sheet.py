"""A worksheet part: its cells found or made, its merges, and how large things are on the screen."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import islice

from xlgoals.annotate.xml import Element, Unmarkable, child, children, make, unset
from xlgoals.grid import CellRef, RangeRef
from xlgoals.language import Message

_TRUE = ("1", "true")
_MOST_MERGES = 1000  # looked through for each mark; a form has some fifty
_COLUMN_PIXELS, _ROW_POINTS = 72, 13.5


class SheetXml:
    """The tree of a worksheet. Raises Unmarkable for one without cells or with odd references."""

    def __init__(self, root: Element) -> None:
        self.root = root
        data = child(root, "sheetData")
        if data is None:
            raise Unmarkable(Message("工作表没有单元格部分"))
        self._data = data
        try:
            self._rows = self._numbered()
            self.merges = [
                RangeRef.parse(item.get("ref", ""))
                for item in islice(root.iterfind("{*}mergeCells/{*}mergeCell"), _MOST_MERGES)
            ]
            self._columns = [
                (int(item.get("min", "")), int(item.get("max", "")), item)
                for item in root.iterfind("{*}cols/{*}col")
            ]
        except ValueError:
            raise Unmarkable(Message("工作表的行列编号有误")) from None
        self._order = sorted(self._rows)

    def _numbered(self) -> dict[int, Element]:
        """Rows by number. The format lets rows and cells go without one: then they are counted."""
        rows = {}
        number = 0
        for row in children(self._data, "row"):
            number = int(row.get("r") or number + 1)
            rows[number] = row
        return rows

    def cells(self) -> Iterator[tuple[CellRef, Element]]:
        """Every cell there is."""
        for number, row in self._rows.items():
            yield from self._cells_of(number, row)

    def row(self, number: int) -> Iterator[tuple[CellRef, Element]]:
        """The cells of one row."""
        if number in self._rows:
            yield from self._cells_of(number, self._rows[number])

    def _cells_of(self, number: int, row: Element) -> Iterator[tuple[CellRef, Element]]:
        column = 0
        for cell in children(row, "c"):
            reference = cell.get("r")
            place = CellRef.parse(reference) if reference else CellRef(number, column + 1)
            column = place.column
            yield place, cell

    def area(self, place: CellRef) -> RangeRef:
        """The merge that covers a cell, or the cell alone."""
        for area in self.merges:
            if place.row in area.rows and place.column in area.columns:
                return area
        return RangeRef(*place, *place)

    def cells_in(self, area: RangeRef) -> list[Element]:
        """The cells of an area that are there; its first one is made where it is missing."""
        first = self._cell(area.first)
        found = [
            cell
            for number in self._order[bisect(self._order, area.top - 1) :]
            if number <= area.bottom
            for place, cell in self.row(number)
            if place.column in area.columns and cell is not first
        ]
        return [first, *found]

    def _cell(self, place: CellRef) -> Element:
        row = self._row(place.row)
        position = len(row)
        for at, cell in self._cells_of(place.row, row):
            if at == place:
                return cell
            if at.column > place.column:
                position = row.index(cell)
                break
        self._spell_out(place.row, row)
        made = make(row, "c", r=place.a1)
        style = self._style_of_empty(place, row)
        if style:
            made.set("s", style)
        row.insert(position, made)
        unset(row, "spans")  # a hint that may now be wrong
        return made

    def _row(self, number: int) -> Element:
        if number not in self._rows:
            for known, row in self._rows.items():
                row.set("r", str(known))
            made = make(self._data, "row", r=str(number))
            at = bisect(self._order, number)
            following = self._rows[self._order[at]] if at < len(self._order) else None
            self._data.insert(
                len(self._data) if following is None else self._data.index(following), made
            )
            self._rows[number] = made
            self._order.insert(at, number)
        return self._rows[number]

    def _spell_out(self, number: int, row: Element) -> None:
        for place, cell in list(self._cells_of(number, row)):
            cell.set("r", place.a1)

    def _style_of_empty(self, place: CellRef, row: Element) -> str | None:
        """The style that a cell shows while nobody has written it."""
        if row.get("customFormat") in _TRUE:
            return row.get("s")
        column = self._column(place.column)
        return None if column is None else column.get("style")

    def _column(self, number: int) -> Element | None:
        return next((item for a, b, item in self._columns if a <= number <= b), None)

    # --- on the screen ----------------------------------------------------------------------------
    def column_pixels(self, number: int) -> int:
        """The width of a column."""
        column = self._column(number)
        if column is None or column.get("width") is None:
            default = self._default("defaultColWidth")
            return _COLUMN_PIXELS if default is None else _pixels(default)
        return 0 if column.get("hidden") in _TRUE else _pixels(_number(column.get("width")))

    def row_pixels(self, number: int) -> int:
        """The height of a row."""
        row = self._rows.get(number)
        if row is not None and row.get("hidden") in _TRUE:
            return 0
        height = None if row is None else row.get("ht")
        points = self._default("defaultRowHeight") if height is None else _number(height)
        return int((_ROW_POINTS if points is None else points) * 4 / 3)

    def _default(self, name: str) -> float | None:
        properties = child(self.root, "sheetFormatPr")
        value = None if properties is None else properties.get(name)
        return None if value is None else _number(value)


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0
    return value if 0 <= value < 1000 else 0


def _pixels(width: float) -> int:
    """A width in characters, as columns have it."""
    return int(width * 7 + 0.5)
