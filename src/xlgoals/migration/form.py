"""One form: its fields by what they are called or correspond to, its rows by their levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlgoals.language import Message
from xlgoals.layouts.model import Correspondence, Field, Layout
from xlgoals.migration.fitting import Fitted, earlier_wordings, fitted
from xlgoals.migration.left import NO_FIELD, NO_WORDING, Left, shown
from xlgoals.migration.rows import migrate_rows


@dataclass(frozen=True)
class Migrated:
    """A form on its new layout, and what it said that has no place there."""

    values: dict[str, Any]
    left: tuple[Left, ...]


def migrate_form(values: Mapping[str, Any], source: Layout, target: Layout) -> Migrated:
    """Bring the record of a form of ``source`` to ``target``; the fiscal year stays.

    The record is as an importer of ``target`` would give it. Whatever is filled in is either in
    it or in ``left``.
    """
    between = correspondence(source, target)
    goals = _goals(source, target, between)
    found: dict[str, Any] = dict.fromkeys(target.fields)
    left = []
    for key, item in source.fields.items():
        if (value := values.get(key)) is None:
            continue
        goal = target.fields.get(goals.get(key, ""))
        there = _fitted(value, item, goal, between.wordings.get(key))
        if there.reason:
            left.append(Left(item.title, shown(item.kind, value), there.reason))
        elif goal:
            found[goal.key] = there.value
    rows, rows_left = migrate_rows(
        values["indicators"], source.indicators, target.indicators, between.levels
    )
    head = {"layout": target.id, "fiscal_year": values["fiscal_year"]}
    return Migrated({**head, **found, "indicators": rows}, (*left, *rows_left))


def _fitted(
    value: Any, item: Field, goal: Field | None, wordings: Mapping[str, str] | None
) -> Fitted:
    if goal is None:
        return Fitted(None, NO_FIELD)
    if wordings is not None:
        known = next(
            (word for word in earlier_wordings(value, item.kind) if word in wordings), None
        )
        if known is None:
            return Fitted(None, Message(NO_WORDING, title=goal.title))
        value = wordings[known]
    return fitted(value, item.kind, goal.kind, goal.title)


def correspondence(source: Layout, target: Layout) -> Correspondence:
    """What the two layouts, or the nearest of those that they extend, say of each other."""
    if forth := _said(source, target):
        return forth
    back = _said(target, source)
    return back.inverse() if back else Correspondence()


def _said(old: Layout, new: Layout) -> Correspondence | None:
    for name in old.lineage:
        if name in new.earlier:
            return new.earlier[name]
        if name in new.lineage:
            return None
    return None


def _goals(source: Layout, target: Layout, between: Correspondence) -> dict[str, str]:
    """Where each field goes: as the layouts say, else where the name is the same and free."""
    said = {k: v for k, v in between.fields.items() if k in source.fields and v in target.fields}
    taken = set(between.fields.values())
    pairs = [(key, key) for key in source.fields if key in target.fields]
    pairs.append((source.unit_field, target.unit_field))
    for key, goal in pairs:
        if key not in said and key not in between.fields and goal not in taken:
            said[key] = goal
            taken.add(goal)
    return said
