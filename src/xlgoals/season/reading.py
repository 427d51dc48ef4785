"""Reading files side by side, in batches; whatever a file does, the others are read."""

from __future__ import annotations

import errno
import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from xlgoals import __version__, codes
from xlgoals.importer.read import read
from xlgoals.importer.recognise import Wanted
from xlgoals.language import Message
from xlgoals.layouts import layout_ids, load_layout
from xlgoals.processes import pool
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.register.register import Seen
from xlgoals.register.rows import submission_rows
from xlgoals.season.cluster import (
    ExecutorError,
    killed_its_workers,
    lost_connection,
    require_alive,
)

READING = 4  # raised when the same bytes are read differently within one version of the program
BATCH = 50  # files: the register takes them together, and no more are in memory at a time
_WORTH_A_PROCESS = 25  # files: starting one takes longer than reading fewer
_ATTEMPTS = 3  # at a file that somebody is writing to
_SENT = 4 * 1024 * 1024  # bytes of files that are sent together, unless one alone has more
_PATIENCE = 2  # seconds without a word from an executor until it is asked whether it lives


@dataclass(frozen=True)
class Terms:
    """On what terms files are read: what they must be, and how much they may ask for."""

    wanted: Wanted
    limits: Limits = DEFAULT_LIMITS

    def sendable(self) -> Terms:
        """The same without what means nothing elsewhere: where the layout was read from."""
        layout = self.wanted.layout
        if layout is None:
            return self
        return replace(self, wanted=replace(self.wanted, layout=replace(layout, source=None)))

    @property
    def rules(self) -> str:
        """A digest of all that decides how bytes are read: under equal ones none is read again."""
        wanted = self.wanted
        layouts = [wanted.layout] if wanted.layout else [load_layout(name) for name in layout_ids()]
        said = (
            *(__version__, READING, wanted.fiscal_year, wanted.layout is None, self.limits),
            *(codes.SHARED, *(replace(layout, source=None) for layout in layouts)),
        )
        return hashlib.sha256(repr(said).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class File:
    """A file to be read: where it is, what is known of it, and its bytes where they come along."""

    path: str  # a Path would not arrive on another system
    seen: Seen
    data: bytes | None = None


@dataclass(frozen=True)
class Batch:
    """Files to be read together."""

    terms: Terms
    rules: str  # of the terms, as the program that asks understands them
    files: tuple[File, ...]

    def alone(self) -> Iterator[Batch]:
        """A batch for each of its files."""
        return (replace(self, files=(file,)) for file in self.files)

    def split(self, count: int) -> tuple[Batch, Batch]:
        """The first files, so many of them, and the others."""
        return replace(self, files=self.files[:count]), replace(self, files=self.files[count:])


def batches_of(files: Sequence[File], terms: Terms, jobs: int) -> tuple[deque[Batch], int]:
    """Batches for so many processes, and how many of them are worth while."""
    jobs = max(1, min(jobs, len(files) // _WORTH_A_PROCESS))
    # The last batches must not leave a process without work for long.
    size = max(1, min(BATCH, len(files) // (jobs * 4)))
    rules = terms.rules
    return (
        deque(
            Batch(terms, rules, tuple(files[start : start + size]))
            for start in range(0, len(files), size)
        ),
        jobs,
    )


def read_batch(batch: Batch) -> list[Seen]:
    """Read every file of a batch; a failure of ours is a problem of that one file.

    Raises ExecutorError where this program would read them otherwise than the one that asks.
    """
    if batch.terms.rules != batch.rules:
        raise ExecutorError(
            Message("读取文件的进程装的 xlgoals（{version} 版）与本机的不同", version=__version__)
        )
    return [_read(file, batch.terms) for file in batch.files]


def _read(file: File, terms: Terms) -> Seen:
    if file.seen.rows or file.seen.problem:
        return file.seen
    wanted = terms.wanted
    try:
        file = _with_bytes(file, terms.limits)
        submission = read(
            Path(file.path),
            layout=wanted.layout,
            fiscal_year=wanted.fiscal_year,
            limits=terms.limits,
            data=file.data,
        )
        return replace(file.seen, rows=submission_rows(submission))
    except Exception:  # One file must not stop the rest, whatever is in it.
        return _failed(file.seen)


def _with_bytes(file: File, limits: Limits) -> File:
    """A file with its bytes, seen the same twice; without them where there may not be so many.

    Raises OSError where they are not to be had, or somebody goes on writing.
    """
    if file.data is not None:
        return file
    digest = file.seen.digest
    for _ in range(_ATTEMPTS):
        with Path(file.path).open("rb") as opened:
            data = opened.read(limits.packed_bytes + 1)
        if len(data) > limits.packed_bytes:
            return file
        now = hashlib.sha256(data).hexdigest()
        if now == digest:
            return replace(file, seen=replace(file.seen, digest=digest), data=data)
        digest = now
    raise OSError(errno.EBUSY, "changes all the time", file.path)


def _failed(seen: Seen) -> Seen:
    return replace(seen, problem=codes.READ_FAILED.id)


def _as_it_is(batch: Batch) -> Batch:
    return batch


def _packed(batch: Batch) -> Batch:
    """The first files of a batch, as many as are sent together, with their bytes."""
    files: list[File] = []
    size = 0
    for file in batch.files:
        if size >= _SENT:
            break
        files.append(_to_send(file, batch.terms))
        size += len(files[-1].data or b"")
    return replace(batch, terms=batch.terms.sendable(), files=tuple(files))


def _to_send(file: File, terms: Terms) -> File:
    """A file with its bytes; where they cannot be sent, with what became of it."""
    try:
        packed = _with_bytes(file, terms.limits)
    except OSError:
        return replace(file, seen=_failed(file.seen))
    return packed if packed.data is not None else replace(file, seen=_read(file, terms))


def read_all(batches: deque[Batch], executor: Executor | None, jobs: int) -> Iterator[list[Seen]]:
    """Read the batches and give what was read, in any order.

    Through the executor given, which is sent the bytes of the files, since nobody knows what disks
    it sees; else here, or in so many processes of our own. Raises ExecutorError where the executor
    is lost, or reads otherwise than this program.
    """
    if executor is not None:
        lost = yield from _through(executor, batches, jobs, _packed)
        yield from _one_by_one([file for batch in (*lost, *batches) for file in batch.alone()])
    elif jobs == 1:
        yield from map(read_batch, batches)
    else:
        while batches:
            with pool(jobs) as processes:
                lost = yield from _through(processes, batches, jobs, _as_it_is)
            yield from _one_by_one([file for batch in lost for file in batch.alone()])


def _through(
    executor: Executor, batches: deque[Batch], jobs: int, packed: Callable[[Batch], Batch]
) -> Generator[list[Seen], None, list[Batch]]:
    """Keep every process busy, and little in memory. What processes died over is returned."""
    running: dict[Future[list[Seen]], Batch] = {}
    lost: list[Batch] = []
    try:
        while batches or running:
            while batches and len(running) < 2 * jobs:
                sent = packed(batches[0])
                future = executor.submit(read_batch, sent)
                running[future], left = batches.popleft().split(len(sent.files))
                if left.files:
                    batches.appendleft(left)
            done, _ = wait(running, _PATIENCE, FIRST)
            if not done:
                require_alive(executor)
            for future in done:
                read_files = _result(future)
                batch = running.pop(future)
                if read_files is None:
                    lost.append(batch)
                else:
                    yield read_files
    except BrokenExecutor:
        lost += running.values()
    finally:
        for future in running:
            future.cancel()
    return lost


def _result(future: Future[list[Seen]]) -> list[Seen] | None:
    """What was read; None where that killed every process that tried."""
    try:
        return future.result()
    except CancelledError as error:
        raise lost_connection() from error
    except Exception as error:
        if killed_its_workers(error):
            return None
        raise


def _one_by_one(batches: Sequence[Batch]) -> Iterator[list[Seen]]:
    """After a process died: find the file that killed it, each time at the cost of one more.

    Raises ExecutorError where it was no file: no process can be started at all.
    """
    left = deque(batches)
    if left:
        _require_processes()
    while left:
        with pool(1) as process:
            try:
                while left:
                    yield process.submit(read_batch, left[0]).result()
                    left.popleft()
            except BrokenExecutor:
                yield [_failed(file.seen) for file in left.popleft().files]


def _require_processes() -> None:
    """A process starts by importing the program's own script again, which may try to read, too."""
    with pool(1) as process:
        try:
            process.submit(os.getpid).result()
        except BrokenExecutor as error:
            raise ExecutorError(
                Message(
                    "无法启动读取文件的进程；自己的程序请把调用放在 {guard} 之下，或用 {alone}",
                    guard='if __name__ == "__main__":',
                    alone="jobs=1",
                )
            ) from error
