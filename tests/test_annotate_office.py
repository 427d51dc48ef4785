"""Marked workbooks in other programs: valid for Office, shown and saved again by LibreOffice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from annotated import (
    LIST,
    SHEET,
    annotate,
    looks,
    said,
    with_everything,
    with_mistakes,
)
from conftest import Convert
from ooxml import problems
from ooxml_sdk import NEWEST, OLDEST, complaints
from test_ooxml_sdk import ooxml_validator  # noqa: F401 - a fixture
from xlgoals.annotate.fresh import fresh_copy
from xlgoals.annotate.marking import marked, unmarked
from xlgoals.annotate.words import NOTE_START
from xlgoals.findings import Severity

pytestmark = pytest.mark.slow

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.xls[xm]"))
SAVED_BY_LIBREOFFICE = "xlsx:Calc MS Excel 2007 XML"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_mistakes(tmp_path_factory.mktemp("source") / "报送.xlsx")


@pytest.fixture(scope="module")
def copy(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copy") / "退回.xlsx"
    annotate(source, target)
    return target


@pytest.fixture(scope="module")
def saved(copy: Path, convert: Convert, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marked copy, saved by LibreOffice."""
    return convert(copy, SAVED_BY_LIBREOFFICE, tmp_path_factory.mktemp("saved"))


@pytest.mark.parametrize("kind", ["plain", "everything", "fresh", "unmarked"])
def test_marked_workbooks_are_valid(
    ooxml_validator: Path,  # noqa: F811
    tmp_path: Path,
    kind: str,
) -> None:
    source = tmp_path / ("a.xlsm" if kind == "everything" else "a.xlsx")
    (with_everything if kind == "everything" else with_mistakes)(source)
    target = tmp_path / f"copy{source.suffix}"
    submission = annotate(source, target)
    if kind == "fresh":
        data, findings = fresh_copy(submission)
        target.write_bytes(marked(data, findings, "表"))
    if kind == "unmarked":
        target.write_bytes(unmarked(target.read_bytes()))
    if kind != "everything":  # its macros and its button are no XML
        assert problems(target) == []
    for office in (OLDEST, NEWEST):
        assert complaints(ooxml_validator, target, office) == complaints(
            ooxml_validator, source, office
        )


def test_libreoffice_shows_every_note(saved: Path, copy: Path) -> None:
    shown, written = (
        {
            cell.coordinate: cell.comment.text
            for row in openpyxl.load_workbook(path)[SHEET].iter_rows()
            for cell in row
            if cell.comment
        }
        for path in (saved, copy)
    )
    assert shown == written
    assert len(shown) > 10


def test_libreoffice_prints_the_list_on_pages_of_full_width(
    copy: Path, convert: Convert, tmp_path: Path
) -> None:
    pdf = convert(copy, "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = ["".join(page.split()) for page in text.split("\f")]
    lists = [page for page in pages if "序号级别工作表单元格填写项问题怎么改转到" in page]
    assert len(lists) > 1  # the heading stands on each
    found = xlgoals.read(copy).findings
    for finding in found:
        assert "".join(finding.message.split()) in "".join(lists)
        assert "".join(finding.hint.split()) in "".join(lists)


def test_a_copy_saved_by_libreoffice_is_read_and_marked_as_ever(
    source: Path, saved: Path, convert: Convert, tmp_path: Path
) -> None:
    before, after = xlgoals.read(source), xlgoals.read(saved)
    assert [(f.sheet, f.cell, f.code, f.value) for f in after.findings] == [
        (f.sheet, f.cell, f.code, f.value) for f in before.findings
    ]
    assert after.forms == before.forms
    annotate(saved, tmp_path / "again.xlsx")
    annotate(tmp_path / "again.xlsx", tmp_path / "third.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "third.xlsx").read_bytes()
    assert said(xlgoals.read(tmp_path / "again.xlsx")) == said(after)
    book = openpyxl.load_workbook(tmp_path / "again.xlsx")
    assert book.sheetnames.count(LIST) == 1
    assert len(book.sheetnames) == len(openpyxl.load_workbook(source).sheetnames) + 1
    notes = [c.comment.text for row in book[SHEET].iter_rows() for c in row if c.comment]
    assert notes
    assert all(note.count(NOTE_START) == 1 for note in notes)


def test_marks_go_after_libreoffice_has_numbered_every_style_anew(
    source: Path, saved: Path, convert: Convert, tmp_path: Path
) -> None:
    plain = convert(source, SAVED_BY_LIBREOFFICE, tmp_path)
    (tmp_path / "bare.xlsx").write_bytes(unmarked(saved.read_bytes()))
    assert looks(tmp_path / "bare.xlsx") == looks(plain)
    before, after = (openpyxl.load_workbook(p)[SHEET] for p in (plain, tmp_path / "bare.xlsx"))
    wrong = [f for f in xlgoals.read(source).findings if f.severity is not Severity.INFO]
    for cell in {f.cell for f in wrong if f.sheet == SHEET and f.cell}:
        for look in ("border", "font", "alignment", "number_format", "protection"):
            assert repr(getattr(after[cell], look)) == repr(getattr(before[cell], look)), cell


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_many_programs_wrote_is_marked_and_read_as_ever(path: Path, tmp_path: Path) -> None:
    before = xlgoals.read(path)
    if before.status == "rejected":
        return
    copy, again = tmp_path / "copy.xlsx", tmp_path / "again.xlsx"
    annotate(path, copy)
    assert said(xlgoals.read(copy)) == said(before)
    annotate(copy, again)
    assert again.read_bytes() == copy.read_bytes()
