"""docs/for-finance.md happens as it is told."""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from bootstrap import ROOT
from command import run
from make_pictures import SUMMARY_SHEETS
from make_season import INBOX, ROSTER, make_season
from xlgoals.season.export import What
from xlgoals.season.roster import HEADERS
from xlgoals.season.waiver_list import HEADERS as WAIVER_HEADERS
from xlgoals.season.words import FILE_WORDS, UNIT_WORDS

DOC = ROOT / "docs" / "for-finance.md"
GUIDE = DOC.read_text(encoding="utf-8")
SECOND_ROUND = ("001-黄浦区青少年科技教育中心（修改后）.xlsx", "003-长宁区科技传播中心.xlsx")
CUT = "……\n"  # where the guide leaves the rest of an output out


@pytest.mark.slow
def test_the_commands_of_the_guide_print_what_it_shows(tmp_path: Path) -> None:
    make_season(tmp_path)
    (tmp_path / INBOX).rename(tmp_path / "收到的文件")
    (tmp_path / ROSTER).rename(tmp_path / "名册.csv")
    shutil.copy(ROOT / "examples" / "waivers.csv", tmp_path / "豁免清单.csv")
    (tmp_path / "二上收到的文件").mkdir()
    for name in SECOND_ROUND:
        shutil.copy2(tmp_path / "收到的文件" / name, tmp_path / "二上收到的文件")
    blocks = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 8
    with chdir(tmp_path):
        for block in blocks:
            command, _, shown = block.partition("\n")
            printed = run(*shlex.split(command)[2:]).stdout
            if shown.endswith(CUT):
                printed = printed[: len(shown) - len(CUT)] + CUT
            assert printed == shown
    (copy,) = (tmp_path / "退回").rglob("*.xlsx")
    assert copy.parent.name in (tmp_path / "名册.csv").read_text(encoding="utf-8")
    for name in ("普陀区科普活动中心", "汇总表", "二上汇总表", "指标"):
        assert (tmp_path / f"{name}.xlsx").is_file()


def test_every_sheet_of_the_summary_is_shown() -> None:
    for title, name in SUMMARY_SHEETS.items():
        assert f"![{title}](pictures/summary-{name}.png)" in GUIDE
        assert f"**{title}**" in GUIDE


def table(head: str) -> list[str]:
    """The first cells of the lines of the tables that begin so."""
    return re.findall(
        r"^\| ([^|]+) \|",
        "".join(part for part in re.findall(rf"\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE)),
        re.MULTILINE,
    )


def test_the_guide_tells_every_state() -> None:
    assert table("状态") == [*FILE_WORDS.values(), *UNIT_WORDS.values()]


def test_the_guide_tells_every_column_of_the_lists() -> None:
    told = [name for cell in table("列") for name in cell.split("、")]
    assert sorted(told) == sorted([*HEADERS.values(), *WAIVER_HEADERS.values()])


def test_the_guide_tells_everything_that_can_be_exported() -> None:
    for what in What:
        assert f"（`{what}`）" in GUIDE
