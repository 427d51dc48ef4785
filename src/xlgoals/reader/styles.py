"""The number format of every cell style."""

from __future__ import annotations

from xlgoals.number_formats import BUILTIN_FORMATS, GENERAL
from xlgoals.reader.errors import damaged
from xlgoals.reader.package import Package, Part
from xlgoals.reader.xml import Handler, names, parse

_STYLES = names("cellXfs")
_STYLE = names("xf")
_FORMATS = names("numFmts")
_FORMAT = names("numFmt")
# Some programs write every style twice: for themselves as a choice, and for all as a fallback.
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_CHOICE, _FALLBACK = f"{_COMPATIBILITY} Choice", f"{_COMPATIBILITY} Fallback"
_FALLBACK_DEPTH = 5


class _Styles(Handler):
    __slots__ = ("_branch", "_group", "codes", "ids")

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._group = self._branch = ""
        self.codes = dict(BUILTIN_FORMATS)
        self.ids: list[int] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 2:
            self._group = name
        elif name in (_CHOICE, _FALLBACK):
            self._branch = name
        elif self.depth == 3 or (self.depth == _FALLBACK_DEPTH and self._branch == _FALLBACK):
            if name in _STYLE and self._group in _STYLES:
                self.ids.append(int(attributes.get("numFmtId", "0")))
            elif name in _FORMAT and self._group in _FORMATS:
                self._define(attributes)

    def _define(self, attributes: dict[str, str]) -> None:
        key, code = attributes.get("numFmtId"), attributes.get("formatCode")
        if key is None or code is None:
            raise damaged(self.part, "number format without id or code")
        # A built-in id may be spelled out too: what the file says then holds.
        self.codes[int(key)] = code


def read_number_formats(package: Package, name: str) -> list[str]:
    """The number format code of each cell style, by its index."""
    with package.open(name) as part:
        handler = _Styles(part)
        parse(part, handler)
    return [handler.codes.get(key, GENERAL) for key in handler.ids]
