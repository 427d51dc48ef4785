"""The parts of a package, to be changed one by one; what nobody edits is copied as it is."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

from xlgoals.annotate.xml import Element, Unmarkable, append, children, parsed, serialised
from xlgoals.language import Message
from xlgoals.reader.errors import Unreadable
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.reader.package import Package
from xlgoals.reader.relationships import resolve

_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONSHIPS = f'<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode()
_TIME = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


class Parts:
    """A package in memory. Part names are found whatever their case."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        """Unpack it within limits. Raises Unmarkable."""
        self._data: dict[str, bytes] = {}
        self._spelled: dict[str, str] = {}
        self._trees: dict[str, Element] = {}
        self._edited: set[str] = set()
        try:
            package = Package(BytesIO(data), len(data), limits)
            for name in package.spellings():
                self.put(name, package.whole(name))
        except Unreadable as unreadable:
            raise Unmarkable(str(unreadable)) from None

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._spelled

    def raw(self, name: str) -> bytes:
        """The bytes of a part as they came. Raises Unmarkable where it is missing."""
        if not self.has(name):
            raise Unmarkable(Message("缺少 {name}", name=name))
        return self._data[self._spelled[name.lower()]]

    def put(self, name: str, data: bytes) -> None:
        """Add or replace a part."""
        spelled = self._spelled.setdefault(name.lower(), name)
        self._data[spelled] = data
        self._trees.pop(spelled, None)
        self._edited.discard(spelled)

    def tree(self, name: str) -> Element:
        """A part's tree, for reading only."""
        data = self.raw(name)
        spelled = self._spelled[name.lower()]
        if spelled not in self._trees:
            self._trees[spelled] = parsed(spelled, data)
        return self._trees[spelled]

    def edit(self, name: str) -> Element:
        """A part's tree; what is changed in it will be written."""
        root = self.tree(name)
        self._edited.add(self._spelled[name.lower()])
        return root

    def remove(self, name: str) -> None:
        """Remove a part, and what only it leads to."""
        spelled = self._spelled.pop(name.lower(), None)
        if spelled is None:
            return
        targets = [part for _, _, part in Links(self, name).items()]
        for found in (self._data, self._trees):
            found.pop(spelled, None)
        self._edited.discard(spelled)
        self._forget(spelled)
        self.remove(_links_of(name))
        for target in targets:
            if not self._is_target(target):
                self.remove(target)

    def _is_target(self, name: str) -> bool:
        """Whether any part still leads to this one."""
        for link in list(self._data):
            folder, base = posixpath.split(link)
            if base.endswith(".rels") and posixpath.basename(folder) == "_rels":
                source = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
                if any(name.lower() == part.lower() for _, _, part in Links(self, source).items()):
                    return True
        return False

    def free_name(self, pattern: str) -> str:
        """The first part name of a pattern with ``{}`` for a number that is not taken."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    # --- content types ----------------------------------------------------------------------------
    def declare(self, name: str, content_type: str) -> None:
        """Say what a part is."""
        append(self.edit(_TYPES), "Override", PartName=f"/{name}", ContentType=content_type)

    def declare_ending(self, ending: str, content_type: str) -> None:
        """Say what all parts with a name of this ending are, unless it is said already."""
        known = children(self.tree(_TYPES), "Default")
        if not any(item.get("Extension", "").lower() == ending for item in known):
            root = self.edit(_TYPES)
            item = append(root, "Default", Extension=ending, ContentType=content_type)
            root.insert(0, item)

    def _forget(self, name: str) -> None:
        for item in list(children(self.tree(_TYPES), "Override")):
            if item.get("PartName", "").lower() == f"/{name}".lower():
                self.edit(_TYPES).remove(item)

    def to_bytes(self) -> bytes:
        """The package zipped."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in self._data.items():
                info = zipfile.ZipInfo(name, _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 3
                edited = name in self._edited
                file.writestr(info, serialised(self._trees[name]) if edited else data)
        return buffer.getvalue()


class Links:
    """The relationships of one part, or of the package where ``source`` is empty."""

    def __init__(self, parts: Parts, source: str = "") -> None:
        self._parts, self._source = parts, source
        self._name = _links_of(source)

    def items(self) -> Iterator[tuple[str, str, str]]:
        """Id, type and part of each that stays inside the package."""
        if not self._parts.has(self._name):
            return
        folder = posixpath.dirname(self._source)
        base = f"{folder}/" if folder else ""
        for item in children(self._parts.tree(self._name), "Relationship"):
            if item.get("TargetMode") != "External":
                part = resolve(base, item.get("Target", ""))
                part = part if self._parts.has(part) else unquote(part)
                yield item.get("Id", ""), item.get("Type", ""), part

    def of_kind(self, kind: str) -> str | None:
        """The first part of a kind, named by the last word of its type."""
        return next((p for _, k, p in self.items() if k.rpartition("/")[2] == kind), None)

    def part(self, key: str | None) -> str | None:
        """The part that an id leads to."""
        return next((part for id_, _, part in self.items() if id_ == key), None)

    def add(self, type_: str, part: str) -> str:
        """Lead to a part; the id."""
        if not self._parts.has(self._name):
            self._parts.put(self._name, _NO_RELATIONSHIPS)
        root = self._parts.edit(self._name)
        taken = {item.get("Id") for item in root}
        key = next(key for n in range(1, len(taken) + 2) if (key := f"rId{n}") not in taken)
        target = posixpath.relpath(f"/{part}", f"/{posixpath.dirname(self._source)}")
        append(root, "Relationship", Id=key, Type=type_, Target=target)
        return key

    def drop(self, part: str) -> None:
        """Lead no longer to a part, and remove it with what only it leads to."""
        for key, _, target in list(self.items()):
            if target.lower() == part.lower():
                root = self._parts.edit(self._name)
                for item in [item for item in root if item.get("Id") == key]:
                    root.remove(item)
        if not len(self._parts.tree(self._name)):
            self._parts.remove(self._name)
        self._parts.remove(part)


def _links_of(source: str) -> str:
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")
