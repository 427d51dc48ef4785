"""One of a list of options, closed or open."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell
from xlgoals.findings import Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, refuse
from xlgoals.kinds.live import (
    CLEAN,
    EMPTY_OR_ERROR,
    IS_ERROR,
    Cached,
    Live,
    Step,
    Watch,
    refused_as,
)
from xlgoals.language import Message, enumerated
from xlgoals.text import folded, stored
from xlgoals.vocabulary import KindName


def _key(text: str) -> str:
    """What must be equal for two wordings to be the same option: all but widths and blanks."""
    return unicodedata.normalize("NFKC", folded(text))


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """One of ``options``. An open list is known to be incomplete: others pass with a warning.

    ``aliases`` maps older wordings to today's options.
    """

    options: tuple[str, ...]
    open: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    max_length: int = 50

    name = KindName.CHOICE

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        listed = enumerated(self.options)
        if self.open:
            return Message("从列表中选择（{options}），也可填写列表外的内容", options=listed)
        return Message("选择：{options}", options=listed)

    @property
    def schema(self) -> dict[str, Any]:
        """The options: all there are, or examples where the list is open."""
        if self.open:
            return {"examples": list(self.options)}
        return {"enum": [*self.options, None]}

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Match an option exactly, else by folding blanks and widths, else by alias."""
        text = stored(shown)
        option = self.match(text)
        if option is None:
            return self._unlisted(text)
        if option != shown:
            return Reading(option, (Issue(codes.CHOICE_NORMALISED, {"read": option}),), text)
        return Reading(option, (), text)

    def match(self, text: str) -> str | None:
        """The option that a text stands for; None where it is none of them."""
        if text in self.options:
            return text
        known = {_key(old): new for old, new in self.aliases.items()}
        known.update({_key(option): option for option in self.options})
        return known.get(_key(text))

    def _unlisted(self, text: str) -> Reading:
        details = {"options": enumerated(self.options)}
        if not self.open:
            return refuse(Issue(codes.CHOICE_UNKNOWN, details), text)
        length = len(folded(text))
        if length > self.max_length:
            limits = {"length": str(length), "limit": str(self.max_length)}
            return refuse(Issue(codes.TEXT_TOO_LONG, limits), text)
        return Reading(text, (Issue(codes.CHOICE_UNLISTED, details),), text)

    def live(self) -> Live:
        """Match the list exactly: MATCH alone would let ``*`` through."""
        position = "MATCH({clean},{keys},0)"
        match = (
            f'IF({EMPTY_OR_ERROR},"",IF(ISNUMBER({position}),'
            f'IF(EXACT(INDEX({{keys}},{position}),{{clean}}),INDEX({{options}},{position}),""),""))'
        )
        too_long = f'IF(LEN({{clean}})>{self.max_length},"{codes.TEXT_TOO_LONG.id}","")'
        unlisted = too_long if self.open else f'"{codes.CHOICE_UNKNOWN.id}"'
        state = (
            f'IF({IS_ERROR},"{codes.ERROR_VALUE.id}",'
            f'IF(OR({{clean}}="",{{match}}<>""),"",{unlisted}))'
        )
        steps = (CLEAN, Step("match", match), Step("state", state))
        value = Step("value", 'IF({match}<>"",{match},{clean})')
        return Live((*steps, value), self._watches(), "value", self._lists())

    def _watches(self) -> tuple[Watch, ...]:
        if not self.open:
            return (Watch(codes.CHOICE_UNKNOWN, refused_as(codes.CHOICE_UNKNOWN).fires),)
        length = {"length": "LEN({clean})", "limit": str(self.max_length)}
        unlisted = 'AND({clean}<>"",{match}="",{state}="")'
        return (
            Watch(codes.TEXT_TOO_LONG, refused_as(codes.TEXT_TOO_LONG).fires, length),
            Watch(codes.CHOICE_UNLISTED, unlisted),
        )

    def _lists(self) -> dict[str, tuple[str, ...]]:
        """The wordings that are understood, and the option that each stands for."""
        wordings = {folded(option): option for option in self.options}
        wordings.update({folded(old): new for old, new in self.aliases.items()})
        return {"keys": tuple(wordings), "options": tuple(wordings.values())}

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Clean text, option, no refusal, value."""
        clean = folded(str(content or ""))
        option = (self.match(str(content)) or "") if content else ""
        return clean, option, "", option or clean

    def write(self, value: Any) -> CellContent:
        """The option itself."""
        return str(value)

    def validation(self, cell: str) -> Validation:
        """A drop-down; an open list lets the user insist."""
        refusal = (
            "列表中没有这一项。确需填写列表外的内容，请选择“是”。"
            if self.open
            else "请从下拉列表中选择。"
        )
        return Validation(list_of=self.options, refusal=refusal, strict=not self.open)
