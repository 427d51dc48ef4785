"""Workbooks in .xls, .xlsb and .ods: the same cells, and no blank in place of what is damaged."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conftest import FORMATS_DIR
from reader_zip import links, refusal, write
from xlgoals.cells import CellKind, Sheet, Visibility, Workbook
from xlgoals.reader import Limits, Reason, read_workbook

WRITTEN = ["values.xls", "values.ods", "values.xlsb", "values-sheetjs.xls"]

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def contents(sheet: Sheet) -> dict[str, tuple[CellKind, object]]:
    return {cell.ref.a1: (cell.kind, cell.value) for cell in sheet.cells.values()}


def content_xml(inside: str, before: str = "", after: str = "", prolog: str = "") -> str:
    spaces = " ".join(
        f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    return (
        f"{prolog}<office:document-content {spaces}>"
        f"<office:automatic-styles>{before}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{inside}{after}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def ods(folder: Path, content: str, more: Mapping[str, str | bytes] | None = None) -> Path:
    parts = {"mimetype": MIMETYPE, "content.xml": content, **(more or {})}
    return write(folder / "book.ods", parts)


def table(rows: str, name: str = "S", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{rows}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def number(value: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}" {attributes}/>'


def text(inside: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}>{inside}</table:table-cell>'


def ods_sheet(folder: Path, rows: str) -> Sheet:
    return read_workbook(ods(folder, content_xml(table(rows)))).sheets[0]


# --- what programs write --------------------------------------------------------------------------
@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_values_out_of_every_format(name: str) -> None:
    book = read_workbook(FORMATS_DIR / name)
    assert book.format == name.rpartition(".")[2]
    found = contents(book.sheets[0])
    assert found["A1"] == (CellKind.ERROR, "#DIV/0!")
    assert found["A2"] == (CellKind.ERROR, "#N/A")
    assert found["A5"] == (CellKind.NUMBER, 43831.0)
    assert found["A9"] == (CellKind.TEXT, " 甲\n乙_x000D_ ")
    assert found["A11"] == (CellKind.TEXT, "r")
    assert found["B12"] == (CellKind.NUMBER, pytest.approx(12345678901234567890))
    assert len(found) == 13


@pytest.mark.parametrize("name", WRITTEN)
def test_per_cent_and_dates_are_known_as_such(name: str) -> None:
    cells = {
        cell.ref.a1: cell for cell in read_workbook(FORMATS_DIR / name).sheets[0].cells.values()
    }
    assert (cells["A3"].value, cells["A3"].is_percent) == (0.95, True)
    assert not cells["A5"].is_percent
    assert not cells["A5"].is_date
    assert cells["A4"].is_date
    assert cells["A4"].value in (43831.0, "2020-01-01")


@pytest.mark.parametrize("name", ["values.xls", "values.ods"])
def test_a_formula_that_is_only_a_number_keeps_its_text(name: str) -> None:
    sheet = read_workbook(FORMATS_DIR / name).sheets[0]
    assert sheet.cells[10, 1].formula == "100%"
    assert sheet.cells[11, 1].formula is not None
    assert sheet.cells[3, 1].formula is None


def test_a_workbook_of_excel_5_is_read() -> None:
    found = contents(read_workbook(FORMATS_DIR / "values-biff5.xls").sheets[0])
    assert found["A3"] == (CellKind.NUMBER, 0.95)
    assert found["A1"] == (CellKind.ERROR, "#DIV/0!")


# --- OpenDocument by hand -------------------------------------------------------------------------
def test_ods_text_is_what_the_cell_shows(tmp_path: Path) -> None:
    inside = (
        "<office:annotation><text:p>批注</text:p></office:annotation>"
        '<text:p>甲 \n 乙<text:s text:c="3"/>丙<text:span>丁<text:tab/></text:span></text:p>'
        "<text:p>戊<text:line-break/>己<text:ruby><text:ruby-text>x</text:ruby-text></text:ruby></text:p>"
    )
    found = contents(ods_sheet(tmp_path, row(text(inside))))
    assert found["A1"] == (CellKind.TEXT, "甲 乙   丙丁\t\n戊\n己")


def test_ods_repeats_are_spread(tmp_path: Path) -> None:
    rows = row(attributes='table:number-rows-repeated="3"') + row(
        '<table:table-cell table:number-columns-repeated="2"/>',
        number("7", 'table:number-columns-repeated="2"'),
        number("8"),
        attributes='table:number-rows-repeated="2"',
    )
    found = contents(ods_sheet(tmp_path, rows))
    assert {a1: value for a1, (_, value) in found.items()} == {
        **{"C4": 7.0, "D4": 7.0, "E4": 8.0},
        **{"C5": 7.0, "D5": 7.0, "E5": 8.0},
    }


def test_ods_merges_names_visibility_properties_and_epoch(tmp_path: Path) -> None:
    cell = number("1", 'table:number-columns-spanned="2" table:number-rows-spanned="3"')
    names = (
        "<table:named-expressions>"
        '<table:named-range table:name="n" table:cell-range-address="$\'a b\'.$B$6:.$C$7"/>'
        '<table:named-expression table:name="e" table:expression="of:=&quot;x&quot;"/>'
        "</table:named-expressions>"
    )
    own = names.replace('name="n"', 'name="own"')
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    epoch = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
        "</table:calculation-settings>"
    )
    tab = table(row(cell) + own, "a b", 'table:style-name="ta1"')
    meta = (
        f'<o:document-meta xmlns:o="{OFFICE}:office:1.0" xmlns:meta="{OFFICE}:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><o:meta><dc:date>2020-02-03</dc:date>'
        '<meta:user-defined meta:name="k">v</meta:user-defined></o:meta></o:document-meta>'
    )
    path = ods(tmp_path, content_xml(epoch + tab, style, names), {"meta.xml": meta})
    book = read_workbook(path)
    (sheet,) = book.sheets
    assert [area.a1 for area in sheet.merges] == ["A1:B3"]
    assert sheet.visibility is Visibility.HIDDEN
    assert {(n.name, n.sheet, n.refers_to) for n in book.names} == {
        ("n", None, "'a b'!$B$6:$C$7"),
        ("e", None, '"x"'),
        ("own", "a b", "'a b'!$B$6:$C$7"),
        ("e", "a b", '"x"'),
    }
    assert {name.target() is not None for name in book.names if name.name != "e"} == {True}
    assert (book.properties, book.modified, book.date1904) == ({"k": "v"}, "2020-02-03", True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (row(number("NaN")), "number NaN"),
        (row(number("1_0")), "number 1_0"),
        (row('<table:table-cell office:value-type="float"/>'), "without its value"),
        (row('<table:table-cell office:value-type="date"/>'), "without its date-value"),
        (row(number("1", 'table:number-columns-repeated="16385"')), "off the grid"),
        (row(number("1"), attributes='table:number-rows-repeated="1048577"'), "off the grid"),
        (row(number("1", 'table:number-columns-repeated="-1"')), "number -1"),
        (row(number("1", 'table:number-rows-spanned="1048577"')), "off the grid"),
        (row(text("<table:table-cell/>")), "a cell inside a cell"),
        ("<table:table-cell/>", "a cell outside a row"),
        (table(""), "inside another"),
    ],
)
def test_ods_against_the_rules_is_damaged(tmp_path: Path, rows: str, said: str) -> None:
    error = refusal(ods(tmp_path, content_xml(table(rows))))
    assert error.reason is Reason.DAMAGED
    assert said in error.detail


def test_ods_sheets_must_differ(tmp_path: Path) -> None:
    assert "twice" in refusal(ods(tmp_path, content_xml(table("") + table("", "s")))).detail


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (content_xml(table(""))[:-30], Reason.DAMAGED),
        (content_xml(""), Reason.DAMAGED),
        ("", Reason.DAMAGED),
        ("<a/>", Reason.DAMAGED),
        (content_xml(table(""), prolog='<!DOCTYPE a [<!ENTITY b "c">]>'), Reason.UNSAFE_XML),
    ],
)
def test_ods_content_that_cannot_be_had(tmp_path: Path, content: str, reason: Reason) -> None:
    assert refusal(ods(tmp_path, content)).reason is reason


def test_an_ods_without_content_is_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "book.ods", {"mimetype": MIMETYPE})
    assert refusal(path).detail == "content.xml: missing"


def test_an_ods_with_a_password_says_so(tmp_path: Path) -> None:
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    path = ods(tmp_path, "\x01\x02", {"META-INF/manifest.xml": manifest})
    assert refusal(path).reason is Reason.ENCRYPTED


@pytest.mark.parametrize(
    ("rows", "limits", "limit"),
    [
        (row(number("1", 'table:number-columns-repeated="16384"'),
             attributes='table:number-rows-repeated="1048576"'), Limits(), "cells"),
        (row(number("1")) * 6, Limits(cells=11), "cells"),
        (row(attributes='table:number-rows-repeated="1048576"'), Limits(cells=0), "cells"),
        (row(text('<text:p><text:s text:c="999999999"/></text:p>')), Limits(), "string_length"),
        (row(text("<text:p>123456</text:p>")), Limits(string_length=5), "string_length"),
        (row(text("<text:p>123</text:p>" * 2)), Limits(string_length=5), "string_length"),
        (row(number("1", 'table:number-rows-spanned="2"') * 4), Limits(merges=3), "merges"),
        (row(text("<text:span>" * 70 + "</text:span>" * 70)), Limits(), "xml_depth"),
        (row(number("1")) * 6, Limits(tags=20), "tags"),
        (" " * 4000, Limits(unpacked_bytes=4000), "unpacked_bytes"),
    ],
)  # fmt: skip
def test_ods_meets_the_same_limits(tmp_path: Path, rows: str, limits: Limits, limit: str) -> None:
    error = refusal(ods(tmp_path, content_xml(table(rows))), limits)
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)


def test_ods_names_and_sheets_are_limited(tmp_path: Path) -> None:
    tabs = "".join(table("", f"s{n}") for n in range(4))
    assert refusal(ods(tmp_path, content_xml(tabs)), Limits(names=3)).limit == "names"
    name = '<table:named-expression table:name="e" table:expression="of:=1"/>'
    path = ods(tmp_path, content_xml(table("") + name * 4))
    assert refusal(path, Limits(names=3)).limit == "names"


# --- binary workbooks -----------------------------------------------------------------------------
def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length > 0x7F:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + size + bytes([length]) + data


def wide(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + data)


def binary_sheet(cells: bytes, after: bytes = b"", first_row: int = 0) -> bytes:
    start = record(129) + record(145) + record(0, struct.pack("<I", first_row))
    return start + cells + record(146) + after + record(130)


def xlsb(folder: Path, sheet: bytes, more: Mapping[str, bytes | str] | None = None) -> Path:
    tab = record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("S"))
    parts: dict[str, str | bytes] = {
        "_rels/.rels": links(("r1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + record(153, struct.pack("<I", 1)) + tab + record(132),
        "xl/_rels/workbook.bin.rels": links(
            ("r1", "worksheet", "sheet1.bin"),
            ("r2", "sharedStrings", "strings.bin"),
            ("r3", "styles", "styles.bin"),
        ),
        "xl/sheet1.bin": sheet,
        "xl/strings.bin": record(159) + record(19, b"\0" + wide("共享")) + record(160),
        "xl/styles.bin": record(44, struct.pack("<H", 170) + wide("0.0%"))
        + record(617) + record(47, struct.pack("<HH", 0, 0))
        + record(47, struct.pack("<HH", 0, 170)) + record(618),
        **(more or {}),
    }  # fmt: skip
    return write(folder / "book.xlsb", parts)


def test_every_kind_of_binary_cell(tmp_path: Path) -> None:
    formula = struct.pack("<HI", 0, 4) + b"\x1e\x64\x00\x14"  # 100%
    other = struct.pack("<HI", 0, 1) + b"\x01"
    cells = (
        cell(1, 0, b"")
        + cell(2, 1, struct.pack("<I", 650000 << 2 | 2))
        + cell(2, 2, struct.pack("<I", 95 << 2 | 3), style=1)
        + cell(3, 3, b"\x07")
        + cell(4, 4, b"\x01")
        + cell(5, 5, struct.pack("<d", 1.5))
        + cell(6, 6, wide("甲"))
        + cell(7, 7, struct.pack("<I", 0))
        + cell(8, 8, wide("r") + other)
        + cell(9, 9, struct.pack("<d", 1.0) + formula, style=1)
        + cell(10, 10, b"\0" + other)
        + cell(11, 11, b"\x2a" + other)
        + record(12, struct.pack("<I", 0))
        + record(13, struct.pack("<II", 0, 7 << 2 | 2))
        + record(17, struct.pack("<I", 0) + wide("短"))
        + record(18, struct.pack("<II", 0, 0))
        + cell(62, 20, b"\0" + wide("富"))
    )
    merge = record(176, struct.pack("<4I", 0, 1, 0, 1))
    book = read_workbook(xlsb(tmp_path, binary_sheet(cells, merge)))
    (sheet,) = book.sheets
    assert contents(sheet) == {
        "B1": (CellKind.NUMBER, 650000.0),
        "C1": (CellKind.NUMBER, 0.95),
        "D1": (CellKind.ERROR, "#DIV/0!"),
        "E1": (CellKind.BOOLEAN, True),
        "F1": (CellKind.NUMBER, 1.5),
        "G1": (CellKind.TEXT, "甲"),
        "H1": (CellKind.TEXT, "共享"),
        "I1": (CellKind.TEXT, "r"),
        "J1": (CellKind.NUMBER, 1.0),
        "K1": (CellKind.BOOLEAN, False),
        "L1": (CellKind.ERROR, "#N/A"),
        "N1": (CellKind.NUMBER, 7.0),
        "O1": (CellKind.TEXT, "短"),
        "P1": (CellKind.TEXT, "共享"),
        "U1": (CellKind.TEXT, "富"),
    }
    formulas = {c.ref.a1: c.formula for c in sheet.cells.values() if c.formula is not None}
    assert formulas == {"I1": "", "J1": "100%", "K1": "", "L1": ""}
    assert [c.ref.a1 for c in sheet.cells.values() if c.is_percent] == ["C1", "J1"]
    assert [area.a1 for area in sheet.merges] == ["A1:B2"]
    assert (book.format, book.date1904) == ("xlsb", True)


A1 = cell(2, 0, struct.pack("<I", 2))


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (binary_sheet(A1)[:-3], "cut off"),
        (binary_sheet(A1)[:-10], "cut off"),
        (record(129) + record(130), "cut off"),
        (b"", "cut off"),
        (binary_sheet(cell(7, 0, struct.pack("<I", 1))), "shared string 1 of 1"),
        (binary_sheet(cell(2, 0, struct.pack("<I", 2), style=2)), "style 2 of 2"),
        (binary_sheet(record(2, b"\0\0")), "too short"),
        (binary_sheet(cell(6, 0, struct.pack("<I", 99))), "too short"),
        (binary_sheet(cell(6, 0, b"\xff" * 4)), "a missing text"),
        (binary_sheet(cell(5, 0, struct.pack("<d", float("nan")))), "a number that is none"),
        (binary_sheet(A1 + A1), "cell A1 twice"),
        (binary_sheet(A1, first_row=1_048_576), "off the grid"),
        (binary_sheet(cell(2, 16_384, bytes(4))), "off the grid"),
        (binary_sheet(A1, record(176, struct.pack("<4I", 5, 1, 0, 1))), "off the grid"),
    ],
)
def test_binary_parts_against_the_rules_are_damaged(
    tmp_path: Path, sheet: bytes, said: str
) -> None:
    error = refusal(xlsb(tmp_path, sheet))
    assert error.reason is Reason.DAMAGED
    assert said in error.detail


@pytest.mark.parametrize("part", ["xl/sheet1.bin", "xl/strings.bin", "xl/styles.bin"])
def test_a_binary_part_that_is_missing_is_damaged(tmp_path: Path, part: str) -> None:
    path = xlsb(tmp_path, binary_sheet(cell(7, 0, struct.pack("<I", 0))))
    with zipfile.ZipFile(path) as package:
        kept = {name: package.read(name) for name in package.namelist() if name != part}
    assert refusal(write(tmp_path / "less.xlsb", kept)).detail == f"{part}: missing"


@pytest.mark.parametrize(
    ("sheet", "limits", "limit"),
    [
        (binary_sheet(A1), Limits(cells=1), "cells"),
        (binary_sheet(cell(6, 0, wide("123456"))), Limits(string_length=5), "string_length"),
        (binary_sheet(b"", record(176, bytes(16)) * 3), Limits(merges=2), "merges"),
        (binary_sheet(record(1000, bytes(5000))), Limits(unpacked_bytes=5000), "unpacked_bytes"),
        (binary_sheet(record(1000, bytes(9_000_000))), Limits(), "compression_ratio"),
    ],
)
def test_binary_workbooks_meet_the_same_limits(
    tmp_path: Path, sheet: bytes, limits: Limits, limit: str
) -> None:
    error = refusal(xlsb(tmp_path, sheet), limits)
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)


# --- .xls -----------------------------------------------------------------------------------------
def outcome(path: Path) -> Workbook | Reason:
    from xlgoals.reader import Unreadable

    try:
        return read_workbook(path)
    except Unreadable as error:
        return error.reason


def all_contents(book: Workbook) -> dict[str, dict[str, tuple[CellKind, object]]]:
    return {sheet.name: contents(sheet) for sheet in book.sheets}


@pytest.mark.parametrize("name", ["values.xls", "values.xlsb", "values.ods"])
def test_a_file_cut_off_is_never_read_as_blanks(tmp_path: Path, name: str) -> None:
    path = FORMATS_DIR / name
    whole = all_contents(read_workbook(path))
    data = path.read_bytes()
    refused = 0
    for share in range(1, 16):
        cut = tmp_path / name
        cut.write_bytes(data[: len(data) * share // 16])
        found = outcome(cut)
        if isinstance(found, Workbook):
            assert all_contents(found) == whole
        else:
            assert found is Reason.DAMAGED
            refused += 1
    assert refused >= 10


@pytest.mark.parametrize("spoil", [lambda d: d[:512] + bytes(len(d) - 512), lambda d: d[:600]])
def test_garbage_in_an_old_container_is_damaged(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "a.xls"
    names = "Workbook".encode("utf-16-le") + b"\0\0"
    path.write_bytes(spoil((FORMATS_DIR / "values.xls").read_bytes()) + names + bytes(200))
    assert refusal(path).reason is Reason.DAMAGED


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(packed_bytes=100), "packed_bytes"),
        (Limits(cells=5), "cells"),
        (Limits(string_length=3), "string_length"),
    ],
)
def test_an_xls_meets_the_limits(limits: Limits, limit: str) -> None:
    error = refusal(FORMATS_DIR / "values.xls", limits)
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)


@pytest.mark.slow
def test_an_xls_cannot_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes((FORMATS_DIR / "values.xls").read_bytes() + bytes(60_000_000))
    assert refusal(path, Limits(memory_bytes=50_000_000)).limit == "memory_bytes"


def test_an_xls_is_read_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file of the folder must not be taken for the library.
    (tmp_path / "xlrd.py").write_text("raise SystemExit(0)")
    monkeypatch.chdir(tmp_path)
    assert read_workbook(FORMATS_DIR / "values.xls").sheets
