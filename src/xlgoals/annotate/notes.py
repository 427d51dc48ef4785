"""The notes of one sheet: ours added to the sender's, and taken off again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlgoals.annotate.book import Book, link_id
from xlgoals.annotate.parts import Links
from xlgoals.annotate.shapes import WIDTH, Drawing, anchor
from xlgoals.annotate.sheet import SheetXml
from xlgoals.annotate.words import AUTHOR, NOTE_END, NOTE_START
from xlgoals.annotate.xml import (
    Element,
    append,
    child,
    children,
    insert_before,
    local,
    make,
    set_text,
    texts,
    unset,
)
from xlgoals.grid import CellRef
from xlgoals.text import display_width, escaped

_OURS = re.compile(rf"\s*{NOTE_START}.*?(?:{NOTE_END}\s*|\Z)", re.DOTALL)
_THREADED = "tc="  # begins the author of what stands in for a threaded comment
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_LEGACY = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst", "AlternateContent"),
)
_FONT = (("sz", "9"), ("color", "FF000000"), ("rFont", "宋体"), ("charset", "134"))
_LINE_PIXELS, _CHARACTER_PIXELS, _MARGIN = 17, 6.3, 24  # of 9 pt type; half a CJK character
_MOST_PIXELS = 480


class Notes:
    """The comments part of a sheet and the drawing of their boxes."""

    def __init__(self, book: Book, part: str, sheet: SheetXml) -> None:
        self._book, self._part, self._sheet = book, part, sheet
        self._links = Links(book.parts, part)

    @property
    def _comments(self) -> str | None:
        return self._links.of_kind("comments")

    # --- off --------------------------------------------------------------------------------------
    def strip(self) -> set[CellRef]:
        """Take ours off; the cells that had one. The sender's own stay."""
        part = self._comments
        if part is None:
            return set()
        root = self._book.parts.tree(part)
        held, gone = set(), set()
        for comment in list(root.iterfind("{*}commentList/{*}comment")):
            place = CellRef.parse(comment.get("ref", ""))
            text, parent = child(comment, "text"), comment.getparent()
            if text is None or not _cut(text):
                continue
            self._book.parts.edit(part)
            held.add(place)
            if not any(item.text for item in texts(text)) and parent is not None:
                parent.remove(comment)
                gone.add(place)
        self._without_boxes(gone)
        if gone and root.find("{*}commentList/{*}comment") is None:
            self._links.drop(part)
        return held

    def _without_boxes(self, places: set[CellRef]) -> None:
        element = child(self._sheet.root, "legacyDrawing")
        part = self._links.part(None if element is None else link_id(element))
        if element is None or part is None or not places:
            return
        drawing = Drawing(self._book.parts.raw(part))
        drawing.remove(places)
        if drawing.empty:
            self._sheet.root.remove(element)
            self._links.drop(part)
        else:
            self._book.parts.put(part, drawing.to_bytes())

    # --- on ---------------------------------------------------------------------------------------
    def add(self, words: Mapping[CellRef, Sequence[str]]) -> None:
        """Say something at each cell, in lines; the sender's own note stays above it.

        A cell with a threaded comment is left alone: programs show only the thread.
        """
        if not words:
            return
        root = self._book.parts.edit(self._comments or self._new_comments())
        authors, notes = child(root, "authors"), child(root, "commentList")
        if authors is None or notes is None:
            return
        there = {note.get("ref"): note for note in children(notes, "comment")}
        names = [author.text or "" for author in children(authors, "author")]
        boxes = {}
        for place, lines in words.items():
            text = "\n".join((NOTE_START, *lines, NOTE_END))
            note = there.get(place.a1)
            if note is None:
                note = append(notes, "comment", ref=place.a1, authorId=str(_author(authors)))
                _write(append(note, "text"), text)
                boxes[place] = text
            elif not _is_threaded(note, names):
                string = child(note, "text")
                _write_below(append(note, "text") if string is None else string, text)
        self._draw(boxes)

    def _new_comments(self) -> str:
        book = self._book
        part = book.parts.free_name(f"{book.folder}comments{{}}.xml")
        empty = f'<comments xmlns="{book.namespace}"><authors/><commentList/></comments>'
        book.parts.put(part, empty.encode())
        book.parts.declare(part, _CONTENT_TYPE)
        self._links.add(f"{book.office}/comments", part)
        return part

    def _draw(self, boxes: dict[CellRef, str]) -> None:
        if not boxes:
            return
        part = self._drawing_part()
        drawing = Drawing(self._book.parts.raw(part))
        for place, text in boxes.items():
            height = _height(text)
            drawing.add(place, anchor(self._sheet, self._sheet.area(place), height), height)
        self._book.parts.put(part, drawing.to_bytes())

    def _drawing_part(self) -> str:
        """The drawing that the sheet's notes are in, made where there is none."""
        book, root = self._book, self._sheet.root
        element = child(root, "legacyDrawing")
        found = self._links.part(None if element is None else link_id(element))
        if found is not None and book.parts.has(found):
            return found
        part = book.parts.free_name(f"{book.folder}drawings/vmlDrawing{{}}.vml")
        book.parts.put(part, Drawing.new(self._free_block()).to_bytes())
        book.parts.declare_ending("vml", _VML)
        key = self._links.add(f"{book.office}/vmlDrawing", part)
        if element is None:
            element = make(root, "legacyDrawing", {"r": book.office})
            insert_before(root, element, _AFTER_LEGACY)
        for attribute in [str(name) for name in element.attrib if str(name).endswith("}id")]:
            unset(element, attribute)
        element.set(f"{{{book.office}}}id", key)
        return part

    def _free_block(self) -> int:
        """Numbers of shapes must differ over the whole workbook."""
        parts = [
            link
            for tab in self._book.tabs
            for _, type_, link in Links(self._book.parts, tab.part).items()
            if type_.endswith("/vmlDrawing") and self._book.parts.has(link)
        ]
        taken = {block for part in parts for block in Drawing(self._book.parts.raw(part)).blocks}
        return max(taken, default=0) + 1


