"""Waivers: what finance accepts stays in sight, counts apart, and sends nothing back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from returned import PROJECTS, put, roster_row
from xlgoals import consolidate
from xlgoals.cli.main import cli
from xlgoals.findings import Severity
from xlgoals.season.figures import Figures
from xlgoals.season.model import FileState, Season, UnitState, Waiver
from xlgoals.season.waiver_list import WaiversError, read_waivers

HEAD = "项目名称,代码,理由,批准人,日期"
PROJECT, CODE = PROJECTS[1], "amount-negative"
# All amounts of the second project: errors of one code in one project.
NEGATIVE = {"120000": "-5"}
REASON = "退款冲抵"


def waiver(project: str = PROJECT, code: str = CODE, **more: Any) -> Waiver:
    given = {"unit_code": None, "unit": None, "file": "waivers.csv", "line": 2, **more}
    return Waiver(project, code, REASON, "王科长", date(2020, 3, 9), **given)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "waivers.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    put(folder, "a.xlsx", words=NEGATIVE)
    return folder


def problems_of(book: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(book, data_only=True)["问题清单"]
    area = sheet.tables["problems"].ref
    head, *rows = ([cell.value for cell in row] for row in sheet[area])
    return [dict(zip(head, row, strict=True)) for row in rows]


def overview_of(book: Path) -> dict[object, object]:
    rows = openpyxl.load_workbook(book, data_only=True)["总览"].iter_rows(values_only=True)
    return {row[2]: row[3] for row in rows if row[2] and str(row[2]).startswith("问题：")}


# --- what they do ---------------------------------------------------------------------------------
def test_an_error_that_is_waived_sends_nothing_back(inbox: Path) -> None:
    roster = [roster_row("甲单位")]
    before = consolidate([inbox], roster=roster)
    season = consolidate([inbox], roster=roster, waivers=[waiver()])
    assert (before.files[0].state, before.units[0].state) == (FileState.ERRORS, UnitState.ERRORS)
    assert season.files[0].state is FileState.ACCEPTED
    assert season.units[0].state is UnitState.ACCEPTED
    assert [form.counts.errors for form in before.forms if form.counts.errors] == [4]
    assert not any(form.counts.errors for form in season.forms)
    # Nothing is dropped.
    assert season.files[0].findings == before.files[0].findings
    waived = [f for f in season.files[0].findings if f.code == CODE]
    assert season.waived == dict.fromkeys(waived, waiver())
    was, now = Figures(before).counts, Figures(season).counts
    assert (was.errors, was.waived) == (4, 0)
    assert now == was._replace(errors=0, waived=4)


def test_an_error_beside_it_still_does(inbox: Path) -> None:
    put(inbox, "a.xlsx", words={**NEGATIVE, "650000": "-7"})
    season = consolidate([inbox], waivers=[waiver()])
    assert season.files[0].state is FileState.ERRORS
    assert {form.values["project_name"]: bool(form.counts.errors) for form in season.forms} == {
        PROJECTS[0]: True,
        PROJECTS[1]: False,
        PROJECTS[2]: True,
    }


@pytest.mark.parametrize(
    ("unit", "is_waived"),
    [
        ({}, True),
        ({"unit": " 甲　单位"}, True),
        ({"unit": "甲局"}, True),
        ({"unit_code": "001"}, True),
        ({"unit_code": "001", "unit": "甲单位"}, True),
        ({"unit_code": "002"}, False),
        ({"unit_code": "001", "unit": "乙单位"}, False),
        ({"unit": "丙单位"}, False),
    ],
)
def test_a_waiver_is_of_a_project_and_of_a_unit_if_it_names_one(
    inbox: Path, unit: dict[str, str], is_waived: bool
) -> None:
    roster = [roster_row("甲单位", None, "001", "甲局"), roster_row("乙单位", None, "002")]
    season = consolidate([inbox], roster=roster, waivers=[waiver(**unit)])
    assert bool(season.waived) == is_waived
    unknown = [f for f in season.findings if f.code == "waiver-project-unknown"]
    assert bool(unknown) != is_waived


def test_a_finding_of_the_whole_file_needs_a_waiver_for_each_project(inbox: Path) -> None:
    put(inbox, "b.xlsx", unit="乙单位")
    roster = [roster_row("甲单位")]
    waivers = [waiver(project, "unit-unlisted", unit="乙单位") for project in PROJECTS]
    for some, count in ((waivers[:2], 0), (waivers, 1)):
        season = consolidate([inbox], roster=roster, waivers=some)
        assert len(season.waived) == count
        assert [f.code for f in season.findings].count("unit-unlisted") == 1


def codes_of(season: Season) -> list[str]:
    return [finding.code for finding in season.findings]


def test_codes_and_projects_that_nobody_knows_are_told(inbox: Path) -> None:
    waivers = [waiver(code="amount-negativ"), waiver("科技社团党建", line=3)]
    season = consolidate([inbox], waivers=waivers)
    assert season.files[0].state is FileState.ERRORS
    assert codes_of(season) == ["waiver-code-unknown", "waiver-project-unknown"]
    code, project = season.findings
    assert code.file == project.file == "waivers.csv"
    assert "第2行的代码“amount-negativ”" in code.message
    assert "最接近的是“amount-negative”" in code.message
    assert "第3行" in project.message
    assert f"最接近的是“{PROJECT}”" in project.message


def test_a_project_that_is_still_to_come_and_a_rule_of_the_layout_are_known(inbox: Path) -> None:
    roster = [roster_row("甲单位", project) for project in (*PROJECTS, "还没有报的")]
    rule = consolidate([inbox]).layout.rules[0].code.id
    season = consolidate([inbox], roster=roster, waivers=[waiver("还没有报的", rule)])
    assert codes_of(season) == []


def test_a_waiver_of_what_is_not_wrong_any_more_is_told(inbox: Path) -> None:
    season = consolidate([inbox], waivers=[waiver(), waiver(PROJECTS[0], line=3)])
    (finding,) = season.findings
    assert (finding.code, finding.severity) == ("waiver-unused", Severity.INFO)
    assert "第3行" in finding.message
    assert PROJECTS[0] in finding.message
    assert f"“{CODE}”" in finding.message


def test_a_waived_finding_is_not_marked_in_the_copy_that_goes_back(
    inbox: Path, tmp_path: Path
) -> None:
    put(inbox, "a.xlsx", words={**NEGATIVE, "650000": "-7"})
    waivers = written(inbox, f"{HEAD}\n{PROJECT},{CODE},{REASON},王科长,2020-03-09\n")
    asked = ["consolidate", str(inbox), "-o", str(tmp_path / "s.xlsx"), "--waivers", str(waivers)]
    done = CliRunner().invoke(cli, [*asked, "--annotate", str(tmp_path / "back")])
    assert done.exit_code == 1, done.output
    (copy,) = (tmp_path / "back").rglob("*.xlsx")
    listed = [row for row in openpyxl.load_workbook(copy)["问题清单"].values if "错误" in row]
    assert listed
    assert all(PROJECT not in str(row) for row in listed)


# --- where they show ------------------------------------------------------------------------------
def test_consolidate_shows_what_is_waived(inbox: Path, tmp_path: Path) -> None:
    waivers = written(inbox, f"{HEAD}\n{PROJECT},{CODE},{REASON},王科长,2020-03-09\n")
    book, register = tmp_path / "summary.xlsx", str(tmp_path / "r.db")
    asked = ["consolidate", str(inbox), "-o", str(book), "--register", register]
    # Without the option the list is one more file that is no form.
    assert CliRunner().invoke(cli, asked).exit_code == 1
    done = CliRunner().invoke(cli, [*asked, "--waivers", str(waivers)])
    assert done.exit_code == 0, done.output
    assert "共1个文件（通过1个），3个项目。4处问题已豁免。" in done.output
    rows = problems_of(book)
    shown = [row for row in rows if row["豁免"]]
    assert {(r["级别"], r["豁免"], r["豁免理由"], r["代码"]) for r in shown} == {
        ("错误", "已豁免", f"{REASON}（王科长，2020-03-09）", CODE)
    }
    assert len(shown) == 4
    counts = overview_of(book)
    assert (counts["问题：错误"], counts["问题：已豁免"]) == (0, 4)
    assert counts["问题：提醒"] == sum(row["级别"] == "提醒" for row in rows)


def test_status_shows_what_is_waived(inbox: Path, tmp_path: Path) -> None:
    register = str(tmp_path / "r.db")
    consolidate([inbox], register=register)
    waivers = written(tmp_path, f"{HEAD}\n{PROJECT},{CODE},{REASON},王科长,2020-03-09\n")
    asked = ["status", "--register", register, "--waivers", str(waivers)]
    told = CliRunner().invoke(cli, asked).output
    assert "文件1个：通过1个。" in told
    assert "已豁免的问题（4处）：" in told
    assert "".join(told.split()).count(f"已豁免：{REASON}（王科长，2020-03-09）。") == 4
    report = json.loads(CliRunner().invoke(cli, [*asked, "--format", "json"]).output)
    assert (report["summary"]["errors"], report["summary"]["waived"]) == (0, 4)
    assert (report["files"][0]["errors"], report["files"][0]["waived"]) == (0, 4)
    assert (report["units"][0]["errors"], report["units"][0]["waived"]) == (0, 4)
    assert {(item["code"], item["waiver"]["who"]) for item in report["waived"]} == {
        (CODE, "王科长")
    }


# --- the list -------------------------------------------------------------------------------------
LINE = f"{PROJECT},{CODE},{REASON},王科长,2020年3月9日"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, f"{HEAD},单位代码\n{LINE},007\n", encoding)
    assert read_waivers(path) == (waiver(unit_code="007", file=str(path)),)


def test_english_headers_in_any_order(tmp_path: Path) -> None:
    head = "when,unit,code,who,reason,project"
    path = written(tmp_path, f"{head}\n2020-03-09,甲单位,{CODE},王科长,{REASON},{PROJECT}\n")
    assert read_waivers(path) == (waiver(unit="甲单位", file=str(path)),)


def test_a_workbook_with_a_real_date(tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "waivers.xlsx"
    book.active.append(HEAD.split(","))
    book.active.append([PROJECT, CODE, REASON, "王科长", date(2020, 3, 9)])
    book.save(path)
    assert read_waivers(path) == (waiver(file=str(path)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("项目名称,代码,理由\n", "缺少“批准人”、“日期”列"),
        (f"{HEAD}\n{LINE}\n{PROJECT},{CODE},,王科长,2020-03-09\n", "第3行第3列（C列）：“理由”没有"),
        (f"{HEAD}\n{PROJECT},{CODE},{REASON},王科长,昨天\n", "第2行第5列（E列）：“昨天”不是有效"),
        (f"{HEAD},日期\n", "“日期”列出现了两次"),
        ("", "文件是空的"),
    ],
)
def test_a_broken_list_is_wrong_usage(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(WaiversError) as caught:
        read_waivers(path)
    assert told in str(caught.value)
    put(tmp_path, "a.xlsx")
    asked = [str(tmp_path), "-o", str(tmp_path / "s.xlsx"), "--waivers", str(path)]
    done = CliRunner().invoke(cli, ["consolidate", *asked])
    assert done.exit_code == 2
    assert not (tmp_path / "s.xlsx").exists()
