"""``migration`` of a layout: where the contents of other forms go in it, checked by both.

Both forms are looked at as parsed files: what is asked of them is only which names they have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlgoals.language import Message
from xlgoals.layouts.extend import lineage, named_file, resolved
from xlgoals.layouts.model import Correspondence, Levels
from xlgoals.layouts.source import Source, suggestion


def layout_id(layout: Source) -> str:
    """The id of a parsed layout."""
    return dict(layout.entries())["id"].text


def correspondences_of(source: Source, layout: Source) -> dict[str, Correspondence]:
    """Read what a layout says of others, by their ids."""
    names = _Names.of(layout)
    found = {}
    for _, place, value in source.pairs():
        other = _other(place, layout)
        found[layout_id(other)] = _Reader(_Names.of(other), names).read(value)
    return found


def _other(place: Source, layout: Source) -> Source:
    """The layout that is named: one of those it extends, or another by id or path."""
    own, *extended = lineage(layout)
    if place.text == layout_id(own):
        raise place.error(Message("这里应是另一个表样"))
    for other in extended:
        if layout_id(other) == place.text:
            return other
    return resolved(named_file(place, Path(place.file)))


@dataclass(frozen=True)
class _Names:
    """What a form has: its fields with their options, and the levels of its rows."""

    fields: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, tuple[str, ...]]  # 二级目标 by 一级目标

    @classmethod
    def of(cls, layout: Source) -> _Names:
        entries = dict(layout.entries())
        levels: dict[str, tuple[str, ...]] = {}
        for group in dict(entries["indicators"].entries())["groups"].items():
            given = dict(group.entries())
            level2 = (given["level2"].text,) if "level2" in given else _options(given)
            level1 = given["level1"].text
            levels[level1] = (*levels.get(level1, ()), *level2)
        fields = {key: _options(dict(f.entries())) for key, f in entries["fields"].entries()}
        return cls(fields, levels)


def _options(given: Mapping[str, Source]) -> tuple[str, ...]:
    if "options" not in given:
        return ()
    return tuple(item.text for item in dict(given["options"].entries())["values"].items())


class _Reader:
    """Reads one correspondence; nothing in it may have two places to go to, or to come from."""

    def __init__(self, old: _Names, new: _Names) -> None:
        self._old, self._new = old, new

    def read(self, source: Source) -> Correspondence:
        record = source.record(required=(), optional=("fields", "levels"))
        fields: dict[str, str] = {}
        wordings: dict[str, Mapping[str, str]] = {}
        levels: dict[Levels, Levels] = {}
        given = record.get("fields")
        for key, place, value in given.pairs() if given else ():
            _known(place, key, self._old.fields)
            goal, words = value, None
            if value.is_mapping:
                told = value.record(required=("field", "wordings"))
                goal, words = told["field"], told["wordings"]
            _known(goal, goal.text, self._new.fields)
            _once(goal, goal.text, fields.values())
            fields[key] = goal.text
            if words:
                wordings[key] = self._wordings(words, key, goal.text)
        given = record.get("levels")
        for level1, place, group in given.pairs() if given else ():
            _known(place, level1, self._old.levels)
            for level2, inner, value in group.pairs():
                _known(inner, level2, self._old.levels[level1])
                goals = self._levels(value)
                _once(value, "/".join(goals), ["/".join(taken) for taken in levels.values()])
                levels[level1, level2] = goals
        return Correspondence(fields, wordings, levels)

    def _wordings(self, source: Source, old: str, new: str) -> dict[str, str]:
        words: dict[str, str] = {}
        for word, place, value in source.pairs():
            _known(place, word, self._old.fields[old])
            _known(value, value.text, self._new.fields[new])
            _once(value, value.text, words.values())
            words[word] = value.text
        return words

    def _levels(self, source: Source) -> Levels:
        record = source.record(required=("level1", "level2"))
        level1, level2 = record["level1"], record["level2"]
        _known(level1, level1.text, self._new.levels)
        _known(level2, level2.text, self._new.levels[level1.text])
        return level1.text, level2.text


def _known(at: Source, word: str, known: Collection[str]) -> None:
    if word not in known:
        closest = suggestion(word, tuple(known))
        raise at.error(Message("表样中没有“{word}”{closest}", word=word, closest=closest))


def _once(at: Source, goal: str, taken: Collection[str]) -> None:
    if goal in taken:
        raise at.error(Message("“{goal}”已经与另一项对应", goal=goal))
