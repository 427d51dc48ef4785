"""Packages of npm that tests use, installed aside once."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bootstrap import ROOT, SetUpError, run_quietly

_CACHE = ROOT / ".cache" / "npm"


def installed(package: str, version: str) -> Path:
    """The folder of a package, with those it needs beside it. Raises SetUpError without npm."""
    place = _CACHE / f"{package.replace('/', '+')}@{version}"
    if not place.is_dir():
        npm = shutil.which("npm")
        if npm is None:
            raise SetUpError(f"npm is needed to install {package}")
        with _only_one():
            if not place.is_dir():
                _install(npm, f"{package}@{version}", place)
    return place / "node_modules" / package


def _install(npm: str, wanted: str, place: Path) -> None:
    """Install it aside, then move it to its place, so that it is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
        run_quietly(
            [
                *(npm, "install", "--prefix", folder, wanted),
                *("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
            ]
        )
        done = Path(folder, "done")
        done.mkdir()
        Path(folder, "node_modules").rename(done / "node_modules")
        done.rename(place)


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
