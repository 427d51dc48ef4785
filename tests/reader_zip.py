"""Hand-made packages: only what a test speaks of is spelled out."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from xlgoals.cells import CellKind, Sheet
from xlgoals.reader import DEFAULT_LIMITS, Limits, Reason, Unreadable, read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Parts = dict[str, str | bytes]


def links(*items: tuple[str, str, str]) -> str:
    """A relationships part of (id, last word of the type, target)."""
    inner = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{k}" Target="{t}"/>' for i, k, t in items
    )
    return f'<Relationships xmlns="{LINKS}">{inner}</Relationships>'


def sheet_xml(rows: str, after: str = "") -> str:
    """A worksheet part."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def book_xml(inner: str = "", before: str = "", sheets: str | None = None) -> str:
    """A workbook part with one sheet, S."""
    if sheets is None:
        sheets = '<sheet name="S" sheetId="1" r:id="r1"/>'
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{sheets}</sheets>{inner}'
        "</workbook>"
    )


def strings_xml(*items: str) -> str:
    """A shared string table of ready-made ``si`` contents."""
    return f'<sst xmlns="{MAIN}">' + "".join(f"<si>{item}</si>" for item in items) + "</sst>"


def styles_xml(*ids: int, formats: Mapping[int, str] | None = None) -> str:
    """A styles part whose cell styles have these number format ids."""
    codes = "".join(
        f'<numFmt numFmtId="{key}" formatCode="{code}"/>' for key, code in (formats or {}).items()
    )
    styles = "".join(f'<xf numFmtId="{key}"/>' for key in ids)
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>'
    )


def parts(rows: str = "", after: str = "") -> Parts:
    """A whole small workbook, to be changed at will."""
    return {
        "_rels/.rels": links(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book_xml(),
        "xl/_rels/workbook.xml.rels": links(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "sharedStrings", "sharedStrings.xml"),
            ("r3", "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet_xml(rows, after),
        "xl/sharedStrings.xml": strings_xml("<t>甲</t>", "<t>乙</t>"),
        "xl/styles.xml": styles_xml(0, 49, 9, 14),
    }


def write(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """Zip the parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return path


def read_parts(folder: Path, content: Mapping[str, str | bytes]) -> Sheet:
    """The first sheet of a workbook of these parts."""
    return read_workbook(write(folder / "book.xlsx", content)).sheets[0]


def read_rows(folder: Path, rows: str, after: str = "") -> Sheet:
    """The sheet with these rows."""
    return read_parts(folder, parts(rows, after))


def refusal(path: Path, limits: Limits = DEFAULT_LIMITS) -> Unreadable:
    """How the file is refused."""
    with pytest.raises(Unreadable) as caught:
        read_workbook(path, limits)
    assert str(path.parent) not in str(caught.value)
    return caught.value


def damage(folder: Path, content: Mapping[str, str | bytes]) -> str:
    """What is said to be damaged in these parts."""
    error = refusal(write(folder / "book.xlsx", content))
    assert error.reason is Reason.DAMAGED
    return error.detail


def contents(sheet: Sheet) -> dict[str, tuple[CellKind, object]]:
    """What the cells of a sheet hold."""
    return {cell.ref.a1: (cell.kind, cell.value) for cell in sheet.cells.values()}
