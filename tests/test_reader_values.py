"""How the reader takes each way to store a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader_zip import (
    MAIN,
    damage,
    parts,
    read_parts,
    read_rows,
    sheet_xml,
    strings_xml,
    styles_xml,
)
from xlgoals.cells import Cell, CellKind
from xlgoals.grid import CellRef, RangeRef


def cell(folder: Path, xml: str) -> Cell:
    """The one cell of a row."""
    (found,) = read_rows(folder, f'<row r="1">{xml}</row>').cells.values()
    return found


@pytest.mark.parametrize(
    ("xml", "kind", "value"),
    [
        ('<c r="A1" t="s"><v>1</v></c>', CellKind.TEXT, "乙"),
        ('<c r="A1" t="inlineStr"><is><t> a </t></is></c>', CellKind.TEXT, " a "),
        (
            '<c r="A1" t="inlineStr"><is><r><rPr/><t>a</t></r><r><t>b</t></r></is></c>',
            CellKind.TEXT,
            "ab",
        ),
        (
            '<c r="A1" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>ヒ</t></rPh></is></c>',
            CellKind.TEXT,
            "東",
        ),
        ('<c r="A1" t="inlineStr"><is><t/></is></c>', CellKind.TEXT, ""),
        ('<c r="A1" t="str"><v>plain</v></c>', CellKind.TEXT, "plain"),
        ('<c r="A1" t="str"><v>&#20013;&#x6587;&lt;</v></c>', CellKind.TEXT, "中文<"),
        ('<c r="A1" t="str"><v>a<![CDATA[<b>]]>c</v></c>', CellKind.TEXT, "a<b>c"),
        ('<c r="A1" t="str"><v>a<!-- no -->b</v></c>', CellKind.TEXT, "ab"),
        ('<c r="A1" t="str"><v>_x000D_</v></c>', CellKind.TEXT, "_x000D_"),
        ('<c r="A1" t="str"><v xml:space="preserve">  a\n</v></c>', CellKind.TEXT, "  a\n"),
        ('<c r="A1"><v>44565.0</v></c>', CellKind.NUMBER, 44565.0),
        ('<c r="A1" t="n"><v>-1.5E-3</v></c>', CellKind.NUMBER, -0.0015),
        ('<c r="A1"><v>99.9989999999999999991</v></c>', CellKind.NUMBER, 99.999),
        ('<c r="A1"><v>NaN</v></c>', CellKind.TEXT, "NaN"),
        ('<c r="A1"><v>1e999</v></c>', CellKind.TEXT, "1e999"),
        ('<c r="A1"><v>1_000</v></c>', CellKind.TEXT, "1_000"),
        ('<c r="A1"><v>１２</v></c>', CellKind.TEXT, "１２"),
        ('<c r="A1"><v>约65万</v></c>', CellKind.TEXT, "约65万"),
        ('<c r="A1" t="b"><v>1</v></c>', CellKind.BOOLEAN, True),
        ('<c r="A1" t="b"><v>false</v></c>', CellKind.BOOLEAN, False),
        ('<c r="A1" t="b"><v>maybe</v></c>', CellKind.TEXT, "maybe"),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', CellKind.ERROR, "#DIV/0!"),
        ('<c r="A1" t="d"><v>2020-01-01T00:00:00Z</v></c>', CellKind.DATE, "2020-01-01T00:00:00Z"),
        ('<c r="A1" t="new"><v>raw</v></c>', CellKind.TEXT, "raw"),
    ],
)
def test_each_stored_form_of_a_value(
    tmp_path: Path, xml: str, kind: CellKind, value: object
) -> None:
    found = cell(tmp_path, xml)
    assert (found.kind, found.value, found.formula) == (kind, value, None)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("xml", "formula", "kind", "value"),
    [
        ('<c r="A1"><f>1+1</f><v>2</v></c>', "1+1", CellKind.NUMBER, 2.0),
        ('<c r="A1"><f>1+1</f></c>', "1+1", CellKind.BLANK, None),
        ('<c r="A1"><f>A2</f><v></v></c>', "A2", CellKind.BLANK, None),
        ('<c r="A1"><f>=A2</f><v>3</v></c>', "A2", CellKind.NUMBER, 3.0),
        ('<c r="A1" t="str"><f>"x"&amp;B1</f><v></v></c>', '"x"&B1', CellKind.TEXT, ""),
        ('<c r="A1" t="s"><f>B1</f><v>0</v></c>', "B1", CellKind.TEXT, "甲"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "1/0", CellKind.ERROR, "#DIV/0!"),
        ('<c r="A1"><f/><v>3</v></c>', "", CellKind.NUMBER, 3.0),
    ],
)
def test_a_formula_keeps_its_text_and_last_result(
    tmp_path: Path, xml: str, formula: str, kind: CellKind, value: object
) -> None:
    found = cell(tmp_path, xml)
    assert (found.formula, found.kind, found.value) == (formula, kind, value)


def test_runs_and_phonetic_guides_of_shared_strings(tmp_path: Path) -> None:
    content = parts('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>')
    content["xl/sharedStrings.xml"] = strings_xml(
        '<r><rPr><b/></rPr><t>中</t></r>\n<r><t xml:space="preserve"> A</t></r>'
        '<rPh sb="0" eb="1"><t>zhong</t></rPh><phoneticPr fontId="1"/>',
        "",
    )
    sheet = read_parts(tmp_path, content)
    assert [c.value for c in sheet.cells.values()] == ["中 A", ""]


def test_pretty_printed_parts_read_the_same(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '\n <row r="1">\n  <c r="A1">\n   <f>\n1</f>\n   <v>5</v>\n  </c>\n  <c r="B1" '
        't="inlineStr">\n <is>\n <t>x</t>\n </is>\n </c>\n </row>\n',
    )
    assert sheet.cells[1, 1].value == 5
    assert sheet.cells[1, 2].value == "x"


def test_blank_styled_cells_are_not_kept(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1"><c r="A1" s="1"/><c r="B1" s="1"><v/></c></row>')
    assert not sheet.cells


def test_cells_and_rows_without_place_follow_one_another(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c>'
        "<c><v>4</v></c></row><row><c><v>5</v></c></row>",
    )
    places = {ref: found.value for ref, found in sheet.cells.items()}
    assert places == {(1, 1): 1, (1, 3): 2, (5, 3): 3, (5, 4): 4, (6, 1): 5}


def test_a_cell_places_a_row_without_number(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row><c r="B7"><v>1</v></c></row><row><c><v>2</v></c></row>')
    assert list(sheet.cells) == [(7, 2), (8, 1)]


def test_the_reference_is_that_of_the_key(tmp_path: Path) -> None:
    found = cell(tmp_path, '<c r="XFD1"><v>1</v></c>')
    assert found.ref == CellRef(1, 16384)


def test_the_dimension_is_not_trusted(tmp_path: Path) -> None:
    content = parts()
    content["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>'
        '<row r="9"><c r="J9"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert list(read_parts(tmp_path, content).cells) == [(9, 10)]


def test_merges_are_listed_and_not_expanded(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        "",
        '<mergeCells count="9"><mergeCell ref="B6:C7"/><mergeCell ref="A1:XFD1048576"/>'
        "</mergeCells>",
    )
    assert sheet.merges == (RangeRef(6, 2, 7, 3), RangeRef(1, 1, 1048576, 16384))


def test_a_prefix_before_every_name(tmp_path: Path) -> None:
    content = parts()
    content["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:f>B1</x:f>'
        '<x:v>v</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/>'
        "</x:mergeCells></x:worksheet>"
    )
    sheet = read_parts(tmp_path, content)
    assert sheet.cells[1, 1].formula == "B1"
    assert sheet.merges


def test_elements_of_other_namespaces_are_no_cells(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1" xmlns:o="urn:o"><o:c r="A1"><o:v>1</o:v></o:c></row>')
    assert not sheet.cells


def test_extension_lists_are_passed_over(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<row r="1"><c r="A1"><v>1</v><extLst><ext><t>x</t></ext></extLst></c></row>',
        f'<extLst><ext><row xmlns="{MAIN}" r="0"/></ext></extLst>',
    )
    assert [found.value for found in sheet.cells.values()] == [1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "cell A1 twice"),
        ('<row r="1"><c r="XFE1"/></row>', "off the grid"),
        ('<row r="1048577"/>', "off the grid"),
        ('<row r="0"/>', "off the grid"),
        ('<row r="x"/>', "row x"),
        ('<row r="1"><c r="B6"><v>1</v></c></row>', "cell B6 in row 1"),
        ('<row r="05"><c r="B6"><v>1</v></c></row>', "cell B6 in row 5"),
        ('<row r="1"><c r="XFD1"/><c/></row>', "runs off the grid"),
        ('<row r="1"><c r="A1" t="s"><v>2</v></c></row>', "shared string 2 of 2"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "shared string -1 of 2"),
        ('<row r="1"><c r="A1" s="9"><v>1</v></c></row>', "style 9 of 4"),
        ('<row r="1"><c r="A1" s="-1"><v>1</v></c></row>', "style -1 of 4"),
        ('<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>', "two values"),
        ('<row r="1"><c r="A1"><v>1<x/>2</v></c></row>', "an element inside"),
        ('<row r="1"><c r="A1"><is><c r="B1"/></is></c></row>', "a cell inside a cell"),
        ('<row r="1"><row r="2"/></row>', "out of place"),
        ('<c r="A1"/>', "out of place"),
        ('<row r="1"><c r="A1"><f t="array" ref="A:A">1</f></c></row>', "range A:A"),
    ],
)
def test_what_cannot_be_told_is_damage(tmp_path: Path, rows: str, said: str) -> None:
    assert said in damage(tmp_path, parts(rows))


@pytest.mark.parametrize("ref", ["", "A1:XFE9", "A", "A1:B2:C3"])
def test_a_merge_off_the_grid_is_damage(tmp_path: Path, ref: str) -> None:
    merges = f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'
    assert f"merge {ref}" in damage(tmp_path, parts("", merges))


def test_a_sheet_without_data_is_damage(tmp_path: Path) -> None:
    content = parts()
    content["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"/>'
    assert "no sheetData" in damage(tmp_path, content)


def test_a_reference_is_not_read_from_the_wrong_end(tmp_path: Path) -> None:
    read_rows(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    assert "cell A11 in row 1" in damage(tmp_path, parts('<row r="1"><c r="A11"/></row>'))


def test_number_formats_come_from_the_cell_styles(tmp_path: Path) -> None:
    content = parts(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" s="2"><v>1</v></c>'
        '<c r="D1" s="3"><v>1</v></c><c r="E1" s="4"><v>1</v></c></row>'
    )
    content["xl/styles.xml"] = styles_xml(0, 49, 164, 31, 200, formats={164: "0.0&quot;元&quot;"})
    codes = [found.number_format for found in read_parts(tmp_path, content).cells.values()]
    assert codes == ["General", "@", '0.0"元"', 'yyyy"年"m"月"d"日"', "General"]


def test_a_format_that_the_file_spells_out_replaces_the_built_in(tmp_path: Path) -> None:
    content = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    content["xl/styles.xml"] = styles_xml(14, formats={14: "yyyy/m/d"})
    assert read_parts(tmp_path, content).cells[1, 1].number_format == "yyyy/m/d"


def test_a_workbook_may_do_without_styles_and_strings(tmp_path: Path) -> None:
    content = parts('<row r="1"><c r="A1" s="0"><v>1</v></c></row>')
    del content["xl/styles.xml"], content["xl/sharedStrings.xml"]
    content["xl/_rels/workbook.xml.rels"] = str(content["xl/_rels/workbook.xml.rels"]).replace(
        "/styles", "/other"
    )
    assert read_parts(tmp_path, content).cells[1, 1].number_format == "General"


def test_broken_tables_harm_no_workbook_without_cells(tmp_path: Path) -> None:
    content = parts()
    content["xl/styles.xml"] = content["xl/sharedStrings.xml"] = "<"
    assert not read_parts(tmp_path, content).cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_a_part(tmp_path: Path, encoding: str) -> None:
    name = "utf-8" if encoding.startswith("utf-8") else "utf-16"
    text = sheet_xml('<row r="1"><c r="A1" t="str"><v>中𠮷</v></c></row>')
    content = parts()
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    content["xl/worksheets/sheet1.xml"] = mark + (
        f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(encoding)
    )
    assert read_parts(tmp_path, content).cells[1, 1].value == "中𠮷"


@pytest.mark.parametrize("encoding", ["gbk", "rot13", "unicode_escape", "no-such"])
def test_other_encodings_are_damage(tmp_path: Path, encoding: str) -> None:
    content = parts()
    content["xl/worksheets/sheet1.xml"] = (
        f'<?xml version="1.0" encoding="{encoding}"?>{sheet_xml("")}'
    )
    assert f"encoding {encoding}" in damage(tmp_path, content)


def test_unpaired_surrogates_are_damage(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?>{sheet_xml("")}'
    content = parts()
    content["xl/worksheets/sheet1.xml"] = b"\xff\xfe" + text.replace(
        "<sheetData>", "<sheetData>\ud800"
    ).encode("utf-16-le", "surrogatepass")
    assert "sheet1.xml" in damage(tmp_path, content)
