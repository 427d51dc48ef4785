"""What cells refer to by number: shared strings and number formats."""

from __future__ import annotations

from collections.abc import Callable

from xlgoals.reader.errors import damaged, shown
from xlgoals.reader.formats import GENERAL

_INDEX_DIGITS = 9


class Tables:
    """Shared strings and number formats, each read when a cell first needs it.

    So a broken table harms only a workbook that uses it.
    """

    __slots__ = ("_codes", "_formats", "_load_formats", "_load_strings", "_strings")

    def __init__(
        self, load_strings: Callable[[], list[str]], load_formats: Callable[[], list[str]]
    ) -> None:
        self._load_strings = load_strings
        self._load_formats = load_formats
        self._strings: list[str] | None = None
        self._formats: list[str] | None = None
        self._codes: dict[str, str] = {}

    def string(self, index: str, part: str) -> str:
        """The shared string of an index as a cell of ``part`` spells it."""
        strings = self._strings
        if strings is None:
            strings = self._strings = self._load_strings()
        number = _number(index)
        if number >= len(strings):
            raise damaged(part, f"shared string {shown(index)} of {len(strings)}")
        return strings[number]

    def number_format(self, style: str, part: str) -> str:
        """The format code of a cell style as a cell of ``part`` spells it."""
        code = self._codes.get(style)
        if code is not None:
            return code
        if self._formats is None:
            # A workbook may do without styles; its cells have style 0 then.
            self._formats = self._load_formats() or [GENERAL]
        number = _number(style)
        if number >= len(self._formats):
            raise damaged(part, f"style {shown(style)} of {len(self._formats)}")
        code = self._codes[style] = self._formats[number]
        return code


def _number(index: str) -> int:
    """The index as a number; beyond any table if it is none (or counts from the end)."""
    if index.isascii() and index.isdigit() and len(index) <= _INDEX_DIGITS:
        return int(index)
    return int(10**_INDEX_DIGITS)
