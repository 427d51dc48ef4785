"""Free text: names and paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, refuse
from xlgoals.kinds.live import CLEAN, IS_ERROR, Cached, Live, Step, Watch, one_of, refused_as
from xlgoals.kinds.seen import as_seen
from xlgoals.language import Message
from xlgoals.text import folded, stored
from xlgoals.vocabulary import KindName


@dataclass(frozen=True)
class TextKind(Kind):
    """Text of at most ``max_length`` characters (code points, as people count them)."""

    max_length: int
    placeholders: tuple[str, ...] = ()

    name = KindName.TEXT

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        return Message("文字，不超过{limit}字", limit=self.max_length)

    @property
    def schema(self) -> dict[str, Any]:
        """The limit of its length."""
        return {"maxLength": self.max_length}

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Keep the text as stored text; a number is kept as it is seen, a day as 2020-01-01."""
        text = stored(shown) if cell.kind is CellKind.TEXT else as_seen(cell, date1904)
        return self.judge(text, kept_issues(cell, shown, text))

    def judge(self, text: str, issues: tuple[Issue, ...]) -> Reading:
        """The reading of a stored text, with what was met on the way to it."""
        length = len(folded(text))  # doubled blanks and blanks around it do not count
        if length > self.max_length:
            details = {"length": str(length), "limit": str(self.max_length)}
            return refuse(Issue(codes.TEXT_TOO_LONG, details), text)
        if folded(text) in self.placeholders:
            issues = (*issues, Issue(codes.PLACEHOLDER))
        return Reading(text, issues, text)

    def live(self) -> Live:
        """Length and placeholders."""
        state = (
            f'IF({IS_ERROR},"{codes.ERROR_VALUE.id}",'
            f'IF(LEN({{clean}})>{self.max_length},"{codes.TEXT_TOO_LONG.id}",'
            f'IF({one_of("{clean}", self.placeholders)},"{codes.PLACEHOLDER.id}","")))'
        )
        length = {"length": "LEN({clean})", "limit": str(self.max_length)}
        watches = [Watch(codes.TEXT_TOO_LONG, refused_as(codes.TEXT_TOO_LONG).fires, length)]
        if self.placeholders:
            watches.append(refused_as(codes.PLACEHOLDER))
        return Live((CLEAN, Step("state", state)), tuple(watches), "clean")

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Clean text, and no refusal but of a placeholder."""
        clean = folded(str(content or ""))
        return clean, codes.PLACEHOLDER.id if clean in self.placeholders else ""

    def write(self, value: Any) -> CellContent:
        """The text itself."""
        return str(value)

    def validation(self, cell: str) -> Validation:
        """Refuse a text that is too long."""
        return Validation(
            max_length=self.max_length, refusal=f"不能超过{self.max_length}个字，请压缩后再填。"
        )


def kept_issues(cell: Cell, shown: str, text: str) -> tuple[Issue, ...]:
    """What to say of a text that was kept otherwise than it stood in the cell."""
    if cell.kind is not CellKind.TEXT:
        return (Issue(codes.NUMBER_AS_TEXT),)
    if text != shown:
        return (Issue(codes.TEXT_CLEANED),)
    return ()
