"""The records of binary workbook parts, and the values inside them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from xlgoals.reader.errors import damaged
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package

_U16, _U32, _I32, _F64 = (struct.Struct(f"<{code}") for code in "HIid")
_NO_TEXT = 0xFFFFFFFF

# Tokens of a formula that is only a number.
_INTEGER, _FLOAT, _PLUS, _MINUS, _PERCENT = 0x1E, 0x1F, 0x12, 0x13, 0x14

Record = tuple[int, "Fields"]


class Fields:
    """One record's bytes, taken from front to back. Raises struct.error where they run out."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self, size: int) -> bytes:
        """The next bytes."""
        at = self.at
        self.at = at + size
        if self.at > self.end:
            raise struct.error
        return self.data[at : self.at]

    def u8(self) -> int:
        """An unsigned byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """An unsigned number of two bytes."""
        return int(_U16.unpack(self.take(2))[0])

    def u32(self) -> int:
        """An unsigned number of four bytes."""
        return int(_U32.unpack(self.take(4))[0])

    def f64(self) -> float:
        """A floating-point number."""
        return float(_F64.unpack(self.take(8))[0])

    def rk(self) -> float:
        """A number packed into four bytes: an integer or half a float, maybe in hundredths."""
        raw = self.take(4)
        flags = raw[0] & 3
        if flags & 2:
            number = float(_I32.unpack(raw)[0] >> 2)
        else:
            number = float(_F64.unpack(bytes([0, 0, 0, 0, raw[0] & 0xFC]) + raw[1:])[0])
        return number / 100 if flags & 1 else number

    def text(self) -> str | None:
        """A text with its length before it; None where the file says there is none."""
        length = self.u32()
        if length == _NO_TEXT:
            return None
        return self.take(2 * length).decode("utf-16-le", "replace")

    def number_formula(self) -> str:
        """The text of a formula that is only a number or a percentage; empty for any other."""
        self.u16()  # flags
        size = self.u32()
        tokens = Fields(self.data, self.at, self.at + size)
        if tokens.end > self.end:
            raise struct.error
        sign, number = "", ""
        while tokens.at < tokens.end:
            token = tokens.u8()
            if token == _INTEGER and not number:
                number = str(tokens.u16())
            elif token == _FLOAT and not number:
                number = format(tokens.f64(), ".15g")
            elif token == _PERCENT and number:
                number += "%"
            elif token in (_PLUS, _MINUS) and number and not sign:
                sign = "+" if token == _PLUS else "-"
            else:
                return ""
        return sign + number


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
