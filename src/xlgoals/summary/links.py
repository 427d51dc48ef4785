"""Links from the summary workbook into the files it speaks of."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.url import Url

from xlgoals.book import quoted
from xlgoals.text import stored

PER_SHEET = 65_530  # more than so many, and Excel calls the workbook damaged
_LONGEST = 2_000  # characters of an address; Excel takes a few more
_TO_ESCAPE = re.compile(r"[\s%\"<>\[\]^`{|}#?]")


@dataclass(frozen=True)
class Link:
    """A text that leads to a place of a file."""

    text: str
    path: str
    sheet: str | None = None
    cell: str | None = None


class Links:
    """Addresses as seen from the folder of the workbook, so that both can be moved together."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.abspath(folder)  # noqa: PTH100 - resolves no symbolic links
        self._targets: dict[str, str | None] = {}

    def url(self, link: Link) -> Url | None:
        """The address of a link; None where no spreadsheet program could follow it."""
        if link.path not in self._targets:
            self._targets[link.path] = self._target(link.path)
        target = self._targets[link.path]
        if target is None:
            return None
        anchor = f"#{quoted(link.sheet)}!{link.cell or 'A1'}" if link.sheet else ""
        if len(target) + len(anchor) > _LONGEST:
            return None
        url = Url(f"external:{target}{anchor}")
        url.text = link.text
        # XlsxWriter turns the strokes round, which only Windows follows; Excel takes both.
        url._relationship_link = target
        return url

    def _target(self, path: str) -> str | None:
        if path != stored(path):  # names that are no text cannot stand in a workbook
            return None
        try:
            relative = os.path.relpath(path, self._folder)
        except ValueError:  # another drive
            return Path(path).resolve().as_uri()
        plain = Path(relative).as_posix()
        return _TO_ESCAPE.sub(lambda found: f"%{ord(found[0]):02X}", plain)
