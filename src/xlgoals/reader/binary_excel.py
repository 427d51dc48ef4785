"""Binary workbooks (.xlsb): the packages of Excel whose parts are records instead of XML."""

from __future__ import annotations

from xlgoals.cells import Cell, CellKind, Visibility
from xlgoals.grid import MAX_COLUMNS, MAX_ROWS, CellRef, RangeRef
from xlgoals.number_formats import BUILTIN_FORMATS, GENERAL
from xlgoals.reader.binary_records import records, text_of, too_short_is_damage
from xlgoals.reader.errors import damaged
from xlgoals.reader.fields import Fields
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package
from xlgoals.reader.sheet_formulas import SheetFormulas
from xlgoals.reader.tables import StringsByAndBy, Tab, Tables

# Types of records.
_PROPERTIES, _TAB = 153, 156
_STRING, _FORMAT, _STYLE, _STYLES, _STYLES_END = 19, 44, 47, 617, 618
_ROW, _DATA, _DATA_END, _SHEET_END, _MERGE, _ARRAY = 0, 145, 146, 130, 176, 426
_RICH_TEXT = 62
_CELLS = range(1, 12)
_SHORT_CELLS = range(12, 19)  # without its column, which is the next one

# What a cell holds, by its type; then the types of formulas, by what their results are.
_BLANK, _RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED_TEXT = range(1, 8)
_RESULTS = {8: _TEXT, 9: _REAL, 10: _BOOLEAN, 11: _ERROR}
_SHORT = 11

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
_VISIBILITY = (Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VERY_HIDDEN)


def read_binary_book(package: Package, name: str) -> tuple[list[Tab], bool]:
    """The sheets of a workbook, and whether its day 0 is 1904-01-01. Raises Unreadable."""
    tabs: list[Tab] = []
    date1904 = False
    with too_short_is_damage(name):
        for kind, fields in records(package, name):
            if kind == _PROPERTIES:
                date1904 = bool(fields.u32() & 1)
            elif kind == _TAB:
                state = fields.u32()
                fields.u32()  # its number
                link, title = text_of(fields, package, name), text_of(fields, package, name)
                tabs.append(Tab(title, _VISIBILITY[state % len(_VISIBILITY)], link))
    limit = package.allowance.limits.names
    if len(tabs) > limit:
        raise too_large("names", len(tabs), limit, name)
    return tabs, date1904


def read_binary_strings(package: Package, name: str) -> StringsByAndBy:
    """Every shared string."""
    strings = []
    with too_short_is_damage(name):
        for kind, fields in records(package, name):
            if kind == _STRING:
                package.allowance.spend_cells(1, name)
                fields.u8()  # whether it has runs
                strings.append(text_of(fields, package, name))
    yield strings


def read_binary_formats(package: Package, name: str) -> list[str]:
    """The number format code of each cell style, by its index."""
    codes = dict(BUILTIN_FORMATS)
    ids = []
    inside = False
    with too_short_is_damage(name):
        for kind, fields in records(package, name):
            if kind == _FORMAT:
                key = fields.u16()
                codes[key] = text_of(fields, package, name)
            elif kind in (_STYLES, _STYLES_END):
                inside = kind == _STYLES
            elif kind == _STYLE and inside:
                fields.u16()  # its parent
                ids.append(fields.u16())
    return [codes.get(key, GENERAL) for key in ids]


def read_binary_cells(
    package: Package, name: str, tables: Tables, last_row: int = MAX_ROWS
) -> tuple[dict[tuple[int, int], Cell], tuple[RangeRef, ...]]:
    """The filled cells and the merges of one worksheet part.

    Where a row past ``last_row`` begins, reading ends, with no merges.
    """
    sheet = _Cells(package, name, tables)
    kind = None
    with too_short_is_damage(name):
        for kind, fields in records(package, name):
            sheet.take(kind, fields)
            if sheet.row > last_row:
                return sheet.cells, ()
    if kind != _SHEET_END or not sheet.complete:
        raise damaged(name, "cut off")
    sheet.formulas.finish(sheet.cells)
    return sheet.cells, tuple(sheet.merges)


class _Cells:
    def __init__(self, package: Package, name: str, tables: Tables) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[RangeRef] = []
        self.complete = False
        self.formulas = SheetFormulas(name, package.allowance)
        self._package, self._part, self._tables = package, name, tables
        self._inside = False
        self.row = self._column = 0

    def take(self, kind: int, fields: Fields) -> None:
        """Keep what one record says."""
        if kind == _DATA:
            self._inside = True
        elif kind == _DATA_END:
            self._inside, self.complete = False, True
        elif kind == _MERGE:
            self._merge(self._area(fields))
        elif not self._inside:
            return
        elif kind == _ROW:
            self._open_row(fields)
        elif kind in _CELLS or kind == _RICH_TEXT:
            self._column = fields.u32() + 1
            self._cell(kind, fields)
        elif kind in _SHORT_CELLS:
            self._column += 1
            self._cell(kind - _SHORT, fields)
        elif kind == _ARRAY:
            area = self._area(fields)
            self.formulas.text(area.first, {"t": "array", "ref": area.a1}, "")

    def _open_row(self, fields: Fields) -> None:
        self._package.allowance.spend_cells(1, self._part)
        self.row, self._column = fields.u32() + 1, 0
        if self.row > MAX_ROWS:
            raise damaged(self._part, f"row {self.row} is off the grid")

    def _cell(self, kind: int, fields: Fields) -> None:
        self._package.allowance.spend_cells(1, self._part)
        ref = CellRef(self.row, self._column)
        if not self.row or ref.column > MAX_COLUMNS:
            raise damaged(self._part, f"row {self.row} runs off the grid")
        style = fields.u32() & 0xFFFFFF
        if kind == _BLANK:
            return
        content = self._content(_RESULTS.get(kind, kind), fields)
        formula = _formula(fields) if kind in _RESULTS else None
        if ref in self.cells:
            raise damaged(self._part, f"cell {ref.a1} twice")
        number_format = self._tables.number_format(str(style), self._part)
        self.cells[ref] = Cell(ref, *content, formula, number_format)

    def _content(self, kind: int, fields: Fields) -> tuple[CellKind, str | float | bool]:
        if kind in (_RK, _REAL):
            number = fields.rk() if kind == _RK else fields.f64()
            if number - number != 0:
                raise damaged(self._part, "a number that is none")
            return CellKind.NUMBER, number
        if kind == _ERROR:
            return CellKind.ERROR, _ERRORS.get(fields.u8(), "#VALUE!")
        if kind == _BOOLEAN:
            return CellKind.BOOLEAN, bool(fields.u8())
        if kind == _SHARED_TEXT:
            return CellKind.TEXT, self._tables.string(str(fields.u32()), self._part)
        if kind == _RICH_TEXT:
            fields.u8()  # whether it has runs
        return CellKind.TEXT, text_of(fields, self._package, self._part)

    def _area(self, fields: Fields) -> RangeRef:
        top, bottom, left, right = (fields.u32() + 1 for _ in range(4))
        if not (top <= bottom <= MAX_ROWS and left <= right <= MAX_COLUMNS):
            raise damaged(self._part, "a range off the grid")
        return RangeRef(top, left, bottom, right)

    def _merge(self, area: RangeRef) -> None:
        self.merges.append(area)
        limit = self._package.allowance.limits.merges
        if len(self.merges) > limit:
            raise too_large("merges", len(self.merges), limit, self._part)


def _formula(fields: Fields) -> str:
    fields.u16()  # flags
    return fields.number_formula(fields.u32())
