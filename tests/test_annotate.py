"""The workbook that goes back: every problem marked where it is, and listed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from annotated import (
    LIST,
    MISTAKES,
    SHEET,
    SHEET_PART,
    annotate,
    annotate_by,
    fill,
    looks,
    said,
    small,
    unzipped,
    with_mistakes,
    written_fills,
    zipped,
)
from few_and_many import mostly_slow
from opened import opened
from reader_zip import sheet_xml, styles_xml, write
from xlgoals.annotate.marking import unmarked
from xlgoals.annotate.styles import is_shade, shade
from xlgoals.annotate.words import HEADINGS, NOTE_END, NOTE_START
from xlgoals.findings import SEVERITY_WORDS, Finding, Layer, Severity
from xlgoals.reader import read_workbook

FIRST_ROW = 5


@pytest.fixture(
    scope="module", params=["XlsxWriter", pytest.param("openpyxl", marks=pytest.mark.slow)]
)
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with mistakes, as two programs write it."""
    if request.param == "openpyxl":
        return MISTAKES
    return with_mistakes(tmp_path_factory.mktemp("source") / "报送.xlsx")


@pytest.fixture(scope="module")
def copy(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copy") / "退回.xlsx"
    annotate(source, target)
    return target


def at(sheet: str, cell: str, severity: Severity = Severity.ERROR, text: str = "有误") -> Finding:
    return Finding(
        *("x", severity, Layer.CELL, "f", sheet, cell, None, "项目", text, None, None, "请改正。")
    )


# --- marks ----------------------------------------------------------------------------------------
def test_each_wrong_cell_has_a_fill_and_a_note(source: Path, copy: Path) -> None:
    book = opened(copy)
    wrong = [f for f in xlgoals.read(source).findings if f.severity is not Severity.INFO]
    assert {f.severity for f in wrong} == {Severity.ERROR, Severity.WARNING}
    for finding in wrong:
        if finding.cell is None:
            continue
        cell = book[finding.sheet or ""][finding.cell]
        here = {f.severity for f in wrong if (f.sheet, f.cell) == (finding.sheet, finding.cell)}
        worst = Severity.ERROR if Severity.ERROR in here else Severity.WARNING
        assert str(fill(cell)[1])[:5] == shade(worst)[:5], cell
        assert cell.comment.author == "xlgoals"
        assert f"【{SEVERITY_WORDS[finding.severity]}】{finding.message}" in cell.comment.text
        assert finding.hint in cell.comment.text


@pytest.mark.slow
def test_no_other_cell_is_marked(source: Path, copy: Path) -> None:
    wrong = {(f.sheet, f.cell) for f in xlgoals.read(source).findings if f.severity != "info"}
    before = looks(source)
    merged = {
        (sheet.title, cell.coordinate)
        for sheet in opened(source)
        for area in sheet.merged_cells.ranges
        if (sheet.title, area.start_cell.coordinate) in wrong
        for row in sheet[area.coord]
        for cell in row
    }
    for place, look in looks(copy).items():
        if place[0] != LIST and place not in wrong | merged:
            assert look == before[place]


def test_the_fill_covers_a_whole_merge_and_keeps_the_rest_of_the_look(tmp_path: Path) -> None:
    source, target = with_mistakes(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    annotate(source, target)
    before, after = (openpyxl.load_workbook(path)[SHEET] for path in (source, target))
    (area,) = (a for a in before.merged_cells.ranges if a.start_cell.coordinate == "B7")
    colours = written_fills(target, SHEET_PART, area.coord)
    assert len(colours) == 4
    assert set(colours) == {shade(Severity.ERROR)}
    for row in before[area.coord]:
        for cell in row:
            for look in ("border", "font", "alignment", "number_format", "protection"):
                assert repr(getattr(after[cell.coordinate], look)) == repr(getattr(cell, look))


def test_information_is_listed_but_not_marked(source: Path, copy: Path, tmp_path: Path) -> None:
    told = at(SHEET, "B12", Severity.INFO)
    path = tmp_path / "info.xlsx"
    path.write_bytes(zipped(annotate_by([told], source)))
    book = openpyxl.load_workbook(path)
    assert book[SHEET]["B12"].comment is None
    assert [cell.value for cell in book[LIST][FIRST_ROW]][1] == "说明"


def test_the_worst_of_several_problems_colours_the_cell(tmp_path: Path) -> None:
    found = [at("S", "A1", Severity.WARNING, "甲"), at("S", "A1", Severity.ERROR, "乙")]
    path = write(tmp_path / "a.xlsx", small('<row r="1"><c r="A1" s="1"/></row>'))
    path.write_bytes(zipped(annotate_by(found, path)))
    cell = openpyxl.load_workbook(path)["S"]["A1"]
    assert fill(cell) == ("solid", shade(Severity.ERROR))
    assert cell.comment.text.index("甲") < cell.comment.text.index("乙")
    assert cell.comment.text.count(NOTE_START) == 1


# --- cells that are not there ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        ("", "B2", ["2:B2"]),
        ('<row r="1"/><row r="3"/>', "B2", ["1:", "2:B2", "3:"]),
        ('<row r="2"><c r="A2"/><c r="C2"/></row>', "B2", ["2:A2 B2 C2"]),
        ('<row r="2" spans="1:1"><c r="A2"/></row>', "AA2", ["2:A2 AA2"]),
        ("<row><c/><c/></row><row><c/></row>", "B2", ["1:", "2:A2 B2"]),
        ("<row/><row><c/></row>", "A4", ["1:", "2:", "4:A4"]),
    ],
)
def test_missing_cells_are_made_in_their_place(
    tmp_path: Path, rows: str, place: str, expected: list[str]
) -> None:
    path = write(tmp_path / "a.xlsx", small(rows))
    text = annotate_by([at("S", place)], path)["xl/worksheets/sheet1.xml"].decode()
    found = []
    for row in re.finditer(r"<row([^>]*?)(?:/>|>(.*?)</row>)", text):
        number = re.search(r' r="(\d+)"', row[1])
        cells = re.findall(r'<c r="([A-Z0-9]+)"', row[2] or "")
        found.append(f"{number[1] if number else ''}:{' '.join(cells)}")
    # Rows and cells that were counted may go on being counted where nothing was put before them.
    assert [item.split(":")[1] for item in found if place in item] == [
        item.split(":")[1] for item in expected if place in item
    ]
    assert read_workbook(write(tmp_path / "b.xlsx", annotate_by([at("S", place)], path))).sheet("S")
    assert "spans" not in text


