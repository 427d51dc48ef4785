"""References to cells and ranges, counted from 1 as spreadsheets show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
CELL_CAPACITY = 32_767  # characters

_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")


class TooManyRowsError(ValueError):
    """A table that no worksheet can hold; the text says so."""


class CellRef(NamedTuple):
    """One cell; row 1, column 1 is ``A1``. Equal to, and hashed as, the tuple (row, column)."""

    row: int
    column: int

    @property
    def a1(self) -> str:
        """The reference as people write it: ``B6``."""
        return f"{column_letters(self.column)}{self.row}"

    @classmethod
    def parse(cls, text: str) -> CellRef:
        """Read ``B6`` or ``$B$6``. Raises ValueError for anything else or off the grid."""
        found = _A1.match(text)
        if not found:
            raise ValueError(f"not a cell reference: {text!r}")
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - 64
        row = int(found[2])
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise ValueError(f"off the grid: {text!r}")
        return cls(row, column)


class RangeRef(NamedTuple):
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def first(self) -> CellRef:
        """The top-left cell, which holds the value of a merge."""
        return CellRef(self.top, self.left)

    @property
    def a1(self) -> str:
        """``B6:C6``, or ``B6`` for a single cell."""
        if self.is_single:
            return self.first.a1
        return f"{self.first.a1}:{CellRef(self.bottom, self.right).a1}"

    @property
    def is_single(self) -> bool:
        """Whether it is one cell only."""
        return self.top == self.bottom and self.left == self.right

    @property
    def rows(self) -> range:
        """The row numbers."""
        return range(self.top, self.bottom + 1)

    @property
    def columns(self) -> range:
        """The column numbers."""
        return range(self.left, self.right + 1)

    def cells(self) -> Iterator[CellRef]:
        """Every cell, row by row."""
        for row in self.rows:
            for column in self.columns:
                yield CellRef(row, column)

    def __contains__(self, cell: object) -> bool:
        """Whether a (row, column) pair lies inside."""
        if not isinstance(cell, tuple) or len(cell) != 2:
            return False
        row, column = cell
        return bool(self.top <= row <= self.bottom and self.left <= column <= self.right)

    @classmethod
    def parse(cls, text: str) -> RangeRef:
        """Read ``B6:C7``, ``$B$6`` …; corners in any order. Raises ValueError otherwise."""
        return _parsed_range(text)


@lru_cache(maxsize=4096)  # forms have the same merges and names again and again
def _parsed_range(text: str) -> RangeRef:
    one, _, other = text.partition(":")
    a = CellRef.parse(one)
    b = CellRef.parse(other) if other else a
    (top, bottom), (left, right) = sorted((a.row, b.row)), sorted((a.column, b.column))
    return RangeRef(top, left, bottom, right)


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Letters of a column counted from 1: 1 → ``A``, 28 → ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
