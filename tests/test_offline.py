"""A folder of wheels that installs where there is no internet."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import make_offline
from make_offline import NOTES, SUMS, Target, missing

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
WINDOWS, LINUX = Target("windows", PYTHON), Target("linux", PYTHON)
XLGOALS = Requirement("xlgoals")
ROOT = Path(__file__).resolve().parent.parent


def wheel(
    folder: Path, name: str, *requires: str, version: str = "1.0", tag: str = "py3-none-any"
) -> Path:
    """A wheel that holds nothing but what it says of itself."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nProvides-Extra: more\n"]
    lines += [f"Requires-Dist: {text}\n" for text in requires]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", "".join(lines))
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def test_what_only_one_system_or_python_needs_is_missed_there_and_only_there(
    tmp_path: Path,
) -> None:
    wheel(
        tmp_path,
        "xlgoals",
        "colours; platform_system == 'Windows'",
        "zones>=2; sys_platform == 'win32' and extra == 'more'",
        "older; python_version < '3.12'",
    )
    wheel(tmp_path, "zones")
    more = Requirement("xlgoals[more]")
    assert missing(tmp_path, XLGOALS, Target("linux", "3.12")) == []
    assert missing(tmp_path, XLGOALS, Target("linux", "3.11")) == ["older"]
    assert missing(tmp_path, XLGOALS, Target("windows", "3.12")) == ["colours"]
    assert missing(tmp_path, more, Target("linux", "3.12")) == []
    assert missing(tmp_path, more, Target("windows", "3.12")) == ["colours", "zones>=2"]
    wheel(tmp_path, "colours", "deep")
    wheel(tmp_path, "zones", version="2.1")
    assert missing(tmp_path, more, Target("windows", "3.12")) == ["deep"]


@pytest.mark.parametrize(
    ("tag", "installs_on"),
    [
        ("py3-none-any", {"windows", "linux"}),
        ("cp312-cp312-win_amd64", {"windows"}),
        ("cp38-abi3-win_amd64", {"windows"}),
        ("cp312-cp312-manylinux_2_17_x86_64", {"linux"}),
        ("cp312-cp312-manylinux2014_x86_64", {"linux"}),
        ("cp312-cp312-manylinux_2_34_x86_64", set()),
        ("cp311-cp311-win_amd64", set()),
        ("cp312-cp312-win32", set()),
        ("cp312-cp312-macosx_11_0_arm64", set()),
        ("cp312-cp312-musllinux_1_2_x86_64", set()),
    ],
)
def test_a_wheel_counts_where_it_installs(tmp_path: Path, tag: str, installs_on: set[str]) -> None:
    wheel(tmp_path, "xlgoals", tag=tag)
    found = {
        system
        for system in ("windows", "linux")
        if not missing(tmp_path, XLGOALS, Target(system, "3.12"))
    }
    assert found == installs_on


def test_every_python_is_served_that_the_project_supports() -> None:
    assert PYTHON in make_offline.supported_pythons() or sys.version_info >= (3, 14)
    assert "dask" in make_offline.offered_extras()
    assert "dev" not in make_offline.offered_extras()


@pytest.mark.slow
def test_what_only_windows_needs_is_downloaded_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = tmp_path / "offered"
    wheel(offered, "colours", "deep; platform_system == 'Windows'")
    wheel(offered, "deep")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(offered))
    for target, names in ((LINUX, set()), (WINDOWS, {"colours", "deep"})):
        folder = tmp_path / target.system
        own = wheel(folder, "xlgoals", "colours; sys_platform == 'win32'")
        make_offline.collect(folder, own, [], target)
        assert {path.name.split("-")[0] for path in folder.iterdir()} == {"xlgoals", *names}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="runs what the notes say for Linux")
def test_the_folder_is_complete_and_installs_without_an_index(
    tmp_path: Path, examples_dir: Path
) -> None:
    # One test, since the folder takes long to make.
    folder = tmp_path / "xlgoals-offline"
    tool = str(ROOT / "tools" / "make_offline.py")
    command = [sys.executable, tool, str(folder), "--python", PYTHON]
    subprocess.run(command, check=True, capture_output=True)
    nothing_is_missing(folder)
    it_installs_as_the_notes_say(folder, tmp_path, examples_dir)


def nothing_is_missing(folder: Path) -> None:
    for target in (WINDOWS, LINUX):
        assert missing(folder, XLGOALS, target) == []
    # Of what is not pure Python there is one for each.
    assert len(list(folder.glob("pydantic_core-*.whl"))) == 2
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == sorted(
        path.name for path in folder.glob("*.whl")
    )
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=folder, check=True)


def it_installs_as_the_notes_say(folder: Path, tmp_path: Path, examples_dir: Path) -> None:
    notes = (folder / NOTES).read_text("utf-8-sig")
    make, install, run = re.search(r"Linux：\n((?:    .+\n){3})", notes)[1].splitlines()  # type: ignore[index]
    assert make.split() == ["python3", "-m", "venv", "~/xlgoals"]
    made = tmp_path / "xlgoals"
    # Not every Python here brings a pip for a new environment: the one that runs will do.
    venv.create(made, with_pip=False, symlinks=True)
    nowhere = "http://127.0.0.1:9"
    environment = {
        **{
            key: value for key, value in os.environ.items() if not key.startswith(("PIP", "PYTHON"))
        },
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "PIP_INDEX_URL"), nowhere),
    }
    program, *arguments = shlex.split(install)
    assert program == "~/xlgoals/bin/python"
    assert arguments[:3] == ["-m", "pip", "install"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", made / "bin" / "python", *arguments[2:]],
        cwd=folder, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    program, option = shlex.split(run)
    installed = str(tmp_path / program.removeprefix("~/"))
    said = subprocess.run(
        [installed, option], env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert f"最后一行显示 {said.split()[-1]}" in notes
    checked = ["check", "mistakes-2020.xlsx"]
    here, there = (
        subprocess.run(
            [*program, *checked],
            cwd=examples_dir,
            env=environment,
            capture_output=True,
            check=False,
        )
        for program in ([sys.executable, "-m", "xlgoals"], [installed])
    )
    assert there.returncode == 1
    assert there.stdout == here.stdout
