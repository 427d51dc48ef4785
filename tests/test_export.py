"""``xlgoals export``: what counts, exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from command import run_bytes
from raw_sql import run_sql
from returned import PROJECTS, put
from xlgoals import consolidate
from xlgoals.reports.tables import harmless

ATTACKS = ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1)", "＝1+1", "'quoted"]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory, new_register: Callable[[], str]) -> str:
    """Two versions of one unit, an attack by another, a file that is none."""
    inbox = tmp_path_factory.mktemp("inbox")
    put(inbox, "a1.xlsx", saved="2020-03-01T08:00:00Z")
    put(
        inbox,
        "a2.xlsx",
        saved="2020-03-02T08:00:00Z",
        projects={0: "改了名的项目"},
        words={"科技社团党建工作": "科技社团党建工作"},
    )
    names = dict(enumerate(ATTACKS[:3]))
    put(inbox, "b.xlsx", unit="@乙单位", projects=names, saved="2020-03-01T08:00:00Z")
    (inbox / "bad.xlsx").write_bytes(b"PK\3\4")
    url = new_register()
    consolidate([inbox], register=url)
    return url


def exported(register: str, what: str, *more: str) -> list[dict[str, Any]]:
    result = run_bytes("export", "--register", register, "--format", "jsonl", "--what", what, *more)
    assert (result.returncode, result.stderr) == (0, b"")
    return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]


def as_csv(register: str, what: str) -> list[dict[str, str]]:
    result = run_bytes("export", "--register", register, "--what", what)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(result.stdout.decode("utf-8-sig"), newline="")))


# --- what is written ------------------------------------------------------------------------------
def test_forms_are_those_that_count(register: str) -> None:
    forms = exported(register, "forms")
    assert [(Path(f["file"]).name, f["project_name"]) for f in forms] == [
        ("a1.xlsx", PROJECTS[0]),
        ("a2.xlsx", "改了名的项目"),
        ("a2.xlsx", PROJECTS[1]),
        ("a2.xlsx", PROJECTS[2]),
        *(("b.xlsx", name) for name in ATTACKS[:3]),
    ]
    assert all(form["counts"] for form in forms)


def test_history_adds_what_no_longer_counts(register: str) -> None:
    forms = exported(register, "forms", "--history")
    assert [form["counts"] for form in forms] == [True, False, False, *[True] * 6]


def test_amounts_are_exact_and_forms_are_whole(register: str) -> None:
    form = exported(register, "forms")[0]
    assert form["total_budget"] == "650000"
    assert len(form["indicators"]) >= 10
    total = sum(Decimal(row["项目当年预算"] or 0) for row in as_csv(register, "forms"))
    ((fen,),) = run_sql(
        register,
        "SELECT sum(current_budget) FROM forms WHERE NOT (submission = (SELECT submission"
        " FROM files WHERE substr(path, length(path) - 6) = 'a1.xlsx') AND position > 0)",
    )
    assert total * 100 == fen > 0


def test_indicators_have_operator_number_and_unit_apart(register: str) -> None:
    rows = exported(register, "indicators")
    assert len(rows) == sum(len(f["indicators"]) for f in exported(register, "forms"))
    row = next(row for row in rows if row["name"] == "预算执行率")
    parts = {key: row[key] for key in ("target", "operator", "number", "unit")}
    assert parts == {"target": "=100%", "operator": "=", "number": "100", "unit": "%"}
    assert row["project_name"] == PROJECTS[0]


def test_units_are_told_apart_as_a_roster_has_them(tmp_path: Path) -> None:
    url, inbox, roster = str(tmp_path / "r.db"), tmp_path / "inbox", tmp_path / "roster.csv"
    roster.write_text("单位代码,单位名称,联系人,项目名称,单位别名\n001,甲单位,,,甲\n", "utf-8")
    put(inbox, "a.xlsx", unit="甲", saved="2020-03-01T08:00:00Z")
    put(inbox, "b.xlsx", saved="2020-03-02T08:00:00Z")
    consolidate([inbox], register=url)

    def counted(*more: str) -> set[str]:
        return {Path(form["file"]).name for form in exported(url, "forms", *more)}

    assert counted() == {"a.xlsx", "b.xlsx"}
    assert counted("--roster", str(roster)) == {"b.xlsx"}


def test_findings_and_files_tell_of_rejected_files_too(register: str) -> None:
    findings = exported(register, "findings")
    assert ("bad.xlsx", "damaged") in {(Path(f["file"]).name, f["code"]) for f in findings}
    sheets = {f["sheet"] for f in findings if f["file"].endswith("a1.xlsx")}
    assert sheets == {"项目1"}
    files = exported(register, "files")
    assert [(Path(f["file"]).name, f["status"], f["counts"]) for f in files] == [
        ("a1.xlsx", "warnings", True),
        ("a2.xlsx", "warnings", True),
        ("b.xlsx", "warnings", True),
        ("bad.xlsx", "rejected", False),
    ]


# --- harmless -------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", [*ATTACKS, "=100%", "\t=1", "\r=1", "\n=1", "－1", "＠x"])
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "合理", "≥10场", "1-2", " =1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("what", ["forms", "indicators", "findings", "files"])
def test_no_cell_of_the_csv_is_a_formula(register: str, what: str) -> None:
    rows = as_csv(register, what)
    assert rows
    for row in rows:
        for text in row.values():
            assert text[:1] not in {*"=+-@＝＋－＠\t\r\n"} or not text


def test_numbers_stay_numbers_in_the_csv(register: str) -> None:
    row = next(row for row in as_csv(register, "indicators") if row["三级目标"] == "预算执行率")
    assert (row["指标目标值"], row["计算符号"], row["数值"]) == ("'=100%", "'=", "100")
    assert as_csv(register, "forms")[0]["项目总预算"] == "650000"


@pytest.mark.slow
def test_libreoffice_computes_nothing_in_the_csv(
    register: str, tmp_path: Path, convert: Any
) -> None:
    place = tmp_path / "forms.csv"
    assert run_bytes("export", "--register", register, "-o", place).returncode == 0
    sheet = openpyxl.load_workbook(convert(place, "xlsx", tmp_path / "out")).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any("calc" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


def test_the_workbook_holds_texts_and_numbers(register: str, tmp_path: Path) -> None:
    place = tmp_path / "forms.xlsx"
    result = run_bytes("export", "--register", register, "--format", "xlsx", "-o", place)
    assert result.returncode == 0
    sheet = openpyxl.load_workbook(place).active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    column = {cell.value: index for index, cell in enumerate(head)}
    names = [row[column["项目名称"]] for row in rows]
    assert [(cell.value, cell.data_type) for cell in names[-3:]] == [
        (name, "s") for name in ATTACKS[:3]
    ]
    assert rows[0][column["项目总预算"]].value == 650000


# --- the command ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--register", "nowhere.db"], "没有登记库 nowhere.db"),
        (["--register", "{register}", "--format", "xlsx"], "-o"),
        (["--register", "{register}", "--format", "parquet"], "-o"),
        (["--register", "{register}", "-o", "nowhere/x.csv"], "无法写入"),
    ],
)
def test_wrong_usage_gets_status_2(register: str, arguments: list[str], said: str) -> None:
    result = run_bytes("export", *(a.format(register=register) for a in arguments))
    assert result.returncode == 2
    assert said in result.stderr.decode("utf-8")


def test_a_register_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    assert run_bytes("export", "--register", tmp_path / "no.db").returncode == 2
    assert list(tmp_path.iterdir()) == []
