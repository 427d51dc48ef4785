"""Our own look at a written workbook: what breaks in Excel and what validators pass over.

The Open XML SDK knows the schema, and some rules between parts; it does not mind values that are
no numbers, cells said twice, merges that overlap, names of the wrong sheet, or formulas at all.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ooxml_formulas import can_be_a_name, formula_problems, other_sheets, units
from ooxml_sheet import MAIN, Book, sheet_problems

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TYPES_PART, _WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
_MAX_SHEET_NAME, _MAX_TEXT, _FIRST_OWN_NUMBER_FORMAT = 31, 32767, 164
_COUNTED = (
    *("mergeCells", "dataValidations", "rowBreaks", "colBreaks", "numFmts", "fonts", "fills"),
    *("borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
)
_NO_NUMBERS = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}
_WORDS = {"name", "prompt", "promptTitle", "error", "errorTitle"}  # attributes that hold any text


def problems(path: Path, *, links_out: bool = False) -> list[str]:
    """All that is wrong with a workbook, each with the part it stands in.

    ``links_out``: whether its cells may lead to other files.
    """
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    twice = [f"{name}: is there twice" for name, count in Counter(names).items() if count > 1]
    try:
        package = _Package(parts, links_out)
    except ElementTree.ParseError as error:
        return [*twice, f"not well-formed: {error}"]
    return [*twice, *package.problems()]


class _Package:
    def __init__(self, parts: dict[str, bytes], links_out: bool) -> None:
        self._links_out = links_out
        self._roots = {name: ElementTree.fromstring(data) for name, data in parts.items()}

    def problems(self) -> Iterator[str]:
        yield from self._content_type_problems()
        for name, root in self._roots.items():
            looks = [_no_numbers(root), _wrong_counts(root)]
            if name.endswith(".rels"):
                looks.append(self._link_problems(name, root))
            yield from _in(name, *looks)
        yield from _in("xl/styles.xml", self._style_problems())
        yield from _in("xl/sharedStrings.xml", self._string_problems())
        yield from _in(_WORKBOOK, self._sheet_list_problems(), self._name_problems())
        for index, part in enumerate(self._sheet_parts):
            if part in self._roots:
                yield from _in(part, sheet_problems(self._roots[part], self._book, index))

    def _root(self, name: str) -> Element:
        return self._roots.get(name, Element("missing"))

    # --- the package ----------------------------------------------------------------------------
    def _content_type_problems(self) -> Iterator[str]:
        types = self._root(_TYPES_PART)
        endings = {item.get("Extension", "").lower() for item in types.iter(f"{_TYPES}Default")}
        parts = {item.get("PartName", "")[1:] for item in types.iter(f"{_TYPES}Override")}
        for name in self._roots.keys() - parts - {_TYPES_PART}:
            # Any part that is only "XML" to the package is unknown to Excel.
            if name.rpartition(".")[2].lower() not in endings - {"xml"}:
                yield f"{name}: has no content type"
        for name in parts - self._roots.keys():
            yield f"{name}: has a content type but is not there"

    def _links(self, name: str) -> dict[str, str]:
        """Parts that another one refers to, by the id of the relationship."""
        folder, base = posixpath.split(name)
        links = self._root(posixpath.join(folder, "_rels", f"{base}.rels"))
        return {
            link.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, link.get("Target", ""))
            )[1:]
            for link in links.iter(f"{_LINKS}Relationship")
            if link.get("TargetMode") != "External"
        }

    def _link_problems(self, name: str, root: Element) -> Iterator[str]:
        folder, base = posixpath.split(name)
        source = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
        if source and source not in self._roots:
            yield f"{source} is not there"
        links = list(root.iter(f"{_LINKS}Relationship"))
        if len({link.get("Id") for link in links}) < len(links):
            yield "an Id is there twice"
        for link in links:
            may = self._links_out and link.get("Type", "").endswith("/hyperlink")
            if link.get("TargetMode") == "External" and not may:
                yield f"leads out of the workbook, to {link.get('Target')}"
        for target in self._links(source).values():
            if target not in self._roots:
                yield f"leads to {target}, which is not there"

    # --- styles and strings ---------------------------------------------------------------------
    @cached_property
    def _styles(self) -> list[Element]:
        return self._root("xl/styles.xml").findall(f"{MAIN}cellXfs/{MAIN}xf")

    def _style_problems(self) -> Iterator[str]:
        root = self._root("xl/styles.xml")
        formats = {item.get("numFmtId") for item in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")}
        builtin = {str(number) for number in range(_FIRST_OWN_NUMBER_FORMAT)}
        known = {"numFmtId": formats | builtin}
        for key, group in (
            ("fontId", "fonts"),
            ("fillId", "fills"),
            ("borderId", "borders"),
            ("xfId", "cellStyleXfs"),
        ):
            known[key] = {str(n) for n in range(len(root.findall(f"{MAIN}{group}/*")))}
        for number, style in enumerate(self._styles):
            for key, values in known.items():
                if style.get(key, "0") not in values:
                    yield f"style {number} has the unknown {key} {style.get(key)}"

    @cached_property
    def _strings(self) -> list[Element]:
        return self._root("xl/sharedStrings.xml").findall(f"{MAIN}si")

    def _string_problems(self) -> Iterator[str]:
        for number, item in enumerate(self._strings):
            texts = list(item.iter(f"{MAIN}t"))
            if units("".join(text.text or "" for text in texts)) > _MAX_TEXT:
                yield f"string {number} is over {_MAX_TEXT} characters"
            for text in texts:
                words = text.text or ""
                if words != words.strip(" \t\r\n") and text.get(_SPACE) != "preserve":
                    yield f"string {number} will lose the blanks around it"

    # --- the workbook ---------------------------------------------------------------------------
    @cached_property
    def _sheets(self) -> list[Element]:
        return self._root(_WORKBOOK).findall(f"{MAIN}sheets/{MAIN}sheet")

    @cached_property
    def _sheet_names(self) -> tuple[str, ...]:
        return tuple(sheet.get("name", "") for sheet in self._sheets)

    @cached_property
    def _sheet_parts(self) -> list[str]:
        links = self._links(_WORKBOOK)
        return [links.get(sheet.get(f"{_OFFICE}id", ""), "") for sheet in self._sheets]

    def _sheet_list_problems(self) -> Iterator[str]:
        for name in self._sheet_names:
            if not 0 < units(name) <= _MAX_SHEET_NAME:
                yield f"the sheet name {name!r} is empty or over {_MAX_SHEET_NAME} characters"
            if set(name) & set("[]:*?/\\") or name != name.strip("'"):
                yield f"the sheet name {name!r} is not allowed"
        for what, values in (
            ("name", [name.lower() for name in self._sheet_names]),
            ("sheetId", [sheet.get("sheetId", "") for sheet in self._sheets]),
            ("part", self._sheet_parts),
        ):
            if len(set(values)) < len(values) or "" in values:
                yield f"two sheets share a {what}, or one has none"
        visible = [sheet.get("state", "visible") == "visible" for sheet in self._sheets]
        for view in self._root(_WORKBOOK).iterfind(f"{MAIN}bookViews/{MAIN}workbookView"):
            active = int(view.get("activeTab", "0"))
            if active >= len(visible) or not visible[active]:
                yield f"sheet {active} is active but hidden or not there"

    @cached_property
    def _names(self) -> list[tuple[str, int | None, str]]:
        """Name, number of the sheet it belongs to, what it refers to."""
        return [
            (item.get("name", ""), int(sheet) if sheet else None, item.text or "")
            for item in self._root(_WORKBOOK).iterfind(f"{MAIN}definedNames/{MAIN}definedName")
            for sheet in [item.get("localSheetId")]
        ]

    @cached_property
    def _book(self) -> Book:
        names: dict[int | None, dict[str, str]] = {}
        for name, sheet, refers_to in self._names:
            names.setdefault(sheet, {})[name.lower()] = refers_to
        return Book(
            sheets=self._sheet_names,
            names=names,
            strings=len(self._strings),
            locked=tuple(_is_locked(style) for style in self._styles),
            dxfs=len(self._root("xl/styles.xml").findall(f"{MAIN}dxfs/{MAIN}dxf")),
        )

    def _name_problems(self) -> Iterator[str]:
        seen = Counter((name.lower(), sheet) for name, sheet, _ in self._names)
        yield from (f"the name {name} is there twice" for (name, _), n in seen.items() if n > 1)
        for name, sheet, refers_to in self._names:
            plain = name.removeprefix("_xlnm.")
            if not can_be_a_name(plain):
                yield f"{name!r} cannot be a name"
            for problem in formula_problems(refers_to, self._book.known(sheet)):
                yield f"the name {name}: {problem}"
            if sheet is not None:
                yield from self._scope_problems(name, sheet, refers_to)

    def _scope_problems(self, name: str, sheet: int, refers_to: str) -> Iterator[str]:
        if not 0 <= sheet < len(self._sheet_names):
            yield f"the name {name} belongs to sheet {sheet}, which is not there"
        elif set(other_sheets(refers_to)) - {self._sheet_names[sheet]}:
            yield f"the name {name} belongs to sheet {sheet} but refers to another one"


def _in(part: str, *found: Iterable[str]) -> Iterator[str]:
    return (f"{part}: {problem}" for problems_ in found for problem in problems_)


def _is_locked(style: Element) -> bool:
    protection = style.find(f"{MAIN}protection")
    return protection is None or protection.get("locked", "1") in ("1", "true")


def _no_numbers(root: Element) -> Iterator[str]:
    for item in root.iter():
        tag = item.tag.rpartition("}")[2]
        found = [value for key, value in item.attrib.items() if key not in _WORDS]
        if tag in ("formula", "formula1", "formula2"):
            found.append(item.text or "")
        yield from (f"{tag} holds {value}" for value in found if value.lower() in _NO_NUMBERS)


def _wrong_counts(root: Element) -> Iterator[str]:
    for item in root.iter():
        tag = item.tag.rpartition("}")[2]
        if tag in _COUNTED and item.get("count", str(len(item))) != str(len(item)):
            yield f"{tag} says {item.get('count')} but holds {len(item)}"
