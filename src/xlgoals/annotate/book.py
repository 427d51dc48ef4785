"""The workbook part: its tabs, and what counts them."""

from __future__ import annotations

from typing import NamedTuple

from xlgoals.annotate.parts import Links, Parts
from xlgoals.annotate.xml import (
    Element,
    Unmarkable,
    append,
    child,
    children,
    insert_before,
    make,
    unset,
)
from xlgoals.language import Message
from xlgoals.reader.xml import OFFICE_RELATIONSHIPS

_AFTER_NAMES = (
    *("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes"),
    *("webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class Tab(NamedTuple):
    """A sheet and the part it is kept in."""

    name: str
    part: str


class Book:
    """The workbook of a package. Raises Unmarkable for a package that has none."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        found = next(
            (k for k in Links(parts).items() if k[1].rpartition("/")[2] == "officeDocument"), None
        )
        if found is None:
            raise Unmarkable(Message("找不到工作簿"))
        _, type_, self.part = found
        self.office = type_.rpartition("/")[0]  # the namespace of r:id and base of all types
        self.links = Links(parts, self.part)
        self.namespace = str(self._root.tag).rpartition("}")[0].removeprefix("{")

    @property
    def folder(self) -> str:
        """The folder of the workbook part, with its slash."""
        folder = self.part.rpartition("/")[0]
        return f"{folder}/" if folder else ""

    @property
    def _root(self) -> Element:
        return self.parts.tree(self.part)

    @property
    def _sheets(self) -> Element:
        found = child(self._root, "sheets")
        if found is None:
            raise Unmarkable(Message("工作簿里没有工作表"))
        return found

    @property
    def names(self) -> list[str]:
        """The names of all tabs, chart sheets included, in order."""
        return [item.get("name", "") for item in children(self._sheets, "sheet")]

    @property
    def tabs(self) -> list[Tab]:
        """The worksheets in order."""
        worksheets = {
            key: part
            for key, type_, part in self.links.items()
            if type_.rpartition("/")[2] == "worksheet"
        }
        return [
            Tab(item.get("name", ""), worksheets[key])
            for item in children(self._sheets, "sheet")
            if (key := link_id(item)) in worksheets
        ]

    def insert_first(self, name: str, data: bytes) -> None:
        """Put a worksheet before all others and make it the one that shows."""
        part = self.parts.free_name(f"{self.folder}worksheets/sheet{{}}.xml")
        self.parts.put(part, data)
        self.parts.declare(part, _WORKSHEET)
        root = self.parts.edit(self.part)
        key = self.links.add(f"{self.office}/worksheet", part)
        number = 1 + max(int(s.get("sheetId", "0")) for s in children(self._sheets, "sheet"))
        made = make(self._sheets, "sheet", name=name, sheetId=str(number))
        made.set(f"{{{self.office}}}id", key)
        self._sheets.insert(0, made)
        for item in root.iter("{*}definedName"):
            if index := item.get("localSheetId"):
                item.set("localSheetId", str(int(index) + 1))
        self._show(0)
        for tab in self.tabs[1:]:
            self._deselect(tab.part)

    def remove(self, name: str) -> None:
        """Take a worksheet out again, with the names that are its own."""
        root = self.parts.edit(self.part)
        at = self.names.index(name)
        sheet = list(children(self._sheets, "sheet"))[at]
        part = self.links.part(link_id(sheet))
        self._sheets.remove(sheet)
        if part:
            self.links.drop(part)
        for item in list(root.iter("{*}definedName")):
            index = int(item.get("localSheetId") or -1)
            holder = item.getparent()
            if index == at and holder is not None:
                holder.remove(item)
            elif index > at:
                item.set("localSheetId", str(index - 1))
        states = [item.get("state", "visible") for item in children(self._sheets, "sheet")]
        self._show(states.index("visible") if "visible" in states else 0)

    def define(self, name: str, refers_to: str, sheet: int) -> None:
        """Define a name of a sheet's own."""
        root = self.parts.edit(self.part)
        names = child(root, "definedNames")
        if names is None:
            names = make(root, "definedNames")
            insert_before(root, names, _AFTER_NAMES)
        append(names, "definedName", name=name, localSheetId=str(sheet)).text = refers_to

    def _show(self, index: int) -> None:
        views = child(self._root, "bookViews")
        for view in () if views is None else children(views, "workbookView"):
            view.set("activeTab", str(index))
            unset(view, "firstSheet")

    def _deselect(self, part: str) -> None:
        """Tabs selected together are typed into together: only one may be."""
        for view in self.parts.tree(part).iterfind("{*}sheetViews/{*}sheetView[@tabSelected]"):
            self.parts.edit(part)
            unset(view, "tabSelected")


def link_id(element: Element) -> str | None:
    """The ``r:id`` of an element, in whichever dialect."""
    found = (element.get(f"{{{space}}}id") for space in OFFICE_RELATIONSHIPS)
    return next((key for key in found if key), None)
