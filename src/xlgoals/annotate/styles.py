"""The styles part: looks for marks and for the list, each added once, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache

from lxml import etree

from xlgoals.annotate.book import Book
from xlgoals.annotate.xml import (
    Canonical,
    Element,
    Unmarkable,
    canonical,
    child,
    children,
    insert_before,
    local,
    make,
)
from xlgoals.findings import Severity
from xlgoals.language import Message

_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"),
    *("dxfs", "tableStyles", "colors", "extLst"),
)
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# What the first of each group must be, where a file has none.
_FIRST = {
    "fonts": '<font><sz val="11"/><name val="宋体"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
# A mark has one of 256 shades, all alike to the eye: cells that had another fill of their own
# before get another shade, so that each can be given its own back. Green and blue start here.
_SHADES = {Severity.ERROR: (0xD0, 0xD0), Severity.WARNING: (0xE0, 0xA0)}


def shade(severity: Severity, number: int = 0) -> str:
    """The colour of a mark as files spell it."""
    green, blue = _SHADES[severity]
    return f"FFFF{green + number % 16:02X}{blue + number // 16 % 16:02X}"


def is_shade(colour: str) -> bool:
    """Whether a colour is that of a mark."""
    return any(
        colour.upper().startswith("FFFF")
        and len(colour) == 8
        and int(colour[4], 16) == green >> 4
        and int(colour[6], 16) == blue >> 4
        for green, blue in _SHADES.values()
    )


def solid(colour: str) -> str:
    """A fill of one colour."""
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


class Styles:
    """The looks of a workbook's cells, by the numbers that cells name them by."""

    def __init__(self, book: Book) -> None:
        found = book.links.of_kind("styles")
        if found is None:
            found = f"{book.folder}styles.xml"
            book.parts.put(found, f'<styleSheet xmlns="{book.namespace}"/>'.encode())
            book.parts.declare(found, _CONTENT_TYPE)
            book.links.add(f"{book.office}/styles", found)
        self._root = book.parts.edit(found)
        self._groups = {name: self._group(name) for name in _FIRST}
        self._known: dict[str, dict[Canonical, int]] = {}
        self._shades: dict[int, int] = {}  # the fill a cell had → the number of its shade
        self.marked: dict[int, int] = {}  # a mark's style → the style it stands on

    def _group(self, name: str) -> Element:
        group = child(self._root, name)
        if group is None:
            group = make(self._root, name)
            insert_before(self._root, group, _ORDER[_ORDER.index(name) + 1 :])
        if not len(group):
            for item in self._snippet(_FIRST[name]):
                group.append(item)
            group.set("count", str(len(group)))
        return group

    def _snippet(self, text: str) -> list[Element]:
        space = etree.QName(self._root).namespace
        declared = f' xmlns="{space}"' if space else ""
        return list(etree.fromstring(f"<s{declared}>{text}</s>"))

    def _index(self, group_name: str, element: Element) -> int:
        """The number of an element in its group, added where there is none like it."""
        group = self._groups[group_name]
        if group_name not in self._known:
            items = [item for item in group if local(item)]
            self._known[group_name] = {
                canonical(item): index for index, item in reversed(list(enumerate(items)))
            }
        known = self._known[group_name]
        key = canonical(element)
        if key not in known:
            known[key] = sum(1 for item in group if local(item))
            group.append(element)
            group.set("count", str(known[key] + 1))
        return known[key]

    def _xf(self, style: int) -> Element:
        styles = list(children(self._groups["cellXfs"], "xf"))
        if not styles:
            raise Unmarkable(Message("样式部分有误"))
        return styles[style if style < len(styles) else 0]

    def _fill(self, style: int) -> int:
        return int(self._xf(style).get("fillId", "0"))

    def _fill_element(self, style: int) -> Element | None:
        fills = list(children(self._groups["fills"], "fill"))
        number = self._fill(style)
        return fills[number] if number < len(fills) else None

    # --- marks ------------------------------------------------------------------------------------
    def mark(self, style: int, severity: Severity) -> int:
        """The style that looks like another one with the fill of a mark."""
        number = self._shades.setdefault(self._fill(style), len(self._shades))
        (fill,) = self._snippet(solid(shade(severity, number)))
        made = self._with_fill(style, self._index("fills", fill))
        self.marked[made] = style
        return made

    def _with_fill(self, style: int, fill: int) -> int:
        made = deepcopy(self._xf(style))
        made.set("fillId", str(fill))
        made.set("applyFill", "1")
        return self._index("cellXfs", made)

    def way_back(self, swatches: Mapping[int, int]) -> Callable[[int], int | None]:
        """What tells of a style in a mark's fill the style it stood on; None of any other.

        ``swatches`` gives both of each mark as they were made, under the numbers of today. A style
        that has changed since, but for its fill, is told by the fill.
        """
        fills = {
            canonical(fill): self._fill(before)
            for style, before in swatches.items()
            if (fill := self._fill_element(style)) is not None and self.in_shade(style)
        }

        @cache
        def before(style: int) -> int | None:
            fill = self._fill_element(style)
            key = None if fill is None else canonical(fill)
            if key not in fills:
                return None
            return swatches[style] if style in swatches else self._with_fill(style, fills[key])

        return before

    def in_shade(self, style: int) -> bool:
        """Whether a style's fill is one of a mark."""
        fill = self._fill_element(style)
        colour = None if fill is None else fill.find("{*}patternFill/{*}fgColor")
        return colour is not None and is_shade(colour.get("rgb", ""))

    def cleared(self, style: int) -> int:
        """The style without any fill."""
        return self._with_fill(style, 0)

    # --- the list ---------------------------------------------------------------------------------
    def style(self, font: str, fill: str = "", border: str = "", alignment: str = "") -> int:
        """The number of a style made of these parts, given as the format spells them."""
        numbers = {}
        for group, text in (("fonts", font), ("fills", fill), ("borders", border)):
            key = f"{group[:-1]}Id"
            numbers[key] = self._index(group, self._snippet(text)[0]) if text else 0
        made = make(self._groups["cellXfs"], "xf", numFmtId="49", xfId="0")
        for key, number in numbers.items():
            made.set(key, str(number))
        for name in ("NumberFormat", "Font", "Fill", "Border", "Alignment"):
            made.set(f"apply{name}", "1")
        for item in self._snippet(alignment):
            made.append(item)
        return self._index("cellXfs", made)
