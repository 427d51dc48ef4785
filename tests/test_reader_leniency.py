"""What spreadsheet programs let pass without a word, since others do write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import FORMATS_DIR
from reader_zip import MAIN, book_xml, damage, parts, read_parts, read_rows, write
from xlgoals.cells import CellKind
from xlgoals.reader import read_workbook

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


@pytest.mark.parametrize("value", ["<v/>", "<v></v>"])
def test_a_string_cell_without_a_number_is_blank(tmp_path: Path, value: str) -> None:
    rows = f'<row r="1"><c r="A1" t="s">{value}</c><c r="B1" t="s"><v>1</v></c></row>'
    assert {ref: cell.value for ref, cell in read_rows(tmp_path, rows).cells.items()} == {
        (1, 2): "乙"
    }


def test_a_formula_with_such_a_result_has_none(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1"><c r="A1" t="s"><f>B1</f><v/></c></row>')
    assert (sheet.cells[1, 1].kind, sheet.cells[1, 1].formula) == (CellKind.BLANK, "B1")


def test_an_empty_style_is_the_first(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1"><c r="A1" s=""><v>1</v></c></row>')
    assert sheet.cells[1, 1].number_format == "General"


def test_a_style_written_twice_counts_once(tmp_path: Path) -> None:
    def twice(own: str, fallback: str) -> str:
        return (
            f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="hs">{own}'
            f"</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
        )

    formats = twice(
        '<numFmt numFmtId="170" formatCode="0.0"/>', '<numFmt numFmtId="170" formatCode="0.00%"/>'
    )
    styles = '<xf numFmtId="0"/>' + twice('<xf numFmtId="14"/>', '<xf numFmtId="170"/>')
    content = parts('<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="2"><v>1</v></c></row>')
    content["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellXfs>{styles}<xf numFmtId="49"/></cellXfs></styleSheet>'
    )
    cells = read_parts(tmp_path, content).cells
    assert [cells[ref].number_format for ref in ((1, 1), (1, 2))] == ["0.00%", "@"]


def test_a_macro_sheet_without_a_part_is_none(tmp_path: Path) -> None:
    content = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    macro = '<sheet name="宏" sheetId="7" state="veryHidden" r:id=""/>'
    name = '<definedName name="a" localSheetId="1">S!$A$1</definedName>'
    sheet = '<sheet name="S" sheetId="1" r:id="r1"/>'
    content["xl/workbook.xml"] = book_xml(
        f"<definedNames>{name}</definedNames>", sheets=macro + sheet
    )
    book = read_workbook(write(tmp_path / "book.xlsx", content))
    assert [sheet.name for sheet in book.sheets] == ["S"]
    assert [(name.name, name.sheet) for name in book.names] == [("a", "S")]


def test_a_sheet_whose_part_is_gone_is_damage(tmp_path: Path) -> None:
    content = parts()
    lost = '<sheet name="S" sheetId="1" r:id="r1"/><sheet name="失" sheetId="2" r:id="r9"/>'
    content["xl/workbook.xml"] = book_xml(sheets=lost)
    assert "失" in damage(tmp_path, content)


@pytest.mark.parametrize("name", ["WORKBOOK", "workbook"])
def test_the_stream_of_an_xls_in_other_letters(tmp_path: Path, name: str) -> None:
    path = FORMATS_DIR / "values.xls"
    usual, other = ("Workbook".encode("utf-16-le"), name.encode("utf-16-le"))
    data = path.read_bytes()
    assert data.count(usual) == 1
    spelled = tmp_path / "a.xls"
    spelled.write_bytes(data.replace(usual, other))
    assert read_workbook(spelled).sheets == read_workbook(path).sheets


def test_an_xls_whose_container_gives_its_sectors_twice(tmp_path: Path, examples_dir: Path) -> None:
    """To the workbook, and to the small streams of which it has no need."""
    (path,) = (examples_dir / "inbox").glob("*.xls")
    data = bytearray(path.read_bytes())
    directory = 512 * (int.from_bytes(data[48:52], "little") + 1)
    start = slice(116, 120)  # of what an entry of 128 bytes speaks of
    root, workbook = (memoryview(data)[directory + at :][start] for at in (0, 128))
    root[:] = workbook
    spoiled = tmp_path / "a.xls"
    spoiled.write_bytes(data)
    assert read_workbook(spoiled).sheets == read_workbook(path).sheets
