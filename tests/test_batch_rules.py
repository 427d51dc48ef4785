"""What only shows between files: names beside the roster, amounts beside peers and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import season_samples
from returned import PROJECTS, put, roster_row
from xlgoals import consolidate
from xlgoals.findings import Finding, Severity
from xlgoals.register import open_register
from xlgoals.season.amount_findings import beside_peers
from xlgoals.season.build import Asked
from xlgoals.season.collect import registered
from xlgoals.season.model import FormEntry, Season

FIRST, SECOND, THIRD = (f"2020-03-0{day}T08:00:00Z" for day in (1, 2, 3))
LAYOUT = season_samples.season().layout
# The budgets of the second project as the filled example has them.
BUDGET = "120000"


def of_code(season: Season, code: str) -> list[Finding]:
    return [finding for finding in season.findings if finding.code == code]


# --- names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("listed", ["科技 工作者系列服务", "科技工作者系列服务　（试点)"])
def test_a_project_under_a_name_that_differs_by_blanks_or_width(
    tmp_path: Path, listed: str
) -> None:
    name = listed.replace(" ", "").replace("　", "").replace(")", "）")
    put(tmp_path, "a.xlsx", projects={0: name})
    roster = [roster_row("甲单位", project) for project in (listed, *PROJECTS[1:])]
    season = consolidate([tmp_path], roster=roster)
    (finding,) = season.findings
    assert (finding.code, finding.severity) == ("project-named-otherwise", Severity.INFO)
    assert (finding.sheet, finding.value) == ("项目1", name)
    assert f"名册上是“{listed}”" in finding.message
    assert season.units[0].missing == ()


def test_a_project_under_its_own_name_or_one_unknown_to_the_roster(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", projects={0: "科技工作者系列的服务"})
    roster = [roster_row("甲单位", project) for project in PROJECTS]
    (finding,) = consolidate([tmp_path], roster=roster).findings
    assert finding.code == "project-unlisted"
    assert f"名称最接近的是“{PROJECTS[0]}”" in finding.message


def elsewhere(season: Season) -> set[tuple[str, str | None]]:
    return {(Path(f.file).stem, f.value) for f in of_code(season, "project-in-other-unit")}


def test_a_project_that_another_unit_returns_too(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", unit="甲单位", projects={1: "甲一", 2: "甲二"})
    put(tmp_path, "b.xlsx", unit="乙单位", projects={1: "乙一", 2: "乙二"})
    season = consolidate([tmp_path])
    assert elsewhere(season) == {("a", PROJECTS[0]), ("b", PROJECTS[0])}
    assert {finding.message for finding in season.findings} == {
        f"项目“{PROJECTS[0]}”另有单位报送：“{other}”。" for other in ("甲单位", "乙单位")
    }


def test_a_name_that_many_units_give_their_projects_is_no_duplicate(tmp_path: Path) -> None:
    for unit in ("甲单位", "乙单位", "丙单位", "丁单位"):
        put(tmp_path, f"{unit}.xlsx", unit=unit)
    assert not elsewhere(consolidate([tmp_path]))


def test_a_project_in_two_files_of_a_unit_is_told_where_it_counts(tmp_path: Path) -> None:
    put(tmp_path, "张.xlsx", saved=FIRST)
    put(tmp_path, "李.xlsx", saved=SECOND, projects={1: f"{PROJECTS[1]} ", 2: "李的项目"})
    put(tmp_path, "乙.xlsx", unit="乙单位", projects=dict.fromkeys(range(3), "别的项目"))
    season = consolidate([tmp_path])
    found = of_code(season, "project-returned-again")
    assert [(finding.severity, finding.sheet) for finding in found] == [
        (Severity.INFO, "项目1"),
        (Severity.INFO, "项目2"),
    ]
    for finding in found:
        assert (Path(finding.file).name, finding.layer) == ("李.xlsx", "batch")
        assert "这个单位的2个文件里都有项目" in finding.message
        assert "张.xlsx" in finding.message


# --- places ---------------------------------------------------------------------------------------
def test_findings_between_files_stand_at_cells(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", saved=FIRST, words={BUDGET: "100000"})
    put(tmp_path, "b.xlsx", saved=SECOND)
    found = consolidate([tmp_path]).findings
    assert {(f.code, f.sheet, f.cell, f.label) for f in found if f.sheet == "项目2"} == {
        ("amount-changed", "项目2", "B14", "项目总预算（元）"),
        ("amount-changed", "项目2", "E14", "项目当年预算（元）"),
        ("project-returned-again", "项目2", "B4", "项目名称"),
    }


def test_no_cell_is_named_where_somebody_moved_them(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", saved=FIRST, words={BUDGET: "100000"})
    later = put(tmp_path, "b.xlsx", saved=SECOND)
    book = openpyxl.load_workbook(later)
    for sheet in book.worksheets:
        if sheet.title == "项目2":
            sheet.insert_rows(3)
    book.save(later)
    found = of_code(consolidate([tmp_path]), "amount-changed")
    assert [(f.sheet, f.cell, f.field) for f in found] == [
        ("项目2", None, "current_budget"),
        ("项目2", None, "total_budget"),
    ]


# --- beside peers ---------------------------------------------------------------------------------
def forms(
    amounts: Sequence[str | None], category: str | None = "其他类", unit: str | None = "甲单位"
) -> list[FormEntry]:
    """A form for each amount, in files 0.xlsx, 1.xlsx and so on."""
    values = season_samples.example("filled-2020.xlsx").records[0].values
    return [
        season_samples.form(
            f"{number}.xlsx",
            None,
            unit,
            {
                **values,
                "project_category": category,
                "total_budget": None,
                "current_budget": Decimal(amount) if amount else None,
            },
        )
        for number, amount in enumerate(amounts)
    ]


USUAL = ["300000", "250000", "900000", "120000", "5000000"]  # the one in the middle is 300000


def test_an_amount_like_wan_yuan_beside_its_peers() -> None:
    (finding,) = beside_peers(LAYOUT, forms([*USUAL, "300"]))
    assert (finding.file, finding.sheet) == ("5.xlsx", "项目1")
    assert (finding.field, finding.label) == ("current_budget", "项目当年预算（元）")
    assert (finding.severity, finding.value) == (Severity.WARNING, "300")
    assert (
        "只有 300.00 元，像是按万元填写的：“其他类”的其他5个项目的中间值是 300,000.00 元"
        in finding.message
    )


@pytest.mark.parametrize(
    "amounts",
    [
        [*USUAL, "300.01"],  # more than a thousandth
        [*USUAL[1:], "30"],  # too few to tell
        [*USUAL[1:], None, "30"],  # a blank amount is no peer
        [*USUAL, "0"],  # nothing is nothing in 万元, too
        ["20000000"] * 5 + ["10000"],  # as 万元 that would be a hundred million
    ],
)
def test_an_amount_that_does_not_look_so(amounts: list[str | None]) -> None:
    assert list(beside_peers(LAYOUT, forms(amounts))) == []


def test_one_amount_is_told_once_and_every_small_one() -> None:
    found = list(beside_peers(LAYOUT, forms([*USUAL, "12", *USUAL, "30"])))
    assert [(finding.file, finding.field) for finding in found] == [
        ("5.xlsx", "current_budget"),
        ("11.xlsx", "current_budget"),
    ]


def test_peers_are_of_the_category_or_of_the_unit() -> None:
    others = forms([*USUAL, "30"], category=None)
    (finding,) = beside_peers(LAYOUT, others)
    assert "“甲单位”的其他5个项目" in finding.message
    apart = [replace(form, unit=f"单位{number}") for number, form in enumerate(others)]
    assert list(beside_peers(LAYOUT, apart)) == []


def test_files_of_a_folder_are_compared(tmp_path: Path) -> None:
    for number in range(6):
        put(tmp_path, f"{number}.xlsx", unit=f"单位{number}", words={"650000": "9000000"})
    put(tmp_path, "b.xlsx", unit="乙单位", words={BUDGET: "2700", "650000": "9000000"})
    found = of_code(consolidate([tmp_path]), "amount-below-peers")
    assert {Path(finding.file).name for finding in found} == {"b.xlsx"}
    assert {finding.field for finding in found} == {"total_budget", "current_budget"}


def test_what_a_form_says_of_itself_is_not_said_again_beside_its_peers(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx")
    put(tmp_path, "b.xlsx", unit="乙单位", words={BUDGET: "27"})
    put(tmp_path, "c.xlsx", unit="丙单位")
    season = consolidate([tmp_path])
    (told,) = (file for file in season.files if file.unit == "乙单位")
    small = [finding for finding in told.findings if finding.code == "amount-small"]
    assert {finding.field for finding in small} >= {"total_budget", "current_budget"}
    assert of_code(season, "amount-below-peers") == []
    peers = list(beside_peers(season.layout, season.forms))
    assert {Path(finding.file).name for finding in peers} == {"b.xlsx"}


# --- beside the version before --------------------------------------------------------------------
def test_a_budget_that_changed_since_the_last_version(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", saved=FIRST, words={BUDGET: "100000"})
    put(tmp_path, "b.xlsx", saved=SECOND, words={BUDGET: "110000.5"})
    put(tmp_path, "c.xlsx", saved=THIRD)
    season = consolidate([tmp_path])
    found = of_code(season, "amount-changed")
    assert {finding.field for finding in found} == {"total_budget", "current_budget"}
    for finding in found:
        assert (Path(finding.file).name, finding.sheet) == ("c.xlsx", "项目2")
        assert (
            f"项目“{PROJECTS[1]}”的“{finding.label}”由上一版的 110,000.50 元改为 120,000.00 元"
            in finding.message
        )
        assert "b.xlsx" in finding.message
    again = of_code(season, "project-returned-again")
    assert sorted(season.findings, key=repr) == sorted((*found, *again), key=repr)


def test_a_version_that_changed_no_amount(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", saved=FIRST)
    put(tmp_path, "b.xlsx", saved=SECOND, words={"服务": "服务 "})
    assert of_code(consolidate([tmp_path]), "amount-changed") == []


def test_a_version_that_was_written_over_is_remembered(tmp_path: Path) -> None:
    url, inbox = str(tmp_path / "r.db"), tmp_path / "inbox"
    put(inbox, "a.xlsx", saved=FIRST, words={BUDGET: "100000"})
    consolidate([inbox], register=url)
    put(inbox, "a.xlsx", saved=SECOND)
    season = consolidate([inbox], register=url)
    assert len(of_code(season, "amount-changed")) == 2
    with open_register(url) as register:
        assert registered(register, Asked()).findings == season.findings
