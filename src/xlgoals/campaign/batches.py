"""Batches of workbooks side by side: every process busy, little in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from xlgoals.campaign.writing import Outcome, Task, carry_out, failed
from xlgoals.language import Message
from xlgoals.processes import pool

_LOST = Message("写这一批文件的进程意外中止，请再运行一次")


def carry_out_all(tasks: Sequence[Task], jobs: int) -> Iterator[list[Outcome]]:
    """Carry the batches out and give what became of each, in any order."""
    if jobs == 1:
        yield from map(carry_out, tasks)
        return
    waiting = deque(tasks)
    running: dict[Future[list[Outcome]], Task] = {}
    with pool(jobs) as processes:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * jobs:
                    running[processes.submit(carry_out, waiting[0])] = waiting[0]
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
