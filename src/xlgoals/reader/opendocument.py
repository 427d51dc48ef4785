"""OpenDocument spreadsheets (.ods), out of their parts."""

from __future__ import annotations

from xlgoals.cells import Workbook
from xlgoals.reader.errors import Reason, Unreadable, damaged
from xlgoals.reader.limits import too_large
from xlgoals.reader.opendocument_content import Content
from xlgoals.reader.package import Package, Part
from xlgoals.reader.properties import pass_if_damaged
from xlgoals.reader.xml import Handler, parse

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_META_SPACE = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0 "
_MODIFIED = "http://purl.org/dc/elements/1.1/ date"


class _Meta(Handler):
    __slots__ = ("_limit", "_name", "modified", "properties")

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.properties: dict[str, str] = {}
        self.modified: str | None = None
        self._limit = part.allowance.limits.names
        self._name = ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self._name = attributes.get(f"{_META_SPACE}name", "")

    def closed(self, name: str) -> None:
        if name == f"{_META_SPACE}user-defined":
            self.properties.setdefault(self._name, self.text())
            if len(self.properties) > self._limit:
                raise too_large("names", len(self.properties), self._limit, self.part)
        elif name == _MODIFIED:
            self.modified = self.text()


def read_opendocument(package: Package) -> Workbook:
    """Read an .ods file. Raises Unreadable."""
    if package.has(_MANIFEST) and b"encryption-data" in package.whole(_MANIFEST):
        raise Unreadable(Reason.ENCRYPTED, _MANIFEST)
    with package.open(_CONTENT) as part:
        content = Content(part)
        parse(part, content)
    sheets = content.sheets()
    if not content.is_spreadsheet or not sheets:
        raise damaged(_CONTENT, "no sheets")
    properties, modified = _read_meta(package)
    return Workbook(
        sheets=sheets,
        names=tuple(content.names),
        properties=properties,
        modified=modified,
        date1904=content.date1904,
        format="ods",
    )


def _read_meta(package: Package) -> tuple[dict[str, str], str | None]:
    if not package.has(_META):
        return {}, None
    try:
        with package.open(_META) as part:
            meta = _Meta(part)
            parse(part, meta)
    except Unreadable as error:
        pass_if_damaged(error)
        return {}, None
    return meta.properties, meta.modified
