"""问题清单: every finding on a sheet of its own, with links; and the looks that marks cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from xlgoals.annotate.styles import Styles, shade, solid
from xlgoals.annotate.words import (
    HEADINGS,
    LINK,
    LIST_COUNTS,
    LIST_CUT,
    LIST_GUIDE,
    LIST_TITLE,
)
from xlgoals.findings import SEVERITY_WORDS, WHOLE_FILE, Finding, Severity
from xlgoals.grid import CellRef, column_letters
from xlgoals.heights import lines_needed, row_points
from xlgoals.text import escaped, stored

# In the first row, right of the list and hidden: this word, then two cells for each look of a mark,
# one as marked and one as before. Whatever program saves the file numbers both looks anew alike.
SWATCHES = "xlgoals-marks"

HEADING_ROW = 4
_WIDTHS = (44, 52, 92, 60, 190, 380, 340, 52)  # pixels
_INDENT = 8
_LONGEST = 2000  # characters of a cell
_MOST_ROWS = 20_000  # Excel takes no more than 65,530 links on a sheet

_SONG = '<sz val="10.5"/>{}<name val="宋体"/><family val="3"/><charset val="134"/>'
_TEXT = f"<font>{_SONG.format('')}</font>"
_BLUE = '<color rgb="FF0563C1"/>'
_HEI = '<name val="黑体"/><family val="3"/><charset val="134"/>'
_SIDES = ("left", "right", "top", "bottom")
_BORDER = (
    "<border>"
    + "".join(f'<{s} style="thin"><color rgb="FFA6A6A6"/></{s}>' for s in _SIDES)
    + "<diagonal/></border>"
)
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_INDENTED = '<alignment horizontal="left" vertical="center" wrapText="1" indent="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'


class _Looks:
    """The styles of the list's cells."""

    def __init__(self, styles: Styles) -> None:
        self.title = styles.style(
            f'<font><b/><sz val="16"/>{_HEI}</font>', alignment='<alignment vertical="center"/>'
        )
        self.plain = styles.style(_TEXT, alignment=_WRAPPED)
        self.heading = styles.style(
            f'<font><b/><sz val="10.5"/>{_HEI}</font>', solid("FFEDEDED"), _BORDER, _CENTRED
        )
        self.text = styles.style(_TEXT, "", _BORDER, _INDENTED)
        self.centred = styles.style(_TEXT, "", _BORDER, _CENTRED)
        self.link = styles.style(f"<font><u/>{_SONG.format(_BLUE)}</font>", "", _BORDER, _CENTRED)
        self.severity = {
            weight: styles.style(_TEXT, solid(shade(weight)), _BORDER, _CENTRED)
            for weight in (Severity.ERROR, Severity.WARNING)
        }


def write_list(
    space: str,
    styles: Styles,
    findings: Sequence[Finding],
    form: str,
    sheets: Sequence[str],
    swatches: Mapping[int, int],
) -> bytes:
    """The worksheet part. ``sheets`` are those that a link may lead to."""
    looks = _Looks(styles)
    counts = {weight: sum(f.severity is weight for f in findings) for weight in Severity}
    told = LIST_COUNTS.format(
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    listed = findings[:_MOST_ROWS]
    if len(listed) < len(findings):
        told += LIST_CUT.format(listed=len(listed))
    rows = [
        _row(1, 30, [_text(1, 1, LIST_TITLE.format(form=form), looks.title), *_swatches(swatches)]),
        _row(2, row_points(2), [_text(2, 1, LIST_GUIDE, looks.plain)]),
        _row(3, row_points(1), [_text(3, 1, told, looks.plain)]),
        _row(HEADING_ROW, row_points(1.4), _texts(HEADING_ROW, HEADINGS, [looks.heading] * 8)),
    ]
    links = []
    for number, finding in enumerate(listed, start=1):
        row = HEADING_ROW + number
        target = _target(finding, sheets)
        rows.append(_problem(row, number, finding, looks, bool(target)))
        if target:
            reference = CellRef(row, len(HEADINGS)).a1
            links.append(f"<hyperlink ref={quoteattr(reference)} location={quoteattr(target)} "
                         f"display={quoteattr(LINK)}/>")  # fmt: skip
    return _sheet(space, rows, links, len(listed), len(swatches)).encode()


def _problem(row: int, number: int, finding: Finding, looks: _Looks, linked: bool) -> str:
    texts = (
        str(number),
        SEVERITY_WORDS[finding.severity],
        finding.sheet or WHOLE_FILE,
        finding.cell or "",
        finding.label or "",
        finding.message,
        finding.hint,
        LINK if linked else "",
    )
    styles = [
        *(looks.centred, looks.severity.get(finding.severity, looks.centred), looks.centred),
        *(looks.centred, looks.text, looks.text, looks.text),
        looks.link if linked else looks.centred,
    ]
    rooms = zip(texts, _WIDTHS, strict=True)
    lines = max(lines_needed(text, width - _INDENT) for text, width in rooms if text)
    return _row(row, row_points(lines), _texts(row, texts, styles))


def _target(finding: Finding, sheets: Sequence[str]) -> str | None:
    """The place of a finding as links spell it."""
    if finding.sheet not in sheets:
        return None
    name = (finding.sheet or "").replace("'", "''")
    return f"'{name}'!{finding.cell or 'A1'}"


def _swatches(swatches: Mapping[int, int]) -> list[str]:
    first = len(HEADINGS) + 1
    cells = [_text(1, first, SWATCHES, 0)]
    pair = [style for both in swatches.items() for style in both]
    for column, style in enumerate(pair, start=first + 1):
        cells.append(f'<c r="{CellRef(1, column).a1}" s="{style}"/>')
    return cells


def _texts(row: int, texts: Sequence[str], styles: Sequence[int]) -> list[str]:
    return [
        _text(row, column, text, style)
        for column, (text, style) in enumerate(zip(texts, styles, strict=True), start=1)
    ]


def _text(row: int, column: int, text: str, style: int) -> str:
    """A cell whose text stays text, whatever it begins with."""
    kept = stored(text)[:_LONGEST]
    if not kept:
        return f'<c r="{CellRef(row, column).a1}" s="{style}"/>'
    return (
        f'<c r="{CellRef(row, column).a1}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{escape(escaped(kept))}</t></is></c>'
    )


def _row(number: int, points: float, cells: Sequence[str]) -> str:
    return f'<row r="{number}" ht="{points}" customHeight="1">{"".join(cells)}</row>'


def _sheet(space: str, rows: Sequence[str], links: Sequence[str], count: int, marks: int) -> str:
    last = column_letters(len(HEADINGS))
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{pixels / 7:.4f}" customWidth="1"/>'
        for n, pixels in enumerate(_WIDTHS, start=1)
    )
    hidden = (
        f'<col min="{len(HEADINGS) + 1}" max="{len(HEADINGS) + 1 + 2 * marks}" width="9" '
        'hidden="1" customWidth="1"/>'
    )
    top = f"A{HEADING_ROW + 1}"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{space}">'
        '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}{HEADING_ROW + count}"/>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{HEADING_ROW}" topLeftCell="{top}" activePane="bottomLeft" '
        f'state="frozen"/><selection pane="bottomLeft" activeCell="{top}" sqref="{top}"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="13.5"/>'
        f"<cols>{columns}{hidden}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="2"><mergeCell ref="A2:{last}2"/><mergeCell ref="A3:{last}3"/>'
        f"</mergeCells>{_hyperlinks(links)}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "</worksheet>"
    )


def _hyperlinks(links: Sequence[str]) -> str:
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
