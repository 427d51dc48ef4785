"""Reading on a Dask cluster: workers see no disk of ours, and may die."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import xlgoals
from disturbed import start_disturbed
from returned import put
from xlgoals.register import open_register
from xlgoals.season import cluster as dask_cluster

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills so here"),
]

FILES = 100
_START_SECONDS = 120
_XLGOALS = (sys.executable, "-m", "xlgoals")
_PACKAGE = Path(xlgoals.__file__).parent


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> Path:
    """A folder whose ``inbox`` holds what comes back: good, bad, old and superseded files."""
    folder = tmp_path_factory.mktemp("season")
    for number in range(FILES):
        saved = f"2020-03-{1 + number % 28:02}T08:00:00Z"
        put(folder, f"inbox/{number:03}.xlsx", unit=f"单位{number % 90:03}", saved=saved)
    shutil.copy(examples_dir / "mistakes-2020.xlsx", folder / "inbox" / "mistakes.xlsx")
    (folder / "inbox" / "bad.xlsx").write_bytes(b"PK\3\4")
    old = Path(__file__).parent / "data" / "formats"
    for path in sorted(old.glob("*.xls")):
        shutil.copy(path, folder / "inbox" / path.name)
    return folder


@pytest.fixture(scope="module")
def expected(season: Path) -> list[bytes]:
    """What a run on this machine leaves in the register."""
    run = start(season, "local.db")
    assert finish(run)[0] == 1
    return exports(season, "local.db")


def asked(register: str, *arguments: str) -> tuple[str, ...]:
    """A consolidation of the season, written beside its inbox."""
    always = ("consolidate", "inbox", "-o", "summary.xlsx", "-q", "--register", register)
    return (*always, *arguments)


def start(season: Path, register: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_XLGOALS, *asked(register, *arguments)],
        cwd=season,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finish(run: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = run.communicate(timeout=300)
    assert "Traceback" not in said
    return run.returncode, said


def exports(season: Path, register: str) -> list[bytes]:
    return [
        subprocess.run(
            [*_XLGOALS, "export", "--register", register, "--format", "jsonl", "--what", what,
             "--history"],
            cwd=season,
            capture_output=True,
            check=True,
        ).stdout
        for what in ("forms", "indicators", "findings", "files")
    ]  # fmt: skip


def stored(register: Path) -> int:
    """How many files a register knows."""
    with open_register(str(register)) as opened:
        return len(opened.returned())


class Cluster:
    """A scheduler and its workers, each a process of its own in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the scheduler, and wait until it listens."""
        place = self._folder / "scheduler.json"
        environment = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        self.scheduler = self._start("scheduler", environment, "--scheduler-file", str(place))
        while not (place.exists() and place.read_text(encoding="utf-8")):
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address: str = json.loads(place.read_text(encoding="utf-8"))["address"]

    def worker(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """A worker that is there: who starts a run waits for none."""
        from distributed import Client

        asked = (self.address, "--nthreads", "1", *arguments)
        process = self._start("worker", environment, *asked)
        with Client(self.address, timeout=_START_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(len(self.processes) - 1, _START_SECONDS)
        return process

    def _start(
        self, what: str, environment: dict[str, str], *arguments: str
    ) -> subprocess.Popen[bytes]:
        folder = self._folder / f"{len(self.processes)}"
        folder.mkdir()
        place = ("--host", "127.0.0.1") + (("--port", "0") if what == "scheduler" else ())
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", what, *place, "--no-dashboard", *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def disturbed(season: Path, register: str, *arguments: str, to: int = 0) -> tuple[int, str]:
    """How a run ends in which something is killed, or it itself interrupted.

    That is when it has stored what it read first, and there is more to be read.
    """
    sent = signal.SIGKILL if to else signal.SIGINT
    step, whole = "xlgoals.register.register:Register.store", asked(register, *arguments)
    return finish(start_disturbed(step, whole, sent=sent, to=to, cwd=season))


def test_a_killed_worker_loses_and_doubles_nothing(
    cluster: Cluster, season: Path, expected: list[bytes]
) -> None:
    first = cluster.worker("--no-nanny")
    cluster.worker("--no-nanny")
    terms = ("--scheduler", cluster.address, "--jobs", "2")
    assert disturbed(season, "killed.db", *terms, to=first.pid) == (1, "")
    assert first.wait() == -signal.SIGKILL
    assert exports(season, "killed.db") == expected


def test_interrupted_and_cut_off_runs_are_gone_on_with(
    cluster: Cluster, season: Path, expected: list[bytes]
) -> None:
    terms = ("--scheduler", cluster.address, "--jobs", "1")
    cluster.worker("--no-nanny")
    status, said = disturbed(season, "gone-on.db", *terms)
    assert status == 130
    assert said.startswith("已中断。")
    read = stored(season / "gone-on.db")
    assert 0 < read < FILES
    status, said = disturbed(season, "gone-on.db", *terms, to=cluster.scheduler.pid)
    assert status == 2
    assert "与集群的连接已断开" in said
    assert "再次运行同一命令即可接着读取" in said
    assert read < stored(season / "gone-on.db") < FILES
    assert finish(start(season, "gone-on.db"))[0] == 1
    assert exports(season, "gone-on.db") == expected


def test_a_run_whose_workers_have_all_died_does_not_wait_for_ever(
    cluster: Cluster, season: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "_RETURN", 1)
    worker = cluster.worker("--no-nanny")
    with (
        dask_cluster.connected(cluster.address) as dask,
        pytest.raises(dask_cluster.ExecutorError, match="没有工作进程"),
    ):
        xlgoals.consolidate(
            [season / "inbox"],
            executor=dask.executor,
            jobs=1,
            progress=lambda *_: worker.kill(),
        )


_POISON = """\
import os
import sys
from pathlib import Path

