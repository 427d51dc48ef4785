"""docs/unit-story.md happens as it is told."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import chdir
from pathlib import Path

from bootstrap import ROOT
from test_cli import run
from unit_story import first_try, second_try

DOC = ROOT / "docs" / "unit-story.md"
STORY = DOC.read_text(encoding="utf-8")
FILE = "社区科普讲堂.xlsx"


def happens(block: str) -> None:
    """Run a block's command: what it prints is what the block shows."""
    command, _, shown = block.partition("\n")
    _, *arguments = shlex.split(command.removeprefix("$ "))
    assert run(*arguments).stdout == shown


def test_the_story_happens_as_it_is_told(tmp_path: Path) -> None:
    first, second, last = re.findall(r"```console\n(.*?)```", STORY, re.DOTALL)
    with chdir(tmp_path):
        sent = first_try(tmp_path / FILE).read_bytes()
        happens(first)
        assert (tmp_path / FILE).read_bytes() == sent
        second_try(tmp_path / "退回" / FILE, tmp_path / FILE)
        happens(second)
        happens(last)
    (form,) = json.loads((tmp_path / "绩效目标.json").read_text(encoding="utf-8"))
    assert (form["end_date"], form["current_budget"]) == ("2020-11-30", "120000")


def test_what_the_story_says_was_mended_was_mended() -> None:
    for told in ("2020-11-30", "120000", "“≥95%”"):
        assert told in STORY


def test_every_picture_of_the_story_is_there() -> None:
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", STORY)
    assert len(pictures) == 2
    for picture in pictures:
        assert 5_000 < (DOC.parent / picture).stat().st_size < 150_000
