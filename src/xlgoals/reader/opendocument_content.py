"""The one part of an .ods file that holds all its sheets, in a single pass."""

from __future__ import annotations

import re
from datetime import date

from xlgoals.cells import Cell, CellKind, DefinedName, Sheet, Visibility
from xlgoals.grid import MAX_COLUMNS, MAX_ROWS, CellRef, RangeRef
from xlgoals.number_formats import GENERAL
from xlgoals.reader.errors import Unreadable, damaged, shown
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Part
from xlgoals.reader.sheet_formulas import SheetFormulas
from xlgoals.reader.xml import Handler

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = (f"{_SPACE}{part}:1.0 " for part in ("office", "table", "text"))
_STYLE = f"{_SPACE}style:1.0 "
_VALUE_TYPES = (
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type",
    f"{_OFFICE}value-type",
)

_SHEET, _ROW, _COVERED = f"{_TABLE}table", f"{_TABLE}table-row", f"{_TABLE}covered-table-cell"
_CELLS = (f"{_TABLE}table-cell", _COVERED)
_PARAGRAPH = f"{_TEXT}p"
# Between the text of a paragraph and the paragraph; all else (notes, drawings, ruby) is not shown
# in the cell.
_INLINE = frozenset(f"{_TEXT}{name}" for name in ("span", "a"))
_MARKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_BLANKS = f"{_TEXT}s"
_WHITE = re.compile(r"[ \t\r\n]+")

# What a kind of value says of the number format, which a style may spell in any way.
_NUMBERS = {"float": GENERAL, "currency": "#,##0.00", "percentage": "0%"}
_DATE_FORMAT = "yyyy-mm-dd"
_DATES = {"date": f"{_OFFICE}date-value", "time": f"{_OFFICE}time-value"}
_ERROR_TEXT = re.compile(r"#[A-Z0-9/]+[!?]?\Z|Err:\d{3}\Z")
_EPOCH_1904 = date(1904, 1, 1).isoformat()

_ADDRESS = re.compile(
    r"\$?(?:'((?:[^']|'')+)'|([^'.\[\]:]+))\.(\$?[A-Za-z]+\$?\d+)(?::[^:]*?\.?(\$?[A-Za-z]+\$?\d+))?\Z"
)


class Tab:
    """One sheet as it is read."""

    __slots__ = ("cells", "column", "formulas", "merges", "name", "row", "style")

    def __init__(self, name: str, style: str, formulas: SheetFormulas) -> None:
        self.name, self.style, self.formulas = name, style, formulas
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[RangeRef] = []
        self.row = self.column = 0  # the last ones that were passed


