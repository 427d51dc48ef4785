"""The command line as a script meets it: arguments in; exit status, results and messages out."""

from __future__ import annotations

import gettext
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from xlgoals.cli import main
from xlgoals.language import Language, speaking

Argument = str | bytes | Path


def run(*arguments: Argument, **environment: str) -> CompletedProcess[str]:
    """Run the command in this process, which it leaves as it was.

    What depends on being a process of its own (signals, pipes, imports, the encoding of a console)
    is asked of :func:`run_process`.
    """
    done = run_bytes(*arguments, **environment)
    texts = (written.decode("utf-8") for written in (done.stdout, done.stderr))
    return CompletedProcess(done.args, done.returncode, *texts)


def run_bytes(*arguments: Argument, **environment: str) -> CompletedProcess[bytes]:
    """The same with results and messages as they are written."""
    status: Any = None
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    domain = gettext.textdomain()
    with pytest.MonkeyPatch.context() as here, speaking(Language.ZH):
        here.setattr(sys, "argv", ["xlgoals", *map(os.fsdecode, arguments)])
        here.setattr(sys, "stdout", out)
        here.setattr(sys, "stderr", err)
        # The command sets it; so it is put back.
        here.setenv("LANGUAGE", "")
        for name, value in environment.items():
            here.setenv(name, value)
        try:
            main()
        except SystemExit as ended:
            status = ended.code
        finally:
            gettext.textdomain(domain)
    return CompletedProcess(arguments, status or 0, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.seek(0)
    return bytes(stream.buffer.read())


def run_process(*arguments: Argument, **environment: str) -> CompletedProcess[str]:
    """Run the command in a process of its own."""
    return run_python("-m", "xlgoals", *arguments, **environment)


def run_python(*arguments: Argument, **environment: str) -> CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def as_json(done: CompletedProcess[str]) -> Any:
    """What the command printed."""
    return json.loads(done.stdout)
