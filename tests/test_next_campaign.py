"""The file of the next campaign: another year, or a later round of the same."""

from __future__ import annotations

import tomllib
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgoals
from campaigns import PROJECT, SHANGHAI, UNIT, campaign, of_layout, returned, run_refresh, type_into
from command import run
from each_layout import LAYOUTS, sound_form
from few_and_many import mostly_slow
from xlgoals.campaign.source import KEYS, read_campaign
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.layouts import Layout
from xlgoals.live.model import CARRIED_COLUMN

# --- the next campaign --------------------------------------------------------------------------
FIRST = """# 2021 年度绩效目标申报
layout = "shanghai-2020"  # 表样
fiscal_year = 2021
round = "一上"
roster = "名册.csv"
previous = "2020/登记库.db"  # 上年
inbox = "2021/收到"
outbox = "发出"
register = "2021/登记库.db"
carry = ["文字", "指标"]
deadline = 2020-09-03
closed = ["某馆"]
"""


def made_from(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    (folder / "一.toml").write_text(FIRST, encoding="utf-8")
    with chdir(folder):
        done = run("campaign", "new", "--from", "一.toml", *arguments, "-o", "新.toml")
    assert done.returncode == 0, done.stderr
    text = (folder / "新.toml").read_text(encoding="utf-8")
    return tomllib.loads(text), text


def test_the_next_year_goes_on_from_what_this_one_collects(tmp_path: Path) -> None:
    said, text = made_from(tmp_path, "--year", "2022")
    assert said == {
        "layout": "shanghai-2020",
        "fiscal_year": 2022,
        "round": "一上",
        "roster": "名册.csv",
        "previous": "2021/登记库.db",
        "previous_year": 2021,
        "previous_round": "一上",
        "inbox": "2022/收到",
        "outbox": "发出-2022",
        "register": "2022/登记库.db",
        "carry": ["文字", "指标"],
        "deadline": tomllib.loads("d = 2021-09-03")["d"],
    }
    assert "# 2021 年度绩效目标申报" in text or "# 2022 年度绩效目标申报" in text
    assert 'layout = "shanghai-2020"  # 表样' in text


def test_a_later_round_takes_everything_over(tmp_path: Path) -> None:
    said, _ = made_from(tmp_path, "--round", "二上")
    assert (said["fiscal_year"], said["round"], said["carry"]) == (2021, "二上", ["全部"])
    assert (said["previous"], said["previous_year"]) == ("2021/登记库.db", 2021)
    assert (said["previous_round"], said["register"]) == ("一上", "2021/登记库.db")
    assert (said["outbox"], said["inbox"]) == ("发出-二上", "2021/收到-二上")
    assert "deadline" not in said
    assert "closed" not in said  # what declared nothing in the first round is not gone from it


@pytest.mark.parametrize(
    ("name", "arguments", "made"),
    [
        ("2021.toml", ("--year", "2022"), "2022.toml"),
        ("2021一上.toml", ("--round", "二上"), "2021二上.toml"),
        ("申报.toml", ("--year", "2022"), "申报-2022.toml"),
        ("申报.toml", ("--round", "二上"), "申报-二上.toml"),
    ],
)
def test_without_a_name_the_file_stands_beside_the_old_one(
    tmp_path: Path, name: str, arguments: tuple[str, ...], made: str
) -> None:
    (tmp_path / name).write_text(FIRST, encoding="utf-8")
    done = run("campaign", "new", "--from", tmp_path / name, *arguments)
    assert (done.returncode, f"xlgoals refresh {tmp_path / made}" in done.stdout) == (0, True)
    assert read_campaign(tmp_path / made).roster == tmp_path / "名册.csv"
    assert run("campaign", "new", "--from", tmp_path / name, *arguments).returncode == 2


def test_paths_hold_for_a_file_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "明年").mkdir()
    (tmp_path / "一.toml").write_text(FIRST, encoding="utf-8")
    target = tmp_path / "明年" / "二.toml"
    run("campaign", "new", "--from", tmp_path / "一.toml", "--year", "2022", "-o", target)
    made = read_campaign(target)
    assert made.roster.resolve() == (tmp_path / "名册.csv").resolve()
    assert Path(made.previous or "").resolve() == (tmp_path / "2021/登记库.db").resolve()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "都与原文件相同"),
        (("--year", "2020"), "早于"),
        (("--round", "一上"), "都与原文件相同"),
    ],
)
def test_a_campaign_that_would_be_no_new_one_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "一.toml").write_text(FIRST, encoding="utf-8")
    target = tmp_path / "新.toml"
    done = run("campaign", "new", "--from", tmp_path / "一.toml", *arguments, "-o", target)
    assert (done.returncode, told in done.stderr) == (2, True)
    assert not target.exists()


