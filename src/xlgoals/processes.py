"""Processes that work side by side."""

from __future__ import annotations

import signal
from concurrent.futures.process import ProcessPoolExecutor
from multiprocessing import get_context


def pool(jobs: int) -> ProcessPoolExecutor:
    """So many processes, which leave an interrupt to the one that started them."""
    # Started afresh on every system: a copy of a process with threads may hang.
    return ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts_to_the_parent)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
