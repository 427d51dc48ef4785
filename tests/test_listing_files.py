"""Rosters and waivers as offices keep them: other separators, titles, merges, old programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conftest import Convert
from xlgoals.season.roster import RosterError, read_roster
from xlgoals.season.waiver_list import read_waivers

HEAD = ["单位代码", "单位名称", "联系人", "项目名称"]
LINES = [["001", "市图书馆", "王老师", "读书节"], ["002", "市科技馆", "", "科普日"]]
UNITS = [("001", "市图书馆", "读书节"), ("002", "市科技馆", "科普日")]


def units(path: Path) -> list[tuple[str | None, str, str | None]]:
    return [(row.code, row.name, row.project) for row in read_roster(path)]


def as_text(delimiter: str, *above: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([*above, HEAD, *LINES])
    return out.getvalue()


def book(path: Path, rows: list[list[Any]], change: Callable[[Any], object] | None = None) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if change:
        change(made.active)
    made.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_of_every_separator_and_encoding(
    delimiter: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "名册.txt"
    path.write_bytes(as_text(delimiter).encode(encoding))
    assert units(path) == UNITS


def test_unicode_text_of_either_byte_order(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(b"\xfe\xff" + as_text("\t").encode("utf-16-be"))
    assert units(path) == UNITS


def test_a_title_may_stand_above_the_headers(tmp_path: Path) -> None:
    title = ["2020年度应报送单位名册", "", "", ""], ["", "", "", ""], ["填表人", "单位名称", "", ""]
    (tmp_path / "a.csv").write_text(as_text(",", *title), encoding="utf-8")
    (tmp_path / "b.csv").write_text("sep=;\r\n" + as_text(";"), encoding="utf-8")
    c = book(tmp_path / "c.xlsx", [*title, HEAD, *LINES], lambda sheet: sheet.merge_cells("A1:D1"))
    for path in (tmp_path / "a.csv", tmp_path / "b.csv", c):
        assert units(path) == UNITS


def test_lines_below_a_title_keep_their_numbers(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["名册"], [], HEAD, ["001", "", "", "读书节"]])
    with pytest.raises(RosterError, match=r"第4行第2列（B列）：单位名称没有填写"):
        read_roster(path)
    path = book(tmp_path / "b.xlsx", [["名册"], ["单位代码", "单位名称"], ["001", "市图书馆"]])
    with pytest.raises(RosterError, match="第2行应是表头，缺少“联系人”、“项目名称”列"):
        read_roster(path)


def test_a_unit_merged_beside_its_projects(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEAD,
        *LINES,
        [None, None, None, "天文展"],
        ["003", "市少年宫", "", "夏令营"],
    ]

    def merge(sheet: Any) -> None:
        for area in ("A3:A4", "B3:B4", "C3:C4", "E2:E20000"):
            sheet.merge_cells(area)

    path = book(tmp_path / "a.xlsx", rows, merge)
    assert units(path) == [
        *UNITS,
        ("002", "市科技馆", "天文展"),
        ("003", "市少年宫", "夏令营"),
    ]


def test_codes_shown_with_zeros_keep_them(tmp_path: Path) -> None:
    def as_numbers(sheet: Any) -> None:
        for row in (2, 3):
            sheet.cell(row, 1).value = row - 1
            sheet.cell(row, 1).number_format = "000"

    assert units(book(tmp_path / "a.xlsx", [HEAD, *LINES], as_numbers)) == UNITS


@pytest.mark.slow
def test_a_workbook_beyond_the_limits_is_told_in_words(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("E1:E400001")

    path = book(tmp_path / "a.xlsx", [HEAD, *LINES], merge)
    with pytest.raises(RosterError, match="文件的单元格（含空白的格和行）超过 400,000 个的上限"):
        read_roster(path)


def test_waivers_are_read_likewise(tmp_path: Path) -> None:
    path = tmp_path / "豁免.txt"
    text = "豁免清单\r\n项目名称\t代码\t理由\t批准人\t日期\r\n读书节\tx\t同名\t王\t2020/3/1\r\n"
    path.write_bytes(text.encode("utf-16"))
    (waiver,) = read_waivers(path)
    assert (waiver.project, waiver.line) == ("读书节", 3)


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["xls", "ods"])
def test_a_roster_of_another_program(format_: str, tmp_path: Path, convert: Convert) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, *LINES])
    assert units(convert(path, format_, tmp_path)) == UNITS
