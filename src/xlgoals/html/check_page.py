"""``check --format html``: every form as it was filled in, with each finding in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from xlgoals.checking.readings import FormReading
from xlgoals.findings import LIST_NAME, SEVERITY_WORDS, WHOLE_FILE, Finding
from xlgoals.fitting import grown
from xlgoals.grid import CellRef
from xlgoals.html.drawing import Box, Drawing, Mark, Row, drawn
from xlgoals.html.page import page
from xlgoals.language import Language, speaking
from xlgoals.plan.model import Plan
from xlgoals.reports.text_report import STATUS_NAMES, counts_told, label_beside, totals_told
from xlgoals.submission import Submission
from xlgoals.text import visible

PROJECT = "project_name"


def check_html(submissions: Sequence[Submission]) -> str:
    """The page of these files, in their order."""
    with speaking(Language.ZH):
        return _page(submissions)


def _page(submissions: Sequence[Submission]) -> str:
    files = [_File(number, item) for number, item in enumerate(submissions, start=1)]
    rows = [row for file in files for form in file.forms for sheet in form.pages for row in sheet]
    return page(
        "check.html",
        widths=(width for file in files for width in file.widths),
        lines=(row.lines for row in rows),
        files=files,
        totals=totals_told(submissions),
        words=SEVERITY_WORDS,
        list_name=LIST_NAME,
        whole_file=WHOLE_FILE,
    )


@dataclass(frozen=True)
class _Form:
    """One project sheet on the page; what has an ``id`` is where links lead."""

    id: str
    sheet: str
    project: str | None
    drawing: Drawing

    @property
    def pages(self) -> tuple[tuple[Row, ...], ...]:
        return self.drawing.pages

    def id_of(self, place: CellRef) -> str:
        return f"{self.id}-{place.a1}"

    def heads_of(self, box: Box) -> str:
        return " ".join(map(self.id_of, box.heads))

    @cached_property
    def ids_by_cell(self) -> Mapping[str, str]:
        """Where the inputs that stand in these cells of the file are drawn."""
        boxes = (box for sheet in self.pages for row in sheet for box in row.boxes)
        return {box.cell.a1: self.id_of(box.area.first) for box in boxes if box.cell}


class _File:
    """One file on the page."""

    def __init__(self, number: int, submission: Submission) -> None:
        self._submission = submission
        self.id = f"f{number}"
        self.name = submission.file
        self.status = submission.status
        self.verdict = STATUS_NAMES[submission.status]
        self.counts = counts_told(submission)
        self.layout, self.year = submission.layout, submission.fiscal_year
        self.marks = [Mark(n, found) for n, found in enumerate(submission.findings, start=1)]
        self.forms = list(self._drawn(submission.plan)) if submission.plan else []
        self._by_sheet = {form.sheet: form for form in self.forms}
        sheets = map(visible, submission.sheets)
        self.spares = [sheet for sheet in sheets if sheet not in self._by_sheet]

    def _drawn(self, plan: Plan) -> Iterator[_Form]:
        """Every sheet on which anything was filled in, or of which something is said."""
        submission = self._submission
        whole = grown(plan, submission.readings)
        records = {record.sheet: record.values for record in submission.records}
        for number, reading in enumerate(submission.readings, start=1):
            sheet = visible(reading.sheet)  # as findings name it
            marks = [mark for mark in self.marks if mark.finding.sheet == sheet]
            values = records.get(reading.sheet)
            if values is None and not marks:
                continue
            unit = values[plan.layout.unit_field] if values else None
            repeated = unit if self._repeats_unit(reading, plan.layout.unit_field) else None
            drawing = drawn(whole, reading, repeated, marks)
            project = reading.fields[PROJECT].reading.shown if PROJECT in reading.fields else None
            yield _Form(f"{self.id}-{number}", sheet, project, drawing)

    def _repeats_unit(self, reading: FormReading, field: str) -> bool:
        """Whether the unit is not filled in on this sheet, but taken by a formula from another."""
        said = reading.fields[field].reading
        is_open = any(
            found.sheet == reading.sheet and found.input.key == field
            for found in self._submission.inputs
        )
        return not is_open and (said.blank or said.refused)

    # --- what the page says -----------------------------------------------------------------------
    @property
    def widths(self) -> list[int]:
        """The columns of its forms, in thousandths of their breadth."""
        if self.layout is None:
            return []
        pixels = self.layout.column_widths
        return [round(width * 1000 / sum(pixels)) for width in pixels]

    @property
    def by_sheet(self) -> Iterator[tuple[str | None, list[Mark]]]:
        """The list of findings, sheet by sheet; None is the whole file."""
        for sheet, marks in groupby(self.marks, key=lambda mark: mark.finding.sheet):
            yield sheet, list(marks)

    def list_id(self, mark: Mark) -> str:
        """Where a finding is listed."""
        return f"{self.id}-list{mark.number}"

    def place_id(self, mark: Mark) -> str | None:
        """Where it is shown in its place; None where it is of no sheet that is drawn."""
        return f"{self.id}-mark{mark.number}" if mark.finding.sheet in self._by_sheet else None

    def place(self, finding: Finding) -> str:
        """The place in words: cell and label."""
        return " ".join(filter(None, (finding.cell, label_beside(finding))))

    def related(self, finding: Finding) -> Iterator[tuple[str, str | None]]:
        """The other cells it speaks of, each with where that is drawn."""
        for other in finding.related:
            sheet, _, cell = other.rpartition("!")
            form = self._by_sheet.get(sheet)
            own = sheet == finding.sheet
            yield cell if own else other, form.ids_by_cell.get(cell) if form else None
