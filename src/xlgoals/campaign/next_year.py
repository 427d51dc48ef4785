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
_LAYOUT_FILES = (".yaml", ".yml")
_CHECK = "请核对"
FIRST_ROUND = "一上"  # of a year, where its rounds have names


def next_campaign(
    path: str | PathLike[str],
    target: Path | None = None,
    *,
    year: int | None = None,
    round_: str | None = None,
) -> tuple[Path, str]:
    """The file and the text of the campaign of another year, or of another round of the same year.

    It is prefilled from what the campaign at ``path`` collects: its register, or else its inbox.
    In a later round everything is carried over. Paths are made relative to ``target``; where none
    is given, the file stands beside that of this campaign, named for the new year or round.

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
    if new_year != campaign.fiscal_year:
        round_ = round_ or (FIRST_ROUND if campaign.round else None)
    old, new = (campaign.fiscal_year, campaign.round), (new_year, round_)
    target = target or campaign.file.with_name(_next_name(campaign.file.name, old, new))
    writer = _Writer(said, campaign.file.parent, target.parent)
    writer.set("previous", writer.moved(str(said[key])))
    layout = str(said["layout"])
    own = writer.moved(layout) if layout.endswith(_LAYOUT_FILES) else None
    writer.set("previous_layout", own)
    writer.set("previous_year", campaign.fiscal_year)
    writer.set("previous_round", campaign.round if key == "register" else None)
    writer.set("closed", None)  # they declared nothing in this campaign either
    if new_year != campaign.fiscal_year:
        writer.start_year(new_year)
    else:
        writer.set("carry", [EVERYTHING])
    writer.set("round", round_)
    writer.shift(old, new)
    return target, tomlkit.dumps(said)


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
        if str(self._said["layout"]).endswith(_LAYOUT_FILES):
            self._said["layout"] = self.moved(str(self._said["layout"]))
        deadline = self._said.get("deadline")
        if deadline is not None:
            self._shift_deadline(deadline, new[0] - old[0])

    def _shift_path(
        self, key: str, old: tuple[int, str | None], new: tuple[int, str | None]
    ) -> None:
        place = str(self._said[key])
        own = key in ("outbox", "inbox") and "://" not in place
        name = _next_name(place, old, new) if own else _renamed(place, old, new)
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


def _next_name(place: str, old: tuple[int, str | None], new: tuple[int, str | None]) -> str:
    """A path that is another one in any case, whether or not it names the old year and round."""
    name = _renamed(place, old, new)
    if name != place:
        return name
    stem = place.removesuffix(".toml")
    added = new[1] if new[0] == old[0] else new[0]
    return f"{stem.rstrip('/')}-{added}{place[len(stem) :]}"
