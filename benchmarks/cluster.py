"""Consolidating on a Dask cluster of this machine, against processes of our own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import xlgoals
from inbox import filled, prove, registers, remove
from measure import AtMostTime, BenchmarkError, Comparison
from xlgoals.season.cluster import connected

PROMISE = AtMostTime(1.25)

WORKBOOKS = 2_000
_WORKERS = 2
_PATIENCE = 60  # seconds for the scheduler to come up


def comparisons(
    folder: Path, note: Callable[[str], None], workbooks: int = WORKBOOKS
) -> Iterator[Comparison]:
    """The same workbooks through a scheduler and two workers, each a process with one thread."""
    inbox = filled(folder, range(workbooks))
    fresh = registers(folder, "cluster")
    with _cluster(folder) as address:
        yield Comparison(
            f"consolidate {workbooks:,} workbooks, Dask, {_WORKERS} workers",
            f"{_WORKERS} processes",
            PROMISE,
            partial(_through_dask, inbox, fresh, address, workbooks),
            partial(_through_processes, inbox, fresh, workbooks),
            takes_minutes=True,
        )


def _through_dask(inbox: Path, fresh: Iterator[Path], address: str, workbooks: int) -> None:
    register = next(fresh)
    with connected(address) as cluster:
        if cluster.threads != _WORKERS:
            raise BenchmarkError(f"{cluster.threads} threads of {_WORKERS}")
        season = xlgoals.consolidate(
            [inbox], register=str(register), executor=cluster.executor, jobs=cluster.threads
        )
    prove(season, workbooks)
    remove(register)


def _through_processes(inbox: Path, fresh: Iterator[Path], workbooks: int) -> None:
    register = next(fresh)
    prove(xlgoals.consolidate([inbox], register=str(register), jobs=_WORKERS), workbooks)
    remove(register)


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    place = folder / "scheduler.json"
    with ExitStack() as running:
        _start(running, folder, "scheduler", "--port", "0", "--scheduler-file", str(place))
        address = _address(place)
        for _ in range(_WORKERS):
            _start(running, folder, "worker", address, "--nthreads", "1", "--no-nanny")
        _wait_for_workers(address)
        yield address


def _start(running: ExitStack, folder: Path, what: str, *arguments: str) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running.callback(started.wait)
    running.callback(started.kill)


def _address(place: Path) -> str:
    for _ in range(_PATIENCE * 10):
        if place.exists() and place.stat().st_size:
            return str(json.loads(place.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise BenchmarkError("no scheduler")


def _wait_for_workers(address: str) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(_WORKERS, _PATIENCE)
