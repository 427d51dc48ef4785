"""The roster: who must return what, out of a CSV file or a workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike

from xlgoals.cells import Cell, CellKind
from xlgoals.grid import CellRef
from xlgoals.kinds.amount import AmountKind
from xlgoals.language import Message
from xlgoals.season.listing import Line, Listing, ListingError
from xlgoals.season.model import RosterRow
from xlgoals.text import label_key, stored

CODE, NAME, CONTACT, PROJECT = "unit_code", "unit_name", "contact", "project_name"
ALIASES, PRIOR_EXECUTION = "unit_aliases", "prior_execution"
# Each column under its two names; the first four must be there.
HEADERS = {
    CODE: "单位代码",
    NAME: "单位名称",
    CONTACT: "联系人",
    PROJECT: "项目名称",
    ALIASES: "单位别名",
    PRIOR_EXECUTION: "上年预算执行数",
}
_REQUIRED = (CODE, NAME, CONTACT, PROJECT)
_BETWEEN_ALIASES = re.compile("[、;；]")
_ANYWHERE = CellRef(1, 1)


class RosterError(ListingError):
    """A file that is no roster, or one that contradicts itself; the text says where and why."""


def read_roster(path: str | PathLike[str]) -> tuple[RosterRow, ...]:
    """Read a roster: a workbook by its first sheet that holds anything, all else as CSV.

    Raises RosterError, which names line and column, and OSError where the file cannot be read.
    """
    return _Reader(Listing(path, HEADERS, _REQUIRED, RosterError)).rows()


@dataclass(frozen=True)
class RosterProblem:
    """A unit whose lines cannot be used, and why."""

    unit: str
    reason: str


def survey_roster(
    path: str | PathLike[str],
) -> tuple[tuple[RosterRow, ...], tuple[RosterProblem, ...]]:
    """The units of a roster that can be used, and those that contradict themselves or others.

    Raises RosterError where nothing can be used, and for a line without a unit's name; OSError
    where the file cannot be read.
    """
    return _Reader(Listing(path, HEADERS, _REQUIRED, RosterError)).survey()


class _Reader:
    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._units: dict[str, tuple[RosterRow, int]] = {}  # by name
        self._known: dict[str, tuple[str, int]] = {}  # unit and line, by code, name and alias
        self._projects: dict[tuple[str, str], int] = {}

    def rows(self) -> tuple[RosterRow, ...]:
        rows = [self._row(line) for line in self._listing.lines]
        if not rows:
            raise RosterError(Message("{file}：只有表头，没有单位", file=self._listing.file))
        return tuple(rows)

    def survey(self) -> tuple[tuple[RosterRow, ...], tuple[RosterProblem, ...]]:
        """What is sound, and what is not: a unit is left out with all of its lines."""
        rows, problems = [], dict[str, str]()
        for line in self._listing.lines:
            try:
                rows.append(self._row(line))
            except RosterError as error:
                name = self._listing.texts(line)[NAME]
                if not name:
                    raise
                problems.setdefault(name, Message("{error}", error=error))
        if not self._listing.lines:
            raise RosterError(Message("{file}：只有表头，没有单位", file=self._listing.file))
        sound = tuple(row for row in rows if row.name not in problems)
        return sound, tuple(RosterProblem(*problem) for problem in problems.items())

    def _row(self, line: Line) -> RosterRow:
        texts = self._listing.texts(line)
        name = texts[NAME]
        if not name:
            raise self._listing.problem(
                line, NAME, Message("单位名称没有填写；同一单位的每一行都要填写")
            )
        row = RosterRow(
            code=texts[CODE] or None,
            name=name,
            contact=texts[CONTACT] or None,
            project=texts[PROJECT] or None,
            aliases=_aliases(texts.get(ALIASES, "")),
            prior_execution=self._amount(line, texts.get(PRIOR_EXECUTION, "")),
        )
        self._check_unit(line, row)
        self._check_project(line, row)
        return row

    def _amount(self, line: Line, text: str) -> Decimal | None:
        if not text:
            return None
        reading = AmountKind().parse(Cell(_ANYWHERE, CellKind.TEXT, text, None, "@"), text, False)
        if not isinstance(reading.value, Decimal):
            problem = Message("“{text}”不是以元为单位的金额；没有的请留空", text=text)
            raise self._listing.problem(line, PRIOR_EXECUTION, problem)
        return reading.value

    def _check_unit(self, line: Line, row: RosterRow) -> None:
        """One code and one name are one unit, wherever they stand."""
        first, number = self._units.setdefault(row.name, (row, line.number))
        if row.code != first.code:
            problem = Message(
                "“{unit}”在第{line}行的代码是“{code}”，这里不同；"
                "同一个单位请写同一个代码，两个单位同名的请在名称里区分开",
                unit=row.name,
                line=number,
                code=first.code or Message("（空白）"),
            )
            raise self._listing.problem(line, CODE, problem)
        for key, text in ((CODE, row.code), (NAME, row.name), *((ALIASES, a) for a in row.aliases)):
            if text is None:
                continue
            known = f"{key == CODE}{label_key(text)}"
            unit, number = self._known.setdefault(known, (row.name, line.number))
            if unit != row.name:
                problem = Message(
                    "“{text}”在第{line}行已经是另一个单位“{unit}”的",
                    text=text,
                    line=number,
                    unit=unit,
                )
                raise self._listing.problem(line, key, problem)

    def _check_project(self, line: Line, row: RosterRow) -> None:
        key = (row.name, label_key(row.project or ""))
        number = self._projects.setdefault(key, line.number)
        if number != line.number:
            what = Message("没有项目的一行")
            if row.project:
                what = Message("项目“{project}”", project=row.project)
            problem = Message(
                "“{unit}”的{what}与第{line}行重复", unit=row.name, what=what, line=number
            )
            raise self._listing.problem(line, PROJECT, problem)


def _aliases(text: str) -> tuple[str, ...]:
    parts = (stored(part) for part in _BETWEEN_ALIASES.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))
