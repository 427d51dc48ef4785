"""The file of the next campaign, out of the file of this one, comments kept."""

from __future__ import annotations

import os
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from xlgoals.campaign.carry import CHOICES, EVERYTHING, GROUPS, INDICATORS, TEXTS
from xlgoals.campaign.model import CampaignError
from xlgoals.campaign.source import read_campaign
from xlgoals.language import Message

_PATHS = ("roster", "outbox", "inbox", "register")
_CHECK = "请核对"
FIRST_ROUND = "一上"  # of a year, where its rounds have names


def next_campaign(
    path: str | PathLike[str],
    target: Path,
    *,
    year: int | None = None,
    round_: str | None = None,
) -> str:
    """The text of the campaign of another year, or of another round of the same year.

    It is prefilled from what the campaign at ``path`` collects: its register, or else its inbox.
    In a later round everything is carried over. Paths are made relative to ``target``.

    Raises CampaignError where that file is no campaign, or says nowhere what it collects; OSError
    where it cannot be read.
    """
    campaign = read_campaign(path)
    new_year = year or campaign.fiscal_year
    if (new_year, round_ or campaign.round) == (campaign.fiscal_year, campaign.round):
        raise CampaignError(Message("年度和轮次都与原文件相同；请用 --year 或 --round 指明新的"))
    if new_year < campaign.fiscal_year:
        told = Message("{new} 年度早于原文件的 {old} 年度", new=new_year, old=campaign.fiscal_year)
        raise CampaignError(told)
    key = "register" if campaign.register else "inbox"
    if not (campaign.register or campaign.inbox):
        told = Message("{file}：没有写 register 或 inbox，不知道报送的表在哪里", file=campaign.file)
        raise CampaignError(told)
    try:
        said = tomlkit.parse(Path(path).read_text(encoding="utf-8-sig"))
    except TOMLKitError as error:
        raise CampaignError(Message("{file}：不是有效的 TOML", file=campaign.file)) from error
    writer = _Writer(said, campaign.file.parent, target.parent)
    writer.set("previous", writer.moved(str(said[key])))
    writer.set("previous_year", campaign.fiscal_year)
    writer.set("previous_round", campaign.round if key == "register" else None)
    if new_year != campaign.fiscal_year:
        round_ = round_ or (FIRST_ROUND if campaign.round else None)
        writer.start_year(new_year)
    else:
        writer.set("carry", [EVERYTHING])
    writer.set("round", round_)
    writer.shift((campaign.fiscal_year, campaign.round), (new_year, round_))
    return tomlkit.dumps(said)


class _Writer:
    """Changes to the file's keys, each in its place; new ones after the last."""

    def __init__(self, said: TOMLDocument, old: Path, new: Path) -> None:
        self._said, self._old, self._new = said, old, new

    def set(self, key: str, value: Any) -> None:
        """Give a key another value, and take it away for None."""
        if value is None:
            self._said.pop(key, None)
        else:
            self._said[key] = value

    def start_year(self, year: int) -> None:
        """What held for the rounds of a year alone goes."""
        self.set("fiscal_year", year)
        self.set("closed", None)  # they declared nothing in this campaign either
        words = self._said.unwrap().get("carry")
        if words is None or EVERYTHING in {GROUPS.get(word, word) for word in words}:
            self.set("carry", [TEXTS, CHOICES, INDICATORS])
            self._check("carry")

    def moved(self, place: str) -> str:
        """A place, relative to the new file where it was to the old one."""
        if "://" in place or Path(place).is_absolute():
            return place
        return Path(os.path.relpath(self._old / place, self._new)).as_posix()

    def shift(self, old: tuple[int, str | None], new: tuple[int, str | None]) -> None:
        """Paths and deadline of the new campaign: nothing of the old one may be written over."""
        for key in _PATHS:
            if key in self._said:
                self._shift_path(key, old, new)
        if str(self._said["layout"]).endswith((".yaml", ".yml")):
            self._said["layout"] = self.moved(str(self._said["layout"]))
        deadline = self._said.get("deadline")
        if deadline is not None:
            self._shift_deadline(deadline, new[0] - old[0])

    def _shift_path(
        self, key: str, old: tuple[int, str | None], new: tuple[int, str | None]
    ) -> None:
        place = str(self._said[key])
        name = _renamed(place, old, new)
        own = key in ("outbox", "inbox")
        if own and name == place and "://" not in place:
            suffix = new[1] if new[0] == old[0] else str(new[0])
            name = f"{place.rstrip('/')}-{suffix}"
        self._said[key] = self.moved(name)

    def _shift_deadline(self, deadline: Any, years: int) -> None:
        value = date.fromisoformat(deadline) if isinstance(deadline, str) else deadline
        if years and isinstance(value, date | datetime):
            day = 28 if (value.month, value.day) == (2, 29) else value.day
            moved = value.replace(year=value.year + years, day=day)
            self._said["deadline"] = str(moved) if isinstance(deadline, str) else moved
            self._check("deadline")
        else:
            self._said.pop("deadline")

    def _check(self, key: str) -> None:
        """Ask for a look at what was only guessed, beside what is said of it already."""
        item = self._said.item(key)
        assert isinstance(item, Item)  # noqa: S101 - a table in pieces would be none of ours
        said = item.trivia.comment.removeprefix("#").strip()
        item.comment(f"{said}，{_CHECK}" if said else _CHECK)


def _renamed(place: str, old: tuple[int, str | None], new: tuple[int, str | None]) -> str:
    """A path with the new year and round wherever it names the old ones."""
    if "://" in place:
        return place
    name = place.replace(str(old[0]), str(new[0]))
    return name.replace(old[1], new[1]) if old[1] and new[1] else name
