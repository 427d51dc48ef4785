"""docs/for-finance.md happens as it is told."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path

from bootstrap import ROOT
from make_pictures import SUMMARY_SHEETS
from make_season import INBOX, ROSTER, make_season
from test_cli import run
from xlgoals.season.roster import HEADERS

DOC = ROOT / "docs" / "for-finance.md"
GUIDE = DOC.read_text(encoding="utf-8")
CUT = "……\n"  # where the guide leaves the rest of an output out


def test_the_commands_of_the_guide_print_what_it_shows(tmp_path: Path) -> None:
    make_season(tmp_path)
    (tmp_path / INBOX).rename(tmp_path / "收到的文件")
    (tmp_path / ROSTER).rename(tmp_path / "名册.csv")
    blocks = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 3
    with chdir(tmp_path):
        for block in blocks:
            command, _, shown = block.partition("\n")
            printed = run(*shlex.split(command)[2:]).stdout
            if shown.endswith(CUT):
                printed = printed[: len(shown) - len(CUT)] + CUT
            assert printed == shown
    (copy,) = (tmp_path / "退回").rglob("*.xlsx")
    assert copy.parent.name in (tmp_path / "名册.csv").read_text(encoding="utf-8")
    assert (tmp_path / "汇总表.xlsx").is_file()


def test_every_sheet_of_the_summary_is_shown() -> None:
    for title, name in SUMMARY_SHEETS.items():
        assert f"![{title}](pictures/summary-{name}.png)" in GUIDE
        assert f"**{title}**" in GUIDE


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        assert (DOC.parent / target).exists(), target


def test_the_guide_tells_every_column_of_the_roster() -> None:
    table = "".join(line for line in GUIDE.splitlines() if line.startswith("|"))
    for header in HEADERS.values():
        assert header in table
