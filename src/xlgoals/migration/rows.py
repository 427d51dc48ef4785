"""The indicator table: rows go by their levels, prescribed rows by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlgoals.checking.readings import target_record
from xlgoals.language import Message
from xlgoals.layouts.model import MOST_ROWS, FixedRow, Group, IndicatorTable, Levels
from xlgoals.migration.fitting import (
    Fitted,
    earlier_wordings,
    fitted,
    fitted_target,
    printed_target,
)
from xlgoals.migration.left import (
    NO_COLUMN,
    NO_LEVEL,
    NO_ROW,
    PRESCRIBED,
    PRINTED,
    Left,
    shown,
)
from xlgoals.vocabulary import COLUMN_TERMS

Row = Mapping[str, Any]


def migrate_rows(
    rows: Sequence[Row], old: IndicatorTable, new: IndicatorTable, levels: Mapping[Levels, Levels]
) -> tuple[list[dict[str, Any]], list[Left]]:
    """The rows of one table as rows of another, in its order, and what has no place there."""
    table = _Table(old, new, levels)
    for number, row in enumerate(rows, start=1):
        table.take(number, row)
    return list(table.rows()), table.left()


@dataclass(frozen=True)
class _Taken:
    """A row that goes over: as it was, and as it will be."""

    number: int
    old: Row
    new: dict[str, Any]


class _Table:
    """The new table, filled row by row."""

    def __init__(
        self, old: IndicatorTable, new: IndicatorTable, levels: Mapping[Levels, Levels]
    ) -> None:
        self._old, self._new, self._levels = old, new, levels
        self._taken: dict[str, list[_Taken]] = {group.name: [] for group in new.groups}
        self._left: list[Left] = []
        self._prescribed: list[Row] = []  # of the old form

    # --- taking rows ----------------------------------------------------------------------------
    def take(self, number: int, row: Row) -> None:
        """Put a row where its levels belong, or aside."""
        if place := self._place(row["level1"], row["level2"]):
            group, level2 = place
            taken = _Taken(number, row, self._row(number, row, group, level2))
            if _is_filled(taken.new, group):
                self._taken[group.name].append(taken)
        elif self._is_prescribed(row):
            self._prescribed.append(row)
        else:
            self._set_aside(number, row, NO_LEVEL)

    def _place(self, level1: str, level2: str | None) -> tuple[Group, str | None] | None:
        """The group, and the 二级目标 in it: as the layouts say, else the same where it is free."""
        goal: tuple[str, str | None] = (level1, level2)
        chosen = next((g.level2_kind for g in self._old.groups if g.level1 == level1), None)
        said = [(level1, word) for word in earlier_wordings(level2, chosen)]
        known = next((levels for levels in said if levels in self._levels), None)
        if known:
            goal = self._levels[known]
        elif goal in self._levels.values():
            return None
        for group in self._new.groups:
            if group.level1 != goal[0] or group.level2 not in (goal[1], None):
                continue
            if group.level2_kind is None or goal[1] is None:
                return group, goal[1]
            there = fitted(goal[1], chosen or group.level2_kind, group.level2_kind, group.name)
            return None if there.reason else (group, there.value)
        return None

    def _row(self, number: int, row: Row, group: Group, level2: str | None) -> dict[str, Any]:
        """The row on the new table; what does not fit in it is left."""
        values: dict[str, Any] = {"level1": group.level1, "level2": level2}
        for key in ("name", "target", *COLUMN_TERMS):
            there = self._value(key, row)
            if there.reason:
                self._leave(number, row, key, there.reason)
            if key not in COLUMN_TERMS or key in self._new.columns:
                values[key] = there.value
        if values["target"] is not None:
            values["target"] = target_record(values["target"])
        return values

    def _value(self, key: str, row: Row) -> Fitted:
        value = row.get(key)
        if value is None:
            return Fitted(None)
        if key == "target":
            return fitted_target(value["text"], self._new.columns)
        old, new = self._old.columns[key], self._new.columns.get(key)
        if new is None or new.kind is None or old.kind is None:
            return Fitted(None, NO_COLUMN)
        return fitted(value, old.kind, new.kind, new.title)

    # --- the new table --------------------------------------------------------------------------
    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows in the order of the table: prescribed ones, then free ones, by group."""
        for group in self._new.groups:
            free = list(self._taken[group.name])
            for fixed in group.fixed:
                own = next((taken for taken in free if taken.new["name"] == fixed.name), None)
                if own:
                    free.remove(own)
                yield self._printed(group, fixed, own)
            room = MOST_ROWS if group.rows else 0
            yield from (taken.new for taken in free[:room])
            for taken in free[room:]:
                self._set_aside(taken.number, taken.old, Message(NO_ROW, title=group.name))

    def _printed(self, group: Group, fixed: FixedRow, own: _Taken | None) -> dict[str, Any]:
        """A row that the new form prescribes, with what the old form says of it."""
        text = printed_target(fixed.target, self._new.columns)
        row = {
            "level1": group.level1,
            "level2": group.level2,
            "name": fixed.name,
            "target": target_record(text),
            **{key: None for key in COLUMN_TERMS if key in self._new.columns},
        }
        if own is None:
            return row
        if fixed.editable:
            return own.new
        target = own.new["target"]
        if target and target["text"] != text:
            self._leave(own.number, own.old, "target", Message(PRINTED, target=text))
        return {**own.new, "target": row["target"]}

    # --- what is left ---------------------------------------------------------------------------
    def left(self) -> list[Left]:
        """What has no place, by rows; the old form's own rows together at the end."""
        told = sorted(self._left, key=lambda item: item.row or 0)
        if self._prescribed:
            words = "；".join(self._said(row) for row in self._prescribed)
            levels = "、".join(dict.fromkeys(row["level1"] for row in self._prescribed))
            told.append(Left(levels, words, PRESCRIBED))
        return told

    def _leave(self, number: int, row: Row, key: str, reason: str) -> None:
        """Leave one value of a row."""
        columns = self._old.columns
        column = columns[key] if key in columns else columns["value"]
        value = row["target"]["text"] if key == "target" else shown(column.kind, row[key])
        self._left.append(Left(column.title, value, reason, number, row["name"]))

    def _set_aside(self, number: int, row: Row, reason: str) -> None:
        """Leave a row as a whole."""
        self._left = [item for item in self._left if item.row != number]
        levels = "/".join(row[key] for key in ("level1", "level2") if row[key])
        self._left.append(Left(levels, self._said(row), reason, number, row["name"]))

    def _said(self, row: Row) -> str:
        """A row in words, without its levels."""
        target = row["target"]["text"] if row["target"] else None
        words = "：".join(filter(None, (row["name"], target)))
        terms = (
            f"{self._old.columns[key].title}{shown(self._old.columns[key].kind, row[key])}"
            for key in COLUMN_TERMS
            if row.get(key) is not None
        )
        return "，".join(filter(None, (words, *terms)))

    def _is_prescribed(self, row: Row) -> bool:
        """Whether the old form itself says all that the row says."""
        said = self._said(row)
        return any(
            said == f"{fixed.name}：{printed_target(fixed.target, self._old.columns)}"
            for group in self._old.groups
            if (group.level1, group.level2) == (row["level1"], row["level2"])
            for fixed in group.fixed
        )


def _is_filled(row: Row, group: Group) -> bool:
    """Whether anything would be filled in: else there is no such row."""
    chosen = row["level2"] if group.level2_kind else None
    return any(value is not None for value in (chosen, row["name"], row["target"])) or any(
        row.get(key) is not None for key in COLUMN_TERMS
    )
