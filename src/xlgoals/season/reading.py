"""Reading files side by side, in batches; whatever a file does, the others are read."""

from __future__ import annotations

import hashlib
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from concurrent.futures.process import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from xlgoals import __version__, codes
from xlgoals.importer.read import read
from xlgoals.importer.recognise import Wanted
from xlgoals.layouts import layout_ids, load_layout
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.register.register import Seen
from xlgoals.register.rows import submission_rows
from xlgoals.season.find import digest_of

READING = 1  # raised when the same bytes are read differently within one version of the program
BATCH = 50  # files: the register takes them together, and no more are in memory at a time
_WORTH_A_PROCESS = 25  # files: starting one takes longer than reading fewer
_ATTEMPTS = 3  # at a file that somebody is writing to


@dataclass(frozen=True)
class Terms:
    """On what terms files are read: what they must be, and how much they may ask for."""

    wanted: Wanted
    limits: Limits = DEFAULT_LIMITS

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
class Batch:
    """Files to be read together: where each is, and what is known of it."""

    terms: Terms
    files: tuple[tuple[Path, Seen], ...]

    def alone(self) -> Iterator[Batch]:
        """A batch for each of its files."""
        return (replace(self, files=(file,)) for file in self.files)


def batches_of(
    files: Sequence[tuple[Path, Seen]], terms: Terms, jobs: int
) -> tuple[deque[Batch], int]:
    """Batches for so many processes, and how many of them are worth while."""
    jobs = max(1, min(jobs, len(files) // _WORTH_A_PROCESS))
    # The last batches must not leave a process without work for long.
    size = max(1, min(BATCH, len(files) // (jobs * 4)))
    return (
        deque(
            Batch(terms, tuple(files[start : start + size])) for start in range(0, len(files), size)
        ),
        jobs,
    )


def read_batch(batch: Batch) -> list[Seen]:
    """Read every file of a batch; a failure of ours is a problem of that one file."""
    return [_read(path, seen, batch.terms) for path, seen in batch.files]


def _read(path: Path, seen: Seen, terms: Terms) -> Seen:
    digest, wanted = seen.digest, terms.wanted
    try:
        for _ in range(_ATTEMPTS):
            submission = read(
                path, layout=wanted.layout, fiscal_year=wanted.fiscal_year, limits=terms.limits
            )
            rows = submission_rows(submission)
            now = digest_of(path)
            if now == digest:
                return replace(seen, digest=digest, rows=rows)
            digest = now
    except Exception:  # One file must not stop the rest, whatever is in it.
        return _failed(seen)
    return _failed(seen)


def _failed(seen: Seen) -> Seen:
    return replace(seen, problem=codes.READ_FAILED.id)


def read_all(batches: deque[Batch], executor: Executor | None, jobs: int) -> Iterator[list[Seen]]:
    """Read the batches and give what was read, in any order.

    Through the executor given; else here, or in so many processes of our own.
    """
    if executor is not None:
        lost = yield from _through(executor, batches, jobs)
        yield from _one_by_one([file for batch in (*lost, *batches) for file in batch.alone()])
    elif jobs == 1:
        yield from map(read_batch, batches)
    else:
        while batches:
            with _pool(jobs) as pool:
                lost = yield from _through(pool, batches, jobs)
            yield from _one_by_one([file for batch in lost for file in batch.alone()])


def _through(
    executor: Executor, batches: deque[Batch], jobs: int
) -> Generator[list[Seen], None, list[Batch]]:
    """Keep every process busy, and little in memory. What a broken pool lost is returned."""
    running: dict[Future[list[Seen]], Batch] = {}
    try:
        while batches or running:
            while batches and len(running) < 2 * jobs:
                running[executor.submit(read_batch, batches[0])] = batches[0]
                batches.popleft()
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                read_files = future.result()
                del running[future]
                yield read_files
    except BrokenExecutor:
        return list(running.values())
    finally:
        for future in running:
            future.cancel()
    return []


def _one_by_one(batches: Sequence[Batch]) -> Iterator[list[Seen]]:
    """After a process died: find the file that killed it, each time at the cost of one more."""
    left = deque(batches)
    while left:
        with _pool(1) as pool:
            try:
                while left:
                    yield pool.submit(read_batch, left[0]).result()
                    left.popleft()
            except BrokenExecutor:
                yield [_failed(seen) for _, seen in left.popleft().files]


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Started afresh on every system: a copy of a process with threads may hang.
    return ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts_to_the_parent)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
