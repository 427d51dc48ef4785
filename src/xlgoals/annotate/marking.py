"""Marks put on a package and taken off it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from xlgoals.annotate.book import Book, Tab
from xlgoals.annotate.notes import Notes
from xlgoals.annotate.parts import Parts
from xlgoals.annotate.problem_list import HEADING_ROW, SWATCHES, write_list
from xlgoals.annotate.sheet import SheetXml
from xlgoals.annotate.styles import Styles
from xlgoals.annotate.words import LIST_NAME
from xlgoals.annotate.xml import Element, Unmarkable, texts, unset
from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.grid import CellRef
from xlgoals.language import Message
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.text import stored

_MARKED = (Severity.ERROR, Severity.WARNING)  # the worst first
_MOST_MARKS = 2000  # of a sheet; programs get slow with notes, and the list has the rest
_LONGEST = 1000  # characters of one line in a note


def marked(
    data: bytes, findings: Sequence[Finding], form: str, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """A workbook with every finding marked and listed, and no earlier mark left.

    ``form`` is what the list calls the form. Raises Unmarkable.
    """
    with _numbers_as_the_format_wants():
        marking = _Marking(data, limits)
        marking.take_off()
        marking.put_on(findings, form)
        return marking.parts.to_bytes()


def unmarked(data: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """A workbook as it was before it was marked. Raises Unmarkable."""
    with _numbers_as_the_format_wants():
        marking = _Marking(data, limits)
        marking.take_off()
        return marking.parts.to_bytes()


@contextmanager
def _numbers_as_the_format_wants() -> Iterator[None]:
    """Attributes are read as the numbers and references they must be; else no copy is made."""
    try:
        yield
    except ValueError:
        raise Unmarkable(Message("文件里有不合格式的编号")) from None


class _Marking:
    def __init__(self, data: bytes, limits: Limits) -> None:
        self.parts = Parts(data, limits)
        self._book = Book(self.parts)
        self._styles = Styles(self._book)

    # --- off --------------------------------------------------------------------------------------
    def take_off(self) -> None:
        """Remove the list, every fill of a mark, and our notes."""
        swatches: dict[int, int] = {}
        for tab in self._book.tabs:
            found = self._swatches(tab)
            if found is not None:
                swatches.update(found)
                self._book.remove(tab.name)
        before = self._styles.way_back(swatches) if swatches else None
        for tab in self._book.tabs:
            self._take_off_sheet(tab, before)

    def _take_off_sheet(self, tab: Tab, before: Callable[[int], int | None] | None) -> None:
        sheet = SheetXml(self.parts.tree(tab.part))
        noted = Notes(self._book, tab.part, sheet).strip()
        if noted:
            self.parts.edit(tab.part)
        if before is not None:
            for _, cell in sheet.cells():
                style = before(_style(cell))
                if style is not None:
                    self.parts.edit(tab.part)
                    _set_style(cell, style)
        # Where the list was deleted, the notes still tell where the marks are.
        for place in noted:
            for cell in sheet.cells_in(sheet.area(place)):
                if self._styles.in_shade(_style(cell)):
                    _set_style(cell, self._styles.cleared(_style(cell)))

    def _swatches(self, tab: Tab) -> dict[int, int] | None:
        """Looks of marks and of what they stand on; None for a sheet that is no list of ours."""
        cells = [cell for _, cell in SheetXml(self.parts.tree(tab.part)).row(1)]
        for index, cell in enumerate(cells):
            if self._text(cell) == SWATCHES:
                looks = [_style(item) for item in cells[index + 1 :]]
                return dict(zip(looks[::2], looks[1::2], strict=False))
        return None

    def _text(self, cell: Element) -> str:
        value, inline = cell.find("{*}v"), cell.find("{*}is")
        if inline is not None:
            return "".join(item.text or "" for item in texts(inline))
        text = "" if value is None else value.text or ""
        strings = self._book.links.of_kind("sharedStrings")
        if cell.get("t") != "s" or strings is None or not text.isdigit():
            return text
        items = self.parts.tree(strings).findall("{*}si")
        found = items[int(text)] if int(text) < len(items) else None
        return "" if found is None else "".join(item.text or "" for item in texts(found))

    # --- on ---------------------------------------------------------------------------------------
    def put_on(self, findings: Sequence[Finding], form: str) -> None:
        """Mark every cell with an error or a warning, and list all findings."""
        tabs = self._book.tabs
        for tab in tabs:
            here = [f for f in findings if f.sheet == tab.name and f.cell]
            here = [f for f in here if f.severity in _MARKED]
            if here:
                self._mark_sheet(tab, here)
        sheets = [tab.name for tab in tabs]
        data = write_list(
            self._book.namespace, self._styles, findings, form, sheets, self._styles.marked
        )
        taken = {name.casefold() for name in self._book.names}
        name = next(name for name in _names() if name.casefold() not in taken)
        self._book.insert_first(name, data)
        titles = f"'{name}'!${HEADING_ROW}:${HEADING_ROW}"
        self._book.define("_xlnm.Print_Titles", titles, 0)

    def _mark_sheet(self, tab: Tab, findings: Sequence[Finding]) -> None:
        sheet = SheetXml(self.parts.edit(tab.part))
        by_cell: dict[CellRef, list[Finding]] = {}
        for finding in findings:
            place = sheet.area(CellRef.parse(finding.cell or "")).first
            by_cell.setdefault(place, []).append(finding)
        by_cell = dict(islice(by_cell.items(), _MOST_MARKS))
        for place, found in by_cell.items():
            worst = min((f.severity for f in found), key=_MARKED.index)
            for cell in sheet.cells_in(sheet.area(place)):
                _set_style(cell, self._styles.mark(_style(cell), worst))
        words = {place: list(_words(found)) for place, found in by_cell.items()}
        Notes(self._book, tab.part, sheet).add(words)


def _names() -> Iterator[str]:
    yield LIST_NAME
    for number in range(2, 1_000_000):
        yield f"{LIST_NAME}({number})"


def _words(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"【{SEVERITY_WORDS[finding.severity]}】{stored(finding.message)[:_LONGEST]}"
        yield stored(finding.hint)[:_LONGEST]


def _style(cell: Element) -> int:
    text = cell.get("s", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _set_style(cell: Element, style: int) -> None:
    if style:
        cell.set("s", str(style))
    else:
        unset(cell, "s")
