"""Fixtures that many tests share."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from bootstrap import ROOT, in_ci
from office import (
    convert_with_libreoffice,
    find_chromium,
    find_libreoffice,
    find_uno_python,
    recalculate_with_libreoffice,
)
from postgres import PostgresServer, find_postgresql
from uno_session import OfficeSession

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Messages follow the locale: here they are Chinese, wherever the tests run.
for _name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(_name, None)
os.environ["LANG"] = "C.UTF-8"
# Help is folded as wide as the terminal is.
os.environ["COLUMNS"] = "80"

# What a shell starts in the background is deaf to Ctrl-C, and so is all that it starts in turn:
# tests that interrupt a program would wait for its end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The processes that run tests, and those that they start, all need the same modules: each compiles
# what no other has.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

FORMATS_DIR = ROOT / "tests" / "data" / "formats"

# What keeps a register; a server takes its time to start.
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]

Convert = Callable[[Path, str, Path], Path]
Recalculate = Callable[[Sequence[Path], Path], list[Path]]


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's program; without it the test is skipped, or fails in continuous integration."""
    if os.environ.get("XLGOALS_WITHOUT_LIBREOFFICE"):
        _leave_out("XLGOALS_WITHOUT_LIBREOFFICE is set")
    found = find_libreoffice()
    if found is None:
        _leave_out("LibreOffice is not installed")
    return found


def _leave_out(reason: str) -> NoReturn:
    if in_ci():
        pytest.fail(f"{reason}, and in continuous integration no test may be left out")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def convert(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """``convert(path, to, outdir)``: the file that LibreOffice makes of ``path`` in ``outdir``.

    ``to`` is a suffix such as ``pdf``, with or without a filter. The profile is this process's
    own, so that parallel workers do not get into each other's way.
    """
    profile = tmp_path_factory.mktemp("libreoffice") / "profile"

    def run(path: Path, to: str, outdir: Path) -> Path:
        return convert_with_libreoffice(soffice, path, to, outdir, profile)

    return run


@pytest.fixture(scope="session")
def recalculate(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """``recalculate(paths, outdir)``: the workbooks with every formula worked out anew."""
    profile = tmp_path_factory.mktemp("recalculation") / "profile"

    def run(paths: Sequence[Path], outdir: Path) -> list[Path]:
        return recalculate_with_libreoffice(soffice, paths, outdir, profile)

    return run


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeSession]:
    """LibreOffice running, with a Chinese filler's settings, to be asked step by step."""
    python = find_uno_python()
    if python is None:
        _leave_out("no Python here can drive LibreOffice (Debian: python3-uno)")
    session = OfficeSession(python, soffice, tmp_path_factory.mktemp("office"))
    try:
        yield session
    finally:
        session.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    if find_chromium() is None:
        _leave_out("Chromium is not installed")
    from browser import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def gnumeric() -> Convert:
    """The same by Gnumeric, which knows only ``xlsx`` here."""
    if shutil.which("ssconvert") is None:
        _leave_out("Gnumeric is not installed")

    def run(path: Path, to: str, outdir: Path) -> Path:
        assert to == "xlsx"
        outdir.mkdir(exist_ok=True)
        target = outdir / f"gnumeric-{path.name}"
        command = ["ssconvert", "--recalc", str(path), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return target

    return run


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A server of this session's own; without its programs the test is skipped, as above."""
    programs = find_postgresql()
    if programs is None:
        _leave_out("PostgreSQL's server is not installed (Debian: postgresql)")
    server = PostgresServer(programs)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module", params=DATABASES)
def new_register(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """``new_register()``: where a register may be made that does not exist yet."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        return server.new_database
    return lambda: str(tmp_path_factory.mktemp("register") / "season.db")


@pytest.fixture
def register_url(new_register: Callable[[], str]) -> str:
    """Where this test's own register may be made, in each kind of database."""
    return new_register()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder for what units return."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def shanghai(tmp_path: Path) -> Path:
    """The file of a campaign with one unit and one project."""
    from campaigns import one_project

    return one_project(tmp_path)


@pytest.fixture(scope="session")
def examples_dir() -> Path:
    """The folder of the examples."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def templates_dir() -> Path:
    """The folder of the blank official workbooks."""
    return ROOT / "templates"


def pytest_configure(config: pytest.Config) -> None:
    """How fast an example is tried is the machine's matter, and that of what else runs there."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", 0):
        from hypothesis import HealthCheck, settings

        patient = [*settings().suppress_health_check, HealthCheck.too_slow]
        terms = settings(deadline=None, suppress_health_check=patient)
        settings.register_profile("any machine", terms)
        settings.load_profile("any machine")


def pytest_collection_finish() -> None:
    """What is there once all tests are known stays: looking it through again and again is dear."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
