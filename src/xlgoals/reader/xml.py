"""XML without its dangers: expat, fed piece by piece, with no DTD and no entities."""

from __future__ import annotations

import pyexpat
from collections.abc import Collection, Iterator
from typing import NoReturn

from xlgoals.reader.errors import Reason, Unreadable, damaged, shown
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Part

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The spreadsheet namespace: as everybody writes it, and as strict OOXML does."""

OFFICE_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
"""The namespace of ``r:id``, and the base of the relationship types, in both dialects."""

_FIRST_PIECE = 64 * 1024
_LAST_PIECE = 4 * 1024 * 1024
# All that expat reads by itself. For others pyexpat would run any codec that a file names.
_ENCODINGS = {"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1"}


def names(*locals_: str) -> frozenset[str]:
    """Full names, as handlers get them, of an element in either spreadsheet namespace."""
    return frozenset(f"{space} {local}" for space in MAIN for local in locals_)


def local_name(name: str, spaces: Collection[str] = MAIN) -> str:
    """The name without its namespace; empty if that is none of ``spaces``."""
    space, _, local = name.rpartition(" ")
    return local if space in spaces else ""


class Handler:
    """Takes the events of one part; ``chunks`` collects the text since the last start tag.

    ``start`` and ``end`` run for every element of every file: a subclass either overrides them
    or leaves them and has ``opened`` and ``closed``, which know their depth (root: 1).
    """

    __slots__ = ("chunks", "depth", "max_depth", "max_length", "part")

    def __init__(self, part: Part) -> None:
        self.part = part.name
        self.chunks: list[str] = []
        self.depth = 0
        self.max_depth = part.allowance.limits.xml_depth
        self.max_length = part.allowance.limits.string_length

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag; attribute names carry their namespace, if they have one."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise self.too_deep()
        # Text between elements must not pile up.
        self.chunks.clear()
        self.opened(name, attributes)

    def end(self, name: str) -> None:
        """An end tag."""
        self.closed(name)
        self.depth -= 1

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element starts at ``self.depth``."""

    def closed(self, name: str) -> None:
        """An element ends; ``self.depth`` is still its own."""

    def text(self) -> str:
        """The text of the element that just ended."""
        text = "".join(self.chunks)
        if len(text) > self.max_length:
            raise too_large("string_length", len(text), self.max_length, self.part)
        return text

    def too_deep(self) -> Unreadable:
        """Elements nest beyond the limit."""
        return too_large("xml_depth", self.depth, self.max_depth, self.part)


def parse(part: Part, handler: Handler) -> None:
    """Run a whole part through the handler. Raises Unreadable, whatever the bytes are."""
    for _ in parse_by_pieces(part, handler, _FIRST_PIECE):
        pass


def parse_by_pieces(part: Part, handler: Handler, size: int) -> Iterator[bytes]:
    """The same a piece at a time, the first of ``size`` bytes, for who may not want it all.

    Gives each piece when it is parsed.
    """
    try:
        yield from _feed(part, handler, size)
    except pyexpat.ExpatError as error:
        # code, lineno and offset are all that its text says.
        raise damaged(part.name, str(error)) from None
    except (ValueError, LookupError, OverflowError) as error:
        # Unpaired surrogates in UTF-16, numbers that int() refuses.
        raise damaged(part.name, type(error).__name__) from error


def _feed(part: Part, handler: Handler, size: int) -> Iterator[bytes]:
    def refuse(*_: object) -> NoReturn:
        raise Unreadable(Reason.UNSAFE_XML, f"{shown(part.name)}: document type declaration")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise damaged(part.name, f"encoding {shown(encoding)}")

    parser = pyexpat.ParserCreate(None, " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.chunks.append
    # Expat starts a token over with every piece until it is complete: pieces that grow keep
    # a token of many megabytes from taking minutes.
    while piece := part.read(size):
        # A tag costs far more time than its bytes; in UTF-16 the sign is one of two bytes.
        part.allowance.spend_tags(piece.count(b"<"), part.name)
        parser.Parse(piece, False)
        yield piece
        size = min(size + size // 4, _LAST_PIECE)
    parser.Parse(b"", True)
