"""The forms of the year before: what new ones are prefilled with."""

from __future__ import annotations

import json
import pickle
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from xlgoals.campaign.carry import PROJECT
from xlgoals.campaign.model import Campaign, CampaignError
from xlgoals.importer.recognise import Wanted
from xlgoals.language import Message, enumerated
from xlgoals.layouts import (
    Layout,
    LayoutError,
    UnknownLayoutError,
    layout_ids,
    load_layout,
    related_layouts,
)
from xlgoals.register import Register, RegisterError, open_register
from xlgoals.register.register import Returned
from xlgoals.season.build import Asked, NothingReadError
from xlgoals.season.collect import Progress, consolidate, registered
from xlgoals.season.model import RosterRow
from xlgoals.text import label_key

NO_UNIT_NAME = ""  # under which forms stand that name no unit
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Earlier:
    """One project's form in the version that counted."""

    layout: str
    year: int
    project: str
    errors: int  # that nobody mended or waived
    digest: str  # of the record
    packed: bytes  # the record: those of a whole year are in memory together

    @classmethod
    def of(cls, layout: str, year: int, values: Mapping[str, Any], errors: int) -> Earlier:
        """Keep the record of a form that has a project's name."""
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
        digest = sha256(text.encode("utf-8", "replace")).hexdigest()
        packed = zlib.compress(pickle.dumps(dict(values)), level=1)
        return cls(layout, year, str(values[PROJECT]), errors, digest, packed)

    @property
    def values(self) -> dict[str, Any]:
        """The record of the form."""
        values: dict[str, Any] = pickle.loads(zlib.decompress(self.packed))  # noqa: S301 - our own
        return values


@dataclass(frozen=True)
class Previous:
    """All forms of a year, by unit and by project."""

    year: int | None = None
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Earlier]] = field(default_factory=dict)

    def of(self, unit: str, project: str) -> Earlier | None:
        """The form of the same-named project."""
        return self.forms.get(unit, {}).get(label_key(project))

    def projects(self, unit: str) -> tuple[str, ...]:
        """What a unit's projects were called."""
        return tuple(form.project for form in self.forms.get(unit, {}).values())


def read_previous(
    campaign: Campaign,
    roster: Sequence[RosterRow],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Previous:
    """Read what the campaign calls previous: a register, or returned workbooks in a folder.

    Raises CampaignError where it cannot be had, or where it does not say which year or round.
    """
    if campaign.previous is None:
        return Previous()
    try:
        with _opened(campaign, campaign.previous, jobs, progress) as (register, round_):
            return _forms(campaign, roster, register, round_)
    except (RegisterError, NothingReadError, UnknownLayoutError, LayoutError) as error:
        raise _error(campaign, error) from error


@contextmanager
def _opened(
    campaign: Campaign, place: str, jobs: int | None, progress: Progress | None
) -> Iterator[tuple[Register, str | None]]:
    if not Path(place).is_dir() and Path(place).suffix.lower() not in _WORKBOOKS:
        if "://" not in place and not Path(place).is_file():
            raise _error(campaign, Message("没有“{place}”这个登记库或文件夹", place=place))
        with open_register(place, must_exist=True) as register:
            yield register, _round(campaign, register)
        return
    with (
        tempfile.TemporaryDirectory(prefix="xlgoals-") as folder,
        open_register(str(Path(folder, "previous.db"))) as register,
    ):
        own = tuple(_own_layouts(campaign).values())
        with suppress(NothingReadError):  # then there is no year either
            consolidate([place], register=register, others=own, jobs=jobs, progress=progress)
        yield register, None


def _round(campaign: Campaign, register: Register) -> str | None:
    """The round to look into: the one named, else what belongs to none, else the only one."""
    rounds = {file.round for file in register.every_returned()}
    if campaign.previous_round:
        if campaign.previous_round not in rounds:
            told = Message("登记库里没有“{round}”这一轮", round=campaign.previous_round)
            raise _error(campaign, told)
        return campaign.previous_round
    if None in rounds:
        return None
    if len(rounds) > 1:
        names = enumerated(sorted(filter(None, rounds)))
        told = Message("登记库里有几轮（{names}），请用 previous_round 写明用哪一轮", names=names)
        raise _error(campaign, told)
    return next(iter(rounds), None)


def _forms(
    campaign: Campaign, roster: Sequence[RosterRow], register: Register, round_: str | None
) -> Previous:
    files = [file for file in register.returned(round_) if file.current and file.layout]
    year = _year(campaign, files)
    # What was filled in on the form that is used now goes before what was on another one.
    names = sorted({str(file.layout) for file in files if file.fiscal_year == year})
    names.sort(key=lambda name: name == campaign.layout.id)
    layouts = {name: _named(name, campaign) for name in names}
    forms: dict[str, dict[str, Earlier]] = {}
    for layout in layouts.values():
        asked = Asked(Wanted(layout, year), round_, tuple(roster))
        for form in registered(register, asked).forms:
            if form.project:
                of_unit = forms.setdefault(form.unit or NO_UNIT_NAME, {})
                earlier = Earlier.of(layout.id, year, form.values, form.counts.errors)
                of_unit[label_key(form.project)] = earlier
    return Previous(year, layouts, forms)


def _own_layouts(campaign: Campaign) -> dict[str, Layout]:
    """The layouts that only the campaign knows, by id: earlier forms may be of any."""
    named = (campaign.previous_layout, campaign.layout, *related_layouts(campaign.layout))
    own: dict[str, Layout] = {}
    for layout in named:
        if layout and layout.id not in layout_ids():
            own.setdefault(layout.id, layout)
    return own


def _named(name: str, campaign: Campaign) -> Layout:
    if name == campaign.layout.id and campaign.previous_layout is None:
        return campaign.layout
    if name in layout_ids():
        return load_layout(name)
    own = _own_layouts(campaign)
    if name not in own:
        told = Message(
            "“{place}”里的表用的是表样“{layout}”；请用 previous_layout 写明它的文件",
            place=campaign.previous,
            layout=name,
        )
        raise _error(campaign, told)
    return own[name]


def _year(campaign: Campaign, files: Sequence[Returned]) -> int:
    """The year named, else the last one before the campaign's."""
    years = {file.fiscal_year for file in files if file.fiscal_year}
    wanted = campaign.previous_year
    if wanted is not None and wanted > campaign.fiscal_year:
        told = Message(
            "previous_year 是 {wanted} 年，晚于 {year} 年度",
            wanted=wanted,
            year=campaign.fiscal_year,
        )
        raise _error(campaign, told)
    if not years:
        nothing = Message(
            "“{place}”里没有读出任何一张表；"
            "如果用的是自己的表样，请用 previous_layout 写明它的文件",
            place=campaign.previous,
        )
        raise _error(campaign, nothing)
    found = [
        year
        for year in years
        if (year == wanted if wanted is not None else year < campaign.fiscal_year)
    ]
    if not found:
        details = {
            "place": campaign.previous,
            "year": wanted or campaign.fiscal_year,
            "there": enumerated(map(str, sorted(years))),
        }
        if wanted:
            told = Message("“{place}”里没有 {year} 年度的表，只有 {there} 年度的", **details)
        else:
            told = Message("“{place}”里没有 {year} 年度以前的表，只有 {there} 年度的", **details)
        raise _error(campaign, told)
    return max(found)


def _error(campaign: Campaign, problem: object) -> CampaignError:
    return CampaignError(
        Message("{file}：previous：{problem}", file=campaign.file, problem=problem)
    )
