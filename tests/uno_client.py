"""The tests' side of uno_script: a LibreOffice that is asked, one question after the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SCRIPT = Path(__file__).with_name("uno_script.py")
_SECONDS = 180  # for one answer, the start of the program included


def find_uno_python(soffice: str) -> str | None:
    """A Python that has ``uno``: LibreOffice's own, or the system's."""
    beside = Path(soffice).resolve().parent
    named = os.environ.get("XLGOALS_UNO_PYTHON")
    places = [named, beside / "python", beside / "python.exe", "/usr/bin/python3", "python3"]
    for place in places:
        found = shutil.which(str(place)) if place else None
        if found and _has_uno(found):
            return found
    return None


def _has_uno(python: str) -> bool:
    tried = subprocess.run(
        [python, "-c", "import uno"], env=_environment(), capture_output=True, timeout=60
    )
    return tried.returncode == 0


def _environment() -> dict[str, str]:
    """The tests' own Python must not show through to another one."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in ours}


class OfficeError(RuntimeError):
    """LibreOffice could not do what it was asked."""


class Office:
    """A running LibreOffice; the actions are the methods of ``uno_script.Program``."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._log = process, log
        self._requests: IO[str] = process.stdin
        self._answers: IO[str] = process.stdout

    def ask(self, action: str, **arguments: Any) -> Any:
        """What an action gives."""
        watch = threading.Timer(_SECONDS, self._process.terminate)
        watch.start()
        try:
            self._requests.write(json.dumps({"do": action, **arguments}) + "\n")
            self._requests.flush()
            line = self._answers.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if not line:
            log = self._log.read_text(encoding="utf-8", errors="replace")
            raise OfficeError(f"no answer to {action}\n{log}")
        reply = json.loads(line)
        if "error" in reply:
            raise OfficeError(f"{action}: {reply['error']}")
        return reply["answer"]


@contextmanager
def running_office(soffice: str, python: str, folder: Path) -> Iterator[Office]:
    """LibreOffice with a profile and a log in ``folder``."""
    log = folder / "log.txt"
    with log.open("wb") as messages:
        process = subprocess.Popen(
            [python, str(SCRIPT), soffice, str(folder / "profile")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            encoding="utf-8",
            env=_environment(),
        )
    with process:
        try:
            yield Office(process, log)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.terminate()
