"""How much a file may ask of us, and what has been spent of it."""

from __future__ import annotations

from dataclasses import dataclass

from xlgoals.reader.errors import Reason, Unreadable, shown

RATIO_FLOOR = 4 * 1024 * 1024
"""Bytes that a part may unpack to, however well it was packed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a real submission never meets, so that a hostile one cannot hold us up."""

    packed_bytes: int = 64 * 1024 * 1024
    """Size of the file."""
    unpacked_bytes: int = 96 * 1024 * 1024
    """Bytes of all parts that are read, and of formulas copied out of shared ones."""
    compression_ratio: int = 200
    """Unpacked to packed bytes of one part; judged only above ``RATIO_FLOOR`` unpacked bytes."""
    entries: int = 10_000
    """Entries of the zip directory."""
    cells: int = 400_000
    """Cells of a workbook, blank ones and rows included; also its shared strings."""
    string_length: int = 131_072
    """Characters of one text or formula (Excel's own cap is 32,767)."""
    tags: int = 5_000_000
    """Start and end tags of all parts, those of empty elements once."""
    xml_depth: int = 64
    """Elements inside one another."""
    merges: int = 100_000
    """Merged ranges of a sheet."""
    names: int = 100_000
    """Defined names, document properties, sheets or relationships of one part."""
    forms: int = 500
    """Project sheets of a workbook; whoever looks for forms on the sheets counts them."""
    memory_bytes: int = 256 * 1024 * 1024
    """Memory of the process that reads an .xls file, where the system can bound it."""
    seconds: int = 8
    """How long that process may take."""


DEFAULT_LIMITS = Limits()


class Allowance:
    """What is left of the limits that count over the whole workbook."""

    __slots__ = ("cells", "limits", "tags", "unpacked")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = 0
        self.cells = 0
        self.tags = 0

    def spend_unpacked(self, number: int, part: str) -> None:
        """Count unpacked bytes; raise Unreadable above the limit."""
        self.unpacked += number
        if self.unpacked > self.limits.unpacked_bytes:
            raise too_large("unpacked_bytes", self.unpacked, self.limits.unpacked_bytes, part)

    def spend_tags(self, number: int, part: str) -> None:
        """Count tags; raise Unreadable above the limit."""
        self.tags += number
        if self.tags > self.limits.tags:
            raise too_large("tags", self.tags, self.limits.tags, part)

    def spend_cells(self, number: int, part: str) -> None:
        """Count cells; raise Unreadable above the limit."""
        self.cells += number
        if self.cells > self.limits.cells:
            raise too_large("cells", self.cells, self.limits.cells, part)


def too_large(limit: str, found: int, allowed: int, part: str = "") -> Unreadable:
    """A limit was met; ``found`` is where counting stopped, not always the whole amount."""
    where = f" ({shown(part)})" if part else ""
    detail = f"{limit}: {found}, allowed {allowed}{where}"
    return Unreadable(Reason.TOO_LARGE, detail, limit, allowed)
