"""``status``: who has returned, what is wrong, what is missing; as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from xlgoals.findings import SEVERITY_WORDS, Finding
from xlgoals.reports.json_report import SCHEMA_VERSION, finding_record
from xlgoals.reports.text_report import WIDTH
from xlgoals.season.figures import Figures
from xlgoals.season.model import FileEntry, FileState, Season, UnitEntry, UnitState, Waiver
from xlgoals.season.words import FILE_WORDS, LATE, NO_UNIT, WAIVED, waiver_words
from xlgoals.text import display_width, wrapped

_GAP = 2  # columns between columns
_NUMBERS = ("文件", "项目", "缺报", "错误", "提醒")
_NUMBER_WIDTH, _STATE_WIDTH = 4, 8
# Files of which there is something to say, beside the unit they are of.
_TOLD = (FileState.REJECTED, FileState.ERRORS, FileState.SUPERSEDED, FileState.DUPLICATE)


def status_text(season: Season, *, width: int = WIDTH) -> str:
    """The state of a season as a table of units, then what is missing, then the files."""
    report = _Text(season, width)
    parts = (
        *(report.head(), report.units(), report.missing()),
        *(report.files(), report.between(), report.waived()),
    )
    blocks = ["\n".join(lines) for part in parts if (lines := list(part))]
    return "\n\n".join(blocks) + "\n"


def status_json(season: Season) -> str:
    """The same for programs."""
    figures = Figures(season)
    report = {
        "schema_version": SCHEMA_VERSION,
        "layout": season.layout.id,
        "fiscal_year": season.fiscal_year,
        "round": season.round,
        "deadline": season.deadline.isoformat() if season.deadline else None,
        "units": [_unit_record(figures, unit) for unit in season.units],
        "files": [_file_record(figures, file) for file in season.files],
        "findings": [finding_record(finding) for finding in season.findings],
        "waived": [_waived_record(*waived) for waived in season.waived.items()],
        "summary": _summary(figures),
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


# --- for programs ---------------------------------------------------------------------------------
def _unit_record(figures: Figures, unit: UnitEntry) -> dict[str, Any]:
    counts = figures.counts_of(unit)
    return {
        "code": unit.code,
        "name": unit.name,
        "contact": unit.contact,
        "state": unit.state.value,
        "late": unit.late,
        "expected": list(unit.expected),
        "missing": list(unit.missing),
        "files": list(unit.files),
        "forms": figures.forms_of(unit),
        "errors": counts.errors,
        "warnings": counts.warnings,
        "waived": counts.waived,
    }


def _file_record(figures: Figures, file: FileEntry) -> dict[str, Any]:
    return {
        "file": file.path,
        "sha256": file.digest,
        "modified": file.modified.isoformat() if file.modified else None,
        "state": file.state.value,
        "unit": file.unit,
        "reason": file.reason,
        "late": file.late,
        "forms": file.forms,
        "errors": file.counts.errors,
        "warnings": file.counts.warnings,
        "waived": file.counts.waived,
    }


def _waived_record(finding: Finding, waiver: Waiver) -> dict[str, Any]:
    said = {"reason": waiver.reason, "who": waiver.who, "when": waiver.when.isoformat()}
    return {**finding_record(finding), "waiver": said}


def _summary(figures: Figures) -> dict[str, Any]:
    return {
        "units": {state.value: count for state, count in figures.units.items()},
        "files": {state.value: count for state, count in figures.files.items()},
        "late_files": figures.late_files,
        "forms": figures.total.forms,
        "indicators": figures.total.indicators,
        "amount": str(figures.total.amount),
        "errors": figures.counts.errors,
        "warnings": figures.counts.warnings,
        "waived": figures.counts.waived,
    }


# --- for people -----------------------------------------------------------------------------------
class _Text:
    def __init__(self, season: Season, width: int) -> None:
        self._season, self._width = season, width
        self._figures = Figures(season)

    def head(self) -> Iterator[str]:
        season, figures = self._season, self._figures
        round_ = f"，{season.round}" if season.round else ""
        deadline = f"，截止{season.deadline:%Y-%m-%d %H:%M}" if season.deadline else ""
        yield f"{season.layout.name}（{season.fiscal_year}年度{round_}）报送情况{deadline}"
        words = figures.unit_words
        states = "，".join(
            f"{words[state]}{count}个" for state, count in figures.units.items() if count
        )
        yield from self._wrapped(f"单位{len(season.units)}个{'：' if states else ''}{states}。")
        files = "，".join(
            f"{FILE_WORDS[state]}{count}个" for state, count in figures.files.items() if count
        )
        late = f"；其中{LATE}{figures.late_files}个" if figures.late_files else ""
        yield from self._wrapped(f"文件{len(season.files)}个{'：' if files else ''}{files}{late}。")
        total = figures.total
        yield from self._wrapped(
            f"项目{total.forms}个，指标{total.indicators}条，金额{total.amount:,.2f}元。"
        )

    def units(self) -> Iterator[str]:
        """One line a unit, or more where its name is long."""
        if not self._season.units:
            return
        room = self._width - _STATE_WIDTH - (_NUMBER_WIDTH + _GAP) * len(_NUMBERS) - 2 * _GAP
        room -= display_width(LATE)
        yield from self._line(["单位"], "状态", _NUMBERS, "", room)
        yield "-" * self._width
        for unit in self._season.units:
            counts = self._figures.counts_of(unit)
            numbers = (
                len(unit.files),
                self._figures.forms_of(unit),
                len(unit.missing),
                counts.errors,
                counts.warnings,
            )
            shown = [str(number) if number else "-" for number in numbers]
            name = wrapped(" ".join(f"{unit.code or ''} {unit.name or NO_UNIT}".split()), room)
            late = LATE if unit.late else ""
            word = self._figures.unit_words[unit.state]
            yield from self._line(name, word, shown, late, room)

    def _line(
        self, name: Sequence[str], state: str, numbers: Sequence[str], late: str, room: int
    ) -> Iterator[str]:
        first, *more = name
        gap = " " * _GAP
        cells = [_left(first, room), _left(state, _STATE_WIDTH)]
        cells += [_right(number, _NUMBER_WIDTH) for number in numbers]
        yield gap.join([*cells, late]).rstrip()
        yield from (f"{gap}{line}" for line in more)

    def missing(self) -> Iterator[str]:
        """Who has still to return what."""
        late = [unit for unit in self._season.units if unit.missing or _owes_all(unit)]
        if late:
            yield "还没有报送："
        for unit in late:
            contact = f"（联系人：{unit.contact}）" if unit.contact else ""
            what = "、".join(unit.missing) or "全部"
            yield from self._item(f"{unit.name}{contact}：{what}")

    def files(self) -> Iterator[str]:
        """Every file of which there is something to say."""
        told = [file for file in self._season.files if file.state in _TOLD]
        if told:
            yield "需要留意的文件："
        for state in _TOLD:
            for file in told:
                if file.state is state:
                    yield from self._item(f"[{FILE_WORDS[state]}] {file.path}{self._why(file)}")

    def _why(self, file: FileEntry) -> str:
        """The reason, and for a file that goes back how much is wrong in it."""
        counts = ""
        if file.state is FileState.ERRORS:
            counts = "，".join(
                f"{file.counts.of(severity)}处{word}"
                for severity, word in SEVERITY_WORDS.items()
                if file.counts.of(severity)
            )
        told = "；".join(part for part in (counts, file.reason) if part)
        return f"：{told}" if told else ""

    def between(self) -> Iterator[str]:
        """What only shows between files."""
        found = [item for item in self._season.findings if item not in self._season.waived]
        if found:
            yield "文件之间的问题："
        for finding in found:
            word = SEVERITY_WORDS[finding.severity]
            yield from self._item(f"[{word}] {finding.file}：{finding.message}{finding.hint}")

    def waived(self) -> Iterator[str]:
        """What finance accepts all the same."""
        if self._season.waived:
            yield f"{WAIVED}的问题（{len(self._season.waived)}处）："
        for finding, waiver in self._season.waived.items():
            word, place = SEVERITY_WORDS[finding.severity], finding.sheet or ""
            place += f"!{finding.cell}" if finding.cell else ""
            where = " ".join(filter(None, (finding.file, place)))
            told = f"{finding.message}{WAIVED}：{waiver_words(waiver)}。"
            yield from self._item(f"[{word}] {where}：{told}")

    def _item(self, text: str) -> Iterator[str]:
        first, *more = wrapped(" ".join(text.split()), self._width - 4)
        yield f"  {first}"
        yield from (f"    {line}" for line in more)

    def _wrapped(self, text: str) -> list[str]:
        return wrapped(text, self._width)


def _owes_all(unit: UnitEntry) -> bool:
    return unit.state is UnitState.MISSING and not unit.missing


def _left(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - display_width(text)) + text
