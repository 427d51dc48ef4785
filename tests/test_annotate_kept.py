"""What a sender has in a workbook besides the form is there when the marked copy goes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from annotated import (
    LIST,
    SHEET,
    SHEET_PART,
    annotate,
    annotate_by,
    looks,
    said,
    small,
    unzipped,
    with_everything,
    with_mistakes,
    without_marks,
    zipped,
)
from few_and_many import mostly_slow
from ooxml import problems
from reader_zip import MAIN, OFFICE, write
from xlgoals.annotate.marking import unmarked
from xlgoals.annotate.words import NOTE_START
from xlgoals.annotate.xml import Unmarkable
from xlgoals.findings import Finding, Layer, Severity
from xlgoals.reader import read_workbook

FINDING = Finding(
    *("x", Severity.ERROR, Layer.CELL, "f", "S", "A1", None, None, "有误", None, None, "请改正。")
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_everything(tmp_path_factory.mktemp("source") / "报送.xlsm")


@pytest.fixture(scope="module")
def copy(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copy") / "退回.xlsm"
    annotate(source, target)
    return target


CHANGED = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/comments9.xml",
    "xl/drawings/vmlDrawing9.vml",
}


def test_parts_that_need_not_change_are_the_same_bytes(source: Path, copy: Path) -> None:
    before, after = unzipped(source.read_bytes()), unzipped(copy.read_bytes())
    assert before.keys() < after.keys()
    for name, data in before.items():
        if name in CHANGED or name.startswith("xl/worksheets/"):
            continue
        assert after[name] == data, name
    for name in ("xl/vbaProject.bin", "xl/drawings/drawing9.xml", "xl/persons/person.xml"):
        assert after[name] == before[name]
    assert (
        after["xl/threadedComments/threadedComment1.xml"]
        == (before["xl/threadedComments/threadedComment1.xml"])
    )


def test_of_the_sheets_only_the_looks_of_cells_change(source: Path, copy: Path) -> None:
    before, after = unzipped(source.read_bytes()), unzipped(copy.read_bytes())
    sheets = [name for name in before if re.fullmatch(r"xl/worksheets/\w+\.xml", name)]
    assert len(sheets) == 7
    for name in sheets:
        assert without_marks(after[name]) == without_marks(before[name])
    assert b"x14:dataValidation" in after[SHEET_PART]


def test_a_sheet_without_findings_is_the_same_bytes(source: Path, copy: Path) -> None:
    before, after = unzipped(source.read_bytes()), unzipped(copy.read_bytes())
    for name in ("xl/worksheets/sheet99.xml", "xl/worksheets/sheet6.xml"):
        assert after[name] == before[name]


def test_own_notes_stay_with_ours_below(copy: Path) -> None:
    sheet = openpyxl.load_workbook(copy)[SHEET]
    assert sheet["B5"].comment.text.startswith(f"日期待定，先填着\n{NOTE_START}\n【错误】")
    assert sheet["B5"].comment.author == "王会计"
    assert sheet["A12"].comment.text == "王会计:\n总目标请科长看"
    assert sheet["B4"].comment.author == "xlgoals"


@pytest.mark.slow
def test_a_threaded_comment_is_left_alone(source: Path, copy: Path) -> None:
    sheet = openpyxl.load_workbook(copy)[SHEET]
    assert sheet["E5"].comment.text == "[Threaded comment] 请核对"
    assert looks(copy)[SHEET, "E5"][0] != looks(source).get((SHEET, "E5"), (None,))[0]
    assert "E5" in {row[3].value for row in openpyxl.load_workbook(copy)[LIST].iter_rows()}


def test_boxes_are_drawn_beside_what_was_drawn(source: Path, copy: Path) -> None:
    name = "xl/drawings/vmlDrawing9.vml"
    before, after = (unzipped(p.read_bytes())[name].decode() for p in (source, copy))
    head, tail = before[: before.rindex("</xml>")], "</xml>"
    assert after.startswith(head)  # with a line break that is no XML in it
    assert after.endswith(tail)
    numbers = re.findall(r"_x0000_s(\d+)", after)
    assert len(set(numbers)) == len(numbers)
    notes = unzipped(copy.read_bytes())["xl/comments9.xml"].decode().count("<comment ")
    assert after.count('ObjectType="Note"') == notes


def test_taking_marks_off_gives_notes_and_boxes_back(source: Path, copy: Path) -> None:
    before, after = unzipped(source.read_bytes()), unzipped(unmarked(copy.read_bytes()))
    assert after.keys() == before.keys()
    name = "xl/drawings/vmlDrawing9.vml"
    assert after[name] == before[name]
    for sheet in (n for n in before if n.startswith("xl/worksheets/") and n.endswith(".xml")):
        assert without_marks(after[sheet]) == without_marks(before[sheet])


def test_marking_twice_marks_as_marking_once(copy: Path, tmp_path: Path) -> None:
    annotate(copy, tmp_path / "again.xlsm")
    assert (tmp_path / "again.xlsm").read_bytes() == copy.read_bytes()


def test_the_copy_says_what_the_original_says(source: Path, copy: Path) -> None:
    assert said(xlgoals.read(copy)) == said(xlgoals.read(source))
    own = {name.name: (name.sheet, name.target()) for name in read_workbook(copy).names}
    assert own["我的合计"] == (None, ("我的底稿", own["我的合计"][1][1]))  # type: ignore[index]


# --- dialects -------------------------------------------------------------------------------------
def _strict(text: str) -> str:
    return text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
        OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
    )


def _prefixed(text: str) -> str:
    """Every element of the main namespace under a prefix, as some programs write it."""
    if f'xmlns="{MAIN}"' not in text:
        return text
    text = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return re.sub(r"<(/?)(?=[a-zA-Z]+[\s/>])", r"<\1x:", text)


@pytest.mark.parametrize("dialect", mostly_slow([_strict, _prefixed]))
def test_other_dialects_of_the_format_are_marked_in_their_own(
    tmp_path: Path, dialect: Callable[[str], str]
) -> None:
    plain = unzipped(with_mistakes(tmp_path / "plain.xlsx").read_bytes())
    for name, data in plain.items():
        if name.endswith((".xml", ".rels")):
            plain[name] = dialect(data.decode()).encode()
    source, target = tmp_path / "source.xlsx", tmp_path / "copy.xlsx"
    source.write_bytes(zipped(plain))
    expected = xlgoals.read(source)
    assert len(expected.findings) > 20
    annotate(source, target)
    assert said(xlgoals.read(target)) == said(expected)
    assert read_workbook(target).sheets[0].name == LIST
    parts = unzipped(target.read_bytes())
    sheet = parts[SHEET_PART].decode()
    assert ("<x:legacyDrawing" in sheet) is (dialect is _prefixed)
    assert (f'xmlns="{MAIN}"' in sheet or f'xmlns:x="{MAIN}"' in sheet) is (dialect is _prefixed)
    if dialect is _prefixed:
        assert problems(target) == problems(source)
        assert openpyxl.load_workbook(target)[SHEET]["B4"].comment is not None
    annotate(target, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == target.read_bytes()


def test_a_workbook_without_styles_gets_some(tmp_path: Path) -> None:
    content = small('<row r="1"><c r="A1"><v>1</v></c></row>')
    del content["xl/styles.xml"]
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        content[name] = re.sub(
            r"<(Relationship|Override)[^>]*styles[^>]*/>", "", str(content[name])
        )
    path = write(tmp_path / "a.xlsx", content)
    path.write_bytes(zipped(annotate_by([FINDING], path)))
    assert problems(path) == []
    assert openpyxl.load_workbook(path)["S"]["A1"].fill.fill_type == "solid"


# --- what cannot be marked ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "comments",
    [
        '<!DOCTYPE comments [<!ENTITY a "b">]><comments xmlns="x">&a;</comments>',
        "<comments>",
        "",
    ],
)
def test_damaged_parts_are_told_never_marked(tmp_path: Path, comments: str) -> None:
    content = small('<row r="1"><c r="A1"><v>1</v></c></row>')
    content["xl/comments1.xml"] = comments
    content["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        "</Relationships>"
    )
    path = write(tmp_path / "a.xlsx", content)
    with pytest.raises(Unmarkable, match=r"comments1\.xml"):
        annotate_by([FINDING], path)


@pytest.mark.slow
def test_a_part_that_unpacks_without_end_is_told(tmp_path: Path) -> None:
    content = small("")
    content["xl/media/image1.png"] = b"\0" * 200_000_000
    with pytest.raises(Unmarkable, match="too-large"):
        annotate_by([FINDING], write(tmp_path / "a.xlsx", content))
