"""Shared formulas: the text of one cell moved to another."""

from __future__ import annotations

import re
from typing import NamedTuple

from xlgoals.grid import MAX_COLUMNS, MAX_ROWS, CellRef, column_letters

# One alternative per kind of text. What must stay untouched comes first, so that a reference
# is never found inside it; the last one swallows whole words (names, functions, numbers).
_TOKEN = re.compile(
    r"""
    "[^"]*" | '[^']*'                                        # text; a quoted sheet name
    | \[ (?: [^\[\]'] | '. | \[ (?: [^\[\]'] | '. )* \] )* \]  # table columns; another workbook
    | (?P<columns> \$?[A-Za-z]{1,3} : \$?[A-Za-z]{1,3} ) (?![\w.$\\?(!])
    | (?P<rows> \$?[0-9]{1,7} : \$?[0-9]{1,7} ) (?![\w.$\\?(!])
    | (?P<cells> \$?[A-Za-z]{1,3} \$?[1-9][0-9]{0,6}
        (?: : \$?[A-Za-z]{1,3} \$?[1-9][0-9]{0,6} )? ) (?![\w.$\\?(!])
    | [\w.$\\?]+
    """,
    re.VERBOSE | re.DOTALL,
)
_AXES = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)\Z")
_REF_ERROR = "#REF!"


class _Part(NamedTuple):
    """One end of a reference; 0 stands for the axis it does not name."""

    column: int
    column_moves: bool
    row: int
    row_moves: bool

    def moved(self, rows: int, columns: int) -> str | None:
        """The reference at its new place; None when that is off the grid."""
        row = self.row + rows if self.row_moves else self.row
        column = self.column + columns if self.column_moves else self.column
        if self.row and not 1 <= row <= MAX_ROWS:
            return None
        if self.column and not 1 <= column <= MAX_COLUMNS:
            return None
        text = ""
        if self.column:
            text = column_letters(column) if self.column_moves else f"${column_letters(column)}"
        if self.row:
            text += str(row) if self.row_moves else f"${row}"
        return text


class SharedFormula:
    """The formula of one cell, ready to be read as if it stood in another."""

    __slots__ = ("_home", "_pieces", "text")

    def __init__(self, text: str, home: CellRef) -> None:
        self.text = text
        self._home = home
        self._pieces: list[str | tuple[_Part, ...]] | None = None

    def at(self, place: CellRef) -> str:
        """The text with its relative references moved along, as a copied cell would show it."""
        rows = place.row - self._home.row
        columns = place.column - self._home.column
        return "".join(
            piece if isinstance(piece, str) else _moved(piece, rows, columns)
            for piece in self._split_text()
        )

    @property
    def references(self) -> int:
        """How many references move along."""
        return len(self._split_text()) // 2

    def _split_text(self) -> list[str | tuple[_Part, ...]]:
        if self._pieces is None:
            self._pieces = _split(self.text)
        return self._pieces


def _moved(parts: tuple[_Part, ...], rows: int, columns: int) -> str:
    texts = []
    for part in parts:
        text = part.moved(rows, columns)
        if text is None:
            return _REF_ERROR
        texts.append(text)
    return ":".join(texts)


def _split(formula: str) -> list[str | tuple[_Part, ...]]:
    """The formula cut into text that stays and references that move."""
    pieces: list[str | tuple[_Part, ...]] = []
    done = 0
    for found in _TOKEN.finditer(formula):
        if found.lastgroup is None:
            continue
        parts = tuple(_part(text) for text in found[0].split(":"))
        if any(part is None for part in parts):
            continue
        pieces.append(formula[done : found.start()])
        pieces.append(tuple(part for part in parts if part is not None))
        done = found.end()
    pieces.append(formula[done:])
    return pieces


def _part(text: str) -> _Part | None:
    """One end of a reference; None for a name that only looks like one (``XYZ1``)."""
    found = _AXES.match(text)
    if not found:  # pragma: no cover (the token pattern lets nothing else through)
        return None
    mark, letters, second_mark, digits = found.groups()
    # In "$5" the first group takes the only dollar sign.
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    row = int(digits or 0)
    if column > MAX_COLUMNS or row > MAX_ROWS or (digits and not row):
        return None
    row_fixed = second_mark if letters else mark
    return _Part(column, bool(letters) and not mark, row, bool(digits) and not row_fixed)
