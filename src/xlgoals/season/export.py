"""What the register holds as tables for analysts: a row at a time, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from xlgoals.register.register import FormHead, Register
from xlgoals.season.model import RosterRow
from xlgoals.season.units import Unit, Units
from xlgoals.season.versions import ReturnedFile, judge
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, KindName

T = TypeVar("T")
Record = dict[str, Any]
_SeasonKey = tuple[str | None, str | None, int | None]
_Read = tuple[ReturnedFile, Sequence[FormHead], T]
_FEW = 100  # units or files that are in memory at a time


class What(StrEnum):
    """What a row stands for."""

    FORMS = "forms"
    INDICATORS = "indicators"
    FINDINGS = "findings"
    FILES = "files"


@dataclass(frozen=True)
class Column:
    """One column: its key for programs, its title for people, and what it holds.

    That is the kind of a field, a whole number, or the ISO text of a time.
    """

    key: str
    title: str
    kind: str = KindName.TEXT


@dataclass(frozen=True)
class Export:
    """A table: values are text, int, Decimal, date, bool or None; records may hold more keys."""

    columns: tuple[Column, ...]
    records: Iterator[Record]


INTEGER, TIME = "integer", "time"

_PLACE = {"round": "轮次", "file": "文件", "sheet": "工作表", "counts": "是否采用"}
_IDENTITY = {"layout": "表样", "fiscal_year": "年度"}
_TARGET = {"target": "指标目标值", "operator": "计算符号", "number": "数值", "unit": "单位"}
_FINDING = {
    "cell": "单元格",
    "field": "填写项代码",
    "label": "填写项",
    "code": "问题代码",
    "severity": "级别",
    "layer": "层次",
    "message": "说明",
    "value": "所填内容",
    "expected": "应为",
    "hint": "怎么办",
}
_FILE = {
    "round": "轮次",
    "file": "文件",
    "counts": "是否采用",
    "status": "读取结果",
    **_IDENTITY,
    "declaring_unit": "申报单位名称",
    "saved": "保存时间",
    "modified": "文件修改时间",
    "problem": "问题代码",
    "digest": "内容摘要",
}
# What columns hold that is no text.
_KINDS: dict[str, str] = {
    "counts": KindName.YES_NO,
    "fiscal_year": INTEGER,
    "position": INTEGER,
    "number": KindName.NUMBER,
    "modified": TIME,
    **{key: term.kind for key, term in {**FORM_TERMS, **INDICATOR_TERMS, **COLUMN_TERMS}.items()},
}


def export(
    register: Register, what: What, *, history: bool = False, roster: Sequence[RosterRow] = ()
) -> Export:
    """The table asked for: of what counts, or with ``history`` of all that was ever read.

    What counts may hang on the ``roster``: under which names a unit returned the same project.
    Forms have the keys of :class:`xlgoals.GoalForm`, indicators included, and where they were
    read. Raises RegisterError, also while the records are read.
    """
    exporter = _Exporter(register, history, Units(roster))
    own_kinds = register.own_kinds()
    terms = {key: term.zh for key, term in FORM_TERMS.items()}
    makers: dict[What, tuple[Mapping[str, str], Callable[[], Iterator[Record]]]] = {
        What.FORMS: (
            {**_PLACE, **_IDENTITY, **terms, **{key: key for key in own_kinds}},
            exporter.forms,
        ),
        What.INDICATORS: (
            {
                **_PLACE,
                **_IDENTITY,
                "declaring_unit": terms["declaring_unit"],
                "project_name": terms["project_name"],
                "position": "序号",
                **{key: term.zh for key, term in INDICATOR_TERMS.items()},
                **_TARGET,
                **{key: term.zh for key, term in COLUMN_TERMS.items()},
            },
            exporter.indicators,
        ),
        What.FINDINGS: ({**_PLACE, **_FINDING}, exporter.findings),
        What.FILES: (_FILE, exporter.files),
    }
    titles, records = makers[what]
    kinds = {**own_kinds, **_KINDS}
    columns = (Column(*item, kinds.get(item[0], KindName.TEXT)) for item in titles.items())
    return Export(tuple(columns), records())


class _Exporter:
    """Goes through the register a few files at a time; of what does not count it keeps the ids."""

    def __init__(self, register: Register, history: bool, units: Units) -> None:
        self._register, self._history, self._units = register, history, units
        self._replaced: set[tuple[_SeasonKey, int, int]] = set()
        self._duplicates: set[tuple[_SeasonKey, str]] = set()
        for names in _batched(register.returned_units(), units):
            self._judge([ReturnedFile(file.path, file) for file in register.returned_by(names)])

    def _judge(self, files: Sequence[ReturnedFile]) -> None:
        """Note what does not count of the files of some units, which are all of these units.

        Versions never replace others of another layout, year or round.
        """
        seasons: dict[_SeasonKey, list[ReturnedFile]] = {}
        for file in files:
            if file.returned.current:
                seasons.setdefault(_season(file), []).append(file)
        heads = self._register.form_heads_of(_submissions(files))
        for season, found in seasons.items():
            standing = judge(found, heads, self._units)
            self._replaced.update((season, *form) for form in standing.replaced)
            self._duplicates.update((season, path) for path in standing.duplicates)

    def _counts(self, file: ReturnedFile, heads: Sequence[FormHead], at: int | None = None) -> bool:
        """Whether a form of a file counts; without a position, whether anything of it does."""
        season, submission = _season(file), file.returned.submission or 0
        if not file.returned.current or (season, file.path) in self._duplicates:
            return False
        if at is not None:
            return (season, submission, at) not in self._replaced
        return any((season, submission, head.position) not in self._replaced for head in heads)

    def _every_file(self) -> Iterator[tuple[ReturnedFile, Sequence[FormHead]]]:
        """Every file that is wanted at all, with the heads of its forms."""
        every = (ReturnedFile(file.path, file) for file in self._register.every_returned())
        while files := list(islice(every, _FEW)):
            heads = self._register.form_heads_of(_submissions(files))
            for file in files:
                if file.returned.current or self._history:
                    yield file, heads.get(file.returned.submission or 0, ())

    def _read(self, content: Callable[[Sequence[int]], Iterator[T]]) -> Iterator[_Read[T]]:
        """Every file that was read and is wanted, with the heads of its forms and its content."""
        wanted = (
            (file, heads)
            for file, heads in self._every_file()
            if file.returned.submission is not None
            and (self._history or not heads or self._counts(file, heads))
        )
        while some := list(islice(wanted, _FEW)):
            contents = content(_submissions([file for file, _ in some]))
            for (file, heads), found in zip(some, contents, strict=True):
                yield file, heads, found

    def _forms(self) -> Iterator[tuple[Record, Record]]:
        """Where each form stands, and what it says."""
        for file, heads, forms in self._read(self._register.forms):
            for position, (sheet, values) in enumerate(forms):
                counts = self._counts(file, heads, position)
                if counts or self._history:
                    place = {"round": file.returned.round, "file": file.path, "sheet": sheet}
                    yield {**place, "counts": counts}, values

    def forms(self) -> Iterator[Record]:
        for place, values in self._forms():
            yield {**place, **values}

    def indicators(self) -> Iterator[Record]:
        for place, values in self._forms():
            keys = ("layout", "fiscal_year", "declaring_unit", "project_name")
            form = {key: values.get(key) for key in keys}
            for position, indicator in enumerate(values["indicators"], start=1):
                target = indicator["target"] or {}
                yield {
                    **place,
                    **form,
                    "position": position,
                    **{key: indicator[key] for key in INDICATOR_TERMS},
                    "target": target.get("text"),
                    **{key: target.get(key) for key in ("operator", "number", "unit")},
                    **{key: indicator.get(key) for key in COLUMN_TERMS},
                }

    def findings(self) -> Iterator[Record]:
        for file, heads, rows in self._read(self._register.findings):
            positions = {head.sheet: head.position for head in heads}
            for row in rows:
                counts = self._counts(file, heads, positions.get(row["sheet"]))
                if counts or self._history or not heads:
                    place = {"round": file.returned.round, "file": file.path}
                    said = {key: row[key] for key in ("sheet", *_FINDING)}
                    related = json.loads(row["related"])
                    yield {**place, **said, "counts": counts, "related": related}

    def files(self) -> Iterator[Record]:
        for file, heads in self._every_file():
            said = file.returned
            yield {
                "round": said.round,
                "file": file.path,
                "counts": self._counts(file, heads),
                "status": said.status,
                "layout": said.layout,
                "fiscal_year": said.fiscal_year,
                "declaring_unit": said.unit,
                "saved": said.saved,
                "modified": said.modified.isoformat() if said.modified else None,
                "problem": said.problem,
                "digest": said.digest or None,
            }


def _batched(names: Sequence[str | None], units: Units) -> Iterator[list[str | None]]:
    """The names of units, some at a time; one that goes by several is never parted."""
    same: dict[Unit | None, list[str | None]] = {}
    for name in names:
        same.setdefault(units.of(name), []).append(name)
    called = iter(same.values())
    while some := list(islice(called, _FEW)):
        yield [name for names in some for name in names]


def _submissions(files: Sequence[ReturnedFile]) -> list[int]:
    return [key for file in files if (key := file.returned.submission) is not None]


def _season(file: ReturnedFile) -> _SeasonKey:
    return file.returned.round, file.returned.layout, file.returned.fiscal_year
