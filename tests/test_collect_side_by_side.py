"""Reading side by side, in processes and executors of any kind, whatever one file does."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from collected import entry, several
from returned import put
from xlgoals import consolidate
from xlgoals.season import reading


@pytest.mark.slow
def test_processes_give_what_one_gives(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several(inbox, 8)
    monkeypatch.setattr(reading, "_WORTH_A_PROCESS", 1)
    assert consolidate([inbox], jobs=2) == consolidate([inbox], jobs=1)


def test_any_executor_will_do(inbox: Path) -> None:
    several(inbox, 4)
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        season = consolidate([inbox], executor=executor, progress=lambda *n: told.append(n))
    assert len(season.forms) == 12
    assert told[-1] == (4, 4)


class DyingExecutor(Executor):
    """A pool of which a process dies at the first batch, as when the system is out of memory."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("died"))
        return future


class ElsewhereExecutor(Executor):
    """Reads where nothing of our disks is seen, and notes how much it was sent at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.sent = folder, list[int]()

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        sent = pickle.dumps((function, arguments))
        self.sent.append(len(sent))
        hidden = self._folder.with_name("hidden")
        self._folder.rename(hidden)
        try:
            function, arguments = pickle.loads(sent)
            future: Future[Any] = Future()
            future.set_result(pickle.loads(pickle.dumps(function(*arguments))))
        finally:
            hidden.rename(self._folder)
        return future


@pytest.mark.slow
def test_an_executor_needs_none_of_our_disks(inbox: Path) -> None:
    several(inbox, 3)
    formats = Path(__file__).parent / "data" / "formats"
    for name in ("values.xls", "values.ods", "values.xlsb"):
        shutil.copy(formats / name, inbox)
    (inbox / "empty.xlsx").touch()
    (inbox / "~$a.xlsx").touch()
    for layout in (None, "shanghai-2020"):
        season = consolidate([inbox], executor=ElsewhereExecutor(inbox), layout=layout)
        assert season == consolidate([inbox], jobs=1, layout=layout)
        assert len(season.forms) == 9


@pytest.mark.slow
def test_an_executor_is_never_sent_too_much(inbox: Path) -> None:
    several(inbox, 25)
    for number in range(25):
        (inbox / f"x{number}").write_bytes(bytes([number]) * 500_000)
    (inbox / "large.xlsx").write_bytes((inbox / "00.xlsx").read_bytes() + bytes(3_000_000))
    limits = xlgoals.Limits(packed_bytes=2_000_000)
    executor = ElsewhereExecutor(inbox)
    season = consolidate([inbox], executor=executor, jobs=1, limits=limits)
    assert max(executor.sent) < 5_000_000
    assert sum(executor.sent) > 13_000_000
    assert entry(season, "large.xlsx").findings[0].code == "too-large"
    assert season == consolidate([inbox], jobs=1, limits=limits)


@pytest.mark.slow
def test_a_pool_that_breaks_loses_nothing(inbox: Path) -> None:
    several(inbox, 3)
    assert len(consolidate([inbox], executor=DyingExecutor()).forms) == 9


_POISON = """\
import os
from pathlib import Path
import sys
import xlgoals.season.reading as reading
from xlgoals import consolidate, read as real

def read(path, **terms):
    if "poison" in Path(path).name:
        os._exit(9) if sys.argv[2] == "die" else 1 / 0
    return real(path, **terms)

reading.read = read
reading._WORTH_A_PROCESS = 1

if __name__ == "__main__":
    season = consolidate([sys.argv[1]], jobs=2)
    for file in season.files:
        print(Path(file.path).name, file.state, *(f.code for f in file.findings[:1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["raise", "die"])
def test_one_poisonous_file_never_stops_the_batch(inbox: Path, tmp_path: Path, how: str) -> None:
    several(inbox, 5)
    put(inbox, "poison.xlsx", unit="毒单位")
    script = tmp_path / "poison.py"
    script.write_text(_POISON, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, inbox, how], capture_output=True, encoding="utf-8", check=True
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[1] for line in lines] == ["accepted"] * 5 + ["rejected"]
    assert lines[-1] == ["poison.xlsx", "rejected", "read-failed"]


@pytest.mark.slow
def test_the_rules_of_reading_are_the_same_in_every_process() -> None:
    code = (
        "from xlgoals.season.reading import Terms, Wanted; print(Terms(Wanted(None, 2020)).rules)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_what_it_lacks(inbox: Path, tmp_path: Path) -> None:
    for number in range(60):
        put(inbox, f"{number}.xlsx", unit=f"{number}号单位")
    script = tmp_path / "script.py"
    script.write_text(f"import xlgoals\nxlgoals.consolidate([{str(inbox)!r}], jobs=2)\n", "utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 1
    # A process that could not start may have its say after ours.
    told = next(line for line in done.stderr.splitlines() if "ExecutorError: " in line)
    assert 'if __name__ == "__main__":' in told