def test_an_earlier_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "一.toml"
    file.write_text(FIRST, encoding="utf-8")
    done = run("campaign", "new", "--from", file, "--year", "2022", "-o", file)
    assert (done.returncode, file.read_text(encoding="utf-8")) == (2, FIRST)


# --- two rounds, told in full -------------------------------------------------------------------
@pytest.mark.parametrize("layout", mostly_slow(reversed(LAYOUTS)), ids=lambda layout: layout.id)
def test_a_second_round_starts_from_the_accepted_forms_of_the_first(
    layout: Layout, tmp_path: Path
) -> None:
    year = layout.first_year
    path = returned(tmp_path / "收到" / "a.xlsx", layout, year, PROJECT, "坏表")
    bad = next(
        f for f in xlgoals.read(path).inputs if f.sheet == "项目2" and f.input.key == "start_date"
    )
    type_into(path, "项目2", bad.cell, "待定")
    roster = [f"001,{UNIT},,{PROJECT},,", f"001,{UNIT},,坏表,,"]
    lines = ['inbox = "收到"', 'register = "库.db"', 'round = "一上"']
    file = campaign(tmp_path, lines, roster, layout=f'"{layout.id}"', fiscal_year=year)
    xlgoals.consolidate([tmp_path / "收到"], register=str(tmp_path / "库.db"), round="一上")
    second = tmp_path / "二上.toml"
    assert run("campaign", "new", "--from", file, "--round", "二上", "-o", second).returncode == 0
    done = run_refresh(second)
    good, bad_form = xlgoals.read(tmp_path / "发出-二上" / f"001-{UNIT}.xlsx").forms
    assert good.record() == sound_form(layout).model_copy(update={"project_name": PROJECT}).record()
    assert (bad_form.project_name, bad_form.current_budget) == ("坏表", None)
    hidden = openpyxl.load_workbook(tmp_path / "发出-二上" / f"001-{UNIT}.xlsx")[HIDDEN_SHEET]
    marked = {hidden.cell(row, CARRIED_COLUMN).value for row in range(2, hidden.max_row + 1)}
    assert len(marked) > 5
    assert not marked & {UNIT, PROJECT, "坏表"}
    assert any("还有1处错误没有改正，只沿用了项目名称" in n.text for n in done.outcomes[0].open)


def test_the_prior_year_pair_goes_on_within_a_year_only(tmp_path: Path) -> None:
    pair: dict[str, Any] = {"prior_budget": Decimal(500000), "prior_execution": Decimal(400000)}
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, 2021, PROJECT, **pair)
    roster = [f"001,{UNIT},,{PROJECT},,"]
    file = of_layout(tmp_path, SHANGHAI, 2021, roster, "previous_year = 2021")
    run_refresh(file)
    form = xlgoals.read(tmp_path / "发出" / f"001-{UNIT}.xlsx").records[0].values
    assert {key: form[key] for key in pair} == pair


def test_every_key_is_explained_where_the_campaign_is_told(tmp_path: Path) -> None:
    page = Path(__file__).parent.parent / "docs" / "yearly-refresh.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"`{key}`" in text for key in KEYS)
