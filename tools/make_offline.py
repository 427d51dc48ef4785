"""Make a folder that installs xlgoals on machines without internet, with plain pip.

.venv/bin/python tools/make_offline.py FOLDER [--extra dask]... [--python 3.12]... [--system linux]

It holds the wheels of xlgoals and of all it needs, for every Python that is supported, on Windows
and Linux (x86-64), a list of checksums, and how to install (in Chinese).
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from bootstrap import ROOT, SetUpError, child_environment, run_main, run_quietly, say

NAME = "xlgoals"
NOTES, SUMS = "离线安装说明.txt", "SHA256SUMS"
_OLDEST_GLIBC, _GLIBC = 5, 28  # 2.28 is what the systems have that offices use
_LEGACY = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
_ROUNDS = 5  # of finding what is still missing
_SYSTEMS: dict[str, dict[str, str]] = {
    "windows": {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
    },
    "linux": {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    },
}


@dataclass(frozen=True)
class Target:
    """A system and a version of Python to install on."""

    system: str
    python: str  # such as 3.12

    @property
    def environment(self) -> dict[str, str]:
        """What markers of requirements are decided by."""
        return {
            **_SYSTEMS[self.system],
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }

    @property
    def platforms(self) -> list[str]:
        """The platforms that wheels may be made for, best first."""
        if self.system == "windows":
            return ["win_amd64"]
        found = []
        for minor in range(_GLIBC, _OLDEST_GLIBC - 1, -1):
            found.append(f"manylinux_2_{minor}_x86_64")
            if minor in _LEGACY:
                found.append(f"{_LEGACY[minor]}_x86_64")
        return [*found, "linux_x86_64"]

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """The tags of the wheels that install there."""
        major, minor = map(int, self.python.split("."))
        version, interpreter = (major, minor), f"cp{major}{minor}"
        return frozenset(
            (
                *cpython_tags(version, [interpreter], self.platforms),
                *compatible_tags(version, interpreter, self.platforms),
            )
        )

    def __str__(self) -> str:
        return f"{self.system}, Python {self.python}"


class Wheel:
    """A wheel, and what it says of itself."""

    def __init__(self, path: Path) -> None:
        name, self.version, _, self.tags = parse_wheel_filename(path.name)
        self.name = str(name)
        with zipfile.ZipFile(path) as archive:
            (place,) = [n for n in archive.namelist() if re.fullmatch(r"[^/]+/METADATA", n)]
            said: Message = BytesParser().parsebytes(archive.read(place), headersonly=True)
        self._python = SpecifierSet(said.get("Requires-Python", ""))
        self.requires = [Requirement(text) for text in said.get_all("Requires-Dist", [])]

    def fits(self, target: Target) -> bool:
        """Whether it installs on a target."""
        return bool(self.tags & target.tags) and self._python.contains(f"{target.python}.0")


def missing(folder: Path, root: Requirement, target: Target) -> list[str]:
    """What pip would not find in the folder on a target, as requirements without markers."""
    wheels: dict[str, list[Wheel]] = {}
    for path in folder.glob("*.whl"):
        wheel = Wheel(path)
        if wheel.fits(target):
            wheels.setdefault(wheel.name, []).append(wheel)
    lacking: set[str] = set()
    wanted, seen = [root], set[str]()
    while wanted:
        requirement = wanted.pop()
        requirement.marker = None
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        found = _newest(wheels.get(canonicalize_name(requirement.name), ()), requirement)
        if found is None:
            lacking.add(str(requirement))
        else:
            wanted += _required(found, requirement.extras, target.environment)
    return sorted(lacking)


def _newest(wheels: Iterable[Wheel], requirement: Requirement) -> Wheel | None:
    fitting = [wheel for wheel in wheels if requirement.specifier.contains(wheel.version)]
    return max(fitting, key=lambda wheel: wheel.version, default=None)


def _required(
    wheel: Wheel, extras: Iterable[str], environment: Mapping[str, str]
) -> Iterator[Requirement]:
    for requirement in wheel.requires:
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)
        ):
            yield Requirement(str(requirement))


def checksums(folder: Path) -> str:
    """The checksums of all wheels of a folder, as ``sha256sum -c`` reads them."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.glob("*.whl"))
    ]
    return "".join(lines)


def supported_pythons() -> list[str]:
    """The versions of Python that the project says it supports."""
    said = "\n".join(_project()["classifiers"])
    return re.findall(r"^Programming Language :: Python :: (3\.\d+)$", said, re.MULTILINE)


def offered_extras() -> list[str]:
    """The extras that somebody may want who only uses the program."""
    return [name for name in _project()["optional-dependencies"] if name != "dev"]


