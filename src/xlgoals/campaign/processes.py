"""Batches of workbooks side by side: every process busy, little in memory."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from concurrent.futures.process import ProcessPoolExecutor
from multiprocessing import get_context

from xlgoals.campaign.writing import Outcome, Task, carry_out, failed

_LOST = "写这一批文件的进程意外中止，请再运行一次"


def carry_out_all(tasks: Sequence[Task], jobs: int) -> Iterator[list[Outcome]]:
    """Carry the batches out and give what became of each, in any order."""
    if jobs == 1:
        yield from map(carry_out, tasks)
        return
    # Started afresh on every system: a copy of a process with threads may hang.
    context = get_context("spawn")
    waiting = deque(tasks)
    running: dict[Future[list[Outcome]], Task] = {}
    with ProcessPoolExecutor(jobs, context, _leave_interrupts_to_the_parent) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * jobs:
                    running[pool.submit(carry_out, waiting[0])] = waiting[0]
                    waiting.popleft()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    outcomes = future.result()
                    del running[future]
                    yield outcomes
        except BrokenExecutor:
            for task in (*running.values(), *waiting):
                yield [failed(job, _LOST) for job, _ in task.jobs]
        finally:
            for future in running:
                future.cancel()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
