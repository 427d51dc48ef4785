"""The boxes of notes: VML drawings, edited as text since Excel's own are not always sound XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property

from xlgoals.annotate.sheet import SheetXml
from xlgoals.annotate.xml import Unmarkable
from xlgoals.grid import MAX_COLUMNS, MAX_ROWS, CellRef, RangeRef
from xlgoals.language import Message

_SHAPE = re.compile(r"<((?:\w+:)?)shape[\s>].*?</\1shape\s*>", re.DOTALL)
_END = re.compile(r"</(?:\w+:)?xml\s*>\s*\Z")
_NUMBER = re.compile(r"_x0000_s(\d{1,9})\b")
_BLOCKS = re.compile(r"idmap\b[^>]*\bdata=\"([\d,]+)\"")
_NOTE = re.compile(r"ObjectType=[\"']Note[\"']")
_ROW, _COLUMN = (re.compile(rf"<(?:\w+:)?{name}>\s*(\d{{1,9}})\s*<") for name in ("Row", "Column"))
_BLOCK = 1024  # numbers of shapes that a drawing owns

_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_DRAWING = (
    f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{block}}"/>'
    "</o:shapelayout></xml>"
)
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape {spaces}id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    "margin-left:59.25pt;margin-top:1.5pt;width:{width}pt;height:{height}pt;z-index:1;"
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
WIDTH = 320  # pixels of a box


class Drawing:
    """A VML drawing. What is not ours stays as it is, byte by byte."""

    def __init__(self, data: bytes) -> None:
        """Raises Unmarkable where there is no place to add a shape."""
        self._text = data.decode("utf-8", "surrogateescape")
        self._added: list[str] = []
        if not _END.search(self._text):
            raise Unmarkable(Message("批注的图形部分无法识别"))

    @classmethod
    def new(cls, block: int) -> Drawing:
        """An empty one that owns a block of numbers."""
        return cls(_DRAWING.format(block=block).encode())

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn."""
        return _SHAPE.search(self._text) is None

    @property
    def blocks(self) -> set[int]:
        """The blocks of numbers that it owns."""
        found = _BLOCKS.search(self._text)
        return {int(n) for n in found[1].split(",") if n} if found else set()

    def remove(self, places: Collection[CellRef]) -> None:
        """Take the boxes of the notes at these cells away."""

        def kept(found: re.Match[str]) -> str:
            row, column = _ROW.search(found[0]), _COLUMN.search(found[0])
            if not (_NOTE.search(found[0]) and row and column):
                return found[0]
            return "" if (int(row[1]) + 1, int(column[1]) + 1) in places else found[0]

        self._text = _SHAPE.sub(kept, self._text)

    def add(self, place: CellRef, anchor: str, height: int) -> None:
        """Add the box of a note."""
        if not self._added and 'id="_x0000_t202"' not in self._text:
            self._added.append(_TYPE)
        self._added.append(
            _BOX.format(
                spaces="" if self._knows_spaces else f"{_SPACES} ",
                number=self._last_number + len(self._added) + 1,
                width=WIDTH * 3 // 4,
                height=height * 3 // 4,
                anchor=anchor,
                row=place.row - 1,
                column=place.column - 1,
            )
        )

    @cached_property
    def _last_number(self) -> int:
        numbers = (int(number) for number in _NUMBER.findall(self._text))
        return max(numbers, default=min(self.blocks, default=1) * _BLOCK)

    @cached_property
    def _knows_spaces(self) -> bool:
        return all(space in self._text for space in _SPACES.split())

    def to_bytes(self) -> bytes:
        """The part."""
        end = self._text.rindex("</")
        text = self._text[:end] + "".join(self._added) + self._text[end:]
        return text.encode("utf-8", "surrogateescape")


def anchor(sheet: SheetXml, area: RangeRef, height: int) -> str:
    """Where a box stands: right of an area, begun a little higher, so large as its text needs."""
    columns, rows = area.right, max(area.top - 2, 0)  # counted from 0, as anchors are
    start = (min(columns, MAX_COLUMNS - 6), 15, rows, 10)
    right = _walk(sheet.column_pixels, start[0], start[1] + WIDTH, MAX_COLUMNS)
    bottom = _walk(sheet.row_pixels, start[2], start[3] + height, MAX_ROWS)
    return ",".join(map(str, (*start[:2], *start[2:], *right, *bottom)))


def _walk(size: Callable[[int], int], start: int, length: int, last: int) -> tuple[int, int]:
    """Where a length ends: how many columns or rows lie before, and the pixels into the next."""
    while start < last and length > (here := size(start + 1)):
        length -= here
        start += 1
    return start, length
