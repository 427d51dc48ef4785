"""Who gets which workbook: the roster and the year before, put together unit by unit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from xlgoals.campaign.carry import PRIOR_BUDGET, PRIOR_EXECUTION, Carry
from xlgoals.campaign.model import Campaign
from xlgoals.campaign.names import clashes, workbook_name
from xlgoals.campaign.previous import NO_UNIT_NAME, Earlier, Previous
from xlgoals.language import Message, enumerated
from xlgoals.layouts import Layout
from xlgoals.season.model import RosterRow
from xlgoals.season.roster import RosterProblem
from xlgoals.season.units import Unit, Units
from xlgoals.text import label_key


@dataclass(frozen=True)
class Project:
    """One project sheet to be."""

    name: str
    earlier: Earlier | None  # the form of the same-named project
    prior_execution: Decimal | None  # by the roster: nobody else knows it


@dataclass(frozen=True)
class Job:
    """One workbook to be."""

    unit: str
    name: str  # the path within the outbox
    projects: tuple[Project, ...]


@dataclass(frozen=True)
class Terms:
    """What all workbooks of a campaign have in common."""

    layout: Layout
    fiscal_year: int
    earlier_layouts: Mapping[str, Layout]
    carry: Carry
    source: str  # what is carried over, as the filler calls it
    notes: tuple[str, ...]  # lines of the guide
    password: str | None

    @cached_property
    def digest(self) -> str:
        """A fingerprint of all of it."""
        layouts = [self.layout, *self.earlier_layouts.values()]
        said = (
            *(replace(layout, source=None) for layout in layouts),
            *(self.fiscal_year, sorted(self.carry.fields), self.carry.indicators),
            *(self.source, self.notes, self.password),
        )
        return sha256(repr(said).encode("utf-8", "replace")).hexdigest()

    def digest_of(self, job: Job) -> str:
        """A fingerprint of all that a workbook is made of."""
        said = [
            (project.name, project.prior_execution, project.earlier and _plain(project.earlier))
            for project in job.projects
        ]
        text = json.dumps([self.digest, job.unit, said], ensure_ascii=False, default=str)
        return sha256(text.encode("utf-8", "replace")).hexdigest()


def _plain(earlier: Earlier) -> tuple[object, ...]:
    return earlier.layout, earlier.year, earlier.errors, earlier.digest


@dataclass(frozen=True)
class Refused:
    """A unit that gets no workbook, and why."""

    unit: str
    reason: str


@dataclass(frozen=True)
class Planned:
    """What is to be done."""

    jobs: tuple[Job, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]  # what finance should look at, though nothing is wrong


def terms_of(campaign: Campaign, previous: Previous, password: str | None) -> Terms:
    """What the campaign says of all workbooks."""
    notes = []
    if campaign.deadline:
        day = campaign.deadline
        notes.append(f"报送截止日期：{day.year}年{day.month}月{day.day}日")
    if campaign.contact:
        notes.append(f"联系人：{campaign.contact}")
    return Terms(
        layout=campaign.layout,
        fiscal_year=campaign.fiscal_year,
        earlier_layouts=previous.layouts,
        carry=campaign.carry,
        source=_source(campaign, previous),
        notes=tuple(notes),
        password=password,
    )


def _source(campaign: Campaign, previous: Previous) -> str:
    if previous.year == campaign.fiscal_year:
        return campaign.previous_round or Message("上一轮")
    if _is_gap(campaign, previous):
        return Message("{year}年", year=previous.year)
    return Message("上年")


def _is_gap(campaign: Campaign, previous: Previous) -> bool:
    """Whether the earlier forms are older than the year before."""
    return previous.year is not None and previous.year < campaign.fiscal_year - 1


def plan_jobs(
    campaign: Campaign,
    rows: Sequence[RosterRow],
    problems: Sequence[RosterProblem],
    previous: Previous,
) -> Planned:
    """Put roster and previous forms together; what cannot be is refused unit by unit."""
    units = Units(rows).listed
    spent = {(row.name, label_key(row.project or "")): row.prior_execution for row in rows}
    names = {unit.name: workbook_name(campaign, unit) for unit in units}
    same = clashes(list(names.values()))
    refused = [Refused(problem.unit, problem.reason) for problem in problems]
    jobs = []
    for unit in units:
        if not unit.projects:
            refused.append(Refused(unit.name, _no_project(unit, previous)))
        elif names[unit.name] in same:
            told = Message(
                "文件名“{name}”与其他单位的相同；请在 pattern 里加上 {place}",
                name=names[unit.name],
                place="{code}",
            )
            refused.append(Refused(unit.name, told))
        else:
            jobs.append(_job(unit, names[unit.name], spent, previous))
    refused += _unknown(campaign, rows, problems, previous)
    return Planned(tuple(jobs), tuple(refused), tuple(_notes(campaign, rows, previous)))


def _job(
    unit: Unit, name: str, spent: Mapping[tuple[str, str], Decimal | None], previous: Previous
) -> Job:
    projects = tuple(
        Project(project, previous.of(unit.name, project), spent[unit.name, label_key(project)])
        for project in unit.projects
    )
    return Job(unit.name, name, projects)


def _no_project(unit: Unit, previous: Previous) -> str:
    known = previous.projects(unit.name)
    if not known:
        return Message("名册里没有写项目，请在“项目名称”列补上")
    return Message(
        "名册里没有写项目，请在“项目名称”列补上；以前报过：{projects}",
        projects=enumerated(known),
    )


def _unknown(
    campaign: Campaign,
    rows: Sequence[RosterRow],
    problems: Sequence[RosterProblem],
    previous: Previous,
) -> Iterator[Refused]:
    """Units that declared something and are gone, and those that nobody has heard of."""
    known = {row.name for row in rows} | {problem.unit for problem in problems}
    units = Units(rows)
    closed = {label_key(name): name for name in campaign.closed}
    gone = {label_key(name): name for name in previous.forms if name and name not in known}
    for key, name in gone.items():
        if key not in closed:
            like = units.closest(name)
            yield Refused(name, _gone(like))
    for key, name in closed.items():
        if key in {label_key(unit) for unit in known}:
            told = Message("写在 closed 里，但仍在名册里；请从其中一处去掉")
            yield Refused(name, told)
        elif key not in gone:
            yield Refused(name, Message("写在 closed 里，但以前没有报过；请核对名称"))


def _gone(like: str | None) -> str:
    if like is None:
        return Message("以前报过，名册里没有；如果不再申报，请写进活动文件的 closed")
    return Message(
        "以前报过，名册里没有；如果就是“{like}”，请把这个名称写进它的“单位别名”；"
        "如果不再申报，请写进活动文件的 closed",
        like=like,
    )


def _notes(campaign: Campaign, rows: Sequence[RosterRow], previous: Previous) -> Iterator[Message]:
    layout = campaign.layout
    if not layout.serves(campaign.fiscal_year):
        yield Message(
            "表样 {layout} 适用于 {years} 年度，不含 {year} 年度。",
            layout=layout.id,
            years=layout.years,
            year=campaign.fiscal_year,
        )
    if campaign.previous is None:
        yield Message("活动文件没有写 previous，因此没有可以沿用的内容。")
    elif PRIOR_BUDGET in layout.fields and _is_gap(campaign, previous):
        yield Message(
            "找到的最近一年是 {year} 年，不是上一年度，因此没有填上年预算额。", year=previous.year
        )
    if any(row.prior_execution is not None for row in rows) and (
        PRIOR_EXECUTION not in layout.fields
    ):
        yield Message("表样没有上年预算执行数一栏，名册里的这一列没有用到。")
    if unnamed := previous.projects(NO_UNIT_NAME):
        named = enumerated(unnamed)
        yield Message("以前有没有填写单位的表，没有用到：{projects}。", projects=named)
    listed: dict[str, set[str]] = {}
    for row in rows:
        listed.setdefault(row.name, set()).add(label_key(row.project or ""))
    for unit, keys in listed.items():
        ended = [name for name in previous.projects(unit) if label_key(name) not in keys]
        if ended and keys != {""}:
            yield Message(
                "{unit}以前报过、名册里没有的项目：{projects}。",
                unit=unit,
                projects=enumerated(ended),
            )