def test_a_made_cell_looks_as_its_row_or_column_did(tmp_path: Path) -> None:
    content = small('<row r="2" s="2" customFormat="1"/>')
    content["xl/worksheets/sheet1.xml"] = sheet_xml('<row r="2" s="2" customFormat="1"/>').replace(
        "<sheetData>", '<cols><col min="1" max="3" width="9" style="3"/></cols><sheetData>'
    )
    content["xl/styles.xml"] = styles_xml(0, 49, 9, 14)
    path = write(tmp_path / "a.xlsx", content)
    path.write_bytes(zipped(annotate_by([at("S", "B2"), at("S", "B3")], path)))
    sheet = openpyxl.load_workbook(path)["S"]
    assert sheet["B2"].number_format == "0%"
    assert sheet["B3"].number_format == "mm-dd-yy"


# --- the list -------------------------------------------------------------------------------------
def test_the_list_comes_first_and_alone_is_open(copy: Path) -> None:
    book = opened(copy)
    assert book.sheetnames[0] == LIST
    assert book.active.title == LIST
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [LIST]
    assert not book[LIST].protection.sheet


def test_the_list_tells_every_finding_with_a_link_to_its_cell(source: Path, copy: Path) -> None:
    sheet = opened(copy)[LIST]
    findings = xlgoals.read(source).findings
    rows = list(sheet.iter_rows(min_row=FIRST_ROW - 1, max_col=len(HEADINGS)))
    assert [cell.value for cell in rows[0]] == list(HEADINGS)
    assert len(rows) == len(findings) + 1
    for number, (row, finding) in enumerate(zip(rows[1:], findings, strict=True), start=1):
        assert [cell.value for cell in row[:7]] == [
            str(number),
            SEVERITY_WORDS[finding.severity],
            finding.sheet or "（整个文件）",
            *(finding.cell, finding.label, finding.message, finding.hint),
        ]
        if finding.sheet:
            assert row[7].hyperlink.location == f"'{finding.sheet}'!{finding.cell or 'A1'}"


