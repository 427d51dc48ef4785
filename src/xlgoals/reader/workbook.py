"""A whole workbook, out of its parts."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

from xlgoals.cells import Cell, DefinedName, Sheet, Visibility, Workbook
from xlgoals.grid import MAX_ROWS, RangeRef
from xlgoals.reader.errors import Reason, Unreadable, damaged, shown
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits, too_large
from xlgoals.reader.package import Package, Part
from xlgoals.reader.properties import read_custom, read_modified
from xlgoals.reader.relationships import Relationship, relationships
from xlgoals.reader.sheet import read_cells
from xlgoals.reader.sniff import (
    is_lock_file,
    is_opendocument,
    is_zip,
    refuse_other_document,
    refuse_other_zip,
)
from xlgoals.reader.strings import read_strings
from xlgoals.reader.styles import read_number_formats
from xlgoals.reader.tables import StringsByAndBy, Tab, Tables, no_strings
from xlgoals.reader.xml import OFFICE_RELATIONSHIPS, Handler, local_name, parse

NO_HEADS: Mapping[str, int] = MappingProxyType({})
_TRUE = ("1", "true", "on")
_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


class _Dialect(NamedTuple):
    """How the parts of a package are read: as XML, or as binary records."""

    strings: Callable[[Package, str], StringsByAndBy]
    formats: Callable[[Package, str], list[str]]
    cells: Callable[
        [Package, str, Tables, int], tuple[dict[tuple[int, int], Cell], tuple[RangeRef, ...]]
    ]


_XML = _Dialect(read_strings, read_number_formats, read_cells)


class _Book(Handler):
    __slots__ = ("_group", "_limit", "_name", "date1904", "names", "tabs")

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.tabs: list[Tab] = []
        self.names: list[tuple[dict[str, str], str]] = []
        self.date1904 = False
        self._limit = part.allowance.limits.names
        self._group = ""
        self._name: dict[str, str] | None = None

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if self.depth == 1 and local != "workbook":
            refuse_other_document(name)
            raise damaged(self.part, "no workbook")
        if self.depth == 2:
            self._group = local
            if local == "workbookPr":
                self.date1904 = attributes.get("date1904", "").lower() in _TRUE
        elif self.depth == 3 and local == "sheet" and self._group == "sheets":
            self._sheet(attributes)
        elif self.depth == 3 and local == "definedName" and self._group == "definedNames":
            self._name = attributes

    def closed(self, name: str) -> None:
        if self._name is not None and self.depth == 3:
            self.names.append((self._name, self.text()))
            self._name = None
            self._bound(len(self.names))

    def _sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name")
        link = None
        for space in OFFICE_RELATIONSHIPS:
            link = attributes.get(f"{space} id", link)
        if name is None or link is None:
            raise damaged(self.part, "sheet without a name or part")
        try:
            visibility = Visibility(attributes.get("state", "visible"))
        except ValueError:
            visibility = Visibility.VISIBLE
        self.tabs.append(Tab(name, visibility, link))
        self._bound(len(self.tabs))

    def _bound(self, found: int) -> None:
        if found > self._limit:
            raise too_large("names", found, self._limit, self.part)


def read_workbook(
    path: str | os.PathLike[str],
    limits: Limits = DEFAULT_LIMITS,
    heads: Mapping[str, int] = NO_HEADS,
    data: bytes | None = None,
) -> Workbook:
    """Read an .xlsx, .xlsm, .xlsb, .xls or .ods file.

    Raises Unreadable, and nothing else, if that cannot be done.
    ``heads`` names sheets of which only the first rows are wanted, and how many.
    ``data`` are the bytes of the file where they are at hand: then there need be none of that path.
    """
    place = Path(path)
    if data is not None:
        return _read(BytesIO(data), len(data), place.name, limits, heads)
    try:
        size = _size(place)
        file = place.open("rb")
    except (OSError, ValueError) as error:
        raise _unopened(place.name, error) from None
    with file:
        return _read(file, size, place.name, limits, heads)


def _size(place: Path) -> int:
    status = place.stat()
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(Reason.IS_FOLDER)
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe would wait for somebody to write.
        raise Unreadable(Reason.NOT_SPREADSHEET, "no regular file")
    return status.st_size


def _unopened(name: str, error: OSError | ValueError) -> Unreadable:
    # strerror, since the whole text of the error holds the path.
    said = getattr(error, "strerror", None) or type(error).__name__
    # ValueError: no file can have a name like that.
    if isinstance(error, ValueError) or error.errno in _MISSING:
        return Unreadable(Reason.MISSING_FILE, said)
    # The program that holds a lock file open may forbid reading it.
    return Unreadable(Reason.LOCK_FILE if is_lock_file(name) else Reason.NO_PERMISSION, said)


def _read(
    file: IO[bytes], size: int, name: str, limits: Limits, heads: Mapping[str, int]
) -> Workbook:
    if not is_zip(file, size, name, limits):
        from xlgoals.reader.old_excel import read_old_excel

        return read_old_excel(file, size, limits)
    package = Package(file, size, limits)
    if is_opendocument(package):
        from xlgoals.reader.opendocument import read_opendocument

        return read_opendocument(package)
    return _read_package(package, heads)


def _read_package(package: Package, heads: Mapping[str, int]) -> Workbook:
    root = relationships(package)
    main = _of_kind(root, "officeDocument")
    if main is None:
        refuse_other_zip(package)
        raise damaged("_rels/.rels", "leads to no workbook")
    binary = main.lower().endswith(".bin")
    tabs, names, date1904, dialect = (_binary if binary else _xml)(package, main)
    return Workbook(
        sheets=_sheets(package, main, tabs, dialect, heads),
        names=names,
        properties=read_custom(
            package, _of_kind(root, "custom-properties") or _of_kind(root, "customProperties")
        ),
        modified=read_modified(package, _of_kind(root, "core-properties")),
        date1904=date1904,
        format="xlsb" if binary else "xlsx",
    )


_Listing = tuple[list[Tab], tuple[DefinedName, ...], bool, _Dialect]


def _xml(package: Package, main: str) -> _Listing:
    with package.open(main) as part:
        book = _Book(part)
        parse(part, book)
    return book.tabs, _names(book), book.date1904, _XML


def _binary(package: Package, main: str) -> _Listing:
    from xlgoals.reader import binary_excel

    tabs, date1904 = binary_excel.read_binary_book(package, main)
    dialect = _Dialect(
        binary_excel.read_binary_strings,
        binary_excel.read_binary_formats,
        binary_excel.read_binary_cells,
    )
    # The hidden sheet and the labels say what names would.
    return tabs, (), date1904, dialect


def _of_kind(links: dict[str, Relationship], kind: str) -> str | None:
    for link in links.values():
        if link.kind == kind:
            return link.part
    return None


def _sheets(
    package: Package, main: str, tabs: list[Tab], dialect: _Dialect, heads: Mapping[str, int]
) -> tuple[Sheet, ...]:
    if not tabs:
        raise damaged(main, "no sheets")
    links = relationships(package, main)
    tables = _tables(package, links, dialect)
    sheets = []
    names: set[str] = set()
    parts: set[str] = set()
    for tab in tabs:
        if not tab.link:
            continue  # the macros of old programs, which have no part
        link = links.get(tab.link)
        if link is None:
            raise damaged(main, f"no part for sheet {shown(tab.name)}")
        if tab.name.casefold() in names or link.part.lower() in parts:
            raise damaged(main, f"sheet {shown(tab.name)} twice")
        names.add(tab.name.casefold())
        parts.add(link.part.lower())
        if link.kind == "worksheet":
            cells, merges = dialect.cells(package, link.part, tables, heads.get(tab.name, MAX_ROWS))
            sheets.append(Sheet(tab.name, tab.visibility, cells, merges))
    tables.finish()
    return tuple(sheets)


def _tables(package: Package, links: dict[str, Relationship], dialect: _Dialect) -> Tables:
    strings, styles = _of_kind(links, "sharedStrings"), _of_kind(links, "styles")
    # Without a relationship the tables are empty: cells that refer to them are then damaged.
    return Tables(
        dialect.strings(package, strings) if strings is not None else no_strings(),
        lambda: dialect.formats(package, styles) if styles is not None else [],
    )


def _names(book: _Book) -> tuple[DefinedName, ...]:
    found = []
    for attributes, refers_to in book.names:
        name, index = attributes.get("name"), attributes.get("localSheetId")
        sheet = None
        if index is not None:
            # Counted over all tabs, chart sheets included.
            if not (index.isascii() and index.isdigit() and len(index) < 10):
                continue
            if int(index) >= len(book.tabs):
                continue
            sheet = book.tabs[int(index)].name
        if name is not None:
            hidden = attributes.get("hidden", "").lower() in _TRUE
            found.append(DefinedName(name, sheet, refers_to, hidden))
    return tuple(found)
