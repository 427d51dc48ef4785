"""Rosters: read in every form they come in, and refused where they contradict themselves."""

from __future__ import annotations

import codecs
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xlgoals.season.model import RosterRow
from xlgoals.season.roster import RosterError, read_roster

HEAD = "单位代码,单位名称,联系人,项目名称"
LINES = f"{HEAD}\n007,市图书馆,王老师,读书节\n007,市图书馆,王老师,古籍修复\n,市科技馆,,\n"
ROWS = (
    RosterRow("007", "市图书馆", "王老师", "读书节", (), None),
    RosterRow("007", "市图书馆", "王老师", "古籍修复", (), None),
    RosterRow(None, "市科技馆", None, None, (), None),
)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_every_usual_encoding(encoding: str, end: str, tmp_path: Path) -> None:
    assert read_roster(written(tmp_path, LINES.replace("\n", end), encoding)) == ROWS


def test_english_headers_in_any_order_and_columns_nobody_asked_for(tmp_path: Path) -> None:
    text = "project_name, Unit_Name ,phone,contact,unit_code\n读书节,市图书馆,110,王老师,007\n"
    assert read_roster(written(tmp_path, text)) == ROWS[:1]


def test_aliases_and_last_years_execution(tmp_path: Path) -> None:
    text = (
        f'{HEAD},单位别名,上年预算执行数\n1,市馆,,读书节,"图书馆、市图;市馆；图书馆","12,000.50"\n'
    )
    (row,) = read_roster(written(tmp_path, text))
    assert row.aliases == ("图书馆", "市图", "市馆")
    assert row.prior_execution == Decimal("12000.50")


def test_blank_lines_and_blanks_round_texts_do_not_matter(tmp_path: Path) -> None:
    text = LINES.replace("007,", " 007　, ").replace("\n,市", "\n,,,\n\n,市")
    assert read_roster(written(tmp_path, text)) == ROWS


def test_a_project_name_may_hold_commas_and_line_ends(tmp_path: Path) -> None:
    text = f'{HEAD}\n1,市馆,,"讲座,展览\n及宣传"\n1,市馆,,读书节,多出的\n2,,,x\n'
    with pytest.raises(RosterError, match=r"第5行第2列（B列）：单位名称没有填写"):
        read_roster(written(tmp_path, text))
    rows = read_roster(written(tmp_path, text.replace("2,,,x\n", "")))
    assert [row.project for row in rows] == ["讲座,展览\n及宣传", "读书节"]


def test_a_workbook_keeps_codes_as_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("名册")
    sheet.append([])
    sheet.append([*HEAD.split(","), "上年预算执行数"])
    sheet.append(["007", "市图书馆", "王老师", "读书节", 98000.5])
    sheet.append([12345678901, "市科技馆", None, None])
    sheet.append([3.0, "市美术馆", 13800000000, "画展", "1.2万元"])
    path = tmp_path / "roster.xlsx"
    book.save(path)
    assert read_roster(path) == (
        RosterRow("007", "市图书馆", "王老师", "读书节", (), Decimal("98000.5")),
        RosterRow("12345678901", "市科技馆", None, None, (), None),
        RosterRow("3", "市美术馆", "13800000000", "画展", (), Decimal(12000)),
    )


def test_the_roster_of_the_examples(examples_dir: Path) -> None:
    rows = read_roster(examples_dir / "roster.csv")
    assert [row.code for row in rows] == ["001", "002", "002", "003", "004", "005", "006"]
    assert (examples_dir / "roster.csv").read_bytes().startswith(codecs.BOM_UTF8)


WRONG = {
    "": "文件是空的",
    HEAD: "只有表头，没有单位",
    "单位代码,单位名称\n1,市馆": "第1行应是表头，缺少“联系人”、“项目名称”列",
    f"{HEAD},项目名称\n1,市馆,,x,y": r"第1行第5列（E列）：“项目名称”列出现了两次",
    f"{HEAD}\n1,,王老师,读书节": r"第2行第2列（B列）：单位名称没有填写",
    f"{HEAD}\n1,市馆,,a\n1,区馆,,b": r"第3行第1列（A列）：“1”在第2行已经是另一个单位“市馆”的",
    f"{HEAD}\n1,市馆,,a\n2,市馆,,b": r"第3行第1列（A列）：“市馆”在第2行的代码是“1”",
    f"{HEAD}\n1,市馆,,a\n1,市馆,,b\n1,市馆,,a": r"第4行第4列（D列）：“市馆”的项目“a”与第2行重复",
    f"{HEAD}\n1,市馆,,\n1,市馆,,": r"第3行第4列（D列）：“市馆”的没有项目的一行与第2行重复",
    f"{HEAD},单位别名\n1,市馆,,,区馆\n2,区馆,,,": r"第3行第2列（B列）：“区馆”在第2行已经是另一个",
    f"{HEAD},上年预算执行数\n1,市馆,,a,约3万": r"第2行第5列（E列）：“约3万”不是以元为单位的金额",
    f"{HEAD},上年预算执行数\n1,市馆,,a,-3": r"第2行第5列（E列）：“-3”不是以元为单位的金额",
    '单位代码,"' + "x" * 200_000: "不是有效的 CSV",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_line_and_column(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RosterError) as told:
        read_roster(path)
    assert str(told.value).startswith(f"{path}：")
    assert WRONG[text] in str(told.value)


def test_files_of_other_kinds(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_text(LINES, encoding="utf-8")
    with pytest.raises(RosterError, match="这是文本文件，不是电子表格"):
        read_roster(path)
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    with pytest.raises(RosterError):
        read_roster(tmp_path / "binary.csv")
    with pytest.raises(OSError, match="No such file"):
        read_roster(tmp_path / "none.csv")


def test_an_error_value_in_a_workbook_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(["1", "#N/A"])
    path = tmp_path / "roster.xlsx"
    book.save(path)
    with pytest.raises(RosterError, match=r"第2行第2列（B列）：是电子表格的错误值#N/A"):
        read_roster(path)
