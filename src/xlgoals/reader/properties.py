"""Document properties: a help where they are, never needed."""

from __future__ import annotations

from xlgoals.reader.errors import Reason, Unreadable
from xlgoals.reader.limits import too_large
from xlgoals.reader.package import Package, Part
from xlgoals.reader.xml import Handler, local_name, parse

_TERMS = ("http://purl.org/dc/terms/",)
_CUSTOM = (
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "http://purl.oclc.org/ooxml/officeDocument/customProperties",
)


class _Core(Handler):
    __slots__ = ("modified",)

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.modified: str | None = None

    def closed(self, name: str) -> None:
        if self.modified is None and self.depth == 2 and local_name(name, _TERMS) == "modified":
            self.modified = self.text()


class _Custom(Handler):
    __slots__ = ("_limit", "_name", "_texts", "found")

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.found: dict[str, str] = {}
        self._limit = part.allowance.limits.names
        self._name: str | None = None
        self._texts: list[str] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 2:
            known = local_name(name, _CUSTOM) == "property"
            self._name = attributes.get("name") if known else None
            self._texts = []

    def closed(self, name: str) -> None:
        if self.depth == 2 and self._name is not None:
            self.found.setdefault(self._name, "".join(self._texts))
            if len(self.found) > self._limit:
                raise too_large("names", len(self.found), self._limit, self.part)
        elif self.depth > 2:
            self._texts.append(self.text())
            self.chunks.clear()


def read_modified(package: Package, name: str | None) -> str | None:
    """When the workbook was last saved, as its core properties say it; None if they do not."""
    if name is None:
        return None
    try:
        with package.open(name) as part:
            core = _Core(part)
            parse(part, core)
    except Unreadable as error:
        pass_if_damaged(error)
        return None
    return core.modified


def read_custom(package: Package, name: str | None) -> dict[str, str]:
    """The custom properties as text; none if the part is missing or broken."""
    if name is None:
        return {}
    try:
        with package.open(name) as part:
            custom = _Custom(part)
            parse(part, custom)
    except Unreadable as error:
        pass_if_damaged(error)
        return {}
    return custom.found


def pass_if_damaged(error: Unreadable) -> None:
    """Raise the error again unless it only says that the part is damaged."""
    # Several programs write these parts against the rules. An attack is another matter.
    if error.reason is not Reason.DAMAGED:
        raise error