def _project() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads(
        (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )["project"]
    return found


def make(folder: Path, extras: Sequence[str], targets: Sequence[Target]) -> None:
    """Fill a folder; it is there whole or not at all."""
    if folder.exists():
        raise SetUpError(f"{folder} is there already; name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".offline-", dir=folder.parent) as temporary:
        filling = Path(temporary, "wheels")
        filling.mkdir()
        own = _own_wheel(filling)
        for target in targets:
            say(f"Collecting wheels for {target} ...")
            collect(filling, own, extras, target)
        (filling / SUMS).write_text(checksums(filling), encoding="utf-8", newline="\n")
        notes = _notes(Wheel(own).version, extras, targets)
        # As the Windows editor expects it.
        (filling / NOTES).write_text(notes, encoding="utf-8-sig", newline="\r\n")
        shutil.move(filling, folder)


def _pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    run_quietly(command, child_environment())


def _own_wheel(folder: Path) -> Path:
    _pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (own,) = folder.glob(f"{NAME}-*.whl")
    return own


def collect(folder: Path, own: Path, extras: Sequence[str], target: Target) -> None:
    """Download what a target needs.

    pip decides markers such as ``sys_platform == "win32"`` by the system it runs on; so we look
    what is missing on the target, and have it downloaded, too, until nothing is.
    """
    chosen = f"[{','.join(extras)}]" if extras else ""
    root = f"{NAME}{chosen}"
    platforms = [part for platform in target.platforms for part in ("--platform", platform)]
    also: list[str] = []
    for _ in range(_ROUNDS):
        _pip(
            *("download", "--only-binary=:all:", "--implementation", "cp", *platforms),
            *("--python-version", target.python, "--find-links", folder, "--dest", folder),
            *(f"{root} @ {own.as_uri()}", *also),
        )
        lacking = missing(folder, Requirement(root), target)
        if not lacking:
            return
        also += lacking
    raise SetUpError(f"For {target} there is no wheel of: {', '.join(lacking)}")


def _notes(version: Version, extras: Sequence[str], targets: Sequence[Target]) -> str:
    systems = {"windows": "Windows（64 位）", "linux": "Linux（x86-64，glibc 2.28 或更新）"}
    pythons = "、".join(dict.fromkeys(target.python for target in targets))
    names = "、".join(dict.fromkeys(systems[target.system] for target in targets))
    package = NAME + (f"[{','.join(extras)}]" if extras else "")
    return _TEXT.format(version=version, pythons=pythons, systems=names, package=package, sums=SUMS)


_TEXT = """\
xlgoals {version} 离线安装说明

本文件夹内是 xlgoals 及其所需的全部组件，安装时不需要联网。
适用的系统：{systems}。
适用的 Python：{pythons}（请先装好其中任一版本；Windows 版安装时请勾选“Add python.exe to PATH”）。

一、把整个文件夹拷到要安装的电脑上，在这个文件夹里打开命令行窗口。
    Windows：在文件夹的地址栏里输入 cmd，按回车。

二、依次运行：

  Windows：
    py -m venv %USERPROFILE%\\xlgoals
    %USERPROFILE%\\xlgoals\\Scripts\\python -m pip install --no-index --find-links . "{package}"
    %USERPROFILE%\\xlgoals\\Scripts\\xlgoals --version

  Linux：
    python3 -m venv ~/xlgoals
    ~/xlgoals/bin/python -m pip install --no-index --find-links . "{package}"
    ~/xlgoals/bin/xlgoals --version

    最后一行显示 {version}，就是装好了。以后运行 xlgoals，用的就是这个文件夹里的程序。

三、核对文件是否完整（可以不做）：
    Linux：sha256sum -c {sums}
    Windows：certutil -hashfile 文件名 SHA256，与 {sums} 中的一行比较。

升级时换用新版本的文件夹，再运行一次第二步的第二行，在 install 后面加上 --upgrade。
"""


def main() -> int:
    """Make the folder that was asked for."""
    options = _options()
    targets = [
        Target(system, python)
        for system in options.system or _SYSTEMS
        for python in options.python or supported_pythons()
    ]
    make(options.folder.resolve(), options.extra, targets)
    print(options.folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
    parser.add_argument(
        "--extra", action="append", default=[], choices=offered_extras(), help="with this extra"
    )
    parser.add_argument(
        "--python", action="append", choices=supported_pythons(), help="only this version"
    )
    parser.add_argument("--system", action="append", choices=list(_SYSTEMS), help="only this one")
    return parser.parse_args()


if __name__ == "__main__":
    run_main(main)
