"""What cells refer to by number: shared strings and number formats."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import NamedTuple

from xlgoals.cells import Visibility
from xlgoals.number_formats import GENERAL
from xlgoals.reader.errors import damaged, shown


class Tab(NamedTuple):
    """One sheet as the main part of a workbook lists it."""

    name: str
    visibility: Visibility
    link: str


StringsByAndBy = Generator[list[str], bool | None, None]
"""One list again and again, each time with more strings in it; who sends True has enough."""


def no_strings() -> StringsByAndBy:
    """The table of a workbook that has none."""
    yield from ()


class Tables:
    """Shared strings and number formats, each read when a cell first needs it.

    So a broken table harms only a workbook that uses it.
    """

    __slots__ = ("_formats", "_load_formats", "_more_strings", "_strings", "codes")

    def __init__(self, strings: StringsByAndBy, load_formats: Callable[[], list[str]]) -> None:
        self._more_strings = strings
        self._load_formats = load_formats
        self._strings: list[str] = []
        self._formats: list[str] | None = None
        self.codes: dict[str, str] = {}
        """The number formats asked for so far, by the text of their style."""

    def string(self, index: str, part: str) -> str:
        """The shared string of an index as a cell of ``part`` spells it."""
        # isdigit: a negative index would count from the end.
        number = int(index) if index.isdigit() else None
        while number is None or number >= len(self._strings):
            more = next(self._more_strings, None)
            if more is None:
                raise damaged(part, f"shared string {shown(index)} of {len(self._strings)}")
            self._strings = more
        return self._strings[number]

    def finish(self) -> None:
        """No cell will ask any more. Raises Unreadable for a table that is cut off."""
        if self._strings:
            with suppress(StopIteration):
                self._more_strings.send(True)

    def number_format(self, style: str, part: str) -> str:
        """The format code of a cell style as a cell of ``part`` spells it."""
        if self._formats is None:
            # A workbook may do without styles; its cells have style 0 then.
            self._formats = self._load_formats() or [GENERAL]
        number = int(style) if style.isdigit() else len(self._formats)
        if number >= len(self._formats):
            raise damaged(part, f"style {shown(style)} of {len(self._formats)}")
        code = self.codes[style] = self._formats[number]
        return code
