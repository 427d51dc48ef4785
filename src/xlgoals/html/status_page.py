"""``status --format html``: the state of a season, from the figures down to the single file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlgoals.findings import SEVERITY_WORDS, Finding
from xlgoals.html.page import page
from xlgoals.language import Language, speaking
from xlgoals.reports.status_report import (
    NUMBERS,
    TOLD,
    missing_told,
    place_told,
    title_told,
    totals_told,
    why_told,
)
from xlgoals.season.figures import Figures
from xlgoals.season.model import FileEntry, FileState, Season, UnitEntry
from xlgoals.season.words import FILE_WORDS, LATE, NO_UNIT, WAIVED, waiver_words


def status_html(season: Season) -> str:
    """The page of a season."""
    with speaking(Language.ZH):
        return _page(season)


def _page(season: Season) -> str:
    figures = Figures(season)
    ids = {file.path: f"file{number}" for number, file in enumerate(season.files, start=1)}
    by_state = {
        state: [_file(file, ids) for file in season.files if file.state is state]
        for state in FileState
    }
    units = [_unit(figures, unit, ids, n) for n, unit in enumerate(season.units, start=1)]
    between = [_Said(item, ids) for item in season.findings if item not in season.waived]
    waived = [(_Said(item, ids), waiver_words(why)) for item, why in season.waived.items()]
    sections: dict[str, tuple[str, Sequence[Any]]] = {
        "missing": ("还没有报送", [unit for unit in units if unit["missing"]]),
        "units": (f"单位（{len(units)}个）", units),
        "told": ("需要留意的文件", [file for state in TOLD for file in by_state[state]]),
        "between": ("文件之间的问题", between),
        "waived": (f"{WAIVED}的问题（{len(waived)}处）", waived),
        "accepted": (
            f"{FILE_WORDS[FileState.ACCEPTED]}的文件",
            by_state[FileState.ACCEPTED],
        ),
    }
    return page(
        "status.html",
        title=title_told(season),
        totals=totals_told(figures),
        figures=figures,
        sections={key: section for key, section in sections.items() if section[1]},
        number_columns=list(NUMBERS),
        file_words=FILE_WORDS,
        words=SEVERITY_WORDS,
        late=LATE,
        waived=WAIVED,
    )


@dataclass(frozen=True)
class _Said:
    """A finding, and where its file stands on the page."""

    finding: Finding
    ids: Mapping[str, str]

    @property
    def file_id(self) -> str | None:
        return self.ids.get(self.finding.file)

    @property
    def place(self) -> str:
        return place_told(self.finding)


def _file(file: FileEntry, ids: Mapping[str, str]) -> dict[str, Any]:
    """A row of the files."""
    return {
        "id": ids[file.path],
        "path": file.path,
        "state": file.state,
        "word": FILE_WORDS[file.state],
        "late": file.late,
        "unit": file.unit or "",
        "numbers": (file.forms, file.counts.errors, file.counts.warnings),
        "why": why_told(file, file.reason),
    }


def _unit(figures: Figures, unit: UnitEntry, ids: Mapping[str, str], number: int) -> dict[str, Any]:
    """A row of the units."""
    counts = figures.counts_of(unit)
    return {
        "id": f"unit{number}",
        "name": " ".join(f"{unit.code or ''} {unit.name or NO_UNIT}".split()),
        "state": unit.state,
        "word": figures.unit_words[unit.state],
        "late": unit.late,
        "contact": unit.contact or "",
        "missing": missing_told(unit),
        "files": [(path, ids.get(path)) for path in unit.files],
        "numbers": (
            len(unit.files),
            figures.forms_of(unit),
            len(unit.missing),
            counts.errors,
            counts.warnings,
        ),
    }
