"""Where the fields of a form really stand on a sheet.

Two witnesses for every input: its defined name and its planned address. Each must be proven by
the label beside it. Where neither can be, the label is searched on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlgoals.cells import DefinedName
from xlgoals.grid import CellRef
from xlgoals.importer.sheet_view import SheetView
from xlgoals.plan.model import FormPlan, Input
from xlgoals.text import label_key


@dataclass(frozen=True)
class Located:
    """An input and its cell; None where it could not be found."""

    input: Input
    cell: CellRef | None
    behind_label: str | None = None
    """The value, where it stands in the label's own cell, behind the colon."""
    rivals: tuple[CellRef, ...] = ()
    """Where its label stands, too, with a value beside it that was not read."""


NamedCells = Mapping[str, CellRef]


def named_cells(names: Iterable[DefinedName]) -> dict[str, NamedCells]:
    """By sheet, the names that point into it; a sheet's own names before the workbook's."""
    found: dict[str, dict[str, CellRef]] = {}
    for name in sorted(names, key=lambda name: name.sheet is None):
        target = name.target()
        if target and name.sheet in (target[0], None):
            found.setdefault(target[0], {}).setdefault(name.name, target[1].first)
    return dict(found)


class FieldLocator:
    """Finds the fields outside the indicator table."""

    def __init__(self, view: SheetView, names: NamedCells, form: FormPlan) -> None:
        self._view, self._names, self._form = view, names, form
        self._last_column = form.columns + 1  # one more than planned may have been inserted
        self._fields = [item for item in form.inputs if item.row is None]
        self._labels = frozenset(key for item in self._fields for key in item.label.keys)
        self._planned = frozenset(
            (item.label.area.first, key) for item in self._fields for key in item.label.keys
        )

    def locate_all(self) -> dict[str, Located]:
        """Every field by its key: by name, else by address, else by label."""
        found = {item.key: self._witnessed(item) for item in self._fields}
        in_place = [
            item.area.top
            for item in self._fields
            if (located := found[item.key]) and located.cell == item.area.first
        ]
        in_place += self._titles_in_place
        return {
            item.key: found[item.key]
            or self._searched(item, self._labels_of(item, found))
            or self._unlabelled(item, in_place)
            for item in self._fields
        }

    @property
    def _titles_in_place(self) -> list[int]:
        """The rows of other texts of the form that stand where they were planned."""
        labels = {item.label.area for item in self._fields}
        return [
            text.area.top
            for text in self._form.locked
            if text.text and text.area not in labels
            if label_key(self._view.text(text.area.first)) in text.keys
        ]

    def _witnessed(self, item: Input) -> Located | None:
        named, planned = self._names.get(item.name), item.area.first
        for witness in (named, planned):
            if witness and self._proven(witness, item) and not self._is_label(witness, item):
                return Located(item, witness if named else self._filled_from(witness, item))
        return None

    def _filled_from(self, cell: CellRef, item: Input) -> CellRef:
        """The first cell from here to the right that is filled, short of the next label."""
        for column in range(cell.column, self._last_column + 1):
            place = CellRef(cell.row, column)
            if self._is_label(place, item) or self._view.is_live(place):
                break
            if text := self._view.text(place):
                # A label that several inputs share is no value of the first of them.
                return cell if label_key(text) in item.label.keys else place
        return cell

    def _proven(self, cell: CellRef, item: Input) -> bool:
        return self._label_at(cell, item) is not None

    def _label_at(self, cell: CellRef, item: Input) -> CellRef | None:
        """The label that proves an input to stand in ``cell``."""
        places = (self._beside(cell, item), self._view.filled_left_of(cell))
        proofs = (p for p in places if p and label_key(self._view.text(p)) in item.label.keys)
        return next(proofs, None)

    @staticmethod
    def _beside(cell: CellRef, item: Input) -> CellRef:
        """Where the label of an input stands if that is in ``cell``."""
        planned, label = item.area.first, item.label.area.first
        return CellRef(
            cell.row + label.row - planned.row, cell.column + label.column - planned.column
        )

    def _searched(self, item: Input, labels: Iterable[CellRef]) -> Located | None:
        """The cell right of the label, or below as planned, wherever the label is."""
        beside = [self._follows(place, item) for place in labels]
        cells = [cell for cell in beside if not self._is_label(cell, item)]
        # Where a label stands twice, the one with something beside it is meant.
        cells.sort(key=lambda cell: not self._view.text(cell))
        if cells:
            rivals = tuple(cell for cell in cells[1:] if self._view.text(cell))
            return Located(item, cells[0], rivals=rivals)
        for place, value in self._view.behind_labels(item.label.keys):
            if filled := self._filled_beside(place, item):
                return Located(item, filled)
            return Located(item, place, behind_label=value)
        return None

    def _filled_beside(self, label: CellRef, item: Input) -> CellRef | None:
        """The input's own cell beside that label, if filled: then a remark stands in the label."""
        for witness in (self._names.get(item.name), item.area.first):
            if witness and self._beside(witness, item) == label and self._view.text(witness):
                return None if self._is_label(witness, item) else witness
        return None

    def _labels_of(self, item: Input, found: Mapping[str, Located | None]) -> list[CellRef]:
        """Where the label stands; of one that inputs share, each of the lost has its turn."""
        peers = [peer for peer in self._fields if peer.label.keys & item.label.keys]
        lost = [peer for peer in peers if not found[peer.key]]
        taken = {
            self._label_at(known.cell, peer)
            for peer in peers
            if (known := found[peer.key]) and known.cell
        }
        free = [place for place in self._view.places(item.label.keys) if place not in taken]
        return free[lost.index(item) :: len(lost)]

    def _follows(self, label: CellRef, item: Input) -> CellRef:
        if item.label.area.top < item.area.top:
            return self._view.below(label)
        return self._filled_from(self._view.right_of(label), item)

    def _unlabelled(self, item: Input, in_place: list[int]) -> Located:
        """The label was rewritten (told elsewhere): a name, or an address between proven ones."""
        candidates = [self._names.get(item.name)]
        above = any(row <= item.area.top for row in in_place)
        if above and any(row >= item.area.top for row in in_place):
            candidates.append(item.area.first)
        for cell in candidates:
            if cell and not any(self._is_label(c, item) for c in (cell, self._beside(cell, item))):
                return Located(item, cell)
        return Located(item, None)

    def _is_label(self, cell: CellRef, item: Input) -> bool:
        """Whether the label of another input stands there: then it is nobody's input.

        A label that stands elsewhere, too, may well be what somebody filled in; but not where it
        was planned.
        """
        key = label_key(self._view.text(cell))
        return (
            key in self._labels
            and key not in item.label.keys
            and ((cell, key) in self._planned or len(self._view.places([key])) == 1)
        )
