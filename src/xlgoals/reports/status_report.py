"""``status``: who has returned, what is wrong, what is missing; as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from xlgoals import codes
from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.language import Message, _, counted, noted, sentences, spoken
from xlgoals.reports.json_report import SCHEMA_VERSION, finding_record
from xlgoals.reports.text_report import WIDTH, severity_counts
from xlgoals.season.figures import Figures
from xlgoals.season.model import FileEntry, FileState, Season, UnitEntry, UnitState, Waiver
from xlgoals.season.words import BY_FILE_NAME, FILE_WORDS, LATE, NO_UNIT, waiver_words
from xlgoals.text import display_width, wrapped

State = TypeVar("State", FileState, UnitState)
_GAP = 2  # columns between columns
_NUMBERS = (noted("文件"), noted("项目"), noted("缺报"), noted("错误"), noted("提醒"))
_NUMBER_WIDTH, _STATE_WIDTH = 4, 8  # at least
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
        self._codes = codes.SHARED | {rule.code.id: rule.code for rule in season.layout.rules}

    def head(self) -> Iterator[str]:
        season, figures = self._season, self._figures
        yield _(
            "{layout}（{year}）报送情况{deadline}",
            layout=season.layout.name,
            year=_year_and_round(season),
            deadline=_deadline(season),
        )
        units = _states(figures.units, figures.unit_words)
        yield from self._wrapped(_listed(_("单位{count}个", count=len(season.units)), units))
        files = _states(figures.files, FILE_WORDS)
        if figures.late_files:
            late = counted("其中逾期{count}个", figures.late_files)
            files = _("{states}；{late}", states=files, late=late)
        yield from self._wrapped(_listed(_("文件{count}个", count=len(season.files)), files))
        total = figures.total
        yield from self._wrapped(
            _(
                "项目{forms}个，指标{indicators}条，金额{amount}元。",
                forms=total.forms,
                indicators=total.indicators,
                amount=f"{total.amount:,.2f}",
            )
        )

    def units(self) -> Iterator[str]:
        """One line a unit, or more where its name is long."""
        if not self._season.units:
            return
        titles = [_(title) for title in _NUMBERS]
        late, words = _(LATE), {key: _(word) for key, word in self._figures.unit_words.items()}
        self._state_width = max(_STATE_WIDTH, *map(display_width, words.values()))
        self._number_widths = [max(_NUMBER_WIDTH, display_width(title)) for title in titles]
        room = self._width - self._state_width - sum(self._number_widths)
        room -= (len(titles) + 2) * _GAP + display_width(late)
        yield from self._line([_("单位")], _("状态"), titles, "", room)
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
            name = wrapped(" ".join(f"{unit.code or ''} {unit.name or _(NO_UNIT)}".split()), room)
            mark = late if unit.late else ""
            yield from self._line(name, words[unit.state], shown, mark, room)

    def _line(
        self, name: Sequence[str], state: str, numbers: Sequence[str], late: str, room: int
    ) -> Iterator[str]:
        first, *more = name
        gap = " " * _GAP
        cells = [_left(first, room), _left(state, self._state_width)]
        cells += map(_right, numbers, self._number_widths)
        yield gap.join([*cells, late]).rstrip()
        yield from (f"{gap}{line}" for line in more)

    def missing(self) -> Iterator[str]:
        """Who has still to return what."""
        late = [unit for unit in self._season.units if unit.missing or _owes_all(unit)]
        if late:
            yield _("还没有报送：")
        for unit in late:
            name = unit.name
            if unit.contact:
                name = _("{unit}（联系人：{contact}）", unit=name, contact=unit.contact)
            what = _("、").join(unit.missing) or _("全部")
            yield from self._item(_("{unit}：{what}", unit=name, what=what))

    def files(self) -> Iterator[str]:
        """Every file of which there is something to say."""
        told = [file for file in self._season.files if file.state in _TOLD]
        if told:
            yield _("需要留意的文件：")
        for state in _TOLD:
            for file in told:
                if file.state is state:
                    yield from self._item(f"[{_(FILE_WORDS[state])}] {self._why(file)}")

    def _why(self, file: FileEntry) -> str:
        """The file with the reason, and where it goes back with how much is wrong in it."""
        counts = ""
        if file.state is FileState.ERRORS:
            counts = severity_counts({each: file.counts.of(each) for each in Severity})
        told = _("；").join(part for part in (counts, self._reason(file)) if part)
        return _("{file}：{problem}", file=file.path, problem=told) if told else file.path

    def _reason(self, file: FileEntry) -> str:
        """Why a file is not accepted; of one that was rejected, its finding says so."""
        if file.state is FileState.REJECTED and file.findings:
            first = file.findings[0]
            told = first.message + first.hint
            if file.reason.startswith(told):
                rest = Message.recalled(BY_FILE_NAME, file.reason.removeprefix(told))
                return sentences(*self._words(first), *filter(None, [spoken(rest)]))
        return spoken(file.reason)

    def between(self) -> Iterator[str]:
        """What only shows between files."""
        found = [item for item in self._season.findings if item not in self._season.waived]
        if found:
            yield _("文件之间的问题：")
        for finding in found:
            yield from self._finding(finding, finding.file, sentences(*self._words(finding)))

    def waived(self) -> Iterator[str]:
        """What finance accepts all the same."""
        if self._season.waived:
            yield _("已豁免的问题（{count}处）：", count=len(self._season.waived))
        for finding, waiver in self._season.waived.items():
            place = finding.sheet or ""
            place += f"!{finding.cell}" if finding.cell else ""
            where = " ".join(filter(None, (finding.file, place)))
            why = _("已豁免：{why}。", why=spoken(waiver_words(waiver)))
            yield from self._finding(finding, where, sentences(self._words(finding)[0], why))

    def _words(self, finding: Finding) -> tuple[str, str]:
        """What is wrong and what to do; what comes out of the register knows only the text."""
        message, hint = finding.message, finding.hint
        if code := self._codes.get(finding.code):
            message = Message.recalled(code.message, message)
            hint = Message.recalled(code.hint, hint)
        return spoken(message), spoken(hint)

    def _finding(self, finding: Finding, where: str, told: str) -> Iterator[str]:
        word = _(SEVERITY_WORDS[finding.severity])
        yield from self._item(f"[{word}] {_('{file}：{problem}', file=where, problem=told)}")

    def _item(self, text: str) -> Iterator[str]:
        first, *more = wrapped(" ".join(text.split()), self._width - 4)
        yield f"  {first}"
        yield from (f"    {line}" for line in more)

    def _wrapped(self, text: str) -> list[str]:
        return wrapped(text, self._width)


def _year_and_round(season: Season) -> str:
    year = _("{year}年度", year=season.fiscal_year)
    return _("，").join(filter(None, (year, season.round)))


def _deadline(season: Season) -> str:
    if season.deadline is None:
        return ""
    return _("，截止{deadline}", deadline=f"{season.deadline:%Y-%m-%d %H:%M}")


def _states(found: Mapping[State, int], words: Mapping[State, str]) -> str:
    """How many there are in each state, of those in which there are any."""
    counts = ((_(words[state]), count) for state, count in found.items() if count)
    return _("，").join(_("{state}{count}个", state=word, count=count) for word, count in counts)


def _listed(what: str, parts: str) -> str:
    return _("{what}：{parts}。", what=what, parts=parts) if parts else _("{what}。", what=what)


def _owes_all(unit: UnitEntry) -> bool:
    return unit.state is UnitState.MISSING and not unit.missing


def _left(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - display_width(text)) + text
