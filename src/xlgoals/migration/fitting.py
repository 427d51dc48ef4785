"""Whether the new form can hold a value: it is read as the importer would read it there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from xlgoals.kinds import ChoiceKind, Kind, TargetKind, TextKind
from xlgoals.language import Message
from xlgoals.layouts.model import Column
from xlgoals.live.results import as_cell
from xlgoals.migration.left import NO_TARGET, NOT_EXACT, OTHER_KIND, refusal
from xlgoals.targets import PARTS, join_target, parse_quantity, split_target
from xlgoals.text import escaped

_WORDS = (TextKind, ChoiceKind, TargetKind)


class Fitted(NamedTuple):
    """A value as the new form holds it, or why it does not."""

    value: Any
    reason: str | None = None


def fitted(value: Any, old: Kind, new: Kind, title: str) -> Fitted:
    """A value of one kind of input in another, which is called ``title``."""
    if type(old) is not type(new) and not (isinstance(old, _WORDS) and isinstance(new, _WORDS)):
        return Fitted(None, Message(OTHER_KIND, title=title))
    if isinstance(new, ChoiceKind):
        words = earlier_wordings(value, old)
        value = next((word for word in words if word in new.options), value)
    content = new.write(value)
    cell = as_cell(escaped(content) if isinstance(content, str) else content, new)
    reading = new.read(cell)
    if reading.refused:
        return Fitted(None, refusal(reading, new, title))
    if isinstance(value, Decimal) and reading.value != value:
        return Fitted(None, Message(NOT_EXACT, title=title))
    return Fitted(reading.value)


def earlier_wordings(value: Any, kind: Kind | None) -> tuple[Any, ...]:
    """A value, and what the option was called before it was renamed."""
    aliases = kind.aliases.items() if isinstance(kind, ChoiceKind) else ()
    return (value, *(old for old, option in aliases if option == value))


def fitted_target(text: str, columns: Mapping[str, Column]) -> Fitted:
    """A target's text as the new form holds it, whole or in parts."""
    if "target" in columns:
        return _in_column(text, columns["target"])
    for key, part in split_target(text).items():
        if part is not None and key in columns:
            there = _in_column(part, columns[key])
            if there.reason or there.value != part:
                return Fitted(None, there.reason or NO_TARGET)
    joined = printed_target(text, columns)
    quantity = parse_quantity(text)
    if parse_quantity(joined) != quantity or (quantity is None and joined != text):
        return Fitted(None, NO_TARGET)
    return Fitted(joined)


def printed_target(text: str, columns: Collection[str]) -> str:
    """A target's text as a form with these columns gives it back."""
    if "target" in columns:
        return text
    parts = split_target(text)
    return join_target(*(parts[key] if key in columns else None for key in PARTS)) or ""


def _in_column(text: str, column: Column) -> Fitted:
    assert column.kind is not None  # noqa: S101 - levels alone have none
    return fitted(text, column.kind, column.kind, column.title)
