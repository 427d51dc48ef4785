"""Find or install LibreOffice, and convert files with it.

Standard library only; the quoted annotations are for the same reason as in :mod:`bootstrap`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import SetUpError, install_with_apt, run_quietly, say, shown
from postgres import find_postgresql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SOFFICE_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
)
# Where a Python with UNO may be, beside those on the way: the system's own, LibreOffice's own.
_UNO_PYTHONS = ("/usr/bin/python3", "/Applications/LibreOffice.app/Contents/Resources/python")
_CHINESE_FONTS = ("Noto Serif CJK SC", "SimSun", "宋体")
# Debian package → what it is called elsewhere.
_OFFICE_PACKAGES = {
    "libreoffice-calc-nogui": "LibreOffice Calc (https://www.libreoffice.org)",
    "fonts-noto-cjk": "the fonts Noto Serif CJK SC and Noto Sans CJK SC",
    "poppler-utils": "pdftoppm and pdftotext, from Poppler",
    "gnumeric": "Gnumeric's ssconvert",
    "python3-uno": "a Python that can drive LibreOffice (its module uno)",
    "npm": "npm, which gets the Open XML SDK validator",
    "postgresql": "PostgreSQL's server (its programs initdb and pg_ctl)",
}


class ConversionError(SetUpError):
    """LibreOffice gave no result."""


def ensure_libreoffice() -> "str | None":
    """LibreOffice's program, installed if need be and possible; else None, and a message.

    Poppler, the Chinese fonts and PostgreSQL are treated likewise; :func:`missing_packages` tells.
    """
    missing = missing_packages()
    if missing and install_with_apt(missing):
        missing = missing_packages()
    if missing:
        say("This machine lacks:")
        for package in missing:
            say(f"    {_OFFICE_PACKAGES[package]}")
        if sys.platform.startswith("linux"):
            say("On Debian and Ubuntu: sudo apt-get install " + " ".join(missing))
    return find_libreoffice()


def find_libreoffice() -> "str | None":
    """LibreOffice's program where it is installed."""
    named = os.environ.get("XLGOALS_SOFFICE")
    if named:
        return named
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in _SOFFICE_PLACES if Path(place).is_file()), None)


def find_uno_python() -> "str | None":
    """A Python that can drive LibreOffice; that of a virtual environment cannot."""
    candidates = [*_UNO_PYTHONS, shutil.which("python3"), shutil.which("python")]
    return next((python for python in candidates if python and _has_uno(python)), None)


def _has_uno(python: str) -> bool:
    try:
        # Isolated, or the virtual environment around would be asked.
        run_quietly([python, "-I", "-c", "import uno"])
    except SetUpError:
        return False
    return True


def missing_packages() -> "list[str]":
    """The Debian packages that would supply what is missing."""
    there = {
        "libreoffice-calc-nogui": find_libreoffice() is not None,
        "fonts-noto-cjk": _has_chinese_fonts(),
        "poppler-utils": shutil.which("pdftoppm") is not None,
        "gnumeric": shutil.which("ssconvert") is not None,
        "python3-uno": find_uno_python() is not None,
        "npm": shutil.which("npm") is not None,
        "postgresql": find_postgresql() is not None,
    }
    return [package for package in _OFFICE_PACKAGES if not there[package]]


def _has_chinese_fonts() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    if shutil.which("fc-list") is None:
        return False
    try:
        return any(run_quietly(["fc-list", family]).strip() for family in _CHINESE_FONTS)
    except SetUpError:
        return False


def convert_with_libreoffice(
    soffice: str,
    path: Path,
    to: str,
    outdir: Path,
    profile: Path,
    env: "Mapping[str, str] | None" = None,
    timeout: int = 120,
) -> Path:
    """Convert a file with headless LibreOffice; returns the result in ``outdir``.

    ``to`` is what ``--convert-to`` takes. Processes that run at the same time need a ``profile``
    folder each; a profile in use makes LibreOffice end at once and without a word.
    """
    target = outdir / (path.stem + "." + to.split(":", 1)[0])
    if target.resolve() == path.resolve():
        raise ValueError(f"the result would replace the file itself: {path}")
    _convert(soffice, [target], [path], to, profile, env, timeout)
    return target


def recalculate_with_libreoffice(
    soffice: str, paths: "Sequence[Path]", outdir: Path, profile: Path, timeout: int = 20
) -> "list[Path]":
    """Have workbooks worked out anew and saved; returns the results in ``outdir``.

    One run takes many, because to start takes longer than a workbook. ``profile`` is a folder of
    these runs' own; the timeout is for one workbook.
    """
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    for start in range(0, len(paths), _AT_ONCE):
        batch = paths[start : start + _AT_ONCE]
        targets = [outdir / path.name for path in batch]
        to = "xlsx:Calc MS Excel 2007 XML"
        try:
            _convert(soffice, targets, batch, to, profile, None, timeout * len(batch))
        except ConversionError:
            # A long run may be cut short from outside; what fails by itself fails again.
            _convert(soffice, targets, batch, to, profile, None, timeout * len(batch))
    return [outdir / path.name for path in paths]


# LibreOffice takes no more than 255 words on its command line, and drops the rest silently.
_AT_ONCE = 200
# By default LibreOffice trusts the results that a workbook carries, but for its own.
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def _convert(
    soffice: str,
    targets: "Sequence[Path]",
    paths: "Sequence[Path]",
    to: str,
    profile: Path,
    env: "Mapping[str, str] | None",
    timeout: int,
) -> None:
    """Convert files into the folder of their targets, all in one run."""
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.unlink()
    command = [soffice, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless"]
    command += ["--norestore", "--convert-to", to, "--outdir", str(targets[0].parent)]
    command += map(str, paths)
    # A file, because a pipe would be held open by processes that outlive the one we started.
    with tempfile.TemporaryFile() as log:
        status = _run_with_children(command, log.fileno(), env, timeout)
        log.seek(0)
        output = log.read().decode("utf-8", "replace").strip()[-2000:]
    for path, target in zip(paths, targets):  # noqa: B905 - strict is younger than some Pythons
        if not target.is_file():
            reason = f"no end after {timeout} s" if status is None else f"status {status}"
            raise ConversionError(f"No {to} from {path} ({reason}): {shown(command[:8])}\n{output}")


def _run_with_children(
    command: "Sequence[str]", log: int, env: "Mapping[str, str] | None", timeout: int
) -> "int | None":
    """Run a command; after the timeout end it with all it has started, and return None."""
    process = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait(timeout)
    except BaseException as reason:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(reason, subprocess.TimeoutExpired):
            return None
        raise
