"""What a later version changed: project by project, field by field, row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlgoals.findings import Finding
from xlgoals.layouts import Layout
from xlgoals.text import label_key
from xlgoals.vocabulary import COLUMN_TERMS

Values = Mapping[str, Any]

_ROW_PARTS = ("level1", "level2", "name", "target")


@dataclass(frozen=True)
class Change:
    """One value, before and after."""

    key: str
    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RowChange:
    """One indicator row: its number on the earlier and on the later form, None where it is not."""

    old_number: int | None
    new_number: int | None
    name: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class FormChange:
    """One project, by its name; a sheet is None where the version does not have the project."""

    project: str | None
    old_sheet: str | None
    new_sheet: str | None
    fields: tuple[Change, ...]
    rows: tuple[RowChange, ...]

    @property
    def is_change(self) -> bool:
        """Whether anything differs."""
        one_sided = self.old_sheet is None or self.new_sheet is None
        return one_sided or bool(self.fields or self.rows)


def as_filled_in(
    form: tuple[str, Values], findings: Iterable[Finding]
) -> tuple[str, dict[str, Any]]:
    """A sheet and its record, with what was typed in a field for a value that was refused."""
    sheet, values = form
    typed = {
        item.field: item.value
        for item in findings
        if item.field and item.sheet == sheet and values.get(item.field, "") is None
    }
    return sheet, {**values, **typed}


def compare(
    layout: Layout, old: Sequence[tuple[str, Values]], new: Sequence[tuple[str, Values]]
) -> list[FormChange]:
    """Compare two versions, each a sequence of sheets and records of forms.

    Projects are matched by name, then by the sheet they stand on; rows by levels and name, then by
    one of both, in their order there. What is equal is given, too.
    """
    pairs = _matched(old, new, (_project, lambda form: form[0]))
    return [_form_change(layout, before, after) for before, after in pairs]


def _project(form: tuple[str, Values]) -> Hashable:
    name = form[1].get("project_name")
    return label_key(name) if name else None


def _form_change(
    layout: Layout, old: tuple[str, Values] | None, new: tuple[str, Values] | None
) -> FormChange:
    before, after = (old[1] if old else None), (new[1] if new else None)
    fields: tuple[Change, ...] = ()
    rows: tuple[RowChange, ...] = ()
    if before is not None and after is not None:
        titles = {key: field.title for key, field in layout.fields.items()}
        fields = tuple(_changes(titles, before, after))
        rows = tuple(_row_changes(layout, before["indicators"], after["indicators"]))
    named = after or before or {}
    sheets = (old[0] if old else None), (new[0] if new else None)
    return FormChange(named.get("project_name"), *sheets, fields, rows)


def _changes(titles: Mapping[str, str], old: Values, new: Values) -> Iterator[Change]:
    for key, title in titles.items():
        if old.get(key) != new.get(key):
            yield Change(key, title, old.get(key), new.get(key))


def _row_changes(
    layout: Layout, old: Sequence[Values], new: Sequence[Values]
) -> Iterator[RowChange]:
    titles = _row_titles(layout)
    before = [(number, _flat(row)) for number, row in enumerate(old, start=1)]
    after = [(number, _flat(row)) for number, row in enumerate(new, start=1)]
    for was, now in _matched(before, after, _ROW_KEYS):
        one, other = (was[1] if was else {}), (now[1] if now else {})
        changes = tuple(_changes(titles, one, other))
        if changes:
            numbers = (was[0] if was else None), (now[0] if now else None)
            yield RowChange(*numbers, (one or other)["name"], changes)


def _by(*parts: str) -> Callable[[tuple[int, Values]], Hashable]:
    return lambda row: tuple(label_key(row[1][key] or "") for key in parts)


# By levels and name; a row whose 二级目标 changed by 一级目标 and name; a renamed one by levels.
# One that has neither name nor levels of another is another row.
_ROW_KEYS = (_by("level1", "level2", "name"), _by("level1", "name"), _by("level1", "level2"))


def _row_titles(layout: Layout) -> dict[str, str]:
    columns = layout.indicators.columns
    titles = {
        key: columns[key].title if key in columns else columns["value"].title for key in _ROW_PARTS
    }
    return titles | {key: columns[key].title for key in COLUMN_TERMS if key in columns}


def _flat(row: Values) -> Values:
    """A row with its target as the text that was filled in."""
    return {**row, "target": row["target"]["text"] if row["target"] else None}


def _matched(
    old: Sequence[Any], new: Sequence[Any], keys: Sequence[Callable[[Any], Hashable]]
) -> list[tuple[Any, Any]]:
    """Pairs of what has the same key, by the first key that tells; in order of the later side.

    Of several with the same key the first goes with the first. What has no partner stands alone.
    """
    left, partners = list(old), dict[int, Any]()
    for key in keys:
        waiting: dict[Hashable, list[Any]] = {}
        for item in left:
            waiting.setdefault(key(item), []).append(item)
        for index, item in enumerate(new):
            same = waiting.get(key(item)) if key(item) is not None else None
            if index not in partners and same:
                partners[index] = same.pop(0)
        taken = {id(item) for item in partners.values()}
        left = [item for item in left if id(item) not in taken]
    pairs = [(partners.get(index), item) for index, item in enumerate(new)]
    return pairs + [(item, None) for item in left]
