"""The workbook around the cells: sheets, names, properties, where the parts lie."""

from __future__ import annotations

import pickle
from pathlib import Path
from zipfile import ZipFile

import pytest

from few_and_many import mostly_slow
from reader_zip import (
    LINKS,
    MAIN,
    OFFICE,
    Parts,
    book_xml,
    damage,
    links,
    parts,
    sheet_xml,
    strings_xml,
    write,
)
from xlgoals.cells import DefinedName, Visibility, Workbook
from xlgoals.grid import RangeRef
from xlgoals.reader import read_workbook
from xlgoals.reader import strings as strings_module

ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def read(folder: Path, content: Parts) -> Workbook:
    return read_workbook(write(folder / "book.xlsx", content))


def several(states: dict[str, str]) -> Parts:
    """A workbook with a sheet for each name, of this state."""
    content = parts()
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="s{i}" {state}/>'
        for i, (name, state) in enumerate(states.items())
    )
    content["xl/workbook.xml"] = book_xml(sheets=sheets)
    content["xl/_rels/workbook.xml.rels"] = links(
        *((f"s{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(len(states)))
    )
    for i in range(len(states)):
        content[f"xl/worksheets/sheet{i}.xml"] = sheet_xml("")
    return content


def test_sheets_stand_in_tab_order_with_their_visibility(tmp_path: Path) -> None:
    content = several(
        {"乙": 'state="hidden"', "甲": "", "丙": 'state="veryHidden"', "丁": 'state="?"'}
    )
    assert [(s.name, s.visibility) for s in read(tmp_path, content).sheets] == [
        ("乙", Visibility.HIDDEN),
        ("甲", Visibility.VISIBLE),
        ("丙", Visibility.VERY_HIDDEN),
        ("丁", Visibility.VISIBLE),
    ]


def test_a_sheet_is_found_by_its_exact_name(tmp_path: Path) -> None:
    book = read(tmp_path, several({"a": "", "B": ""}))
    assert book.sheet("B") is book.sheets[1]
    assert book.sheet("b") is None


def test_chart_sheets_are_left_out_but_counted_for_names(tmp_path: Path) -> None:
    content = several({"图": "", "表": ""})
    content["xl/_rels/workbook.xml.rels"] = str(content["xl/_rels/workbook.xml.rels"]).replace(
        "/worksheet", "/chartsheet", 1
    )
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace(
        "</workbook>",
        '<definedNames><definedName name="n" localSheetId="1">表!$A$1</definedName></definedNames>'
        "</workbook>",
    )
    book = read(tmp_path, content)
    assert [sheet.name for sheet in book.sheets] == ["表"]
    assert book.names[0].sheet == "表"


def test_names_with_their_scope(tmp_path: Path) -> None:
    content = parts()
    content["xl/workbook.xml"] = book_xml(
        '<definedNames><definedName name="a" localSheetId="0">S!$A$1</definedName>'
        '<definedName name="a" hidden="1">"text &amp; more"</definedName>'
        '<definedName name="lost" localSheetId="4">S!$A$1</definedName></definedNames>'
    )
    assert read(tmp_path, content).names == (
        DefinedName("a", "S", "S!$A$1", hidden=False),
        DefinedName("a", None, '"text & more"', hidden=True),
    )


@pytest.mark.parametrize(
    ("refers_to", "expected"),
    [
        ("'项目1'!$B$6", ("项目1", RangeRef(6, 2, 6, 2))),
        ("项目1!$B$6:$C$6", ("项目1", RangeRef(6, 2, 6, 3))),
        ("'it''s (1)'!B6", ("it's (1)", RangeRef(6, 2, 6, 2))),
        ("_xlgoals!$A$1", ("_xlgoals", RangeRef(1, 1, 1, 1))),
        ("S.1!$A$1", ("S.1", RangeRef(1, 1, 1, 1))),
        ('"shanghai-2020"', None),
        ("2020", None),
        ("#REF!", None),
        ("S!#REF!", None),
        ("#REF!$A$1", None),
        ("S!$A$1,S!$B$1", None),
        ("S!$A$1:S!$B$2", None),
        ("S!$A:$A", None),
        ("S!$1:$2", None),
        ("S!$A$1048577", None),
        ("[1]S!$A$1", None),
        ("'[1]S'!$A$1", None),
        ("S1:S2!$A$1", None),
        ("OFFSET(S!$A$1,1,1)", None),
        ("$A$1", None),
        ("", None),
    ],
)
def test_the_target_of_a_name(refers_to: str, expected: tuple[str, RangeRef] | None) -> None:
    assert DefinedName("n", None, refers_to, hidden=False).target() == expected


@pytest.mark.parametrize(("text", "flag"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_1904_flag(tmp_path: Path, text: str, flag: bool) -> None:
    content = parts()
    content["xl/workbook.xml"] = book_xml(before=f'<workbookPr date1904="{text}"/>')
    assert read(tmp_path, content).date1904 is flag


TAB = 'r:id="r1"/>'
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
PROPERTIES = (
    f'<Properties xmlns="{CUSTOM}" xmlns:vt="urn:vt">'
    '<property name="layout"><vt:lpwstr> shanghai-2020 </vt:lpwstr></property>'
    '\n<property name="year">\n<vt:i4>2020</vt:i4></property>'
    '<property name="done"><vt:bool>true</vt:bool></property></Properties>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:t="http://purl.org/dc/terms/">'
    "<t:modified>2020-02-30</t:modified></cp:coreProperties>"
)


def with_properties(core: str, custom: str) -> Parts:
    content = parts()
    content["_rels/.rels"] = links(
        ("r1", "officeDocument", "xl/workbook.xml"),
        ("r2", "metadata/core-properties", "docProps/core.xml"),
        ("r3", "custom-properties", "docProps/custom.xml"),
    )
    content["docProps/core.xml"] = core
    content["docProps/custom.xml"] = custom
    return content


def test_properties_are_text(tmp_path: Path) -> None:
    book = read(tmp_path, with_properties(CORE, PROPERTIES))
    assert book.properties == {"layout": " shanghai-2020 ", "year": "2020", "done": "true"}
    assert book.modified == "2020-02-30"


def test_broken_properties_are_none(tmp_path: Path) -> None:
    book = read(tmp_path, with_properties(CORE[:-9], PROPERTIES[:-9]))
    assert (book.properties, book.modified) == ({}, None)


def test_missing_property_parts_are_none(tmp_path: Path) -> None:
    content = with_properties(CORE, PROPERTIES)
    del content["docProps/core.xml"], content["docProps/custom.xml"]
    book = read(tmp_path, content)
    assert (book.properties, book.modified) == ({}, None)


def test_strict_documents_read_the_same(tmp_path: Path) -> None:
    content: Parts = {
        name: str(data)
        .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, data in parts(ROWS).items()
    }
    assert read(tmp_path, content).sheets[0].cells[1, 1].value == "甲"


def test_parts_may_lie_anywhere(tmp_path: Path) -> None:
    content: Parts = {
        "a/b/styles": parts()["xl/styles.xml"],
        "a/sheet one.xml": sheet_xml(ROWS),
        "strings.xml": strings_xml("<t>远</t>"),
        "a/b/_rels/book.rels": links(
            ("r1", "worksheet", "../sheet%20one.xml"),
            ("r2", "sharedStrings", "/strings.xml"),
            ("r3", "styles", "./styles"),
        ),
        "A/B/book": book_xml(),
        "_rels/.rels": links(("r9", "officeDocument", "/a/b/book")),
    }
    assert read(tmp_path, content).sheets[0].cells[1, 1].value == "远"


def test_entry_names_ignore_case_and_backslashes(tmp_path: Path) -> None:
    content = parts(ROWS)
    content["XL\\Worksheets\\Sheet1.XML"] = content.pop("xl/worksheets/sheet1.xml")
    assert read(tmp_path, content).sheets[0].cells[1, 1].value == "甲"


def test_external_targets_are_no_parts(tmp_path: Path) -> None:
    content = parts(ROWS)
    content["_rels/.rels"] = str(content["_rels/.rels"]).replace(
        "<Relationship ",
        '<Relationship Id="x" Type="officeDocument" Target="http://x" '
        'TargetMode="External"/><Relationship ',
        1,
    )
    assert read(tmp_path, content).sheets


def test_a_workbook_survives_pickling(tmp_path: Path) -> None:
    book = read(tmp_path, with_properties(CORE, PROPERTIES))
    assert pickle.loads(pickle.dumps(book)) == book


def without(name: str) -> Parts:
    content = parts(ROWS)
    del content[name]
    return content


def changed(name: str, before: str, after: str) -> Parts:
    content = parts(ROWS)
    text = str(content[name])
    assert before in text
    content[name] = text.replace(before, after)
    return content


@pytest.mark.parametrize(
    "name",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ],
)
def test_a_needed_part_that_is_missing_or_cut_off(tmp_path: Path, name: str) -> None:
    assert damage(tmp_path, without(name)) == f"{name}: missing"
    content = parts(ROWS)
    content[name] = str(content[name])[:-3]
    assert name in damage(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (without("_rels/.rels"), "leads to no workbook"),
        (without("xl/_rels/workbook.xml.rels"), "no part for sheet S"),
        (changed("xl/workbook.xml", "r:id", "id"), "without a name or part"),
        (changed("xl/workbook.xml", 'name="S"', ""), "without a name or part"),
        (changed("xl/workbook.xml", TAB, TAB + '<sheet name="s" r:id="r2"/>'),
         "twice"),
        (changed("xl/workbook.xml", TAB, TAB + '<sheet name="T" r:id="r1"/>'),
         "twice"),
        (changed("xl/workbook.xml", "<sheet ", "<other "), "no sheets"),
        (changed("xl/_rels/workbook.xml.rels", '"r2"', '"r1"'), "one Id twice"),
        (changed("xl/worksheets/sheet1.xml", "worksheet", "chartsheet"), "no worksheet"),
        (changed("xl/styles.xml", 'numFmtId="49"', 'numFmtId="x"'), "ValueError"),
        ({**parts(), "xl/workbook.xml": sheet_xml("")}, "no workbook"),
        ({**parts(), "XL/workbook.xml": book_xml()}, "twice in the zip"),
        ({**parts(), "xl\\styles.xml": ""}, "twice in the zip"),
    ],
)  # fmt: skip
def test_broken_packages_are_damage(tmp_path: Path, content: Parts, said: str) -> None:
    assert said in damage(tmp_path, content)


def test_relationships_of_another_namespace_lead_nowhere(tmp_path: Path) -> None:
    assert "leads to no" in damage(tmp_path, changed("_rels/.rels", LINKS, "urn:x"))


@pytest.mark.parametrize("left", mostly_slow(range(8), 2))
def test_shared_strings_may_end_just_behind_a_piece(
    examples_dir: Path, tmp_path: Path, left: int
) -> None:
    """The part is read by pieces that grow; what stands behind the last may be a single byte."""
    example, padded = examples_dir / "filled-2020.xlsx", tmp_path / "padded.xlsx"
    with ZipFile(example) as source, ZipFile(padded, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/sharedStrings.xml":
                data = _padded(data, left)
            target.writestr(info, data)
    found = read_workbook(padded)
    assert [sheet.cells for sheet in found.sheets] == [
        sheet.cells for sheet in read_workbook(example).sheets
    ]


def _padded(strings: bytes, left: int) -> bytes:
    end, room = b"</sst>", len(b"<si><t></t></si>")
    piece = size = strings_module._FIRST_PIECE
    while size < len(strings) + room:
        piece += piece // 4
        size += piece
    filling = b"-" * (size + left - len(strings) - room)
    padded = strings.removesuffix(end) + b"<si><t>" + filling + b"</t></si>" + end
    assert len(padded) == size + left
    return padded
