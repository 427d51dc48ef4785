"""LibreOffice kept running for a test module, and asked what it sees and does in a workbook."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

_WORKER = Path(__file__).with_name("uno_worker.py")
_STEP_SECONDS = 120
# What the filler's LibreOffice is set to: the locale decides how a typed date is understood.
_CHINESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>
"""


class OfficeError(AssertionError):
    """LibreOffice could not do a step, took too long or is gone."""


class OfficeSession:
    """One LibreOffice; ``ask("type", sheet="项目1", …)`` does a step of ``uno_worker``."""

    def __init__(self, python: str, soffice: str, folder: Path) -> None:
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_CHINESE, encoding="utf-8")
        self._log = folder / "office.log"
        with self._log.open("wb") as log:
            self._worker = subprocess.Popen(
                [python, str(_WORKER), soffice, str(profile)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                # Not the environment of the tests: that one's Python is another.
                env={
                    k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))
                },
                start_new_session=True,
            )

    def ask(self, step: str, **arguments: Any) -> Any:
        """The answer of one step; raises OfficeError where there is none."""
        line = json.dumps([step, arguments])
        with self._no_longer_than(_STEP_SECONDS):
            answer = self._exchange(line)
        if not answer:
            log = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise OfficeError(f"LibreOffice is gone, asked for {line}\n{log}")
        found = json.loads(answer)
        if "error" in found:
            raise OfficeError(f"{line}: {found['error']}")
        return found["answer"]

    def _exchange(self, line: str) -> str:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        try:
            self._worker.stdin.write(line + "\n")
            self._worker.stdin.flush()
        except BrokenPipeError:
            return ""
        return self._worker.stdout.readline()

    def close(self) -> None:
        """End LibreOffice, by force where it does not go by itself."""
        assert self._worker.stdin is not None
        try:
            self._worker.stdin.close()
            self._worker.wait(20)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            pass
        finally:
            self._kill()
            self._worker.wait()

    @contextmanager
    def _no_longer_than(self, seconds: float) -> Iterator[None]:
        timer = Timer(seconds, self._kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self) -> None:
        """End the worker and the LibreOffice that it started; both are in a group of their own."""
        with suppress(ProcessLookupError):
            os.killpg(self._worker.pid, signal.SIGKILL)
