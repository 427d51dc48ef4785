"""Results that go to no ordinary file: a device, a pipe, a full disk."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from command import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there such names are files")


def printed(path: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command with its standard output on a file or device."""
    with Path(path).open("wb") as output:
        return subprocess.run(
            [sys.executable, "-m", "xlgoals", *arguments],
            stdout=output,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )


def test_a_pipe_gets_the_result_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    assert run("schema", "shanghai-2020", "-o", pipe).returncode == 0
    reader.join(10)
    assert read == [run("schema", "shanghai-2020").stdout]
    assert pipe.is_fifo()


def test_standard_output_may_be_named(tmp_path: Path) -> None:
    result = printed(str(tmp_path / "result"), "schema", "shanghai-2020", "-o", "/dev/fd/1")
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "result").read_text("utf-8") == run("schema", "shanghai-2020").stdout


@pytest.mark.parametrize(("minor", "status"), [(3, 0), (7, 2)], ids=["null", "full"])
def test_a_device_stays_what_it_is(tmp_path: Path, minor: int, status: int) -> None:
    device = tmp_path / "device"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, minor))
    except PermissionError:
        pytest.skip("only root can make devices")
    result = run("schema", "shanghai-2020", "-o", device)
    assert device.is_char_device()
    assert result.returncode == status
    assert (f"无法写入 {device}：磁盘空间不够" in result.stderr) == bool(status)


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_a_disk_that_is_full_is_no_fault_of_the_program(examples_dir: Path, format_: str) -> None:
    result = printed("/dev/full", "check", examples_dir / "filled-2020.xlsx", "--format", format_)
    assert result.returncode == 2
    assert result.stderr.decode("utf-8") == "错误：无法写入 标准输出：磁盘空间不够\n"
