"""Stopped at any moment and run again, a refresh is as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import xlgoals
from campaigns import campaign
from disturbed import start_disturbed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills so here"),
]

UNITS, KILLS, INTERRUPTED = 24, 3, 130


@pytest.fixture
def file(tmp_path: Path) -> Path:
    roster = [f"{number:03},第{number}馆,,展览{number},," for number in range(UNITS)]
    return campaign(tmp_path, [], roster, layout='"shanghai-2020"', fiscal_year=2021)


def start(file: Path, outbox: Path) -> subprocess.Popen[bytes]:
    """A refresh by two processes, in a group of its own."""
    command = [sys.executable, "-m", "xlgoals", "refresh", str(file), "--outbox", str(outbox)]
    return subprocess.Popen(
        [*command, "--jobs", "2", "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def workbooks(outbox: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in outbox.glob("*.xlsx")}


def test_killed_at_random_moments_and_run_again(file: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    run = start(file, tmp_path / "whole")
    run.communicate(timeout=300)
    takes = time.monotonic() - began
    whole = workbooks(tmp_path / "whole")
    assert (run.returncode, len(whole)) == (0, UNITS)
    chance = random.Random(20)
    for number in range(KILLS):
        outbox = tmp_path / str(number)
        run = start(file, outbox)
        time.sleep(chance.uniform(0.3, 0.9) * takes)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        left = workbooks(outbox)
        assert all(whole[name] == data for name, data in left.items())
        again = start(file, outbox)
        again.communicate(timeout=300)
        assert (again.returncode, workbooks(outbox)) == (0, whole)


def test_interrupted_it_says_how_to_go_on(file: Path, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    asked = ("refresh", file, "--outbox", outbox, "--jobs", "2", "-q")
    run = start_disturbed("xlgoals.campaign.refresh._entry", asked)
    _, said = run.communicate(timeout=300)
    assert run.returncode == INTERRUPTED
    assert "再次运行同一命令即可接着写" in said
    assert 0 < len(workbooks(outbox)) < UNITS
    assert all(xlgoals.read(path).records for path in outbox.glob("*.xlsx"))
    assert {path.suffix for path in outbox.iterdir()} <= {".xlsx", ".json"}
