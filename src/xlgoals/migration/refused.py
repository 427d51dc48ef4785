"""What a filled form says that its own layout could not take, and so cannot bring anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from xlgoals.checking.readings import FormReading, InputReading
from xlgoals.migration.left import NO_WHOLE, REFUSED, Left
from xlgoals.targets import PARTS


def refused_values(form: FormReading) -> tuple[Left, ...]:
    """What was refused when the form was read, and parts of targets that make no whole."""
    return tuple(_refused(form))


def _refused(form: FormReading) -> Iterator[Left]:
    for item in form.fields.values():
        if item.reading.refused:
            yield _left(item, REFUSED)
    filled = (row for row in form.rows if row.filled)
    for number, row in enumerate(filled, start=1):
        for item in row.inputs:
            if item.reading.refused:
                yield _left(item, REFUSED, number, row.said["name"])
            elif row.said["target"] is None and item.input.key in PARTS and not item.reading.blank:
                yield _left(item, NO_WHOLE, number, row.said["name"])


def _left(item: InputReading, reason: str, row: int | None = None, name: str | None = None) -> Left:
    return Left(item.input.title, item.reading.shown or "", reason, row, name)
