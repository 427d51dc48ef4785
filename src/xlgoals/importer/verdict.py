"""The workbook's own last word on itself, held against what the importer finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlgoals import codes
from xlgoals.cells import CellKind, Workbook
from xlgoals.findings import Finding, Issue, Layer, Place, Severity
from xlgoals.grid import CellRef
from xlgoals.kinds.base import as_shown
from xlgoals.language import Message
from xlgoals.text import stored
from xlgoals.verdict import CELL, SHEET, Verdict

# Layers that the live checks speak of; that a cell holds a formula is what no formula can see.
_LIVE_LAYERS = (Layer.CELL, Layer.RULE)


def verdict_findings(
    file: str, workbook: Workbook, found: Iterable[Finding], filled: bool
) -> Iterator[Finding]:
    """Whether the filler saw another verdict than this, or an outdated one, or none."""
    sheet = workbook.sheet(SHEET)
    cell = sheet.cells.get(CellRef.parse(CELL)) if sheet else None
    # That other formats lose the live checks is told already.
    if cell is None or cell.formula is None or workbook.format != "xlsx":
        return
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    live = sum(f.layer in _LIVE_LAYERS and f.code != codes.FORMULA.id for f in errors)
    text = stored(as_shown(cell)) if cell.kind is CellKind.TEXT else ""
    told = Verdict.read(text)
    if told is Verdict.of(not filled, live):
        return
    code = codes.VERDICT_TOO_GOOD if told is Verdict.READY else codes.VERDICT_OUTDATED
    now = Verdict.of(not filled, len(errors)).told(len(errors))
    details = {
        "told": Message("是“{text}”", text=text) if told else Message("没有算出"),
        "now": now,
    }
    yield Finding.of(Issue(code, details), file, Place(SHEET, CELL), text or None)