import xlgoals.season.reading as reading
from xlgoals import consolidate, read as real

def read(path, **terms):
    if "poison" in path.name:
        os._exit(9)
    return real(path, **terms)

reading.read = read

if __name__ == "__main__":
    from distributed import Client

    with Client(sys.argv[2]) as client:
        season = consolidate([sys.argv[1]], executor=client.get_executor(), jobs=2)
    for file in season.files:
        print(Path(file.path).name, file.state, *(f.code for f in file.findings[:1]))
"""


def test_a_file_that_kills_every_worker_does_not_stop_the_others(
    cluster: Cluster, tmp_path: Path
) -> None:
    for number in range(5):
        put(tmp_path, f"inbox/{number}.xlsx", unit=f"单位{number}")
    put(tmp_path, "inbox/poison.xlsx", unit="毒单位")
    script = tmp_path / "poison.py"
    script.write_text(_POISON, encoding="utf-8")
    for _ in range(2):
        cluster.worker("--preload", str(script))
    done = subprocess.run(
        [sys.executable, script, tmp_path / "inbox", cluster.address],
        capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[1] for line in lines] == ["accepted"] * 5 + ["rejected"], done.stderr
    assert lines[-1] == ["poison.xlsx", "rejected", "read-failed"]


# --- clusters that cannot be used -----------------------------------------------------------------
@pytest.fixture
def small(tmp_path: Path) -> Path:
    put(tmp_path, "small/inbox/a.xlsx")
    return tmp_path / "small"


def refused(season: Path, address: str) -> str:
    """What a run that is refused says; it has read nothing and written nothing."""
    status, said = finish(start(season, "refused.db", "--scheduler", address))
    assert status == 2
    assert not (season / "summary.xlsx").exists()
    return said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "集群的调度程序 tcp://127.0.0.1:1 在10秒内没有应答"),
        ("nowhere", "“nowhere”无法理解；应写成 tcp://主机:端口"),
        ("http://127.0.0.1:1", "无法理解"),
        ("", "无法理解"),
    ],
)
def test_a_wrong_address_is_refused(small: Path, address: str, said: str) -> None:
    assert said in refused(small, address)


def test_a_cluster_without_workers_is_refused(small: Path, cluster: Cluster) -> None:
    assert "集群中没有工作进程" in refused(small, cluster.address)


def another_version(package: Path) -> None:
    text = (package / "__init__.py").read_text(encoding="utf-8")
    changed = text.replace(f'__version__ = "{xlgoals.__version__}"', '__version__ = "0.0.1"')
    (package / "__init__.py").write_text(changed, encoding="utf-8")


def another_layout(package: Path) -> None:
    path = package / "layouts" / "shanghai-2020.yaml"
    text = path.read_text(encoding="utf-8")
    assert "项目类别：" in text
    path.write_text(text.replace("项目类别：", "项目种类："), encoding="utf-8")


def not_there(package: Path) -> None:
    (package / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'xlgoals'\")\n", encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (another_version, f"安装的是 xlgoals 0.0.1，本机是 {xlgoals.__version__}；请装成同一版本"),
        (another_layout, "与本机的不同"),
        (not_there, "没有安装 xlgoals"),
    ],
)
def test_workers_with_another_program_are_refused(
    cluster: Cluster, small: Path, tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    package = tmp_path / "other" / "xlgoals"
    shutil.copytree(_PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    change(package)
    cluster.worker("--no-nanny", PYTHONPATH=str(package.parent))
    assert said in refused(small, cluster.address)


def test_the_page_shows_commands_and_names_that_there_are() -> None:
    page = (_PACKAGE.parent.parent / "docs" / "cluster.md").read_text("utf-8")
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).splitlines()
    commands = [
        line.split() for line in map(str.strip, lines) if line.startswith(("xlgoals", "dask"))
    ]
    assert {tuple(command[:2]) for command in commands} == {
        ("dask", "scheduler"),
        ("dask", "worker"),
        ("xlgoals", "consolidate"),
        ("xlgoals", "export"),
    }
    for program, name, *arguments in commands:
        told = subprocess.run(
            [sys.executable, "-m", program, name, "--help"], capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip
        for option in (part for part in arguments if part.startswith("--")):
            assert option in told
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert "client.get_executor()" in code
    compile(code, "cluster.md", "exec")


def test_without_the_extra_one_is_told_what_to_install(small: Path) -> None:
    code = "import sys; sys.modules['distributed'] = None; from xlgoals.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "consolidate", "inbox", "-o", "refused.xlsx",
         "--scheduler", "tcp://127.0.0.1:1"],
        cwd=small, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'xlgoals[dask]'" in done.stderr
