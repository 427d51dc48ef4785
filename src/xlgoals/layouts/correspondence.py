"""``migration`` of a layout: where the contents of other forms go in it, checked by both.

Both forms are looked at as parsed files: what is asked of them is only which names they have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from xlgoals.language import Message
from xlgoals.layouts.extend import Extended, lineage, named_file, resolved
from xlgoals.layouts.model import Correspondence, Levels
from xlgoals.layouts.source import MergedMapping, Source, suggestion

T = TypeVar("T")


def layout_id(layout: Source) -> str:
    """The id of a parsed layout."""
    return dict(layout.entries())["id"].text


def correspondences_of(source: Source, layout: Source) -> dict[str, Correspondence]:
    """Read what a layout says of others, by their ids."""
    names = _Names.of(layout)
    found = {}
    for _, place, value in _still_true(source, layout).pairs():
        other = _other(place, layout)
        found[layout_id(other)] = _Reader(_Names.of(other), names).read(value)
    return found


def in_full(layout: Source) -> Source:
    """A layout as one that extends no other would say it."""
    pairs = (
        (key, place, _still_true(value, layout) if key == "migration" else value)
        for key, place, value in layout.pairs()
    )
    return MergedMapping(layout, pairs)


def _still_true(source: Source, layout: Source) -> Source:
    """The same without what was inherited and speaks of what the layout has taken away."""
    own, *extended = lineage(layout)
    pruning = _Pruning(own.file, _Names.of(own), tuple(extended))
    return pruning.each(source, pruning.of_other) if extended else source


def _other(place: Source, layout: Source) -> Source:
    """The layout that is named: one of those it extends, or another by id or path."""
    own, *extended = lineage(layout)
    if place.text == layout_id(own):
        raise place.error(Message("这里应是另一个表样"))
    for other in extended:
        if layout_id(other) == place.text:
            return other
    return resolved(named_file(place, Path(place.file)))


def related_files(path: Path) -> Iterator[Path]:
    """The files of the layouts that one extends, or says what becomes of theirs."""
    source = resolved(path)
    yield from (each.base_path for each in lineage(source) if isinstance(each, Extended))
    migration = dict(source.entries()).get("migration")
    for _, place, _ in migration.pairs() if migration else ():
        if place.text not in {layout_id(each) for each in lineage(source)}:
            yield named_file(place, Path(place.file))


@dataclass(frozen=True)
class _Names:
    """What a form has: its fields with their options, and the levels of its rows.

    Options and levels stand under each wording that is understood.
    """

    fields: Mapping[str, Mapping[str, str]]
    levels: Mapping[str, Mapping[str, str]]  # 二级目标 by 一级目标

    @classmethod
    def of(cls, layout: Source) -> _Names:
        entries = dict(layout.entries())
        fields = {key: _options(dict(f.entries())) for key, f in entries["fields"].entries()}
        levels: dict[str, dict[str, str]] = {}
        for group in dict(entries["indicators"].entries())["groups"].items():
            given = dict(group.entries())
            level2 = _same(given["level2"].text) if "level2" in given else _options(given)
            levels.setdefault(given["level1"].text, {}).update(level2)
        return cls(fields, levels)


def _options(given: Mapping[str, Source]) -> dict[str, str]:
    if "options" not in given:
        return {}
    options = dict(given["options"].entries())
    old = options["aliases"].entries() if "aliases" in options else ()
    values = _same(*(item.text for item in options["values"].items()))
    return {**{word: option.text for word, option in old}, **values}


def _same(*words: str) -> dict[str, str]:
    return {word: word for word in words}


@dataclass(frozen=True)
class _Pruning:
    """Takes away what was true of the layouts that one extends, and is no longer."""

    file: str
    names: _Names
    extended: tuple[Source, ...]

    def each(self, source: Source, kept: Callable[[str, Source], Source | None]) -> Source:
        """A mapping with what is kept of its values; what is malformed is told by who reads it."""
        if not source.is_mapping:
            return source
        pairs = [
            (key, place, value)
            for key, place, given in source.pairs()
            if (value := kept(key, given)) is not None
        ]
        return MergedMapping(source, pairs)

    def of_other(self, _: str, source: Source) -> Source:
        """What is said of one other layout."""
        parts = {"fields": self._field, "levels": lambda _, group: self.each(group, self._levels)}
        return self.each(
            source, lambda key, part: self.each(part, parts[key]) if key in parts else part
        )

    def _field(self, _: str, source: Source) -> Source | None:
        given = dict(source.entries()) if source.is_mapping else {"field": source}
        goal = given.get("field")
        if goal and self._is_gone(goal, lambda names: names.fields):
            return None
        if goal is None or "wordings" not in given:
            return source

        def kept(_: str, word: Source) -> Source | None:
            gone = self._is_gone(word, lambda names: names.fields.get(goal.text, ()))
            return None if gone else word

        words = {"wordings": self.each(given["wordings"], kept)}
        return MergedMapping(
            source, ((key, at, words.get(key, value)) for key, at, value in source.pairs())
        )

    def _levels(self, _: str, source: Source) -> Source | None:
        given = dict(source.entries()) if source.is_mapping else {}
        if {"level1", "level2"} - given.keys():
            return source
        gone = self._is_gone(
            given["level2"], lambda names: names.levels.get(given["level1"].text, ())
        )
        return None if gone else source

    def _is_gone(self, at: Source, named: Callable[[_Names], Collection[str]]) -> bool:
        inherited = at.file != self.file and at.text not in named(self.names)
        return inherited and any(at.text in named(_Names.of(had)) for had in self.extended)


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
            known = _known(place, level1, self._old.levels)
            for level2, inner, value in group.pairs():
                old, goals = (level1, _known(inner, level2, known)), self._levels(value)
                _once(value, "/".join(goals), ["/".join(taken) for taken in levels.values()])
                levels[old] = goals
        return Correspondence(fields, wordings, levels)

    def _wordings(self, source: Source, old: str, new: str) -> dict[str, str]:
        words: dict[str, str] = {}
        for word, place, value in source.pairs():
            option = _known(place, word, self._old.fields[old])
            goal = _known(value, value.text, self._new.fields[new])
            _once(value, goal, words.values())
            words[option] = goal
        return words

    def _levels(self, source: Source) -> Levels:
        record = source.record(required=("level1", "level2"))
        level1, level2 = record["level1"], record["level2"]
        known = _known(level1, level1.text, self._new.levels)
        return level1.text, _known(level2, level2.text, known)


def _known(at: Source, word: str, known: Mapping[str, T]) -> T:
    """What stands under a word."""
    if word not in known:
        closest = suggestion(word, tuple(known))
        raise at.error(Message("表样中没有“{word}”{closest}", word=word, closest=closest))
    return known[word]


def _once(at: Source, goal: str, taken: Collection[str]) -> None:
    if goal in taken:
        raise at.error(Message("“{goal}”已经与另一项对应", goal=goal))
