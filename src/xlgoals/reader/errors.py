"""Why a file cannot be read as a workbook."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """What is wrong with a file; the values are stable."""

    MISSING_FILE = "missing-file"
    IS_FOLDER = "is-folder"
    NO_PERMISSION = "no-permission"
    EMPTY_FILE = "empty-file"
    LOCK_FILE = "lock-file"
    ENCRYPTED = "encrypted"
    OLD_EXCEL = "old-excel"
    OLD_WPS = "old-wps"
    WORD = "word"
    CSV_TEXT = "csv-text"
    HTML = "html"
    OPENDOCUMENT = "opendocument"
    PDF = "pdf"
    IMAGE = "image"
    OTHER_ZIP = "other-zip"
    NOT_SPREADSHEET = "not-spreadsheet"
    DAMAGED = "damaged"
    UNSAFE_XML = "unsafe-xml"
    TOO_LARGE = "too-large"


class Unreadable(Exception):  # noqa: N818 (a state of the file, not a fault of the program)
    """The file is no workbook that can be read; the only exception the reader lets out.

    ``detail`` names a part, a limit or a number. It never holds a path of this machine. For a
    file that is too large, ``limit`` is the name of the limit and ``allowed`` how much it allows.
    """

    def __init__(self, reason: Reason, detail: str = "", limit: str = "", allowed: int = 0) -> None:
        # All arguments go to Exception, so that pickling between processes works.
        super().__init__(reason, detail, limit, allowed)
        self.reason = reason
        self.detail = detail
        self.limit = limit
        self.allowed = allowed

    def __str__(self) -> str:
        return f"{self.reason.value}: {self.detail}" if self.detail else self.reason.value


def damaged(part: str, detail: str) -> Unreadable:
    """A part that is not what the format demands."""
    return Unreadable(Reason.DAMAGED, f"{shown(part)}: {detail}")


def shown(text: str) -> str:
    """Text out of a file, fit to stand in a message: short and printable."""
    short = text if len(text) <= 100 else text[:100] + "…"
    return short if short.isprintable() else ascii(short)
