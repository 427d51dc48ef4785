"""What the live checks say of contents that are already known: the cached results of formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from xlgoals.cells import Cell, CellKind
from xlgoals.checking.checker import FormChecker
from xlgoals.checking.readings import FormReading, InputReading, row_reading
from xlgoals.grid import CellRef
from xlgoals.kinds import CellContent, Kind
from xlgoals.kinds.live import Cached
from xlgoals.language import Message
from xlgoals.live import quantity
from xlgoals.live.model import QUOTED_LENGTH, LiveCheck, LiveTable, Quantity, Reader
from xlgoals.numerals import plain_number
from xlgoals.plan.build import fixed_texts
from xlgoals.plan.model import Plan
from xlgoals.text import folded

Contents = Mapping[str, CellContent]  # of one project sheet, by the input's defined name


class LiveResults:
    """The results of a table's formulas for the contents of its project sheets."""

    def __init__(self, table: LiveTable, sheets: Sequence[Contents]) -> None:
        self._table, self._sheets = table, sheets
        self._forms = [form_reading(table.plan, index, c) for index, c in enumerate(sheets)]
        unit = table.plan.layout.unit_field
        self._spare = [form.is_spare(unit) for form in self._forms]
        self._found = self._findings()
        self._steps: dict[tuple[int, CellContent], tuple[Cached, ...]] = {}

    @property
    def forms(self) -> Sequence[FormReading]:
        """What an importer would read from each project sheet."""
        return self._forms

    def _findings(self) -> dict[tuple[str | None, str | None, str], str]:
        """What the importer would find where, in its words: the live checks are to say the same."""
        found = {}
        unit = self._table.plan.layout.unit_field
        any_filled = not all(self._spare)
        for index, form in enumerate(self._forms):
            answers = form.fields[unit] if index == 0 and self._table.plan.unit is None else None
            if self._spare[index] and not (any_filled and answers):
                continue
            checker = FormChecker("", self._table.plan, form, answers)
            for finding in checker.findings():
                if not self._spare[index] or finding.field == unit:
                    found[finding.sheet, finding.cell, finding.code] = finding.message
        return found

    def flag(self, index: int) -> int:
        """1 where a project sheet is filled in at all."""
        return int(not self._spare[index])

    def steps(self, reader: Reader) -> tuple[Cached, ...]:
        """The steps of one input's reading."""
        content = self._content(reader)
        key = (id(reader.input.kind), content)
        if key not in self._steps:
            self._steps[key] = reader.input.kind.live_cache(content)
        return self._steps[key]

    def quantity(self, found: Quantity) -> tuple[Cached, ...]:
        """The steps of one target's parts, its text first."""
        reader = found.reader
        row = next(r for r in self._forms[reader.sheet].rows if r.number == reader.input.row)
        target = row.seen["target"]
        text = folded(target) if isinstance(target, str) else ""
        return (text, *quantity.cached(text))

    def message(self, check: LiveCheck) -> str:
        """The words of a check for this workbook, without its code; empty where all is well."""
        told = self._found.get((check.sheet, check.cell, check.code.id))
        if told is None:
            return ""
        index = self._table.plan.sheet_names.index(check.sheet)
        content = self._sheets[index].get(check.input.name)
        words = {"value": shown(content)[:QUOTED_LENGTH], "length": str(len(shown(content)))}
        words["read"] = shown(content)
        if isinstance(told, Message):
            words["sum"] = told.details.get("sum", "")
        return check.message.format_map(words)

    def _content(self, reader: Reader) -> CellContent:
        return self._sheets[reader.sheet].get(reader.input.name)


def shown(content: CellContent) -> str:
    """A content as the clean text of its cell reads."""
    match content:
        case None:
            return ""
        case Decimal():
            return plain_number(content)
        case date():
            return str((content - date(1899, 12, 30)).days)
        case str():
            return folded(content)


def form_reading(plan: Plan, index: int, contents: Contents) -> FormReading:
    """The reading of a project sheet that holds these contents."""
    readings = {
        item.name: InputReading(
            item, item.area.first, item.kind.read(as_cell(contents.get(item.name), item.kind))
        )
        for item in plan.form.inputs
    }
    fields = {item.key: readings[item.name] for item in plan.form.inputs if item.row is None}
    columns = plan.layout.indicators.columns
    rows = tuple(
        row_reading(
            row,
            tuple(readings[item.name] for item in plan.form.by_row[row.number]),
            fixed_texts(row.fixed, columns) if row.fixed else {},
        )
        for row in plan.form.indicator_rows
    )
    return FormReading(plan.sheet_names[index], fields, rows)


def as_cell(content: CellContent, kind: Kind) -> Cell | None:
    """The cell that a workbook would hold for a content."""
    ref = CellRef(1, 1)
    match content:
        case None:
            return None
        case Decimal():
            return Cell(ref, CellKind.NUMBER, float(content), None, kind.number_format)
        case date():
            return Cell(ref, CellKind.DATE, content.isoformat(), None, kind.number_format)
        case str():
            return Cell(ref, CellKind.TEXT, content, None, kind.number_format)
