"""A part that is missing or damaged is never read as blanks."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import xlgoals
from reader_zip import Parts, damage, links, parts, read_parts, strings_xml, styles_xml
from xlgoals.submission import Status

CELLS = '<row r="1"><c r="A1" t="s" s="1"><v>1</v></c></row>'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


@pytest.mark.parametrize("part", [SHEET, STRINGS, STYLES])
def test_a_missing_part(tmp_path: Path, part: str) -> None:
    content = parts(CELLS)
    del content[part]
    assert damage(tmp_path, content) == f"{part}: missing"


@pytest.mark.parametrize("part", [SHEET, STRINGS, STYLES])
@pytest.mark.parametrize("broken", ["", "<", "no XML", '<?xml version="1.0"?>'])
def test_a_part_that_is_no_xml(tmp_path: Path, part: str, broken: str) -> None:
    assert damage(tmp_path, {**parts(CELLS), part: broken}).startswith(part)


@pytest.mark.parametrize("part", [SHEET, STRINGS, STYLES])
def test_a_part_cut_off_anywhere(tmp_path: Path, part: str) -> None:
    whole = str(parts(CELLS)[part])
    for length in range(0, len(whole) - 1, 11):
        assert damage(tmp_path, {**parts(CELLS), part: whole[:length]}).startswith(part)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("worksheet", "no part for sheet S"),
        ("sharedStrings", "shared string 1 of 0"),
        ("styles", "style 1 of 1"),
    ],
)
def test_a_missing_relationship(tmp_path: Path, kind: str, said: str) -> None:
    content = parts(CELLS)
    kept = (
        ("r1", "worksheet", "worksheets/sheet1.xml"),
        ("r2", "sharedStrings", "sharedStrings.xml"),
        ("r3", "styles", "styles.xml"),
    )
    content["xl/_rels/workbook.xml.rels"] = links(*(link for link in kept if link[1] != kind))
    assert said in damage(tmp_path, content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({STRINGS: strings_xml("<t>甲</t>")}, "shared string 1 of 1"),
        ({STRINGS: strings_xml()}, "shared string 1 of 0"),
        ({STYLES: styles_xml(0)}, "style 1 of 1"),
    ],
)
def test_an_index_out_of_range(tmp_path: Path, change: Parts, said: str) -> None:
    assert said in damage(tmp_path, {**parts(CELLS), **change})


@pytest.mark.parametrize("index", ["-1", "1.0", "x", "９９", "99999999999999999999"])
def test_an_index_that_is_none(tmp_path: Path, index: str) -> None:
    rows = f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'
    assert "shared string" in damage(tmp_path, parts(rows))


def test_content_types_are_not_needed_to_read_what_is_there(tmp_path: Path) -> None:
    # The hand-made parts have none.
    assert "[Content_Types].xml" not in parts()
    assert read_parts(tmp_path, parts(CELLS)).cells[1, 1].value == "乙"


@pytest.mark.parametrize("part", ["sheet2.xml", "sheet4.xml", "sharedStrings.xml", "styles.xml"])
@pytest.mark.parametrize("way", ["missing", "empty", "half"])
def test_a_real_form_without_a_part_is_rejected(
    tmp_path: Path, examples_dir: Path, part: str, way: str
) -> None:
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(examples_dir / "filled-2020.xlsx") as package,
        zipfile.ZipFile(path, "w") as copy,
    ):
        for name in package.namelist():
            data = package.read(name)
            if name.endswith("/" + part):
                data = b"" if way == "empty" else data[: len(data) // 2]
                if way == "missing":
                    continue
            copy.writestr(name, data)
    submission = xlgoals.read(path)
    assert submission.status is Status.REJECTED
    assert [finding.code for finding in submission.findings] == ["damaged"]
