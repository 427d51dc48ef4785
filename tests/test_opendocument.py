"""Workbooks in .ods, made by hand: what a cell shows, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reader_zip import contents, refusal, write
from xlgoals.cells import CellKind, Sheet, Visibility
from xlgoals.reader import Limits, Reason, read_workbook

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


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
