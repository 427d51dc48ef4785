"""The picture of the form in a layout: words in columns → rows of the grid, checked."""

from __future__ import annotations

from collections.abc import Collection

from xlgoals.layouts.model import GridRow
from xlgoals.layouts.source import Source, suggestion

EMPTY = "."


def pages_of(
    source: Source,
    columns: int,
    fields: Collection[str],
    texts: Collection[str],
    indicator_columns: Collection[str],
) -> tuple[tuple[GridRow, ...], ...]:
    """Read the pages. Every field must be placed once with its label, the table's row once."""
    known = {
        EMPTY,
        *texts,
        *fields,
        *(f"{key}:" for key in fields),
        *indicator_columns,
        *(f"{key}:" for key in indicator_columns),
    }
    placed: list[str] = []
    pages = []
    for page in source.items():
        rows = []
        for offset, line in enumerate(page.text.splitlines()):
            words = line.split()
            if not words:
                continue
            row_offset = offset + (1 if page.is_block else 0)
            _check_row(page, row_offset, line, words, columns, known)
            rows.append(GridRow(tuple(words), line=row_offset))
            placed.extend(dict.fromkeys(words))
        pages.append(tuple(rows))
    for key in (*fields, *indicator_columns):
        for word in (key, f"{key}:"):
            if word not in placed:
                raise source.error(f"表样中没有安排“{word}”的位置")
    body = [row for page in pages for row in page if set(row.cells) & set(indicator_columns)]
    if len(body) != 1 or set(body[0].cells) != set(indicator_columns):
        raise source.error("指标表的各列应写在同一行，且只写一行")
    return tuple(pages)


def _check_row(
    page: Source, offset: int, line: str, words: list[str], columns: int, known: set[str]
) -> None:
    if len(words) != columns:
        raise page.error(f"这一行应有{columns}格，现有{len(words)}格", offset, 1)
    for word in words:
        if word not in known:
            column = line.index(word) + 1
            names = tuple(sorted(known))
            raise page.error(f"不认识“{word}”" + suggestion(word, names), offset, column)
