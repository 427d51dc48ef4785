"""The entry to the importer: one returned file, read and checked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from xlgoals import codes, verdict
from xlgoals.cells import Workbook
from xlgoals.checking.checker import FormChecker, finding_order
from xlgoals.findings import Finding, Issue, Place, Severity
from xlgoals.grid import CellRef
from xlgoals.identity import GUIDE_SHEET, HIDDEN_CELL, HIDDEN_SHEET
from xlgoals.importer.form_reading import SheetReading, read_form
from xlgoals.importer.recognise import Recognised, Rejected, Wanted, recognise
from xlgoals.importer.sheets import sheet_findings, stranger_finding
from xlgoals.importer.structure import StructureChecker
from xlgoals.importer.verdict import verdict_findings
from xlgoals.layouts import Layout, load_layout
from xlgoals.reader import DEFAULT_LIMITS, Limits, Unreadable, read_workbook
from xlgoals.submission import FormRecord, FoundInput, Status, Submission
from xlgoals.text import stored
from xlgoals.unreadable import issue_of, too_large

# Of these sheets only what stands at the top is of interest here.
_HEADS = {
    GUIDE_SHEET: 0,
    HIDDEN_SHEET: CellRef.parse(HIDDEN_CELL).row,
    verdict.SHEET: CellRef.parse(verdict.CELL).row,
}


def read(
    path: str | os.PathLike[str],
    *,
    layout: Layout | str | None = None,
    fiscal_year: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    data: bytes | None = None,
) -> Submission:
    """Read and check one returned workbook. Whatever is wrong with the file is a finding.

    ``layout`` and ``fiscal_year`` say what the file must be; where it carries no identity they
    say what it is. ``limits`` bounds what a file may ask for. ``data`` are the bytes of the file
    where they are at hand; then ``path`` only names it. Raises UnknownLayoutError or LayoutError
    for a layout that cannot be had.
    """
    chosen = load_layout(layout) if isinstance(layout, str) else layout
    file = str(path)
    wanted = Wanted(chosen, fiscal_year)
    try:
        workbook = read_workbook(path, limits, _HEADS, data)
        recognised = recognise(workbook, wanted)
    except Unreadable as unreadable:
        issue = issue_of(unreadable.reason.value, unreadable.limit, unreadable.allowed)
        return _rejected(file, wanted, issue, unreadable.detail or None)
    except Rejected as rejected:
        return _rejected(file, wanted, rejected.issue, None)
    if len(recognised.sheets) > limits.forms:
        return _rejected(file, wanted, too_large("forms", limits.forms), None)
    return _Importer(file, workbook, recognised).submission()


def _rejected(file: str, wanted: Wanted, issue: Issue, detail: str | None) -> Submission:
    finding = Finding.of(issue, file, value=detail)
    return Submission(file, wanted.layout, wanted.fiscal_year, Status.REJECTED, (finding,))


class _Importer:
    def __init__(self, file: str, workbook: Workbook, recognised: Recognised) -> None:
        self._file, self._workbook, self._recognised = file, workbook, recognised
        self._plan = recognised.plan
        self._unit_field = self._plan.layout.unit_field

    def submission(self) -> Submission:
        sheets = [
            read_form(
                view,
                self._plan,
                self._recognised.names.get(view.name, {}),
                self._workbook.date1904,
            )
            for view in self._recognised.sheets
        ]
        filled = [sheet for sheet in sheets if not sheet.form.is_spare(self._unit_field)]
        answering, unit = self._unit(sheets, filled)
        findings = list(self._file_findings(filled))
        for sheet in sheets:
            if sheet in filled:
                findings += self._sheet_findings(sheet, filled, sheet is answering, unit)
            else:
                findings += self._beside_the_inputs(sheet, sheet is answering, unit)
                if filled and sheet is answering:
                    findings += self._unit_findings(sheet)
        findings += self._strangers()
        findings += verdict_findings(self._file, self._workbook, findings, bool(filled))
        return Submission(
            file=self._file,
            layout=self._plan.layout,
            fiscal_year=self._plan.fiscal_year,
            status=_status(findings),
            findings=tuple(findings),
            records=tuple(self._record(sheet, unit) for sheet in filled),
            inputs=tuple(self._open_inputs(sheets)),
            plan=replace(self._plan, projects=len(sheets)),
            sheets=tuple(sheet.view.name for sheet in sheets),
            modified=self._workbook.modified,
            readings=tuple(sheet.form for sheet in sheets),
        )

    def _file_findings(self, filled: Sequence[SheetReading]) -> Iterator[Finding]:
        if self._workbook.format != "xlsx":
            yield Finding.of(
                Issue(codes.OTHER_FORMAT, {"format": self._workbook.format}), self._file
            )
        for issue in self._recognised.issues:
            yield Finding.of(issue, self._file)
        if not filled:
            yield Finding.of(Issue(codes.NO_PROJECT), self._file)

    def _strangers(self) -> Iterator[Finding]:
        """Forms of another layout, and what was one; a blank one is nobody's loss."""
        for view, plan in self._recognised.strangers:
            form = read_form(view, plan, {}, self._workbook.date1904).form
            if not form.is_spare(plan.layout.unit_field):
                yield stranger_finding(self._file, self._plan, view, plan)
        for view in self._recognised.unread:
            yield Finding.of(Issue(codes.SHEET_NOT_READ), self._file, Place(view.name))

    def _sheet_findings(
        self,
        sheet: SheetReading,
        filled: Sequence[SheetReading],
        answers_for_unit: bool,
        unit: str | None,
    ) -> list[Finding]:
        structure = self._structure(sheet, answers_for_unit, unit)
        item = sheet.form.fields[self._unit_field] if answers_for_unit else None
        checker = FormChecker(self._file, self._plan, sheet.form, item)
        earlier = filled[: filled.index(sheet)]
        found = [
            *sheet_findings(self._file, self._plan, sheet, earlier),
            *structure.findings(),
            *checker.findings(),
        ]
        return sorted(found, key=finding_order)

    def _structure(
        self, sheet: SheetReading, answers_for_unit: bool, unit: str | None
    ) -> StructureChecker:
        printed = self._plan.unit or (None if answers_for_unit else unit)
        by_labels = self._recognised.by_labels
        return StructureChecker(self._file, self._plan, sheet, printed, by_labels=by_labels)

    def _beside_the_inputs(
        self, sheet: SheetReading, answers_for_unit: bool, unit: str | None
    ) -> Iterator[Finding]:
        """What stands on a spare sheet though no input holds it: nothing else there matters."""
        for finding in self._structure(sheet, answers_for_unit, unit).findings():
            if finding.value is not None:
                yield finding

    def _unit_findings(self, sheet: SheetReading) -> list[Finding]:
        """A spare sheet may still be where the unit of the whole workbook is filled in."""
        item = sheet.form.fields[self._unit_field]
        checker = FormChecker(self._file, self._plan, sheet.form, item)
        return [found for found in checker.findings() if found.field == self._unit_field]

    def _open_inputs(self, sheets: Sequence[SheetReading]) -> Iterator[FoundInput]:
        """Every input of every sheet; the unit only where it is open."""
        names = self._recognised.names
        named = [s for s in sheets if self._unit_field in names.get(s.view.name, {})]
        home = (named or sheets)[0] if self._plan.unit is None else None
        for sheet in sheets:
            for item in sheet.form.all_inputs():
                if item.cell and (item.input.key != self._unit_field or sheet is home):
                    yield FoundInput(sheet.view.name, item.cell.a1, item.input)

    # --- the declaring unit, said once for all sheets ---------------------------------------------
    def _unit(
        self, sheets: Sequence[SheetReading], filled: Sequence[SheetReading]
    ) -> tuple[SheetReading | None, str | None]:
        """The sheet that answers for the unit, if any does, and the unit."""
        if self._plan.unit is not None:
            first = (filled or sheets)[0]
            place = first.form.fields[self._unit_field].cell
            return None, (first.view.text(place) if place else "") or self._plan.unit
        for sheet in sheets:
            item = sheet.form.fields[self._unit_field]
            cell = sheet.view.cell(item.cell) if item.cell else None
            mirrored = cell is not None and cell.formula is not None
            if not item.reading.blank and not mirrored:
                value = item.reading.value
                return sheet, stored(value) if isinstance(value, str) else None
        return sheets[0], None

    def _record(self, sheet: SheetReading, unit: str | None) -> FormRecord:
        values: dict[str, Any] = {
            "layout": self._plan.layout.id,
            "fiscal_year": self._plan.fiscal_year,
            **{key: item.reading.value for key, item in sheet.form.fields.items()},
            self._unit_field: unit,
            "indicators": [row.record() for row in sheet.form.rows if row.filled],
        }
        return FormRecord(sheet.view.name, values)


def _status(findings: Sequence[Finding]) -> Status:
    severities = {finding.severity for finding in findings}
    if Severity.ERROR in severities:
        return Status.ERRORS
    return Status.WARNINGS if Severity.WARNING in severities else Status.OK
