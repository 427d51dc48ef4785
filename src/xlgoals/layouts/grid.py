"""The picture of the form in a layout: words in columns → rows of the grid, checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from xlgoals.language import Message
from xlgoals.layouts.model import GridRow
from xlgoals.layouts.source import Source, unknown

EMPTY = "."


def pages_of(
    source: Source,
    columns: int,
    fields: Collection[str],
    texts: Collection[str],
    indicator_columns: Collection[str],
) -> tuple[tuple[GridRow, ...], ...]:
    """Read the pages. Every field must be placed once with its label, the table's row once."""
    labelled = (*fields, *indicator_columns)
    to_place = (*texts, *labelled, *(f"{key}:" for key in labelled))
    picture = _Picture(columns, set(to_place))
    pages = tuple(tuple(picture.rows(page)) for page in source.items())
    for word in to_place:
        if word not in picture.placed:
            raise source.error(Message("表样中没有安排“{word}”的位置", word=word))
    body = [row for page in pages for row in page if set(row.cells) & set(indicator_columns)]
    if len(body) != 1 or set(body[0].cells) != set(indicator_columns):
        raise source.error(Message("指标表的各列应写在同一行，且只写一行"))
    return pages


class _Picture:
    """Reads rows downwards and sees to it that every word keeps to one rectangle."""

    def __init__(self, columns: int, known: Collection[str]) -> None:
        self._columns, self._known = columns, known
        self._row = 0
        self.placed: dict[str, tuple[int, int, int]] = {}  # left, right, last row

    def rows(self, page: Source) -> Iterator[GridRow]:
        """The rows of one page."""
        for number, line in enumerate(page.text.splitlines()):
            words = tuple(line.split())
            if words:
                self._row += 1
                self._check(page, number, words)
                yield GridRow(words)

    def _check(self, page: Source, number: int, words: tuple[str, ...]) -> None:
        if len(words) != self._columns:
            problem = Message(
                "这一行应有{wanted}格，现有{count}格", wanted=self._columns, count=len(words)
            )
            raise page.error_in_row(number, None, problem)
        for word, left, right in runs(words):
            if word == EMPTY:
                continue
            wrong = self._problem(word, (left, right, self._row - 1))
            if wrong:
                raise page.error_in_row(number, left - 1, wrong)
            self.placed[word] = (left, right, self._row)

    def _problem(self, word: str, above: tuple[int, int, int]) -> str | None:
        if word not in self._known:
            return unknown(word, tuple(sorted(self._known)))
        if self.placed.get(word, above) != above:
            return Message("“{word}”安排了两个位置，或者不是一个矩形", word=word)
        return None


def runs(cells: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Equal neighbours as (key, first column, last column), counted from 1."""
    column = 1
    for key, run in groupby(cells):
        width = len(list(run))
        yield key, column, column + width - 1
        column += width
