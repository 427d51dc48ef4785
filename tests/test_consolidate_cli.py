"""``xlgoals consolidate`` as scripts and people meet it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from command import run
from returned import put
from xlgoals.grid import MAX_ROWS
from xlgoals.season import collect
from xlgoals.season.model import Season
from xlgoals.summary.overview import SHEET as OVERVIEW


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This folder, with an inbox and a roster."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "inbox/a.xlsx", saved="2020-03-01T08:00:00Z")
    put(tmp_path, "inbox/b.xlsx", unit="乙/单位", saved="2020-03-01T08:00:00Z")
    roster = "单位代码,单位名称,联系人,项目名称\n001,甲单位,张三,\n002,乙/单位,,\n003,丙单位,,\n"
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    return tmp_path


def test_a_folder_becomes_a_summary(season: Path) -> None:
    asked = ("consolidate", "inbox", "-o", "summary.xlsx", "--roster", "roster.csv")
    result = run(*asked)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "共2个文件（通过2个），6个项目。汇总表：summary.xlsx\n"
    book = openpyxl.load_workbook(season / "summary.xlsx")
    assert book.sheetnames[0] == OVERVIEW
    assert sorted(path.name for path in season.iterdir()) == [
        "inbox",
        "roster.csv",
        "summary.xlsx",
    ]


def test_own_files_among_the_returned_ones_are_passed_over(season: Path) -> None:
    asked = (
        *("consolidate", ".", "-o", "summary.xlsx", "--register", "season.db"),
        *("--roster", "roster.csv", "--annotate", "back"),
    )
    for _ in range(2):
        assert run(*asked).stdout.startswith("共2个文件（通过2个）")


def test_a_summary_by_another_name_is_told_apart(season: Path) -> None:
    run("consolidate", "inbox", "-o", "inbox/old.xlsx")
    result = run("consolidate", "inbox", "-o", "inbox/new.xlsx")
    assert (result.returncode, result.stdout[:23]) == (
        0,
        "共3个文件（通过2个，无法读取1个），6个项目",
    )
    assert "本程序写出的汇总表" in run("check", "inbox/old.xlsx").stdout


def test_marked_copies_go_to_a_folder_for_each_unit(season: Path, examples_dir: Path) -> None:
    broken = examples_dir / "mistakes-2020.xlsx"
    shutil.copy(broken, season / "inbox" / "c.xlsx")
    put(season, "inbox/d.xlsx", unit="乙/单位", words={"650000": "-1"})
    asked = ("consolidate", "inbox", "-o", "summary.xlsx", "--annotate", "back", "-q")
    assert run(*asked).returncode == 1
    found = sorted(str(path.relative_to(season)) for path in (season / "back").rglob("*.xlsx"))
    assert found == ["back/上海市科学技术协会学会服务中心/c.xlsx", "back/乙_单位/d.xlsx"]
    assert (season / "inbox" / "c.xlsx").read_bytes() == broken.read_bytes()


def test_copies_of_an_earlier_run_are_told_from_those_of_this_one(season: Path) -> None:
    put(season, "inbox/c.xlsx", unit="丙单位", words={"650000": "-1"}, saved="2020-03-01T08:00:00Z")
    put(season, "inbox/d.xlsx", unit="丁单位", words={"650000": "-1"})
    asked = ("consolidate", "inbox", "-o", "summary.xlsx", "--annotate", "back", "-q")
    assert "不是这次写的" not in run(*asked).stderr
    put(season, "inbox/c2.xlsx", unit="丙单位", saved="2020-03-02T08:00:00Z")
    told = run(*asked).stderr.splitlines()
    assert told == [
        "inbox/d.xlsx：已标注，见 back/丁单位/d.xlsx",
        "back/丙单位/c.xlsx：不是这次写的，可能是以前的副本，退回前请核对",
    ]


def test_what_status_tells_is_what_was_consolidated(season: Path) -> None:
    asked = ("--register", "season.db", "--round", "一上", "--roster", "roster.csv")
    run("consolidate", "inbox", "-o", "summary.xlsx", *asked)
    result = run("status", *asked)
    assert result.returncode == 0
    assert "未报送1个" in result.stdout
    assert "逾期" not in result.stdout
    assert "其中逾期2个" in run("status", *asked, "--deadline", "2019-12-31").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "-o", "s.xlsx"], "没有读到一张表"),
        (["inbox", "-o", "nowhere/s.xlsx"], "无法写入 nowhere/s.xlsx"),
        (["inbox", "-o", "inbox"], "无法写入 inbox"),
        (["inbox", "-o", "s.xlsx", "--roster", "nowhere.csv"], "无法读取 nowhere.csv"),
        (["inbox", "-o", "s.xlsx", "--register", "roster.csv"], "登记库"),
        (["inbox", "-o", "s.xlsx", "--as", "nothing"], "没有名为“nothing”的表样"),
        (["inbox", "-o", "s.xlsx", "--deadline", "soon"], "soon"),
    ],
)
def test_wrong_usage_gets_status_2_and_writes_nothing(
    season: Path, arguments: list[str], said: str
) -> None:
    result = run("consolidate", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not (season / "s.xlsx").exists()


def test_a_season_that_no_sheet_can_hold_is_refused_with_what_to_do(
    season: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = collect.consolidate

    def enlarged(*paths: Any, **terms: Any) -> Season:
        small = real(*paths, **terms)
        return replace(small, units=small.units * (MAX_ROWS // len(small.units)))

    monkeypatch.setattr(collect, "consolidate", enlarged)
    summary = season / "summary.xlsx"
    summary.write_bytes(b"earlier")
    result = run("consolidate", "inbox", "-o", "summary.xlsx")
    assert result.returncode == 2
    assert "“报送情况”需要1048576行，而电子表格每张工作表最多容纳1048572行" in result.stderr
    assert "xlgoals export" in result.stderr
    assert summary.read_bytes() == b"earlier"


def test_a_register_of_a_newer_program_is_refused(season: Path) -> None:
    asked = ("consolidate", "inbox", "-o", "s.xlsx", "--register", "season.db")
    run(*asked)
    with closing(sqlite3.connect(season / "season.db")) as connection, connection:
        connection.execute("UPDATE meta SET value = '999'")
    result = run(*asked)
    assert result.returncode == 2
    assert "由更新版本的程序写成" in result.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_sees_rate_and_time_left(examples_dir: Path, tmp_path: Path) -> None:
    import pty

    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "xlgoals", "consolidate", str(examples_dir / "inbox")]
    command += ["-o", str(tmp_path / "summary.xlsx"), "--jobs", "1"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stderr=secondary, stdout=subprocess.DEVNULL, env=environment):
        os.close(secondary)
        seen = b""
        with suppress(OSError):  # how a pseudo-terminal ends
            while piece := os.read(primary, 65536):
                seen += piece
    os.close(primary)
    text = seen.decode("utf-8", "replace")
    assert "9/9" in text
    assert re.search("每秒 \\d+ 个，还需", text)
