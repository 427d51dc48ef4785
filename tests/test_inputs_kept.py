"""What a command reads is never written to, whatever its output is called."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import run
from xlgoals.output import whole_file

COMMANDS = {
    "check": ("check", "{}"),
    "check of two": ("check", "none.xlsx", "{}"),
    "check json": ("check", "{}", "--format", "json"),
    "import": ("import", "{}"),
    "cells": ("cells", "{}"),
    "migrate": ("migrate", "{}", "--to", "shanghai-2026"),
    "template": ("template", "shanghai-2020", "--year", "2020", "--data", "{}"),
    "schema": ("schema", "{}"),
    "layouts export": ("layouts", "export", "{}"),
    "check with a layout": ("check", "none.xlsx", "--as", "{}"),
    "import with a layout": ("import", "none.xlsx", "--as", "{}"),
}


@pytest.fixture
def sources(examples_dir: Path, tmp_path: Path) -> Path:
    """A folder with one file of each kind that commands read."""
    shutil.copy(examples_dir / "filled-2020.xlsx", tmp_path / "returned.xlsx")
    shutil.copy(examples_dir / "forms-2020.json", tmp_path / "forms.json")
    assert run("layouts", "export", "shanghai-2020", "-o", tmp_path / "own.yaml").returncode == 0
    return tmp_path


def read_by(command: str, folder: Path) -> Path:
    if "layout" in command or command == "schema":
        return folder / "own.yaml"
    return folder / ("forms.json" if command == "template" else "returned.xlsx")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("through_link", [False, True])
def test_an_output_in_the_place_of_an_input_is_refused(
    sources: Path, command: str, through_link: bool
) -> None:
    path = read_by(command, sources)
    before = path.read_bytes()
    output = path
    if through_link:
        output = sources / "link"
        output.symlink_to(path)
    result = run(*(part.format(path) for part in COMMANDS[command]), "-o", output)
    assert (result.returncode, result.stdout) == (2, "")
    assert "请用 -o 换一个文件名" in result.stderr
    assert path.read_bytes() == before


def test_copies_go_neither_beside_a_file_nor_beside_a_link_to_it(sources: Path) -> None:
    folder = sources / "links"
    folder.mkdir()
    link = folder / "returned.xlsx"
    link.symlink_to(sources / "returned.xlsx")
    before = link.read_bytes()
    for target in (folder, sources):
        assert run("check", link, "--annotate", target).returncode == 2
    assert link.is_symlink()
    assert link.read_bytes() == before


def test_a_link_that_leads_to_itself_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").symlink_to("a.xlsx")
    result = run("check", tmp_path / "a.xlsx", "--annotate", tmp_path / "marked")
    assert result.returncode == 1
    assert "找不到这个文件" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
@pytest.mark.parametrize("after", ["> got.txt", "| cat > got.txt"])
def test_a_stream_takes_the_result_and_stays_what_it_is(tmp_path: Path, after: str) -> None:
    asked = ("layouts", "export", "shanghai-2020", "-o")
    assert run(*asked, tmp_path / "direct.txt").returncode == 0
    command = [sys.executable, "-m", "xlgoals", *asked, "/dev/stdout"]
    subprocess.run(["bash", "-c", f"{shlex.join(command)} {after}"], cwd=tmp_path, check=True)
    assert (tmp_path / "got.txt").read_bytes() == (tmp_path / "direct.txt").read_bytes()
    assert Path("/dev/stdout").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no such files")
def test_a_stream_gets_nothing_of_what_fails(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(RuntimeError), whole_file(pipe) as file:  # noqa: PT012
        file.write(b"half")
        raise RuntimeError
    assert os.read(reader, 10) == b""
    with whole_file(pipe) as file:
        file.write(b"whole")
    assert pipe.is_fifo()
    os.close(reader)
