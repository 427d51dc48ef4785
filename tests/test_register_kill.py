"""Killed at any moment and run again, the register is as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from raw_sql import is_postgresql, run_sql
from returned import put
from xlgoals.cli.main import cli

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills so here"),
]

KILLS = {"sqlite": 10, "postgresql": 5}
FILES = 40
_XLGOALS = (sys.executable, "-m", "xlgoals")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    for number in range(FILES):
        saved = f"2020-03-{1 + number % 28:02}T08:00:00Z"
        put(folder, f"{number:02}.xlsx", unit=f"单位{number % 20:02}", saved=saved)
    (folder / "bad.xlsx").write_bytes(b"PK\3\4")
    return folder


@pytest.fixture
def summary(tmp_path: Path) -> Path:
    return tmp_path / "summary.xlsx"


def start(inbox: Path, register: str, summary: Path) -> subprocess.Popen[bytes]:
    """Consolidate with two processes, so that the kill hits the one that writes."""
    command = [*_XLGOALS, "consolidate", str(inbox), "-o", str(summary), "--register", register]
    return subprocess.Popen(
        [*command, "-q", "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(inbox: Path, register: str, summary: Path) -> None:
    process = start(inbox, register, summary)
    _, said = process.communicate(timeout=300)
    assert process.returncode in (0, 1), said.decode()


def exports(register: str) -> list[bytes]:
    asked = ["export", "--register", register, "--format", "jsonl", "--history"]
    return [
        CliRunner().invoke(cli, [*asked, "--what", what], catch_exceptions=False).stdout_bytes
        for what in ("forms", "indicators", "findings", "files")
    ]


def check(register: str) -> None:
    """A file that is damaged says so; a server would have told its log, and not answer."""
    if is_postgresql(register):
        assert run_sql(register, "SELECT 1") == [(1,)]
    elif Path(register).exists():
        assert run_sql(register, "PRAGMA integrity_check") == [("ok",)]


def test_killed_at_random_moments_and_run_again(
    inbox: Path, summary: Path, new_register: Callable[[], str]
) -> None:
    whole = new_register()
    began = time.monotonic()
    finish(inbox, whole, summary)
    takes = time.monotonic() - began
    expected = exports(whole)
    assert all(expected)
    chance = random.Random(20)
    killed = 0
    while killed < KILLS["postgresql" if is_postgresql(whole) else "sqlite"]:
        register = new_register()
        # Killed again and again, each time later in the work, until a run is quick enough.
        while not ended(start(inbox, register, summary), chance.uniform(0, takes)):
            killed += 1
            check(register)
        finish(inbox, register, summary)
        assert exports(register) == expected


def ended(process: subprocess.Popen[bytes], after: float) -> bool:
    """Whether a run came to its end in that time; else it is killed with all its processes."""
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return False
    return True


def test_two_runs_at_once_give_what_one_gives(
    inbox: Path, summary: Path, new_register: Callable[[], str]
) -> None:
    alone, together = new_register(), new_register()
    finish(inbox, alone, summary)
    runs = [start(inbox, together, summary), start(inbox, together, summary)]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode in (0, 1), said.decode()
    assert exports(together) == exports(alone)
