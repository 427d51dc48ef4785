"""What the register holds as tables for analysts: a row at a time, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xlgoals.register.register import Forms, Register
from xlgoals.season.units import Units
from xlgoals.season.versions import ReturnedFile, Standing, judge
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, KindName

Record = dict[str, Any]


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


def export(register: Register, what: What, *, history: bool = False) -> Export:
    """The table asked for: of what counts, or with ``history`` of all that was ever read.

    Forms have the keys of :class:`xlgoals.GoalForm`, indicators included, and where they were
    read. Raises RegisterError, also while the records are read.
    """
    exporter = _Exporter(register, history)
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
    def __init__(self, register: Register, history: bool) -> None:
        self._register, self._history = register, history
        self._heads = register.form_heads(every_round=True)
        returned = register.returned(every_round=True)
        self._files = [ReturnedFile(file.path, file) for file in returned]
        self._standing = {key: self._judged(files) for key, files in self._seasons().items()}

    def _seasons(self) -> dict[tuple[Any, ...], list[ReturnedFile]]:
        """The files of each layout, year and round: versions never replace others of another."""
        found: dict[tuple[Any, ...], list[ReturnedFile]] = {}
        for file in self._files:
            if file.returned.submission is not None and file.returned.current:
                found.setdefault(_season(file), []).append(file)
        return found

    def _judged(self, files: list[ReturnedFile]) -> Standing:
        return judge(files, self._heads, Units(()))

    def _counts(self, file: ReturnedFile, position: int | None = None) -> bool:
        """Whether a form of a file counts; without a position, whether anything of it does."""
        standing = self._standing.get(_season(file))
        if standing is None or not file.returned.current or file.path in standing.duplicates:
            return False
        submission = file.returned.submission or 0
        if position is not None:
            return (submission, position) not in standing.replaced
        heads = self._heads.get(submission, ())
        return any((submission, head.position) not in standing.replaced for head in heads)

    def _wanted(self) -> list[ReturnedFile]:
        """Every file that was read and is wanted at all."""
        return [
            file
            for file in self._files
            if file.returned.submission is not None
            and (self._history or self._counts(file) or self._is_rejected(file))
        ]

    def _read(self) -> Iterator[tuple[ReturnedFile, Forms]]:
        files = self._wanted()
        yield from zip(files, self._register.forms(_submissions(files)), strict=True)

    def _is_rejected(self, file: ReturnedFile) -> bool:
        return file.returned.current and not self._heads.get(file.returned.submission or 0)

    def _forms(self) -> Iterator[tuple[Record, Record]]:
        """Where each form stands, and what it says."""
        for file, forms in self._read():
            for position, (sheet, values) in enumerate(forms):
                counts = self._counts(file, position)
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
        files = self._wanted()
        for file, rows in zip(files, self._register.findings(_submissions(files)), strict=True):
            heads = self._heads.get(file.returned.submission or 0, ())
            positions = {head.sheet: head.position for head in heads}
            for row in rows:
                counts = self._counts(file, positions.get(row["sheet"]))
                if counts or self._history or not heads:
                    place = {"round": file.returned.round, "file": file.path}
                    said = {key: row[key] for key in ("sheet", *_FINDING)}
                    related = json.loads(row["related"])
                    yield {**place, **said, "counts": counts, "related": related}

    def files(self) -> Iterator[Record]:
        for file in self._files:
            said = file.returned
            if said.current or self._history:
                yield {
                    "round": said.round,
                    "file": file.path,
                    "counts": self._counts(file),
                    "status": said.status,
                    "layout": said.layout,
                    "fiscal_year": said.fiscal_year,
                    "declaring_unit": said.unit,
                    "saved": said.saved,
                    "modified": said.modified.isoformat() if said.modified else None,
                    "problem": said.problem,
                    "digest": said.digest or None,
                }


def _submissions(files: Sequence[ReturnedFile]) -> list[int]:
    return [file.returned.submission or 0 for file in files]


def _season(file: ReturnedFile) -> tuple[Any, ...]:
    return file.returned.round, file.returned.layout, file.returned.fiscal_year
