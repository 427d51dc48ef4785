"""One worksheet part: its cells and merges, in a single pass.

Nearly all the time of a read is spent here, in ``start`` and ``end``: they keep what each tag
says and leave everything else to the end of the cell.
"""

from __future__ import annotations

from contextlib import suppress

from xlgoals.cells import Cell, CellKind
from xlgoals.grid import MAX_COLUMNS, MAX_ROWS, CellRef, RangeRef
from xlgoals.reader.errors import Unreadable, damaged, shown
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package, Part
from xlgoals.reader.sheet_formulas import SheetFormulas
from xlgoals.reader.tables import Tables
from xlgoals.reader.xml import Handler, names, parse

_ROOT = names("worksheet")
_DATA = names("sheetData")
_ROW = names("row")
_CELL = names("c")
_VALUE = names("v")
_FORMULA = names("f")
_INLINE = names("is")
_TEXT = names("t")
_RUN = names("r")
_MERGES = names("mergeCells")
_MERGE = names("mergeCell")
# What the format has behind the merges; nothing there is of interest here.
_BEHIND = names("conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins", "drawing")

# Depths of the elements: worksheet 1, sheetData 2, row 3, c 4, and what a cell holds 5.
_DATA_DEPTH, _ROW_DEPTH, _CELL_DEPTH, _FIELD_DEPTH = 2, 3, 4, 5
# A run of rich text in <is>, and its text.
_RUN_DEPTH, _RUN_TEXT_DEPTH = 6, 7
# mergeCell in mergeCells.
_MERGE_DEPTH = 3

_NUMBER, _STRING, _ERROR = CellKind.NUMBER, CellKind.TEXT, CellKind.ERROR
_BLANK = CellKind.BLANK
_TRUTH = {"1": True, "true": True, "0": False, "false": False}

_Value = str | float | bool | None

_new_tuple = tuple.__new__
# References by their text, filled as they are met.
_refs: dict[str, CellRef] = {}
_REFS_KEPT = 20_000


class _Enough(Exception):  # noqa: N818 - no fault: all that was asked for has been read
    pass


