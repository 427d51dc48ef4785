"""Two ways to do a thing, timed in turn: A B A B …, so that a busy machine slows both alike."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

LEAST_PAIRS = 5
_WARM_UPS = 2

Job = Callable[[], object]
"""Work to be timed; what it returns is dropped after the clock has stopped."""


class BenchmarkError(Exception):
    """Something that makes a comparison meaningless; the text says what."""


@dataclass(frozen=True)
class AtLeastFaster:
    """The measured side is so many times faster than what it is measured against."""

    limit: float
    unit = "ms"

    def ratio(self, measured: float, against: float) -> float:
        """How many times faster."""
        return against / measured

    def kept(self, ratio: float) -> bool:
        """Whether a ratio is what was promised."""
        return ratio >= self.limit

    def __str__(self) -> str:
        return f"≥ {self.limit:g} × faster"


@dataclass(frozen=True)
class AtMostTime:
    """The measured side takes at most so many times the time of what it is measured against."""

    limit: float
    unit = "ms"

    def ratio(self, measured: float, against: float) -> float:
        """How many times the time."""
        return measured / against

    def kept(self, ratio: float) -> bool:
        """Whether a ratio is what was promised."""
        return ratio <= self.limit

    def __str__(self) -> str:
        return f"≤ {self.limit:g} × time"


@dataclass(frozen=True)
class AtMostMemory:
    """The measured side needs at most so much memory, whatever the other side needs."""

    limit: float
    unit = "MB"

    def ratio(self, measured: float, against: float) -> float:
        """The memory itself: only the other kinds of promises are ratios."""
        return measured

    def kept(self, ratio: float) -> bool:
        """Whether the memory is what was promised."""
        return ratio <= self.limit

    def __str__(self) -> str:
        return f"≤ {self.limit:g} MB"


Promise = AtLeastFaster | AtMostTime | AtMostMemory


@dataclass(frozen=True)
class Claim:
    """A promise of one thing against another."""

    what: str
    against: str
    promise: Promise


@dataclass(frozen=True)
class Further(Claim):
    """Another thing against the same, timed in the same turns: what takes minutes runs once."""

    job: Job


@dataclass(frozen=True)
class Comparison(Claim):
    """A promise, and how to measure it."""

    measured_job: Job
    against_job: Job
    proof: Job | None = None
    """Run before and after measuring; raises BenchmarkError where the sides do not compare."""
    takes_minutes: bool = False
    """Whether the fewest pairs must do."""
    also: tuple[Further, ...] = ()


@dataclass(frozen=True)
class Runs:
    """What one side took, in the unit of the promise."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median run."""
        return statistics.median(self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles: half of all runs lie between them."""
        return quartiles(self.runs)


@dataclass(frozen=True)
class Result:
    """A claim, measured."""

    claim: Claim
    measured: Runs
    against: Runs

    @property
    def ratio(self) -> float:
        """The ratio of the medians, in the sense of the promise."""
        return self.claim.promise.ratio(self.measured.median, self.against.median)

    @property
    def ratio_spread(self) -> tuple[float, float]:
        """The quartiles of the ratios of the pairs."""
        pairs = zip(self.measured.runs, self.against.runs, strict=True)
        return quartiles([self.claim.promise.ratio(*pair) for pair in pairs])

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.claim.promise.kept(self.ratio)


def compare(comparison: Comparison, pairs: int) -> list[Result]:
    """Warm up, then time so many turns of both sides, and of what is timed along with them."""
    if comparison.proof:
        comparison.proof()
    claims = (comparison, *comparison.also)
    jobs = (comparison.measured_job, *(further.job for further in comparison.also))
    turn = (*jobs, comparison.against_job)
    for _ in range(1 if comparison.takes_minutes else _WARM_UPS):
        for job in turn:
            _milliseconds(job)
    pairs = LEAST_PAIRS if comparison.takes_minutes else pairs
    times = [[_milliseconds(job) for job in turn] for _ in range(pairs)]
    if comparison.proof:
        comparison.proof()
    *ours, theirs = (Runs(runs) for runs in zip(*times, strict=True))
    return [Result(claim, runs, theirs) for claim, runs in zip(claims, ours, strict=True)]


def process(command: Sequence[str | Path], folder: Path) -> Job:
    """A job that runs a command from start to end, its output thrown away."""
    arguments = [str(part) for part in command]
    # As installed for use: with none of Python's switches that a developer may have set, and with
    # modules compiled once, by the warm-up; kept here, so that nothing else is written to.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")

    def run() -> None:
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode:
            raise BenchmarkError(f"status {done.returncode}: {' '.join(arguments)}")

    return run


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The lower and the upper quartile."""
    lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return lower, upper


def _milliseconds(job: Job) -> float:
    # What the other side left behind is not this side's to clear away.
    gc.collect()
    start = perf_counter()
    kept_until_timed = job()
    end = perf_counter()
    del kept_until_timed
    return (end - start) * 1000
