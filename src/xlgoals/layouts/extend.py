"""Layouts that extend another: overrides laid over the base by key, before anything is loaded.

All is done on the parsed files, so that whatever is wrong is still told where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from xlgoals.language import Message, enumerated
from xlgoals.layouts.source import LayoutError, MergedList, MergedMapping, Source, suggestion

_HERE = Path(__file__).parent
_Identity = tuple[str, ...]


def shipped_layouts() -> dict[str, Path]:
    """The files of the layouts in the package by id, sorted."""
    return {path.stem: path for path in sorted(_HERE.glob("*.yaml"))}


class Extended(MergedMapping):
    """A layout that extends another, resolved; it knows what it changed."""

    def __init__(self, over: Source, base: Source, extends: Source, base_path: Path) -> None:
        self._changes: list[Source] = []
        own = MergedMapping(over, (pair for pair in over.pairs() if pair[0] != "extends"))
        merged = _Merger(self._changes).mapping(base, own)
        super().__init__(over, merged.pairs())
        self.base, self.base_path, self._extends = base, base_path, extends

    def blame(self, error: LayoutError) -> LayoutError:
        """An error in what was inherited, sound as it was, told where this file made it one."""
        if error.file == self.file:
            return error
        named = [c for c in self._changes if re.search(f"“{re.escape(_last(c))}:?”", error.problem)]
        at = named[0] if named else self._extends
        problem = Message("这样改动后，继承的内容不再成立（{error}），请一并修改", error=error)
        return at.error(problem)


def resolved(path: Path, above: tuple[Path, ...] = ()) -> Source:
    """Parse a layout file and lay it over the one that it extends, if any.

    Raises LayoutError for what is no YAML, an unknown base, a cycle, and overrides of what is not
    there; OSError for an unreadable file.
    """
    over = Source.load(path)
    given = dict(over.entries()) if over.is_mapping else {}
    extends = given.get("extends")
    if extends is None:
        return over
    if "id" not in given:
        raise over.error(Message("缺少“id”：另一个表样要有自己的名称"))
    base_path = named_file(extends, path)
    here = (*above, path.resolve())
    if base_path.resolve() in here:
        raise extends.error(Message("“{text}”又继承了本表样，成了循环", text=extends.text))
    base = resolved(base_path, here)
    said = dict(base.entries()) if base.is_mapping else {}
    if "id" in said and said["id"].text == given["id"].text:
        raise given["id"].error(Message("与继承的表样同名；另一个表样要有自己的名称"))
    return Extended(over, base, extends, base_path)


def lineage(source: Source) -> Iterator[Source]:
    """A layout, the one it extends, and so on."""
    yield source
    while isinstance(source, Extended):
        source = source.base
        yield source


def named_file(name: Source, path: Path) -> Path:
    """The file of another layout that a layout file names: by id, or by a path from that file."""
    known = shipped_layouts()
    if name.text in known:
        return known[name.text]
    other = path.parent / name.text
    if other.suffix not in (".yaml", ".yml") or not other.is_file():
        raise name.error(
            Message(
                "没有名为“{name}”的表样；可用：{names}，"
                "或 .yaml 文件的路径（从本文件所在的文件夹算起）",
                name=name.text,
                names=enumerated(known),
            )
        )
    return other


class _Merger:
    """Lays one source over another, and notes what was added and what was taken away."""

    def __init__(self, changes: list[Source]) -> None:
        self._changes = changes

    def mapping(self, base: Source, over: Source) -> Source:
        """Keys override; ``null`` takes a key away; keys that the base has not are added."""
        merged = {key: (key, place, value) for key, place, value in base.pairs()}
        for key, place, value in over.pairs():
            if value.is_null:
                if key not in merged:
                    raise place.error(Message("继承的表样在这里没有“{key}”，不能删去", key=key))
                del merged[key]
                self._changes.append(place)
            elif key in merged:
                merged[key] = (key, place, self._value(key, merged[key][2], value))
            else:
                merged[key] = (key, place, value)
                self._changes.append(place)
        return MergedMapping(over, merged.values())

    def _value(self, key: str, base: Source, over: Source) -> Source:
        if base.is_list and over.is_list and key in _IDENTITIES:
            return MergedList(over, self._items(base, over, _IDENTITIES[key]))
        if not (base.is_mapping and over.is_mapping):
            return over
        return _options(base, over) if key == "options" else self.mapping(base, over)

    def _items(
        self, base: Source, over: Source, identity: Callable[[Source], _Identity]
    ) -> list[Source]:
        """Elements override those of the same identity, ``remove: true`` takes one away.

        Others are added: at the end, or ``before`` another.
        """
        merged = {identity(item): item for item in base.items()}
        said: set[_Identity] = set()
        for item in over.items():
            name, given = identity(item), dict(item.entries())
            if name in said:
                raise item.error(Message("“{name}”出现了两次", name=name[-1]))
            said.add(name)
            remove, before = given.get("remove"), given.get("before")
            rest = (pair for pair in item.pairs() if pair[0] not in ("remove", "before"))
            own = MergedMapping(item, rest)
            if remove is not None and remove.boolean:
                if merged.pop(name, None) is None:
                    raise item.error(Message("继承的表样没有“{name}”，不能删去", name=name[-1]))
                continue
            merged[name] = self.mapping(merged[name], own) if name in merged else own
            if before is not None:
                merged = _moved(merged, name, before)
        return list(merged.values())


def _moved(
    merged: dict[_Identity, Source], name: _Identity, before: Source
) -> dict[_Identity, Source]:
    """The same with one element before the one that ``before`` names."""
    item = merged.pop(name)
    known = tuple(dict.fromkeys(other[-1] for other in merged))
    if before.text not in known:
        details = {"text": before.text, "closest": suggestion(before.text, known)}
        raise before.error(Message("没有“{text}”，不能排在它的前面{closest}", **details))
    moved: dict[_Identity, Source] = {}
    for other, value in merged.items():
        if other[-1] == before.text and name not in moved:
            moved[name] = item
        moved[other] = value
    return moved


# --- options --------------------------------------------------------------------------------------
def _options(base: Source, over: Source) -> Source:
    """Options added, removed or renamed; an old wording becomes an alias of the new one."""
    given = {key: value for key, _, value in over.pairs()}
    pairs = {key: (key, place, value) for key, place, value in base.pairs()}
    values = {item.text: item for item in pairs["values"][2].items()} if "values" in pairs else {}
    aliases = (
        {pair[0]: pair for pair in pairs.pop("aliases")[2].pairs()} if "aliases" in pairs else {}
    )
    for old in given["remove"].items() if "remove" in given else ():
        _known(old, old.text, values)
        del values[old.text]
        aliases = {key: pair for key, pair in aliases.items() if pair[2].text != old.text}
    for old_text, place, new in given["rename"].pairs() if "rename" in given else ():
        _known(place, old_text, values)
        values = {
            (new.text if t == old_text else t): (new if t == old_text else v)
            for t, v in values.items()
        }
        aliases = {k: (k, p, new if v.text == old_text else v) for k, (_, p, v) in aliases.items()}
        aliases[old_text] = (old_text, place, new)
    added = list(given["add"].items()) if "add" in given else []
    pairs["values"] = ("values", over, MergedList(over, [*values.values(), *added]))
    if aliases:
        pairs["aliases"] = ("aliases", over, MergedMapping(over, aliases.values()))
    for key, place, value in over.pairs():
        if key not in ("add", "remove", "rename"):
            pairs[key] = (key, place, value)
    return MergedMapping(over, pairs.values())


def _known(at: Source, text: str, values: dict[str, Source]) -> None:
    if text not in values:
        names = enumerated(values)
        raise at.error(Message("继承的选项中没有“{text}”；现有：{names}", text=text, names=names))


# --- identities -----------------------------------------------------------------------------------
def _identified_by(*keys: str) -> Callable[[Source], _Identity]:
    """What makes an element of a list the same as another: the first key must be there."""

    def identity(item: Source) -> _Identity:
        given = dict(item.entries())
        if keys[0] not in given:
            raise item.error(Message("缺少“{key}”", key=keys[0]))
        return tuple(given[key].text for key in keys if key in given)

    return identity


_IDENTITIES = {
    "groups": _identified_by("level1", "level2"),
    "fixed": _identified_by("name"),
    "rules": _identified_by("code"),
}


def _last(place: Source) -> str:
    return place.key.rpartition(".")[2]
