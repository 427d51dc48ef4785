"""What happened to the sheet itself: moved, lost and unexpected cells, changed texts."""

from __future__ import annotations

from collections.abc import Iterator

from xlgoals import codes
from xlgoals.checking.readings import InputReading
from xlgoals.findings import Finding, Issue, Place
from xlgoals.grid import CellRef
from xlgoals.importer.form_reading import SheetReading
from xlgoals.live.margin import is_result
from xlgoals.plan.model import Locked, Plan
from xlgoals.text import label_key

_MOST_LISTED = 200  # unexpected cells of a sheet; nobody reads more, and there may be thousands


class StructureChecker:
    """Compares a sheet with its plan. Every filled cell is an input, a known text, or reported."""

    def __init__(self, file: str, plan: Plan, sheet: SheetReading) -> None:
        self._file, self._plan, self._form = file, plan, sheet.form
        self._view, self._table = sheet.view, sheet.table
        self._consumed = {item.cell for item in sheet.form.all_inputs() if item.cell}

    def findings(self) -> Iterator[Finding]:
        """All findings of layer structure on this sheet."""
        yield from self._moved()
        yield from self._lost()
        yield from self._changed()
        yield from self._unexpected()

    def _moved(self) -> Iterator[Finding]:
        """One finding for all that moved: it has one cause."""
        moved = [
            item
            for item in self._form.all_inputs()
            if item.cell and item.cell != item.input.area.first
        ]
        if moved:
            first = moved[0]
            details = {"count": str(len(moved)), "planned": first.input.area.first.a1}
            yield self._at_input(Issue(codes.INPUT_MOVED, details), first, moved[1:])

    def _lost(self) -> Iterator[Finding]:
        for item in self._form.all_inputs():
            if item.cell is None:
                yield self._at_input(Issue(codes.INPUT_LOST), item, [])

    def _changed(self) -> Iterator[Finding]:
        missing = []
        for locked in self._locked_texts():
            place = self._expected_place(locked)
            if label_key(self._view.text(place)) in locked.keys:
                self._consumed.add(place)
            else:
                missing.append(locked)
        # Only now may a text be looked for elsewhere: many rows say the same.
        for locked in missing:
            if moved_to := self._moved_to(locked):
                self._consumed.add(moved_to)
            else:
                yield self._text_changed(locked)

    def _text_changed(self, locked: Locked) -> Finding:
        place = self._expected_place(locked)
        self._consumed.add(place)
        return Finding.of(
            Issue(codes.LOCKED_TEXT_CHANGED),
            self._file,
            Place(self._view.name, place.a1),
            self._view.text(place) or None,
            locked.text.replace("\n", ""),
        )

    def _locked_texts(self) -> Iterator[Locked]:
        for locked in self._plan.form.locked:
            if locked.text:
                yield locked
        if self._plan.unit is not None:
            yield Locked(self._plan.unit_input.area, self._plan.unit, "plain")

    def _expected_place(self, locked: Locked) -> CellRef:
        first = locked.area.first
        planned_heading = next(iter(self._plan.form.headings.values())).area.top
        shift = self._table.shift if first.row >= planned_heading else 0
        return CellRef(max(1, first.row + shift), first.column)

    def _moved_to(self, locked: Locked) -> CellRef | None:
        places = self._view.places(locked.keys)
        return next((place for place in places if place not in self._consumed), None)

    def _unexpected(self) -> Iterator[Finding]:
        unexpected = [
            (ref, text)
            for ref, text in self._view.texts.items()
            if ref not in self._consumed and not self._is_live(ref, text)
        ]
        for ref, text in unexpected[:_MOST_LISTED]:
            place = Place(self._view.name, ref.a1)
            yield Finding.of(Issue(codes.UNEXPECTED_CELL), self._file, place, text)
        if rest := unexpected[_MOST_LISTED:]:
            place = Place(self._view.name, rest[0][0].a1)
            issue = Issue(codes.UNEXPECTED_MORE, {"count": str(len(rest))})
            yield Finding.of(issue, self._file, place)

    def _is_live(self, ref: CellRef, text: str) -> bool:
        """Whether a live check says it; some formats keep no formulas, or not their texts."""
        cell = self._view.cell(ref)
        unsaid = cell is not None and cell.formula == "" and ref.column > self._plan.form.columns
        return unsaid or self._view.is_live(ref) or is_result(self._plan.form, ref.column, text)

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