def test_a_finding_of_the_whole_file_has_no_link(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", small(""))
    found = replace(at("S", "A1"), sheet=None, cell=None, label=None)
    path.write_bytes(zipped(annotate_by([found], path)))
    row = openpyxl.load_workbook(path)[LIST][FIRST_ROW]
    assert (row[2].value, row[7].value, row[7].hyperlink) == ("（整个文件）", None, None)


def test_words_stay_words(tmp_path: Path) -> None:
    text = '=HYPERLINK("http://x") _x0041_ \x00\x1b[31m <b>&"' + "长" * 40_000
    path = write(tmp_path / "a.xlsx", small(""))
    path.write_bytes(zipped(annotate_by([at("S", "A1", text=text)], path)))
    book = read_workbook(path)
    (listed,) = (c for c in book.sheets[0].cells.values() if c.ref == (FIRST_ROW, 6))
    assert listed.formula is None
    shown = openpyxl.load_workbook(path)
    assert '=HYPERLINK("http://x") _x005F_x0041_ [31m <b>&"长' in str(listed.value)
    assert len(str(listed.value)) < 3000
    assert "[31m <b>" in shown["S"]["A1"].comment.text
    assert len(shown["S"]["A1"].comment.text) < 3000


@pytest.mark.slow
def test_the_sender_may_have_a_sheet_of_that_name(source: Path, tmp_path: Path) -> None:
    book = opened(source)
    book.create_sheet(LIST)["A1"] = "我们自己的清单"
    book.save(tmp_path / "own.xlsx")
    for _ in range(2):
        annotate(tmp_path / "own.xlsx", tmp_path / "own.xlsx")
        again = openpyxl.load_workbook(tmp_path / "own.xlsx")
        assert again.sheetnames.count(LIST) == 1
        assert again[LIST]["A1"].value == "我们自己的清单"
        assert again.sheetnames[0] == f"{LIST}(2)"
        assert len(again.sheetnames) == len(book.sheetnames) + 1


# --- the copy is read as the original -------------------------------------------------------------
def test_the_copy_says_what_the_original_says(source: Path, copy: Path) -> None:
    assert said(xlgoals.read(copy)) == said(xlgoals.read(source))


def test_names_belong_to_the_same_sheets(source: Path, copy: Path) -> None:
    before, after = read_workbook(source), read_workbook(copy)
    own = [n for n in after.names if n.sheet != LIST]
    assert own == list(before.names)
    assert [n.name for n in after.names if n.sheet == LIST] == ["_xlnm.Print_Titles"]
    assert [s.visibility for s in after.sheets[1:]] == [s.visibility for s in before.sheets]


# --- again ----------------------------------------------------------------------------------------
def test_marking_twice_marks_as_marking_once(copy: Path, tmp_path: Path) -> None:
    annotate(copy, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == copy.read_bytes()


@pytest.mark.slow
def test_unmarking_gives_the_looks_back(source: Path, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "bare.xlsx").write_bytes(unmarked(copy.read_bytes()))
    assert looks(tmp_path / "bare.xlsx") == looks(source)
    assert openpyxl.load_workbook(tmp_path / "bare.xlsx").sheetnames == (opened(source).sheetnames)
    assert set(unzipped((tmp_path / "bare.xlsx").read_bytes())) == set(
        unzipped(source.read_bytes())
    )


def corrected(path: Path, target: Path) -> None:
    """Somebody mends some of it, by openpyxl, which writes every part anew."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    sheet["B4"], sheet["B6"], sheet["B9"] = "科普活动", "否", "活动需要场地和讲师。"
    book.save(target)


@pytest.mark.slow
def test_a_corrected_copy_has_no_stale_marks(copy: Path, source: Path, tmp_path: Path) -> None:
    corrected(copy, tmp_path / "corrected.xlsx")
    corrected(source, tmp_path / "straight.xlsx")
    straight = xlgoals.read(tmp_path / "straight.xlsx")
    assert said(xlgoals.read(tmp_path / "corrected.xlsx")) == said(straight)
    annotate(tmp_path / "corrected.xlsx", tmp_path / "second.xlsx")
    annotate(tmp_path / "straight.xlsx", tmp_path / "expected.xlsx")
    assert looks(tmp_path / "second.xlsx") == looks(tmp_path / "expected.xlsx")
    assert (SHEET, "B4") not in {
        k for k, (_, note) in looks(tmp_path / "second.xlsx").items() if note
    }


@pytest.mark.parametrize(
    "change", mostly_slow(["deleted", "renamed", "rows deleted", "column inserted"])
)
def test_marks_go_whatever_became_of_the_list(
    copy: Path, source: Path, tmp_path: Path, change: str
) -> None:
    book = opened(copy)
    match change:
        case "deleted":
            del book[LIST]
        case "renamed":
            book[LIST].title = "已看过"
        case "rows deleted":
            book[LIST].delete_rows(FIRST_ROW, 30)
        case "column inserted":
            book[LIST].insert_cols(2)
    book.save(tmp_path / "changed.xlsx")
    (tmp_path / "bare.xlsx").write_bytes(unmarked((tmp_path / "changed.xlsx").read_bytes()))
    assert looks(tmp_path / "bare.xlsx") == looks(source)


@pytest.mark.slow
def test_a_cell_gets_its_own_fill_back(source: Path, tmp_path: Path) -> None:
    book = opened(source)
    sheet = book[SHEET]
    sheet["B4"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF92D050")
    sheet["B5"].fill = openpyxl.styles.PatternFill("solid", fgColor=openpyxl.styles.Color(theme=4))
    sheet["B6"].fill = openpyxl.styles.PatternFill("darkGrid", fgColor="FF00B0F0")
    sheet["B14"].fill = openpyxl.styles.GradientFill(stop=("FFFFFFFF", "FF00B0F0"))
    book.save(tmp_path / "coloured.xlsx")
    annotate(tmp_path / "coloured.xlsx", tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert all(is_shade(str(fill(marked[SHEET][cell])[1])) for cell in ("B4", "B5", "B6", "B14"))
    marked.save(tmp_path / "marked.xlsx")
    (tmp_path / "bare.xlsx").write_bytes(unmarked((tmp_path / "marked.xlsx").read_bytes()))
    again = openpyxl.load_workbook(tmp_path / "bare.xlsx")[SHEET]
    for cell in ("B4", "B5", "B6", "B14"):
        assert repr(again[cell].fill) == repr(sheet[cell].fill), cell


def test_what_the_unit_adds_to_our_note_stays(copy: Path, tmp_path: Path) -> None:
    book = opened(copy)
    cell = book[SHEET]["B4"]
    cell.comment.text += "\n已与处室核实"
    book.save(tmp_path / "reply.xlsx")
    annotate(tmp_path / "reply.xlsx", tmp_path / "again.xlsx")
    text = openpyxl.load_workbook(tmp_path / "again.xlsx")[SHEET]["B4"].comment.text
    assert text.startswith(f"已与处室核实\n{NOTE_START}")
    assert text.count(NOTE_END) == 1


@pytest.mark.slow
def test_the_sources_light_red_is_not_taken_for_a_mark(source: Path, tmp_path: Path) -> None:
    book = opened(source)
    book[SHEET]["B12"].fill = openpyxl.styles.PatternFill("solid", fgColor=shade(Severity.ERROR))
    book.save(tmp_path / "red.xlsx")
    annotate(tmp_path / "red.xlsx", tmp_path / "marked.xlsx")
    assert (
        looks(tmp_path / "marked.xlsx")[SHEET, "B12"] == looks(tmp_path / "red.xlsx")[SHEET, "B12"]
    )
