"""The table of shared strings."""

from __future__ import annotations

from xlgoals.reader.errors import damaged
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package, Part
from xlgoals.reader.tables import StringsByAndBy
from xlgoals.reader.xml import Handler, names, parse_by_pieces

_FIRST_PIECE = 8 * 1024  # bytes
_TAIL, _END = 64, b"sst>"
_ITEM = names("si")
_TEXT = names("t")
_RUN = names("r")


class _Strings(Handler):
    __slots__ = ("_in_run", "_limit", "_runs", "strings")

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.strings: list[str] = []
        self._limit = part.allowance.limits.cells
        self._runs: list[str] = []
        self._in_run = False

    # Every text of every file passes here; hence no opened() and closed().
    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if depth > self.max_depth:
            raise self.too_deep()
        if self.chunks:
            self.chunks.clear()
        if depth == 3:
            self._in_run = name in _RUN

    def end(self, name: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if name in _TEXT:
            # Phonetic guides (rPh) hold t as well; that is not what the cell shows.
            if depth == 3 or (depth == 4 and self._in_run):
                self._runs += self.chunks
        elif depth == 2 and name in _ITEM:
            self._finish()

    def _finish(self) -> None:
        text = "".join(self._runs)
        if len(text) > self.max_length:
            raise too_large("string_length", len(text), self.max_length, self.part)
        self._runs.clear()
        self.strings.append(text)
        if len(self.strings) > self._limit:
            raise too_large("cells", len(self.strings), self._limit, self.part)


def read_strings(package: Package, name: str) -> StringsByAndBy:
    """The shared strings, rich-text runs joined.

    A template's own strings stand at its end, and few cells that are read refer to them. What is
    left when there is enough is not parsed, but proven to be there.
    """
    with package.open(name) as part:
        handler = _Strings(part)
        for piece in parse_by_pieces(part, handler, _FIRST_PIECE):
            enough = yield handler.strings
            if enough and (left := part.drain(_TAIL)):
                # What is left may be no more than the last byte. In UTF-16 every other is none.
                tail = piece[-_TAIL:] + left
                if not tail.replace(b"\0", b"").rstrip().endswith(_END):
                    raise damaged(name, "cut off")
                return
