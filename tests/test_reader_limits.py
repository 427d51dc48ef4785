"""No file holds the reader up: every limit stops it, and says so."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from reader_zip import Parts, book_xml, links, parts, refusal, sheet_xml, strings_xml, write
from xlgoals.reader import Limits, Reason, read_workbook

USER = '<c><f t="shared" si="0"/></c>'
ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def stopped(folder: Path, content: Parts, limits: Limits) -> str:
    """Which limit stopped the reading."""
    error = refusal(write(folder / "a.xlsx", content), limits)
    assert error.reason is Reason.TOO_LARGE
    return error.detail


def test_packed_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts())
    size = path.stat().st_size
    assert refusal(path, Limits(packed_bytes=size - 1)).detail == (
        f"packed_bytes: {size}, allowed {size - 1}"
    )
    assert read_workbook(path, Limits(packed_bytes=size))


def test_unpacked_bytes_of_one_part(tmp_path: Path) -> None:
    detail = stopped(tmp_path, parts(" " * 3000), Limits(unpacked_bytes=3000))
    assert detail == "unpacked_bytes: 3001, allowed 3000 (xl/worksheets/sheet1.xml)"


def test_unpacked_bytes_count_over_all_parts(tmp_path: Path) -> None:
    content = parts(ROW)
    size = sum(len(str(data).encode()) for data in content.values())
    assert stopped(tmp_path, content, Limits(unpacked_bytes=size - 1)).startswith("unpacked_bytes")
    assert read_workbook(write(tmp_path / "a.xlsx", content), Limits(unpacked_bytes=size))


def test_compression_ratio(tmp_path: Path) -> None:
    detail = stopped(tmp_path, parts(" " * 9_000_000), Limits())
    assert detail.startswith("compression_ratio: ")
    assert detail.endswith(", allowed 200 (xl/worksheets/sheet1.xml)")


def test_compression_ratio_of_small_parts_is_not_judged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts(" " * 1_000_000))
    assert read_workbook(path, Limits(compression_ratio=1))


@pytest.mark.slow
def test_a_zip_bomb_is_not_inflated(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts(" " * 100_000_000))
    tracemalloc.start()
    try:
        assert refusal(path, Limits(unpacked_bytes=5_000_000)).reason is Reason.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
    finally:
        tracemalloc.stop()


def test_a_declared_size_that_lies_is_no_way_round(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts(" " * 9_000_000))
    data = bytearray(path.read_bytes())
    at = data.find(b"xl/worksheets/sheet1.xml", data.find(b"PK\x01\x02")) - 46
    for size in (10, 0xFFFFFFF0):
        data[at + 24 : at + 28] = size.to_bytes(4, "little")
        path.write_bytes(data)
        assert refusal(path).reason in (Reason.DAMAGED, Reason.TOO_LARGE)


def test_entries(tmp_path: Path) -> None:
    detail = stopped(tmp_path, {**parts(), "a": "", "b": ""}, Limits(entries=7))
    assert detail == "entries: 8, allowed 7"


def test_a_huge_zip_directory_is_not_even_listed(tmp_path: Path) -> None:
    content: Parts = {**parts(), **{f"{i:060}": "" for i in range(100)}}
    assert "(zip directory)" in stopped(tmp_path, content, Limits(entries=7))


def test_cells_count_blank_ones_too(tmp_path: Path) -> None:
    rows = '<row r="1">' + '<c s="1"/>' * 20 + "</row>"
    detail = stopped(tmp_path, parts(rows), Limits(cells=20))
    assert detail == "cells: 21, allowed 20 (xl/worksheets/sheet1.xml)"
    assert read_workbook(write(tmp_path / "a.xlsx", parts(rows)), Limits(cells=21))


def test_cells_count_rows_too(tmp_path: Path) -> None:
    assert stopped(tmp_path, parts('<row r="1"/>' * 11), Limits(cells=10)).startswith("cells: 11")


def test_cells_count_over_all_sheets(tmp_path: Path) -> None:
    content = parts('<row r="1"><c><v>1</v></c></row>')
    content["xl/workbook.xml"] = book_xml(
        sheets='<sheet name="S" r:id="r1"/><sheet name="T" r:id="r4"/>'
    )
    content["xl/_rels/workbook.xml.rels"] = links(
        ("r1", "worksheet", "worksheets/sheet1.xml"), ("r4", "worksheet", "two.xml")
    )
    content["xl/two.xml"] = content["xl/worksheets/sheet1.xml"]
    assert stopped(tmp_path, content, Limits(cells=3)) == "cells: 4, allowed 3 (xl/two.xml)"


def test_cells_count_shared_strings(tmp_path: Path) -> None:
    content = parts(ROW)
    content["xl/sharedStrings.xml"] = strings_xml(*["<t/>"] * 4)
    assert "sharedStrings" in stopped(tmp_path, content, Limits(cells=3))


def test_cells_count_for_arrays_over_arrays(tmp_path: Path) -> None:
    inner = "".join(f'<c><f t="array" ref="A1:B{i + 2}">1</f></c>' for i in range(10))
    detail = stopped(tmp_path, parts(f'<row r="1">{inner}</row>'), Limits(cells=30))
    assert detail.startswith("cells: ")


@pytest.mark.parametrize(
    "xml",
    [
        '<c t="str"><v>{}</v></c>',
        "<c><f>{}</f></c>",
        '<c t="inlineStr"><is><r><t>{}</t></r><r><t>x</t></r></is></c>',
    ],
)
def test_string_length_in_cells(tmp_path: Path, xml: str) -> None:
    rows = f'<row r="1">{xml.format("中" * 50)}</row>'
    assert stopped(tmp_path, parts(rows), Limits(string_length=49)).startswith("string_length: 5")


def test_string_length_in_shared_strings(tmp_path: Path) -> None:
    content = parts(ROW)
    content["xl/sharedStrings.xml"] = strings_xml("<r><t>123</t></r><r><t>456</t></r>")
    detail = stopped(tmp_path, content, Limits(string_length=5))
    assert detail == "string_length: 6, allowed 5 (xl/sharedStrings.xml)"


def test_string_length_in_names(tmp_path: Path) -> None:
    content = parts()
    content["xl/workbook.xml"] = book_xml(
        '<definedNames><definedName name="n">123456</definedName></definedNames>'
    )
    assert "xl/workbook.xml" in stopped(tmp_path, content, Limits(string_length=5))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_xml_depth(tmp_path: Path, name: str) -> None:
    content = parts(ROW)
    text = str(content[name])
    at = text.rindex("</")
    content[name] = text[:at] + "<x>" * 64 + "</x>" * 64 + text[at:]
    assert stopped(tmp_path, content, Limits()) == f"xml_depth: 65, allowed 64 ({name})"


def test_xml_depth_inside_cells(tmp_path: Path) -> None:
    rows = '<row r="1"><c><is>' + "<x>" * 60 + "</x>" * 60 + "</is></c></row>"
    assert stopped(tmp_path, parts(rows), Limits()).startswith("xml_depth")


def test_merges(tmp_path: Path) -> None:
    merges = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 4 + "</mergeCells>"
    detail = stopped(tmp_path, parts("", merges), Limits(merges=3))
    assert detail == "merges: 4, allowed 3 (xl/worksheets/sheet1.xml)"


def test_names(tmp_path: Path) -> None:
    content = parts()
    name = '<definedName name="n">1</definedName>'
    content["xl/workbook.xml"] = book_xml(f"<definedNames>{name * 6}</definedNames>")
    assert stopped(tmp_path, content, Limits(names=5)).startswith("names: 6, allowed 5")


def test_a_long_shared_formula_is_not_copied_without_end(tmp_path: Path) -> None:
    first = f'<c><f t="shared" ref="A1:Z99" si="0">{"A1+" * 1000}1</f></c>'
    rows = f'<row r="1">{first}{USER * 100}</row>'
    detail = stopped(tmp_path, parts(rows), Limits(unpacked_bytes=100_000))
    assert detail.startswith("unpacked_bytes")


def test_a_part_of_one_long_token_is_read_in_few_steps(tmp_path: Path) -> None:
    content = parts()
    content["xl/worksheets/sheet1.xml"] = sheet_xml(f'<row r="1" x="{"y" * 20_000_000}"/>')
    path = write(tmp_path / "a.xlsx", content)
    assert read_workbook(path, Limits(compression_ratio=10_000)).sheets


def test_tags(tmp_path: Path) -> None:
    content = parts("", "<a/>" * 30)
    detail = stopped(tmp_path, content, Limits(tags=40))
    assert detail.startswith("tags: ")
    assert read_workbook(write(tmp_path / "a.xlsx", content), Limits(tags=100))


def test_references_of_shared_formulas_count_as_tags(tmp_path: Path) -> None:
    first = f'<c><f t="shared" ref="A1:Z99" si="0">{"A1+" * 1000}1</f></c>'
    content = parts(f"<row>{first}{USER * 20}</row>")
    assert stopped(tmp_path, content, Limits(tags=10_000)).startswith("tags: ")
    assert read_workbook(write(tmp_path / "a.xlsx", content), Limits(tags=25_000))


@pytest.mark.slow
def test_tags_without_end_are_refused_at_the_default(tmp_path: Path) -> None:
    content = parts("", "<a/>" * 5_100_000)
    path = write(tmp_path / "a.xlsx", content)
    error = refusal(path, Limits(compression_ratio=100_000))
    assert (error.limit, error.allowed) == ("tags", Limits().tags)


@pytest.mark.slow
def test_rows_without_end_are_refused_at_the_default(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts('<row s="1" customFormat="1"/>' * 400_100))
    error = refusal(path, Limits(compression_ratio=100_000))
    assert (error.limit, error.allowed) == ("cells", Limits().cells)


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("string_length", parts(f'<row><c t="str"><v>{"x" * 131_073}</v></c></row>')),
        ("merges", parts("", "<mergeCells>" + '<mergeCell ref="A1"/>' * 100_001 + "</mergeCells>")),
        ("entries", {**parts(), **{str(n): "" for n in range(10_001)}}),
        ("compression_ratio", parts(" " * 9_000_000)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_more_than_the_default_is_refused(tmp_path: Path, limit: str, content: Parts) -> None:
    error = refusal(write(tmp_path / "a.xlsx", content))
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)
    assert error.allowed == getattr(Limits(), limit)


def test_names_of_properties_are_limited(tmp_path: Path) -> None:
    custom = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    content = parts()
    content["_rels/.rels"] = links(
        ("r1", "officeDocument", "xl/workbook.xml"), ("r2", "custom-properties", "custom.xml")
    )
    items = "".join(f'<property name="p{n}"><x>1</x></property>' for n in range(5))
    content["custom.xml"] = f'<Properties xmlns="{custom}">{items}</Properties>'
    assert stopped(tmp_path, content, Limits(names=4)).startswith("names: 5, allowed 4")
