"""A Dask cluster that reads for us: all that no other executor needs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from xlgoals import __version__

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = 10  # seconds for a scheduler to answer, and again for the first worker
_RETURN = 30  # seconds for a worker to come back where all have died
_VERSION = "xlgoals:__version__"
_LARGE = "distributed.admin.large-graph-warning-threshold"
_LOGS = ("distributed", "distributed.client", "tornado", "tornado.application")


class ExecutorError(Exception):
    """What reads for us cannot be used, or not any more; the text says why."""


@dataclass(frozen=True)
class Cluster:
    """A cluster to read with."""

    executor: Executor
    threads: int  # batches it reads at a time


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """A Dask cluster by the address of its scheduler, such as ``tcp://host:8786``.

    Raises ExecutorError where the extra is not installed, nobody answers in time, there are no
    workers, or the scheduler or a worker has not this version of xlgoals.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ExecutorError("没有安装集群所需的组件；请运行 pip install 'xlgoals[dask]'") from error
    # We send files, and as large as the limits allow.
    with (
        dask.config.set({_LARGE: sys.maxsize}),
        _without_logs(),
        _client(Client, address) as client,
    ):
        _require_this_version(client)
        yield Cluster(client.get_executor(pure=False), sum(client.nthreads().values()))


@contextmanager
def _without_logs() -> Iterator[None]:
    """What Dask would log, with tracebacks, of a scheduler that is lost: we say it ourselves."""
    levels = {name: logging.getLogger(name).level for name in _LOGS}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _client(kind: type[Client], address: str) -> Iterator[Client]:
    from distributed.comm.addressing import get_address_host_port

    try:
        # Left to find this out itself, a client does not end.
        get_address_host_port(address)
    except ValueError as error:
        raise ExecutorError(
            f"集群的调度程序地址“{address}”无法理解；应写成 tcp://主机:端口"
        ) from error
    try:
        client = kind(address, timeout=_PATIENCE, set_as_default=False)
    except OSError as error:
        raise ExecutorError(f"集群的调度程序 {address} 在{_PATIENCE}秒内没有应答") from error
    try:
        yield client
    finally:
        client.close(_PATIENCE)


def _require_this_version(client: Client) -> None:
    """Scheduler and workers unpack what we send, so that all must have the same program."""
    _require_workers(client, _PATIENCE)
    found: dict[str, object] = dict(client.run(resolve_name, _VERSION, on_error="return"))
    try:
        found["scheduler"] = client.run_on_scheduler(resolve_name, _VERSION)
    except Exception as error:  # Whatever keeps it from being imported there.
        found["scheduler"] = error
    for place, version in found.items():
        if isinstance(version, Exception):
            raise ExecutorError(f"集群的 {place} 没有安装 xlgoals，或无法使用：{version}")
        if version != __version__:
            raise ExecutorError(
                f"集群的 {place} 安装的是 xlgoals {version}，本机是 {__version__}；请装成同一版本"
            )


def _require_workers(client: Client, patience: int) -> None:
    try:
        client.wait_for_workers(1, patience)
    except TimeoutError as error:
        raise ExecutorError("集群中没有工作进程；请先启动 dask worker") from error
    except OSError as error:
        raise lost_connection() from error


# --- what any executor of Dask may do, also one that was not made here ----------------------------
def require_alive(executor: Executor) -> None:
    """Raise ExecutorError where an executor of Dask has lost its scheduler, or all its workers.

    It would not say so itself: a result that was under way just then never comes, and work that
    nobody can do waits for ever.
    """
    dask = sys.modules.get("distributed.cfexecutor")
    if dask is not None and isinstance(executor, dask.ClientExecutor):
        client: Client = executor._client
        if client.status != "running":
            raise lost_connection()
        _require_workers(client, _RETURN)


def lost_connection() -> ExecutorError:
    """The fault of an executor that drops what it was given."""
    return ExecutorError("与集群的连接已断开")


def killed_its_workers(error: Exception) -> bool:
    """Whether Dask has given work up because every worker that tried it died."""
    dask = sys.modules.get("distributed")
    return dask is not None and isinstance(error, dask.KilledWorker)
