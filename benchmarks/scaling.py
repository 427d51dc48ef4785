"""Four times as many workbooks: the time, and what the process that collects them needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlgoals
from inbox import filled, prove, registers
from measure import (
    LEAST_PAIRS,
    AtMostMemory,
    AtMostTime,
    BenchmarkError,
    Claim,
    Comparison,
    Result,
    Runs,
)

TIME = AtMostTime(4.4)
MEMORY = AtMostMemory(300)

WORKBOOKS, TIMES = 2_000, 4
_PROCESSES = 2
_PEAK = "VmHWM:"


@dataclass
class _Side:
    """One size of a season, each run in a process of its own, and the peaks of their memory."""

    inboxes: Sequence[Path]
    workbooks: int
    registers: Iterator[Path]
    peaks: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Consolidate and note what that needed."""
        asked = [str(self.workbooks), str(next(self.registers)), *map(str, self.inboxes)]
        done = subprocess.run(
            [sys.executable, __file__, *asked], capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise BenchmarkError(done.stderr.strip() or f"status {done.returncode}")
        self.peaks.append(json.loads(done.stdout))

    def peaks_of_pairs(self) -> Runs:
        """The peaks without those of warming up."""
        return Runs(tuple(self.peaks[-LEAST_PAIRS:]))


def comparisons(
    folder: Path, note: Callable[[str], None], workbooks: int = WORKBOOKS
) -> Iterator[Comparison | Result]:
    """So many workbooks, and four times as many, without the writing of the summary."""
    most = workbooks * TIMES
    few = filled(folder, range(workbooks))
    rest = filled(folder, range(workbooks, most))
    fresh = registers(folder, "scale")
    small, large = _Side([few], workbooks, fresh), _Side([few, rest], most, fresh)
    names = f"consolidate {most:,} workbooks, {_PROCESSES} processes", f"{workbooks:,} workbooks"
    yield Comparison(*names, TIME, large.run, small.run, takes_minutes=True)
    memory = "peak memory of the first process"
    claim = Claim(f"{names[0]}: {memory}", names[1], MEMORY)
    result = Result(claim, large.peaks_of_pairs(), small.peaks_of_pairs())
    yield result
    growth = (result.measured.median - result.against.median) / (most - workbooks) * 1000
    note(
        f"Each further workbook of a season takes {growth:.1f} kB of memory in the process that "
        "collects it."
    )


def _one_run(workbooks: int, register: str, inboxes: Sequence[str]) -> None:
    season = xlgoals.consolidate(inboxes, register=register, jobs=_PROCESSES)
    prove(season, workbooks)
    print(json.dumps(_peak_megabytes()))


def _peak_megabytes() -> float:
    """Of this process alone. What the resource module tells begins with the parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SystemExit(f"only Linux tells the peak of a process's memory: {error}") from error
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith(_PEAK)]
    return int(kilobytes) / 1000


if __name__ == "__main__":
    _one_run(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
