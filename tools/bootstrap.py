"""Make the virtual environment that the other tools run in.

Standard library only. The syntax stays within Python 3.6, so that an older Python gets to say
that it is too old; hence the quoted annotations.

Run by itself, ``python3 tools/bootstrap.py [EXTRA...]`` makes ``.venv`` and prints its Python.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)

_STAMP = ENVIRONMENT / "xlgoals-installed.json"
_SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
_SUFFIX = ".exe" if os.name == "nt" else ""

# What would make a Python or its pip look elsewhere than into the environment.
_MISLEADING = {
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
}


class SetUpError(Exception):
    """Something that cannot be set up or done here; the text is for the person at the keyboard."""


class CommandError(SetUpError):
    """A command that failed: which one, and the last it said."""

    def __init__(self, command: "Sequence[str]", status: int, output: str) -> None:
        lines = [line for line in output.splitlines() if line.strip()]
        last = "\n".join("    " + line for line in lines[-15:]) or "    (it printed nothing)"
        super().__init__(f"This command failed with status {status}:\n    {shown(command)}\n{last}")


def shown(command: "Iterable[str]") -> str:
    """A command as one would type it."""
    return " ".join(shlex.quote(part) for part in command)


def say(text: str) -> None:
    """Tell the person at the keyboard; standard output is left to results."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def in_ci() -> bool:
    """Whether this is a continuous integration run, where nothing may be left out."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def run_main(main: "Callable[[], int]") -> None:
    """Run a tool's main function; foreseeable failures end with a message, not a traceback."""
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = (".".join(str(n) for n in v[:2]) for v in (OLDEST_PYTHON, sys.version_info))
        say(f"This needs Python {wanted} or newer, but {sys.executable} is Python {found}.")
        say("Run it again with a newer one, for example: python3.12 " + shown(sys.argv))
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except (SetUpError, OSError) as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def run_quietly(command: "Sequence[str]", env: "Mapping[str, str] | None" = None) -> str:
    """Run a command whose output matters only when it fails; returns the output."""
    try:
        done = subprocess.run(
            command,
            cwd=str(ROOT),
            env=env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise SetUpError(f"Cannot start this command: {shown(command)}\n    {error}") from None
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise CommandError(command, done.returncode, output)
    return output


# The virtual environment


def prepare(extras: "Iterable[str]" = ()) -> Path:
    """Make or reuse ``.venv`` with the project installed editable; returns its Python."""
    _make_environment()
    wanted = _stamp(extras)
    found = _read_stamp()
    if found:
        # Extras that an earlier run installed stay.
        wanted["extras"] = sorted({*wanted["extras"], *found["extras"]})
    if found == wanted and program("xlgoals").exists():
        return program("python")
    if _STAMP.exists():
        _STAMP.unlink()
    project = "." + ("[" + ",".join(wanted["extras"]) + "]" if wanted["extras"] else "")
    say(f"Installing {project} into {ENVIRONMENT.name} ...")
    pip = [str(program("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run_quietly([*pip, "--editable", project], child_environment())
    _STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    return program("python")


def program(name: str) -> Path:
    """A program of the virtual environment."""
    return _SCRIPTS / (name + _SUFFIX)


def child_environment(**more: str) -> "dict[str, str]":
    """The environment variables for programs of the virtual environment, as if it was active."""
    env = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    env["VIRTUAL_ENV"] = str(ENVIRONMENT)
    env["PATH"] = str(_SCRIPTS) + os.pathsep + env.get("PATH", os.defpath)
    env.update(more)
    return env


def _make_environment() -> None:
    if _python_works():
        try:
            _ensure_pip()
        except SetUpError:
            say(f"{ENVIRONMENT.name} has no pip and none can be added; making it anew.")
        else:
            return
    elif ENVIRONMENT.is_dir():
        say(f"{ENVIRONMENT.name} is unusable; making it anew.")
    base = _base_python()
    say(f"Making the virtual environment {ENVIRONMENT.name} ...")
    try:
        _new_environment(base)
    except SetUpError as problem:
        _remove_environment()
        package = _package_for_environments()
        if package is None:
            advice = (
                "" if _has_module("ensurepip") else f" Give {base} a pip, or use another Python."
            )
            raise SetUpError(f"{problem}\nSo there is no virtual environment.{advice}") from None
        if not install_with_apt([package]):
            advice = f"Install the package it needs, then try again: sudo apt-get install {package}"
            raise SetUpError(f"{problem}\nSo there is no virtual environment. {advice}") from None
        _new_environment(base)


def _new_environment(base: str) -> None:
    _remove_environment()
    # With pip at once, a Debian without python3-venv leaves half an environment.
    run_quietly([base, "-m", "venv", "--without-pip", str(ENVIRONMENT)], _plain_environment())
    _ensure_pip()


def _package_for_environments() -> "str | None":
    """What Debian's Python lacks for virtual environments; None for any other Python."""
    complete = _has_module("venv") and _has_module("ensurepip")
    if complete or sys.base_prefix != "/usr" or shutil.which("apt-get") is None:
        return None
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def _base_python() -> str:
    """The Python to make the environment with: not the one inside, which may be removed."""
    base = Path(getattr(sys, "_base_executable", None) or sys.executable)
    # Half an environment does not know its base, but its Python may be a link to it.
    return str(base.resolve() if ENVIRONMENT in base.parents else base)


def _python_works() -> bool:
    right = f"sys.prefix != sys.base_prefix and sys.version_info >= {OLDEST_PYTHON}"
    probe = f"import sys; sys.exit(not ({right}))"
    try:
        _run_inside("-c", probe)
    except SetUpError:
        return False
    return (ENVIRONMENT / "pyvenv.cfg").is_file()


def _ensure_pip() -> None:
    """See to it that the environment has pip: Python's own copy, else by a pip elsewhere."""
    problems = []
    attempts: list[Callable[[], object]] = [
        lambda: None,
        lambda: _run_inside("-m", "ensurepip", "--upgrade", "--default-pip"),
        *(
            partial(_pip_from, outside)
            for outside in dict.fromkeys((_base_python(), sys.executable))
        ),
    ]
    for attempt in attempts:
        try:
            attempt()
            _run_inside("-m", "pip", "--version")
        except SetUpError as problem:
            problems.append(problem)
        else:
            return
    # Where there is an ensurepip, its failure tells more than that of another pip.
    raise problems[1 if _has_module("ensurepip") else -1]


def _has_module(name: str) -> bool:
    spec = find_spec(name)
    # A folder that a removed package left behind has no origin.
    return spec is not None and spec.origin is not None


def _pip_from(outside: str) -> None:
    pip = [outside, "-m", "pip", "--disable-pip-version-check", "--python", str(program("python"))]
    run_quietly([*pip, "install", "--quiet", "pip"], _plain_environment())


def _run_inside(*arguments: str) -> str:
    return run_quietly([str(program("python")), "-I", *arguments], _plain_environment())


def _plain_environment() -> "dict[str, str]":
    return {key: value for key, value in os.environ.items() if key not in _MISLEADING}


def _remove_environment() -> None:
    if ENVIRONMENT.is_symlink():
        ENVIRONMENT.unlink()
    elif ENVIRONMENT.is_dir():
        shutil.rmtree(str(ENVIRONMENT))
    elif ENVIRONMENT.exists():
        raise SetUpError(f"{ENVIRONMENT} is in the way: it should be a folder. Please move it.")


def _stamp(extras: "Iterable[str]") -> "dict[str, Any]":
    """What an installation depends on."""
    python = _run_inside("-c", "import sys; print(sys.version)")
    return {
        "extras": sorted(set(extras)),
        "location": str(ROOT),
        "pyproject": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
        "python": python.strip(),
    }


def _read_stamp() -> "dict[str, Any] | None":
    try:
        stamp = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and isinstance(stamp.get("extras"), list) else None


# Packages of the system


def install_with_apt(packages: "Sequence[str]") -> bool:
    """Install Debian packages where we may without asking; says what went wrong."""
    root = _become_root()
    if root is None or shutil.which("apt-get") is None:
        return False
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    say(f"Installing {', '.join(packages)} with apt-get ...")
    try:
        try:
            run_quietly(install)
        except CommandError:
            # The lists of packages are missing or out of date.
            run_quietly([*apt, "update"])
            run_quietly(install)
    except SetUpError as error:
        say(str(error))
        return False
    return True


def _become_root() -> "list[str] | None":
    """What to put before a command that needs root; None where that needs a password."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    try:
        run_quietly(["sudo", "-n", "true"])
    except SetUpError:
        return None
    return ["sudo", "-n"]


def _main() -> int:
    print(prepare(sys.argv[1:]))
    return 0


if __name__ == "__main__":
    run_main(_main)
