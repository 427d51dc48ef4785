"""The command disturbed at a step of its own: on any machine, however slow, at the same place."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

_CODE = """\
import os
import sys
from pkgutil import resolve_name

from xlgoals.cli import main

step, count, number, process = sys.argv[1:5]
del sys.argv[1:5]
owner, _, name = step.rpartition(".")
place = resolve_name(owner)
real, left = getattr(place, name), int(count)


def disturbed(*arguments, **terms):
    global left
    done = real(*arguments, **terms)
    left -= 1
    if left == 0:
        os.kill(int(process) or os.getpid(), int(number))
    return done


setattr(place, name, disturbed)
main()
"""


def start_disturbed(
    step: str,
    arguments: tuple[str | Path, ...],
    *,
    count: int = 1,
    sent: int = signal.SIGINT,
    to: int = 0,
    cwd: Path | None = None,
) -> subprocess.Popen[str]:
    """Start ``xlgoals ARGUMENT...``, in which a signal is sent once a step is done ``count`` times.

    The step is a function of the program, such as ``package.module.name`` or
    ``package.module:Class.name``; the signal goes to the command itself, or to another process.
    """
    told = (step, str(count), str(int(sent)), str(to))
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, *told, *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
