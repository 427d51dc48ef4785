"""Values out of the records of binary workbooks, old and new."""

from __future__ import annotations

import struct

_U16, _U32, _I32, _F64 = (struct.Struct(f"<{code}") for code in "HIid")
_NO_TEXT = 0xFFFFFFFF

# Tokens of a formula that is only a number.
_INTEGER, _FLOAT, _PLUS, _MINUS, _PERCENT = 0x1E, 0x1F, 0x12, 0x13, 0x14


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

    def number_formula(self, size: int) -> str:
        """The text of a formula that is only a number or a percentage; empty for any other.

        ``size`` is that of its tokens.
        """
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
