"""The records of the parts of binary workbooks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from xlgoals.reader.errors import damaged
from xlgoals.reader.fields import Fields
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package

Record = tuple[int, Fields]


def records(package: Package, name: str) -> Iterator[Record]:
    """Every record of a part: its type and its fields. Raises Unreadable where they are cut off."""
    data = package.whole(name)
    at, size = 0, len(data)
    while at < size:
        try:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | data[at] << 7
                at += 1
            length = shift = 0
            while True:
                piece = data[at]
                at += 1
                length |= (piece & 0x7F) << shift
                shift += 7
                if not piece & 0x80 or shift == 28:
                    break
        except IndexError:
            raise damaged(name, "cut off amid a record") from None
        if at + length > size:
            raise damaged(name, "cut off amid a record")
        yield kind, Fields(data, at, at + length)
        at += length


@contextmanager
def too_short_is_damage(name: str) -> Iterator[None]:
    """Turns the error of fields that ran out into Unreadable."""
    try:
        yield
    except struct.error:
        raise damaged(name, "a record is too short") from None


def text_of(fields: Fields, package: Package, name: str) -> str:
    """A text that must be there, within the limit of its length."""
    text = fields.text()
    if text is None:
        raise damaged(name, "a missing text")
    limit = package.allowance.limits.string_length
    if len(text) > limit:
        raise too_large("string_length", len(text), limit, name)
    return text