class Content(Handler):
    """Follows the path from the document over sheet, row and cell to a paragraph's text."""

    __slots__ = (
        "_allowance",
        "_attributes",
        "_cell_depth",
        "_hidden_styles",
        "_lines",
        "_path",
        "_row_start",
        "_rows",
        "_style",
        "_tab",
        "_tabs",
        "_text_length",
        "date1904",
        "is_spreadsheet",
        "names",
    )

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._tabs: list[Tab] = []
        self.names: list[DefinedName] = []
        self._hidden_styles: set[str] = set()
        self.date1904 = self.is_spreadsheet = False
        self._allowance = part.allowance
        self._tab: Tab | None = None
        self._style = ""
        self._rows = 1
        self._row_start: list[Cell] = []
        self._attributes: dict[str, str] = {}
        self._cell_depth = 0
        self._lines: list[str] = []
        self._text_length = 0
        self._path: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise self.too_deep()
        if self._cell_depth:
            self._inside_cell(name, attributes)
        elif name in _CELLS:
            self._open_cell(attributes)
        elif name == _ROW:
            self._open_row(attributes)
        else:
            self._outside(name, attributes)
        self._path.append(name)

    def end(self, name: str) -> None:
        """An end tag."""
        if self._cell_depth:
            if self.depth == self._cell_depth:
                self._cell_depth = 0
                self._close_cell(name)
            elif self._is_text():
                self._take_text()
        elif name == _ROW and self._tab is not None:
            self._close_row(self._tab)
        elif name == _SHEET and self._tab is not None:
            self._tab.formulas.finish(self._tab.cells)
            self._tab = None
        self._path.pop()
        self.chunks.clear()
        self.depth -= 1

    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet, in tab order."""
        return tuple(
            Sheet(tab.name, self._visibility(tab), tab.cells, tuple(tab.merges))
            for tab in self._tabs
        )

    def _visibility(self, tab: Tab) -> Visibility:
        return Visibility.HIDDEN if tab.style in self._hidden_styles else Visibility.VISIBLE

    # --- everything but cells -------------------------------------------------------------------
    def _outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == _SHEET:
            self._open_sheet(attributes)
        elif name == f"{_OFFICE}spreadsheet":
            self.is_spreadsheet = True
        elif name == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties":
            if attributes.get(f"{_TABLE}display") == "false":
                self._hidden_styles.add(self._style)
        elif name == f"{_TABLE}null-date":
            self.date1904 = attributes.get(f"{_TABLE}date-value", "").startswith(_EPOCH_1904)
        elif name in (f"{_TABLE}named-range", f"{_TABLE}named-expression"):
            self._name(attributes)

    def _open_sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name")
        if name is None or self._tab is not None:
            raise damaged(self.part, "a sheet without a name, or inside another")
        if any(tab.name.casefold() == name.casefold() for tab in self._tabs):
            raise damaged(self.part, f"sheet {shown(name)} twice")
        formulas = SheetFormulas(self.part, self._allowance)
        self._tab = Tab(name, attributes.get(f"{_TABLE}style-name", ""), formulas)
        self._tabs.append(self._tab)
        self._bound_names(len(self._tabs))

    def _name(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name")
        address = attributes.get(f"{_TABLE}cell-range-address")
        expression = attributes.get(f"{_TABLE}expression", "")
        refers_to = _formula(expression) if address is None else _excel_address(address)
        if name is not None and refers_to:
            sheet = None if self._tab is None else self._tab.name
            self.names.append(DefinedName(name, sheet, refers_to, hidden=False))
            self._bound_names(len(self.names))

    def _bound_names(self, found: int) -> None:
        limit = self._allowance.limits.names
        if found > limit:
            raise too_large("names", found, limit, self.part)

    # --- rows and cells --------------------------------------------------------------------------
    def _open_row(self, attributes: dict[str, str]) -> None:
        if self._tab is None:
            raise damaged(self.part, "a row outside a sheet")
        self._allowance.spend_cells(1, self.part)
        self._rows = self._count(attributes.get(f"{_TABLE}number-rows-repeated"))
        self._tab.column = 0
        self._row_start = []

    def _close_row(self, tab: Tab) -> None:
        if self._row_start:
            self._put_row(tab)
        tab.row += self._rows

    def _put_row(self, tab: Tab) -> None:
        last = tab.row + self._rows
        if last > MAX_ROWS:
            raise damaged(self.part, f"row {last} is off the grid")
        self._allowance.spend_cells(len(self._row_start) * (self._rows - 1), self.part)
        for row in range(tab.row + 1, last + 1):
            for cell in self._row_start:
                ref = CellRef(row, cell.ref.column)
                tab.cells[ref] = cell._replace(ref=ref)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        if self._tab is None or self._path[-1] != _ROW:
            raise damaged(self.part, "a cell outside a row")
        self._allowance.spend_cells(1, self.part)
        self._cell_depth = self.depth
        self._attributes = attributes
        self._lines.clear()
        self._text_length = 0

    def _close_cell(self, name: str) -> None:
        tab, attributes = self._tab, self._attributes
        assert tab is not None  # noqa: S101 - _open_cell has proven it
        repeated = self._count(attributes.get(f"{_TABLE}number-columns-repeated"))
        first = CellRef(tab.row + 1, tab.column + 1)
        tab.column += repeated
        formula = attributes.get(f"{_TABLE}formula")
        kind, value, number_format = self._content(attributes, formula is not None)
        if name != _COVERED:
            self._merge(tab, first, attributes)
        if kind is CellKind.BLANK and formula is None:
            return
        if tab.column > MAX_COLUMNS:
            raise damaged(self.part, f"column {tab.column} is off the grid")
        self._allowance.spend_cells(repeated - 1, self.part)
        text = None
        if formula is not None:
            text = tab.formulas.text(first, self._matrix(first), _formula(formula))
        for column in range(first.column, first.column + repeated):
            ref = CellRef(first.row, column)
            self._row_start.append(Cell(ref, kind, value, text, number_format))

    def _merge(self, tab: Tab, first: CellRef, attributes: dict[str, str]) -> None:
        area = self._area(first, "number-{}-spanned", attributes)
        if not area.is_single:
            tab.merges.append(area)
            limit = self._allowance.limits.merges
            if len(tab.merges) > limit:
                raise too_large("merges", len(tab.merges), limit, self.part)

    def _matrix(self, first: CellRef) -> dict[str, str]:
        area = self._area(first, "number-matrix-{}-spanned", self._attributes)
        return {} if area.is_single else {"t": "array", "ref": area.a1}

    def _area(self, first: CellRef, pattern: str, attributes: dict[str, str]) -> RangeRef:
        rows, columns = (
            self._count(attributes.get(_TABLE + pattern.format(way))) for way in ("rows", "columns")
        )
        area = RangeRef(*first, first.row + rows - 1, first.column + columns - 1)
        if not area.is_single and (area.bottom > MAX_ROWS or area.right > MAX_COLUMNS):
            raise damaged(self.part, f"range {area.a1} is off the grid")
        return area

    def _count(self, text: str | None) -> int:
        if text is None:
            return 1
        if not (text.isascii() and text.isdigit() and 0 < len(text) < 10):
            raise damaged(self.part, f"number {shown(text)}")
        # LibreOffice itself writes 0 for what does not span.
        return max(1, int(text))

    # --- what a cell holds -----------------------------------------------------------------------
    def _content(
        self, attributes: dict[str, str], computed: bool
    ) -> tuple[CellKind, str | float | bool | None, str]:
        said = [attributes[key] for key in _VALUE_TYPES if key in attributes]
        kind = said[0] if said else ""
        text = "\n".join(self._lines)
        if kind in _NUMBERS:
            number = self._number(attributes)
            # Some programs write every number as float, and the per cent only as it shows.
            percent = kind == "float" and text.endswith("%")
            return CellKind.NUMBER, number, "0%" if percent else _NUMBERS[kind]
        if kind in _DATES:
            return CellKind.DATE, self._required(attributes, _DATES[kind]), _DATE_FORMAT
        if kind == "boolean":
            truth = self._required(attributes, f"{_OFFICE}boolean-value") == "true"
            return CellKind.BOOLEAN, truth, GENERAL
        text = text or attributes.get(f"{_OFFICE}string-value", "")
        if kind == "error" or (computed and _ERROR_TEXT.match(text)):
            return CellKind.ERROR, text or "#VALUE!", GENERAL
        if len(text) > self.max_length:
            raise self._too_long(len(text))
        is_text = text or (kind and computed)
        return (CellKind.TEXT, text, "@") if is_text else (CellKind.BLANK, None, GENERAL)

    def _number(self, attributes: dict[str, str]) -> float:
        text = self._required(attributes, f"{_OFFICE}value")
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if number - number != 0 or "_" in text or not text.isascii():
            raise damaged(self.part, f"number {shown(text)}")
        return number

    def _required(self, attributes: dict[str, str], key: str) -> str:
        value = attributes.get(key)
        if not value:
            raise damaged(self.part, f"a cell without its {key.rpartition(' ')[2]}")
        return value

    def _inside_cell(self, name: str, attributes: dict[str, str]) -> None:
        inside = self._path[self._cell_depth :]
        if name in _CELLS or name == _ROW:
            raise damaged(self.part, "a cell inside a cell")
        if not inside:
            self.chunks.clear()  # white space between the tags
            if name == _PARAGRAPH:
                self._lines.append("")
            return
        if not self._is_text():
            return
        self._take_text()
        if name in _MARKS:
            self._add(_MARKS[name])
        elif name == _BLANKS:
            number = self._count(attributes.get(f"{_TEXT}c"))
            if number > self.max_length:
                raise self._too_long(number)
            self._add(" " * number)

    def _is_text(self) -> bool:
        """Whether the open element is a paragraph of the cell itself, or a run inside one."""
        inside = self._path[self._cell_depth :]
        return inside[:1] == [_PARAGRAPH] and _INLINE.issuperset(inside[1:])

    def _take_text(self) -> None:
        # The format folds white space; what was typed stands in elements of its own.
        self._add(_WHITE.sub(" ", "".join(self.chunks)))
        self.chunks.clear()

    def _add(self, text: str) -> None:
        self._text_length += len(text)
        if self._text_length > self.max_length:
            raise self._too_long(self._text_length)
        self._lines[-1] += text

    def _too_long(self, length: int) -> Unreadable:
        return too_large("string_length", length, self.max_length, self.part)


def _formula(text: str) -> str:
    """Without the name of the formula language and the sign: ``of:=100%`` → ``100%``."""
    prefix, sign, rest = text.partition("=")
    return rest if sign and (not prefix or prefix.endswith(":")) else text


def _excel_address(text: str) -> str | None:
    """``$项目1.$B$6:.$C$6`` as workbooks of Excel spell it; None for anything else."""
    found = _ADDRESS.match(text)
    if not found:
        return None
    quoted, plain, first, last = found.groups()
    sheet = quoted if quoted is not None else plain
    return f"'{sheet}'!{first}:{last}" if last else f"'{sheet}'!{first}"
