"""docs/yearly-refresh.md happens as it is told."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import xlgoals
from bootstrap import ROOT
from command import run
from make_season import INBOX, ROSTER, make_season
from xlgoals.campaign.carry import GROUPS
from xlgoals.campaign.source import KEYS

DOC = ROOT / "docs" / "yearly-refresh.md"
GUIDE = DOC.read_text(encoding="utf-8")
CUT = "……\n"  # where the guide leaves the rest of an output out
_BLOCK = re.compile(r"(?:`([^`\n]+)`：\n\n)?```(console|toml|csv)\n(.*?)```", re.DOTALL)


class Block(NamedTuple):
    """What the guide shows: a file by its name, or a command with what it prints."""

    name: str
    kind: str
    text: str


def blocks() -> Iterator[Block]:
    for found in _BLOCK.finditer(GUIDE):
        yield Block(*(text or "" for text in found.groups()))


@pytest.mark.slow
def test_the_files_and_commands_of_the_guide_give_what_it_shows(tmp_path: Path) -> None:
    make_season(tmp_path / "2020")
    (tmp_path / "2020" / INBOX).rename(tmp_path / "2020" / "收到")
    (tmp_path / "2020" / ROSTER).rename(tmp_path / "2020" / "名册.csv")
    commands = 0
    with chdir(tmp_path):
        for block in blocks():
            if block.kind != "console":
                assert block.name
                Path(block.name).parent.mkdir(exist_ok=True)
                Path(block.name).write_text(block.text, encoding="utf-8")
                continue
            command, _, shown = block.text.partition("\n")
            printed = run(*shlex.split(command)[2:]).stdout
            if shown.endswith(CUT):
                printed = printed[: len(shown) - len(CUT)] + CUT
            assert printed == shown, command
            commands += 1
    assert commands == 8
    written = sorted(path.name for path in (tmp_path / "2021" / "发出").glob("*.xlsx"))
    assert [name[:3] for name in written] == ["001", "002", "003", "004", "006"]
    form = xlgoals.read(tmp_path / "2021" / "发出" / written[0]).forms[0]
    assert (form.prior_budget, form.prior_execution) == (Decimal(1177000), Decimal(1100000))


def test_the_guide_tells_every_key_and_every_word_of_carry() -> None:
    table = "".join(line for line in GUIDE.splitlines() if line.startswith("|"))
    for word in (*(f"| `{key}` |" for key in KEYS), *GROUPS.values()):
        assert word in table


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        assert (DOC.parent / target).exists(), target
