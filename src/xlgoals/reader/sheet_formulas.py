"""The formulas of one sheet that say more than their own text."""

from __future__ import annotations

from collections.abc import Mapping

from xlgoals.cells import Cell
from xlgoals.grid import CellRef, RangeRef
from xlgoals.reader.errors import damaged, shown
from xlgoals.reader.formulas import SharedFormula
from xlgoals.reader.limits import Allowance

_TRUE = ("1", "true")


class SheetFormulas:
    """Shared formulas, array formulas and data tables, as they are met on one sheet."""

    __slots__ = ("_allowance", "_groups", "_part", "_shared", "_waiting")

    def __init__(self, part: str, allowance: Allowance) -> None:
        self._part = part
        self._allowance = allowance
        self._shared: dict[str, SharedFormula] = {}
        self._waiting: list[tuple[CellRef, str]] = []
        self._groups: list[tuple[RangeRef, str]] = []

    def text(self, ref: CellRef, attributes: Mapping[str, str], raw: str) -> str:
        """The formula of the cell ``ref``, from the attributes and the text of its ``f``."""
        text = raw.removeprefix("=")
        if not attributes:
            return text
        kind = attributes.get("t")
        if kind == "shared":
            return self._of_shared(ref, attributes, text)
        if kind == "dataTable" and not text:
            text = _table_text(attributes)
        if kind in ("array", "dataTable"):
            area = self._range(attributes.get("ref") or ref.a1)
            if not area.is_single:
                self._groups.append((area, text))
        return text

    def _of_shared(self, ref: CellRef, attributes: Mapping[str, str], text: str) -> str:
        key = attributes.get("si", "")
        if text:
            if "ref" in attributes or key not in self._shared:
                self._shared[key] = SharedFormula(text, ref)
            return text
        master = self._shared.get(key)
        if master is None:
            self._waiting.append((ref, key))
            return ""
        return self._moved(master, ref)

    def _moved(self, master: SharedFormula, ref: CellRef) -> str:
        # To move a reference takes as long as to read a tag.
        self._allowance.spend_tags(master.references, self._part)
        text = master.at(ref)
        # A long formula shared by a million cells would fill any memory.
        self._allowance.spend_unpacked(len(text), self._part)
        return text

    def finish(self, cells: dict[tuple[int, int], Cell]) -> None:
        """Complete what could not be told before the whole sheet was read."""
        for ref, key in self._waiting:
            master = self._shared.get(key)
            if master is not None:
                cells[ref] = cells[ref]._replace(formula=self._moved(master, ref))
        for area, text in self._groups:
            self._spread(area, text, cells)

    def _spread(self, area: RangeRef, text: str, cells: dict[tuple[int, int], Cell]) -> None:
        """Say of every cell that an array formula or data table fills that it is a formula.

        Only the first one holds the text in the file; the others look like typed values.
        """
        size = len(area.rows) * len(area.columns)
        refs = list(area.cells()) if size < len(cells) else [c.ref for c in cells.values()]
        # Many areas over many cells would take for ever.
        self._allowance.spend_cells(len(refs), self._part)
        for ref in refs:
            cell = cells.get(ref)
            if cell is None or cell.formula is not None:
                continue
            if ref.row in area.rows and ref.column in area.columns:
                cells[ref] = cell._replace(formula=text)

    def _range(self, text: str) -> RangeRef:
        try:
            return RangeRef.parse(text)
        except ValueError:
            raise damaged(self._part, f"range {shown(text)}") from None


def _table_text(attributes: Mapping[str, str]) -> str:
    """What Excel shows in the formula bar for a data table, which has no text of its own."""
    first, second = attributes.get("r1", ""), attributes.get("r2", "")
    if attributes.get("dt2D") in _TRUE:
        return f"TABLE({first},{second})"
    return f"TABLE({first},)" if attributes.get("dtr") in _TRUE else f"TABLE(,{first})"
