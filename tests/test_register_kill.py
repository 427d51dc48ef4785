"""Killed at any moment and run again, the register is as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from returned import put

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills so here"),
]

KILLS = 10
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


def start(inbox: Path, register: Path) -> subprocess.Popen[bytes]:
    """Consolidate with two processes, so that the kill hits the one that writes."""
    summary = register.parent / "summary.xlsx"
    command: list[str | Path] = [
        *_XLGOALS,
        "consolidate",
        inbox,
        "-o",
        summary,
        "--register",
        register,
        "-q",
    ]
    return subprocess.Popen(
        [*command, "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(inbox: Path, register: Path) -> None:
    process = start(inbox, register)
    _, said = process.communicate(timeout=300)
    assert process.returncode in (0, 1), said.decode()


def exports(register: Path) -> list[bytes]:
    return [
        subprocess.run(
            [*_XLGOALS, "export", "--register", register, "--format", "jsonl", "--what", what,
             "--history"],
            capture_output=True,
            check=True,
        ).stdout
        for what in ("forms", "indicators", "findings", "files")
    ]  # fmt: skip


def test_killed_at_random_moments_and_run_again(inbox: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole" / "season.db"
    whole.parent.mkdir()
    began = time.monotonic()
    finish(inbox, whole)
    takes = time.monotonic() - began
    expected = exports(whole)
    assert all(expected)
    chance = random.Random(20)
    killed = registers = 0
    while killed < KILLS:
        registers += 1
        register = tmp_path / str(registers) / "season.db"
        register.parent.mkdir()
        # Killed again and again, each time later in the work, until a run is quick enough.
        while (process := start(inbox, register)) and not ended(process, chance.uniform(0, takes)):
            killed += 1
            if register.exists():
                with sqlite3.connect(register) as connection:
                    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        finish(inbox, register)
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


def test_two_runs_at_once_give_what_one_gives(inbox: Path, tmp_path: Path) -> None:
    alone, together = tmp_path / "alone.db", tmp_path / "together.db"
    finish(inbox, alone)
    runs = [start(inbox, together), start(inbox, together)]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode in (0, 1), said.decode()
    assert exports(together) == exports(alone)