class _Cells(Handler):
    __slots__ = (
        "_allowance",
        "_attributes",
        "_cells_left",
        "_codes",
        "_column",
        "_data",
        "_field",
        "_formula",
        "_formula_attributes",
        "_formulas",
        "_in_run",
        "_last_row",
        "_max_merges",
        "_row",
        "_row_named",
        "_runs",
        "_seen_data",
        "_tables",
        "_value",
        "cells",
        "merges",
    )

    def __init__(self, part: Part, tables: Tables, last_row: int) -> None:
        super().__init__(part)
        self._last_row = last_row
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[RangeRef] = []
        self._allowance = part.allowance
        self._max_merges = part.allowance.limits.merges
        self._cells_left = part.allowance.limits.cells - part.allowance.cells
        self._tables = tables
        self._codes = tables.codes
        self._formulas = SheetFormulas(part.name, part.allowance)
        self._data = self._seen_data = self._in_run = False
        self._row = self._column = 0
        self._row_named = False
        self._field = ""
        self._attributes: dict[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._formula_attributes: dict[str, str] = {}
        self._runs: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if depth > self.max_depth:
            raise self.too_deep()
        if self.chunks:
            self.chunks.clear()
        if not self._data:
            # Validations and conditional formats end here, often more elements than cells.
            if depth <= _MERGE_DEPTH:
                self._outside(name, attributes)
        elif depth == _FIELD_DEPTH:
            self._field = name
            if name in _FORMULA:
                self._formula_attributes = attributes
            elif name in _INLINE:
                self._runs = []
        elif depth == _CELL_DEPTH and name in _CELL:
            self._attributes = attributes
        elif depth == _ROW_DEPTH and name in _ROW:
            self._open_row(attributes)
        else:
            self._unusual(name, depth)

    def end(self, name: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if not self._data:
            return
        if depth == _FIELD_DEPTH:
            if name in _VALUE:
                self._value = self._only(self._value)
            elif name in _FORMULA:
                self._formula = self._only(self._formula)
        elif depth == _CELL_DEPTH:
            if name in _CELL:
                self._close_cell()
        elif depth > _FIELD_DEPTH:
            if name in _TEXT and self._runs is not None:
                self._close_inline_text(depth)
        elif depth == _DATA_DEPTH:
            self._data = False

    def _outside(self, name: str, attributes: dict[str, str]) -> None:
        depth = self.depth
        if depth == 1:
            if name not in _ROOT:
                raise damaged(self.part, "no worksheet")
        elif depth == _DATA_DEPTH:
            self._field = name
            if name in _DATA:
                self._data = self._seen_data = True
            elif name in _BEHIND and self._seen_data:
                raise _Enough
        elif name in _MERGE and self._field in _MERGES:
            self._merge(attributes.get("ref", ""))

    def _unusual(self, name: str, depth: int) -> None:
        """An element where none is looked for: refused if it would be data anywhere else."""
        if depth <= _CELL_DEPTH:
            if name in _CELL or name in _ROW:
                raise damaged(self.part, "a row or cell out of place")
        elif self._field in _VALUE or self._field in _FORMULA:
            raise damaged(self.part, "an element inside a value or formula")
        elif name in _CELL or name in _ROW or name in _VALUE:
            raise damaged(self.part, "a cell inside a cell")
        elif depth == _RUN_DEPTH:
            self._in_run = name in _RUN

    def _only(self, before: str | None) -> str:
        if before is not None:
            raise damaged(self.part, "a cell with two values or formulas")
        text = "".join(self.chunks)
        if len(text) > self.max_length:
            raise self._too_long(text)
        return text

    def _close_inline_text(self, depth: int) -> None:
        # Phonetic guides (rPh) hold t as well; that is not what the cell shows.
        if self._field not in _INLINE or self._runs is None:
            return
        if depth == _RUN_DEPTH or (depth == _RUN_TEXT_DEPTH and self._in_run):
            self._runs += self.chunks

    def _too_long(self, text: str) -> Unreadable:
        return too_large("string_length", len(text), self.max_length, self.part)

    def _too_many_cells(self) -> Unreadable:
        limit = self._allowance.limits.cells
        return too_large("cells", limit - self._cells_left, limit, self.part)

    def _open_row(self, attributes: dict[str, str]) -> None:
        # Rows count too: a million empty ones take as long as a million cells.
        self._cells_left -= 1
        if self._cells_left < 0:
            raise self._too_many_cells()
        text = attributes.get("r")
        if text is None:
            self._row += 1
        elif text.isascii() and text.isdigit():
            self._row = int(text)
        else:
            raise damaged(self.part, f"row {shown(text)}")
        if not 1 <= self._row <= MAX_ROWS:
            raise damaged(self.part, f"row {shown(str(self._row))} is off the grid")
        if self._row > self._last_row:
            raise _Enough
        self._row_named = text is not None
        self._column = 0

    def _place(self, text: str | None) -> CellRef:
        """The cell that ``r`` names, or the next one if there is none; proven to be in its row."""
        if text is None:
            if self._column >= MAX_COLUMNS:
                raise damaged(self.part, f"row {self._row} runs off the grid")
            return CellRef(self._row, self._column + 1)
        ref = _refs.get(text)
        if ref is None:
            try:
                ref = CellRef.parse(text)
            except ValueError:
                raise damaged(self.part, f"cell {shown(text)} is off the grid") from None
            if len(_refs) < _REFS_KEPT:
                _refs[text] = ref
        if ref.row != self._row:
            if self._row_named:
                raise damaged(self.part, f"cell {shown(text)} in row {self._row}")
            self._row = ref.row
        return ref

    def _close_cell(self) -> None:
        self._cells_left -= 1
        if self._cells_left < 0:
            raise self._too_many_cells()
        attributes = self._attributes
        text = attributes.get("r")
        # Cells of forms stand in the same places again and again.
        ref = _refs.get(text)  # type: ignore[arg-type]
        if ref is None or ref[0] != self._row:
            ref = self._place(text)
        self._column = ref[1]
        if self._value is None and self._formula is None and self._runs is None:
            return
        kind, value = self._content(attributes.get("t", "n"))
        formula = self._formula
        if formula is not None:
            formula = self._formulas.text(ref, self._formula_attributes, formula)
            self._formula = None
        self._value = self._runs = None
        if kind is _BLANK and formula is None:
            return
        style = attributes.get("s") or "0"
        code = self._codes.get(style)
        if code is None:
            code = self._tables.number_format(style, self.part)
        if ref in self.cells:
            raise damaged(self.part, f"cell {ref.a1} twice")
        self.cells[ref] = _new_tuple(Cell, (ref, kind, value, formula, code))

    def _content(self, kind: str) -> tuple[CellKind, _Value]:
        text = self._value
        if self._runs is not None:
            text = "".join(self._runs)
            if len(text) > self.max_length:
                raise self._too_long(text)
            return _STRING, text
        if text is None:
            return _BLANK, None
        if kind == "s":
            return (_STRING, self._tables.string(text, self.part)) if text else (_BLANK, None)
        if kind == "n":
            return _number(text) if text else (_BLANK, None)
        if kind == "b":
            return _boolean(text)
        if kind == "e":
            return _ERROR, text
        return (CellKind.DATE if kind == "d" and text else _STRING), text

    def finish(self) -> None:
        """What can only be told at the end of the part."""
        if not self._seen_data:
            # Other programs show such a sheet as blank, without a word.
            raise damaged(self.part, "no sheetData")
        self._allowance.cells = self._allowance.limits.cells - self._cells_left
        self._formulas.finish(self.cells)

    def _merge(self, text: str) -> None:
        try:
            self.merges.append(RangeRef.parse(text))
        except ValueError:
            raise damaged(self.part, f"merge {shown(text)}") from None
        if len(self.merges) > self._max_merges:
            raise too_large("merges", len(self.merges), self._max_merges, self.part)


def read_cells(
    package: Package, name: str, tables: Tables, last_row: int = MAX_ROWS
) -> tuple[dict[tuple[int, int], Cell], tuple[RangeRef, ...]]:
    """The filled cells and the merges of one worksheet part.

    Where a row past ``last_row`` begins, reading ends, with no merges.
    """
    with package.open(name) as part:
        handler = _Cells(part, tables, last_row)
        with suppress(_Enough):
            parse(part, handler)
        if last_row == MAX_ROWS:
            part.drain()
    handler.finish()
    return handler.cells, tuple(handler.merges)


def _number(text: str) -> tuple[CellKind, _Value]:
    try:
        value = float(text)
    except ValueError:
        return _STRING, text
    # What float() takes and a workbook cannot hold: nan, inf, 1_000, full-width digits.
    if value - value != 0 or "_" in text or not text.isascii():
        return _STRING, text
    return _NUMBER, value


def _boolean(text: str) -> tuple[CellKind, _Value]:
    value = _TRUTH.get(text.strip().lower())
    return (_STRING, text) if value is None else (CellKind.BOOLEAN, value)