def _author(authors: Element) -> int:
    for index, author in enumerate(children(authors, "author")):
        if author.text == AUTHOR:
            return index
    append(authors, "author").text = AUTHOR
    return sum(1 for _ in children(authors, "author")) - 1


def _is_threaded(note: Element, authors: list[str]) -> bool:
    index = int(note.get("authorId") or 0)
    return index < len(authors) and authors[index].startswith(_THREADED)


def _write(string: Element, text: str) -> None:
    run = append(string, "r")
    look = append(run, "rPr")
    for name, value in _FONT:
        append(look, name, **{"rgb" if name == "color" else "val": value})
    set_text(append(run, "t"), escaped(text))


def _write_below(string: Element, text: str) -> None:
    """Add to a note: as one more run, since a plain text must be the only one."""
    for plain in list(children(string, "t")):
        run = make(string, "r")
        string.replace(plain, run)
        run.append(plain)
    _write(string, f"\n{text}")


def _cut(string: Element) -> bool:
    """Take our part of a note's text out, wherever its runs begin and end."""
    pieces = texts(string)
    found = _OURS.search("".join(piece.text or "" for piece in pieces))
    if found is None:
        return False
    start = 0
    for piece in pieces:
        text = piece.text or ""
        end = start + len(text)
        before = text[: max(0, found.start() - start)]
        after = text[max(0, found.end() - start) :]
        set_text(piece, before + after)
        run = piece.getparent()
        if text and not piece.text and run is not None and local(run) == "r":
            string.remove(run)
        start = end
    return True


def _height(text: str) -> int:
    across = (WIDTH - _MARGIN) / _CHARACTER_PIXELS
    lines = sum(max(1, -int(-display_width(line) // across)) for line in text.split("\n"))
    return min(lines * _LINE_PIXELS + _MARGIN, _MOST_PIXELS)
