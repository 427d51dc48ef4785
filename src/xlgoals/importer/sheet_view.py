"""A sheet as its reader sees it: texts, merges, and where a label stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any

from xlgoals.cells import Cell, CellKind, Sheet
from xlgoals.grid import CellRef, RangeRef
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds.base import as_shown
from xlgoals.text import label_key, stored


class SheetView:
    """One sheet, with the look-ups that finding an input by its label takes."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.name = sheet.name

    def cell(self, ref: tuple[int, int]) -> Cell | None:
        """The cell there, if it holds anything."""
        return self.sheet.cells.get(ref)

    def text(self, ref: tuple[int, int]) -> str:
        """What stands in the cell, as stored text; empty where nothing does."""
        texts: dict[Any, str] = self.texts
        return texts.get(ref, "")

    @cached_property
    def texts(self) -> dict[CellRef, str]:
        """Every cell with something in it that a person could see, in reading order."""
        cells = self.sheet.cells
        found = ((cells[ref].ref, _text(cells[ref])) for ref in sorted(cells))
        return {ref: text for ref, text in found if text}

    def is_live(self, ref: tuple[int, int]) -> bool:
        """Whether the cell is a formula of the live checks, which all read the hidden sheet."""
        cell = self.sheet.cells.get(ref)
        formula = cell.formula if cell is not None else None
        # Where the hidden sheet was deleted, its formulas refer to nothing.
        return formula is not None and (HIDDEN_SHEET in formula or "#REF!" in formula)

    def behind_labels(self, keys: Collection[str]) -> Iterator[tuple[CellRef, str]]:
        """Cells that hold one of these labels, a colon and then a value: ``项目名称：某某``."""
        for ref, text in self.texts.items():
            label, colon, value = text.replace("：", ":").partition(":")
            if colon and value.strip() and label_key(label) in keys:
                yield ref, text[len(label) + 1 :].strip()

    @cached_property
    def _places(self) -> dict[str, list[CellRef]]:
        places: dict[str, list[CellRef]] = {}
        for ref, text in self.texts.items():
            places.setdefault(label_key(text), []).append(ref)
        return places

    def places(self, keys: Iterable[str]) -> list[CellRef]:
        """Where any of these labels stands (compared by label key), in reading order."""
        return sorted(ref for key in keys for ref in self._places.get(key, ()))

    @cached_property
    def _merged(self) -> dict[tuple[int, int], RangeRef]:
        # Absurdly large merges are nobody's form; walking them would cost the earth.
        small = (area for area in self.sheet.merges if len(area.rows) * len(area.columns) <= 10_000)
        return {ref: area for area in small for ref in product(area.rows, area.columns)}

    def area(self, ref: tuple[int, int]) -> RangeRef:
        """The merge that covers a cell, or the cell alone."""
        return self._merged.get(ref) or RangeRef(*ref, *ref)

    def right_of(self, ref: tuple[int, int]) -> CellRef:
        """The cell beside a label, past the label's own merge."""
        row, column = ref
        area = self.area(ref)
        # Some programs leave merges behind where rows moved; what they cover stands.
        if any((row, covered) in self.texts for covered in area.columns if covered > column):
            return CellRef(row, column + 1)
        beside = CellRef(row, max(area.right, column) + 1)
        covering = self.area(beside)
        stale = covering.top != row or covering.left <= column
        return beside if stale or beside in self.texts else covering.first

    def below(self, ref: tuple[int, int]) -> CellRef:
        """The cell under a label, past the label's own merge."""
        row, column = ref
        area = self.area(ref)
        covered = (CellRef(below, column) for below in area.rows if below > row)
        # As beside a label: a merge that was left behind covers what stands.
        return next((p for p in covered if p in self.texts), CellRef(area.bottom + 1, column))

    def covering_text(self, ref: tuple[int, int]) -> tuple[CellRef, str]:
        """What a cell says, or else the merge that covers it, and where that stands."""
        covering = None if ref in self.texts else self._merged.get(ref)
        place = covering.first if covering else CellRef(*ref)
        return place, self.text(place)

    @property
    def label_keys(self) -> Collection[str]:
        """The label keys of all texts."""
        return self._places.keys()

    def filled_left_of(self, ref: tuple[int, int]) -> CellRef | None:
        """The nearest cell to the left, in the same row, that holds a text."""
        row, column = ref
        for left in range(column - 1, 0, -1):
            covering = self._merged.get((row, left))
            first = covering.first if covering else CellRef(row, left)
            if first in self.texts:
                return first
        return None


def _text(cell: Cell) -> str:
    if cell.kind is CellKind.BLANK:
        return f"={cell.formula}"  # a formula whose result was not stored
    return stored(as_shown(cell))
