"""What is to be said of a whole project sheet: hidden, of another year or layout, there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlgoals import codes
from xlgoals.cells import Visibility
from xlgoals.findings import Finding, Issue, Place
from xlgoals.importer.form_reading import SheetReading
from xlgoals.importer.sheet_view import SheetView
from xlgoals.plan.model import Plan
from xlgoals.text import label_key

PROJECT = "project_name"  # the field by which projects are told apart


def sheet_findings(
    file: str, plan: Plan, sheet: SheetReading, earlier: Sequence[SheetReading]
) -> Iterator[Finding]:
    """Findings on a filled sheet; ``earlier`` are the filled sheets before it."""
    name = sheet.view.name
    if sheet.view.sheet.visibility is not Visibility.VISIBLE:
        yield Finding.of(Issue(codes.SHEET_HIDDEN), file, Place(name))
    for year, cells in sheet.years.items():
        if year != plan.fiscal_year:
            details = {"year": str(year), "wanted": str(plan.fiscal_year)}
            first, *others = cells
            place = Place(name, first.a1, related=tuple(f"{name}!{cell.a1}" for cell in others))
            issue = Issue(codes.SHEET_OF_OTHER_YEAR, details)
            yield Finding.of(issue, file, place, sheet.view.text(first))
    project = sheet.form.fields.get(PROJECT)
    if project is None or not project.reading.value:
        return
    key = label_key(project.reading.value)
    for other in earlier:
        # As versions of a project are found: blanks and width tell no two projects apart.
        if label_key(other.form.fields[PROJECT].reading.value or "") == key:
            cell = project.cell.a1 if project.cell else None
            place = Place(name, cell, project.input.key, project.input.title)
            issue = Issue(codes.PROJECT_REPEATED, {"other": other.view.name})
            yield Finding.of(issue, file, place, project.reading.shown)
            return


def stranger_finding(file: str, plan: Plan, view: SheetView, other: Plan) -> Finding:
    """A sheet that holds a form of another layout than the workbook's."""
    details = {"layout": other.layout.name, "wanted": plan.layout.name}
    first, text = next(iter(view.texts.items()))
    place = Place(view.name, first.a1)
    return Finding.of(Issue(codes.SHEET_OF_OTHER_LAYOUT, details), file, place, text)
