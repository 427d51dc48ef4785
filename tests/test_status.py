"""``status``: who has returned, what is wrong, what is missing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import season_samples
from returned import put
from xlgoals import consolidate
from xlgoals.cli.main import cli
from xlgoals.findings import Severity
from xlgoals.reports.status_report import status_json, status_text
from xlgoals.season.model import FileState, Season, UnitState
from xlgoals.season.words import FILE_WORDS, UNIT_WORDS
from xlgoals.text import display_width


@pytest.fixture(scope="module")
def season() -> Season:
    return season_samples.season()


def table(text: str) -> list[str]:
    """The lines of the units."""
    return text.split("\n\n")[1].splitlines()[2:]


def test_no_line_is_wider_than_a_terminal(season: Season) -> None:
    long_name = "很长的单位名称" * 12
    units = (*season.units, replace(season.units[0], name=long_name, missing=(long_name * 2,)))
    for text in (status_text(season), status_text(replace(season, units=units))):
        assert max(map(display_width, text.splitlines())) <= 80
    assert long_name in "".join(status_text(replace(season, units=units)).split())


def test_the_columns_stand_under_each_other(season: Season) -> None:
    head, rule, *lines = status_text(season).split("\n\n")[1].splitlines()
    assert set(rule) == {"-"}
    for word in ("文件", "项目", "缺报", "错误", "提醒"):
        end = display_width(head[: head.index(word)] + word)
        for line in lines:
            shown = ""
            while display_width(shown) < end:
                shown += line[len(shown)]
            assert shown[-1] in "0123456789-", (word, line)


def test_every_unit_has_its_line_with_its_numbers(season: Season) -> None:
    lines = [line.split() for line in table(status_text(season))]
    assert lines == [
        ["001", "上海市科学技术协会学会服务中心", "已报齐", "3", "3", "-", "-", "21"],
        ["002", "上海市科普中心", "需要修改", "1", "3", "-", "18", "29"],
        ["003", "=SUM(1,2)", "未报齐", "1", "1", "1", "-", "-", "逾期"],
        ["004", "上海市科技馆", "未报送", "-", "-", "1", "-", "-"],
        ["名册外的馆*", "名册外", "1", "1", "-", "-", "-"],
    ]


def test_what_is_missing_is_told_with_whom_to_ask(season: Season) -> None:
    text = status_text(season)
    assert "  =SUM(1,2)（联系人：联系人003）：没有报的项目\n" in text
    assert "  上海市科技馆（联系人：联系人004）：天文讲堂\n" in text
    nothing = replace(season.units[3], expected=(), missing=())
    told = status_text(replace(season, units=(*season.units[:3], nothing)))
    assert "  上海市科技馆（联系人：联系人004）：全部\n" in told


def test_every_file_that_does_not_simply_count_is_told_with_the_reason(season: Season) -> None:
    text = "".join(status_text(season).split())
    for file in season.files:
        told = f"[{FILE_WORDS[file.state]}]{''.join(file.path.split())}"
        assert (told in text) == (file.state is not FileState.ACCEPTED)
        assert "".join(file.reason.split()) in text
    assert "绩效目标#1.xlsx：18处错误，29处提醒，2处说明" in text
    for finding in season.findings:
        assert finding.message in text


def test_the_states_of_units_and_files_are_counted(season: Season) -> None:
    text = status_text(season)
    assert "单位5个：" + "，".join(f"{UNIT_WORDS[state]}1个" for state in UnitState) in text
    assert "文件7个：通过3个，需要修改1个，无法读取1个，已被替代1个，重复文件1个" in text
    assert "项目8个，指标125条，金额2,393,456.78元。" in text


def test_json_says_the_same(season: Season) -> None:
    report = json.loads(status_json(season))
    assert (report["schema_version"], report["layout"]) == (1, "shanghai-2020")
    assert (report["fiscal_year"], report["round"]) == (2020, "一上")
    assert [unit["name"] for unit in report["units"]] == [unit.name for unit in season.units]
    assert [unit["state"] for unit in report["units"]] == [state.value for state in UnitState]
    assert report["units"][2]["missing"] == ["没有报的项目"]
    assert [file["file"] for file in report["files"]] == [file.path for file in season.files]
    states = Counter(file["state"] for file in report["files"])
    assert report["summary"]["files"] == {state.value: states[state] for state in FileState}
    assert report["summary"]["amount"] == "2393456.78"
    findings = [f for file in season.files for f in file.findings] + list(season.findings)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    assert report["summary"]["errors"] == errors
    assert {finding["layer"] for finding in report["findings"]} == {"batch"}


def test_a_season_in_which_nothing_happened() -> None:
    empty = season_samples.empty()
    assert status_text(empty).startswith("财政项目支出绩效目标表（2020年度）报送情况\n")
    assert "文件0个。" in status_text(empty)
    report = json.loads(status_json(empty))
    assert report["units"] == report["files"] == []
    assert report["deadline"] is None


def test_a_broken_roster_is_wrong_usage(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("单位代码,单位名称\n1,市馆\n", encoding="utf-8")
    for name, told in ((str(roster), "缺少“联系人”、“项目名称”列"), ("none.csv", "无法读取")):
        done = CliRunner().invoke(cli, ["status", "--register", "x.db", "--roster", name])
        assert done.exit_code == 2
        assert told in done.output


def test_the_rounds_there_are_are_told_where_none_was_asked_for(tmp_path: Path) -> None:
    put(tmp_path / "inbox", "a.xlsx")
    register = str(tmp_path / "r.db")
    for round_ in ("一上", "二上"):
        consolidate([tmp_path / "inbox"], register=register, round=round_)
    told = CliRunner().invoke(cli, ["status", "--register", register])
    assert told.exit_code == 2
    assert "这些轮次：一上、二上，请用 --round 指明" in told.output
    done = CliRunner().invoke(cli, ["status", "--register", register, "--round", "二上"])
    assert done.exit_code == 0
    assert "，二上）" in done.output.splitlines()[0]
