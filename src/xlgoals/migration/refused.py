"""What a filled form says that its own layout could not take, and so cannot bring anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from xlgoals.checking.readings import FormReading, InputReading
from xlgoals.migration.left import REFUSED, Left


def refused_values(form: FormReading) -> tuple[Left, ...]:
    """The values that were refused when the form was read, as left ones."""
    return tuple(_refused(form))


def _refused(form: FormReading) -> Iterator[Left]:
    for item in form.fields.values():
        if item.reading.refused:
            yield _left(item)
    filled = (row for row in form.rows if row.filled)
    for number, row in enumerate(filled, start=1):
        for item in row.inputs:
            if item.reading.refused:
                yield _left(item, number, row.said["name"])


def _left(item: InputReading, row: int | None = None, name: str | None = None) -> Left:
    return Left(item.input.title, item.reading.shown or "", REFUSED, row, name)
