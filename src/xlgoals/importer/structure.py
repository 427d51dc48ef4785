"""What happened to the sheet itself: moved, lost and unexpected cells, changed texts."""

from __future__ import annotations

from collections.abc import Iterator

from xlgoals import codes
from xlgoals.cells import CellKind
from xlgoals.checking.readings import InputReading
from xlgoals.findings import Finding, Issue, Place
from xlgoals.grid import CellRef
from xlgoals.importer.form_reading import SheetReading
from xlgoals.kinds.seen import as_seen
from xlgoals.live.margin import is_result
from xlgoals.plan.model import Locked, Plan
from xlgoals.text import label_key

_TOLD_ONE_BY_ONE = 50  # cells that nobody has read; of more only the number is told
_SECOND_FORM = 5  # labels told once more that make it a second form, and no remark


class StructureChecker:
    """Compares a sheet with its plan. Every filled cell is an input, a known text, or reported."""

    def __init__(
        self, file: str, plan: Plan, sheet: SheetReading, unit: str | None, *, by_labels: bool
    ) -> None:
        """``unit`` is what the sheet must name where it has no input for it.

        ``by_labels``: the form was typed by hand, so that places and small print are its own.
        """
        self._file, self._plan, self._form, self._unit = file, plan, sheet.form, unit
        self._sheet, self._view, self._by_labels = sheet, sheet.view, by_labels
        self._consumed = {item.cell for item in self._form.all_inputs() if item.cell}
        self._heading = next(iter(plan.form.headings.values())).area.top
        self._told = sheet.levels.union(*sheet.years.values())
        self._consumed |= self._told

    def findings(self) -> Iterator[Finding]:
        """All findings of layer structure on this sheet."""
        if not self._by_labels:
            yield from self._moved()
        yield from self._lost()
        yield from self._rivals()
        yield from self._changed()
        yield from self._other_unit()
        yield from self._unexpected()

    # --- inputs ---------------------------------------------------------------------------------
    def _moved(self) -> Iterator[Finding]:
        """One finding for all that moved: it has one cause."""
        moved = [
            item
            for item in self._form.all_inputs()
            if item.cell and item.cell != item.input.area.first and not self._is_printed(item)
        ]
        if moved:
            first = moved[0]
            details = {"count": str(len(moved)), "planned": first.input.area.first.a1}
            yield self._at_input(Issue(codes.INPUT_MOVED, details), first, moved[1:])

    def _is_printed(self, item: InputReading) -> bool:
        return item.input.key == self._plan.layout.unit_field and self._unit is not None

    def _lost(self) -> Iterator[Finding]:
        """Of a column of the table once: its inputs have one label."""
        lost = (item.input for item in self._form.all_inputs() if item.cell is None)
        for item in {lost_.label: lost_ for lost_ in lost}.values():
            place = Place(self._view.name, None, item.key, item.title)
            yield Finding.of(Issue(codes.INPUT_LOST), self._file, place)

    def _rivals(self) -> Iterator[Finding]:
        for located in self._sheet.rivals:
            cells = "、".join(cell.a1 for cell in located.rivals)
            item = self._form.fields[located.input.key]
            self._consumed.update(located.rivals)
            yield self._at_input(Issue(codes.LABEL_REPEATED, {"others": cells}), item, [])

    # --- texts of the form ----------------------------------------------------------------------
    def _changed(self) -> Iterator[Finding]:
        missing = []
        for locked in self._plan.form.locked:
            place = self._expected_place(locked)
            if not locked.text:
                continue
            if label_key(self._view.text(place)) in locked.keys:
                self._consumed.add(place)
            else:
                missing.append(locked)
        # Only now may a text be looked for elsewhere: many rows say the same.
        gone = [locked for locked in missing if not self._consumed_elsewhere(locked)]
        for locked in gone:
            if self._is_told_of(locked):
                place = self._expected_place(locked)
                self._consumed.add(place)
                yield self._text_changed(place, locked.text.replace("\n", ""))

    def _consumed_elsewhere(self, locked: Locked) -> bool:
        for place in self._view.places(locked.keys):
            if place not in self._consumed or place in self._told:
                self._consumed.add(place)
                return True
        return False

    def _is_told_of(self, locked: Locked) -> bool:
        """Whether a text that is nowhere was rewritten; a row that is gone is told of once."""
        lost = (item for item in self._form.fields.values() if item.cell is None)
        if any(item.input.label is locked for item in lost):
            return False
        if self._by_labels and locked.style != "fixed":
            return False
        place = self._expected_place(locked)
        return place not in self._consumed or not self._view.text(place)

    def _other_unit(self) -> Iterator[Finding]:
        """Another unit, typed where the workbook's own is printed or mirrored."""
        item = self._form.fields[self._plan.layout.unit_field]
        if self._unit is None or item.cell is None:
            return
        cell = self._view.cell(item.cell)
        stands = label_key(item.reading.shown or "") == label_key(self._unit)
        if stands or (cell is not None and cell.formula is not None):
            return
        if self._plan.unit is not None:
            yield self._text_changed(item.cell, self._unit)
        elif cell is not None:
            yield self._at_input(Issue(codes.UNIT_DIFFERS, {"unit": self._unit}), item, [])

    def _text_changed(self, place: CellRef, expected: str) -> Finding:
        return Finding.of(
            Issue(codes.LOCKED_TEXT_CHANGED),
            self._file,
            Place(self._view.name, place.a1),
            self._view.text(place) or None,
            expected,
        )

    def _expected_place(self, locked: Locked) -> CellRef:
        first = locked.area.first
        if first.row < self._heading or not self._sheet.shift:
            return first
        return CellRef(max(1, first.row + self._sheet.shift), first.column)

    # --- everything else ------------------------------------------------------------------------
    def _unexpected(self) -> Iterator[Finding]:
        """Whatever nobody has read: no cell is passed over in silence."""
        unread = [
            ref for ref in self._view.texts if ref not in self._consumed and not self._is_live(ref)
        ]
        known = frozenset(key for locked in self._plan.form.locked for key in locked.keys if key)
        again = [ref for ref in unread if label_key(self._view.text(ref)) in known]
        if len(again) >= _SECOND_FORM:
            first = again[0]
            second = [ref for ref in unread if ref.row >= first.row]
            unread = unread[: len(unread) - len(second)]
            related = tuple(f"{self._view.name}!{ref.a1}" for ref in second if ref != first)
            place = Place(self._view.name, first.a1, related=related)
            yield Finding.of(Issue(codes.SECOND_FORM), self._file, place, self._view.text(first))
        if len(unread) > _TOLD_ONE_BY_ONE:
            first, count = unread[_TOLD_ONE_BY_ONE], len(unread) - _TOLD_ONE_BY_ONE
            place = Place(self._view.name, first.a1)
            yield Finding.of(Issue(codes.UNEXPECTED_MORE, {"count": str(count)}), self._file, place)
        for ref in unread[:_TOLD_ONE_BY_ONE]:
            place = Place(self._view.name, ref.a1)
            yield Finding.of(Issue(codes.UNEXPECTED_CELL), self._file, place, self._seen(ref))

    def _seen(self, ref: CellRef) -> str:
        cell = self._view.cell(ref)
        if cell is None or cell.kind is CellKind.BLANK:
            return self._view.text(ref)
        return as_seen(cell, self._sheet.date1904)

    def _is_live(self, ref: CellRef) -> bool:
        """Whether a live check says it; some formats keep no formulas, or not their texts."""
        cell, form = self._view.cell(ref), self._plan.form
        unsaid = cell is not None and cell.formula == "" and ref.column > form.columns
        text = self._view.text(ref)
        return unsaid or self._view.is_live(ref) or is_result(form, ref.column, text)

    def _at_input(self, issue: Issue, item: InputReading, others: list[InputReading]) -> Finding:
        name = self._view.name
        place = Place(
            sheet=name,
            cell=(item.cell or item.input.area.first).a1,
            field=item.input.key,
            label=item.input.title,
            related=tuple(f"{name}!{other.cell.a1}" for other in others if other.cell),
        )
        return Finding.of(issue, self._file, place, item.reading.shown)
