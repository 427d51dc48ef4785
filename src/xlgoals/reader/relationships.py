"""Which part leads to which."""

from __future__ import annotations

import re
from typing import NamedTuple

from xlgoals.reader.errors import damaged
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package, Part
from xlgoals.reader.xml import Handler, local_name, parse

_SPACES = ("http://schemas.openxmlformats.org/package/2006/relationships",)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


class Relationship(NamedTuple):
    """One part that another one leads to."""

    kind: str
    """The last word of its type: ``worksheet``, ``styles`` …; the same in both dialects."""
    part: str


class _Relationships(Handler):
    __slots__ = ("_base", "_limit", "found")

    def __init__(self, part: Part, base: str) -> None:
        super().__init__(part)
        self._base = base
        self._limit = part.allowance.limits.names
        self.found: dict[str, Relationship] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth != 2 or local_name(name, _SPACES) != "Relationship":
            return
        if attributes.get("TargetMode") == "External":
            return
        key, target = attributes.get("Id"), attributes.get("Target")
        if key is None or target is None or key in self.found:
            raise damaged(self.part, "relationship without Id or Target, or one Id twice")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[key] = Relationship(kind, resolve(self._base, target))
        if len(self.found) > self._limit:
            raise too_large("names", len(self.found), self._limit, self.part)


def relationships(package: Package, source: str = "") -> dict[str, Relationship]:
    """The parts that ``source`` leads to, by relationship id; empty: the whole package.

    A part without relationships has none.
    """
    folder, _, name = source.rpartition("/")
    base = folder + "/" if folder else ""
    path = f"{base}_rels/{name}.rels"
    if not package.has(path):
        return {}
    with package.open(path) as part:
        handler = _Relationships(part, base)
        parse(part, handler)
    return {
        key: link if package.has(link.part) else link._replace(part=_plain(link.part))
        for key, link in handler.found.items()
    }


def resolve(base: str, target: str) -> str:
    """The name of the part that a target means, seen from the folder ``base``."""
    path = target[1:] if target.startswith("/") else base + target
    steps: list[str] = []
    for step in path.replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _plain(name: str) -> str:
    """A part name without percent escapes: targets are addresses, zip entries often are not."""
    raw = _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), name.encode())
    return raw.decode("utf-8", "replace")
