"""docs/unit-story.md happens as it is told."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest

from bootstrap import ROOT
from command import run
from conftest import Recalculate
from unit_story import first_try, second_try

DOC = ROOT / "docs" / "unit-story.md"
STORY = DOC.read_text(encoding="utf-8")
FILE = "社区科普讲堂.xlsx"


def happens(block: str) -> None:
    """Run a block's command: what it prints is what the block shows."""
    command, _, shown = block.partition("\n")
    _, *arguments = shlex.split(command.removeprefix("$ "))
    assert run(*arguments).stdout == shown


@pytest.mark.slow
def test_the_story_happens_as_it_is_told(tmp_path: Path, recalculate: Recalculate) -> None:
    # The unit saves by LibreOffice, which works out the live checks as any such program does.
    typed = tmp_path / "typed" / FILE
    typed.parent.mkdir()
    first, second, last = re.findall(r"```console\n(.*?)```", STORY, re.DOTALL)
    with chdir(tmp_path):
        recalculate([first_try(typed)], tmp_path)
        sent = (tmp_path / FILE).read_bytes()
        happens(first)
        assert (tmp_path / FILE).read_bytes() == sent
        recalculate([second_try(tmp_path / "退回" / FILE, typed)], tmp_path)
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
