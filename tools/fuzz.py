"""Read broken workbooks by the thousand and prove that none does harm.

python tools/fuzz.py --cases 20000 --seed 1

Good and bad workbooks (the examples, the templates, what other programs made of them) are broken in
their bytes, their zip and their XML (see mutate.py), and each is read as `xlgoals check` does. A
case fails where an exception comes out, where it takes more than 10 s of processor time or 300 MB
of memory, or where a finding holds what a terminal would obey. The file of a case that fails is
kept and can be read again with --replay; --only N makes case N again.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

import xlgoals
from bootstrap import ROOT, SetUpError, run_main, say
from mutate import broken
from office import convert_with_libreoffice, find_libreoffice
from xlgoals.findings import Finding
from xlgoals.html.check_page import check_html
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.reports.json_report import json_report
from xlgoals.reports.text_report import text_report

MAX_SECONDS, MAX_MEGABYTES = 10, 300
_HUNG_SECONDS = 120
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# How often a workbook is taken: small ones tell as much and cost less.
_OFTEN, _SELDOM = 12, 1
_CHEAP = (".xlsb", ".ods")  # an .xls takes a process of its own


@dataclass(frozen=True)
class Sample:
    """A workbook to be broken."""

    name: str
    data: bytes
    weight: int


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    case: int
    sample: str
    kind: str
    """The status, and for a file without a form the code that says why."""
    problem: str
    seconds: float
    megabytes: float
    file: str = ""


def samples(folder: Path) -> list[Sample]:
    """The workbooks to begin with; those of LibreOffice only where it is installed."""
    whole = [*sorted((ROOT / "examples").glob("*.xlsx")), *sorted((ROOT / "templates").glob("*"))]
    found = [Sample(path.name, path.read_bytes(), _SELDOM) for path in whole]
    values = sorted((ROOT / "tests" / "data" / "formats").glob("*"))
    found += [
        Sample(path.name, path.read_bytes(), _OFTEN if path.suffix in _CHEAP else _SELDOM)
        for path in values
    ]
    for path in whole:
        light = folder / f"light-{path.name}"
        light.write_bytes(_light(path))
        found.append(Sample(light.name, light.read_bytes(), _OFTEN))
    soffice = find_libreoffice()
    if soffice is None:
        say("LibreOffice is not installed: its workbooks are left out.")
        return found
    light = folder / f"light-{whole[0].name}"
    for suffix, weight in (("ods", _OFTEN), ("xls", _SELDOM), ("xlsx", _OFTEN)):
        target = folder / suffix
        target.mkdir()
        made = convert_with_libreoffice(soffice, light, suffix, target, folder / "profile")
        found.append(Sample(f"libreoffice-{made.name}", made.read_bytes(), weight))
    return found


def _light(path: Path) -> bytes:
    """The first form of a workbook and its identity, saved by openpyxl."""
    book = openpyxl.load_workbook(path)
    keep = {"项目1", HIDDEN_SHEET}
    for sheet in book.worksheets:
        if sheet.title not in keep:
            book.remove(sheet)
    book[HIDDEN_SHEET].delete_rows(2, book[HIDDEN_SHEET].max_row)
    result = BytesIO()
    book.save(result)
    return result.getvalue()


def problem_of(path: Path) -> tuple[str, str]:
    """How a file is answered, and what is wrong with the answer, if anything is."""
    try:
        submission = xlgoals.read(path)
        reports = (text_report, json_report, check_html)
        text = "".join(report([submission]) for report in reports)
        text.encode()
        assert not _UNSAFE.search(text), "an unsafe character in a report"  # noqa: S101
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "exception", traceback.format_exc()
    kind = submission.status.value
    if not submission.records and submission.findings:
        kind = f"{kind}: {submission.findings[0].code}"
    for finding in submission.findings:
        for field in fields(Finding):
            value = getattr(finding, field.name)
            if any(_UNSAFE.search(str(part)) for part in _texts(value)):
                return kind, f"{finding.code}: unsafe {field.name}: {value!a}"
        if "\n" in finding.message + finding.hint:
            return kind, f"{finding.code}: a message of several lines"
    return kind, ""


def _texts(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


class Worker:
    """Reads cases in its own process and measures them."""

    def __init__(self, corpus: list[Sample], seed: int, folder: Path) -> None:
        self._corpus, self._seed, self._folder = corpus, seed, folder
        self._weights = [sample.weight for sample in corpus]
        self._path = folder / f"case-{os.getpid()}"
        for sample in corpus:  # what every reading imports and keeps is nobody's fault
            self._path.write_bytes(sample.data)
            problem_of(self._path)

    def made(self, case: int) -> tuple[Sample, bytes]:
        """The bytes of a case."""
        chance = random.Random(f"{self._seed}:{case}")
        sample = chance.choices(self._corpus, self._weights)[0]
        return sample, broken(chance, sample.data)

    def run(self, case: int) -> Outcome:
        """Make a case, read it, judge it."""
        sample, data = self.made(case)
        self._path.write_bytes(data)
        outcome = measured(self._path, case, sample.name)
        if outcome.problem:
            kept = (
                self._folder / "failed" / f"seed{self._seed}-case{case}{Path(sample.name).suffix}"
            )
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(data)
            outcome = Outcome(**{**_values(outcome), "file": str(kept)})
        return outcome


def _values(outcome: Outcome) -> dict[str, Any]:
    return {field.name: getattr(outcome, field.name) for field in fields(Outcome)}


def measured(path: Path, case: int = 0, sample: str = "") -> Outcome:
    """Read one file and judge the answer, the time and the memory."""
    _alarm(_HUNG_SECONDS)
    memory, started = Memory(), _processor_time()
    kind, problem = problem_of(path)
    seconds, megabytes = _processor_time() - started, memory.growth()
    _alarm(0)
    if seconds > MAX_SECONDS:
        problem = problem or f"{seconds:.1f} s"
    if megabytes > MAX_MEGABYTES:
        problem = problem or f"{megabytes:.0f} MB"
    return Outcome(case, sample, kind, problem, seconds, megabytes)


def _alarm(seconds: int) -> None:
    """An exception in so many seconds, where the system has such alarms; 0: none."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, _hung)
        signal.alarm(seconds)


def _hung(*_: object) -> None:
    raise TimeoutError(f"no end after {_HUNG_SECONDS} s")


def _processor_time() -> float:
    """Of this process and of those it waited for; the clock on the wall runs for others, too."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Memory:
    """The most memory that was in use since, where Linux tells it; else 0."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # forget the highest mark
        self._before = self._status("VmRSS")

    def growth(self) -> float:
        """Megabytes."""
        return (self._status("VmHWM") - self._before) / 1024

    def _status(self, key: str) -> int:
        try:
            status = Path("/proc/self/status").read_text(encoding="ascii")
        except OSError:
            return 0
        found = re.search(rf"{key}:\s*(\d+)", status)
        return int(found[1]) if found else 0


_worker: Worker | None = None


def _start(corpus: list[Sample], seed: int, folder: Path) -> None:
    global _worker
    _worker = Worker(corpus, seed, folder)


def _run(case: int) -> Outcome:
    assert _worker is not None  # noqa: S101 - made when the process started
    return _worker.run(case)


def outcomes(
    corpus: list[Sample], seed: int, cases: Sequence[int], jobs: int, folder: Path
) -> Iterator[Outcome]:
    """Every case, as it ends."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, _start, (corpus, seed, folder)) as pool:
        yield from pool.imap_unordered(_run, cases, chunksize=10)


def _report(done: list[Outcome], elapsed: float) -> int:
    for kind, number in Counter(outcome.kind for outcome in done).most_common():
        print(f"{number:8}  {kind}")
    slowest = max(done, key=lambda outcome: outcome.seconds)
    largest = max(done, key=lambda outcome: outcome.megabytes)
    print(f"{len(done)} cases in {elapsed:.0f} s, {len(done) / elapsed:.0f} a second")
    print(f"slowest: {slowest.seconds:.1f} s (case {slowest.case} of {slowest.sample})")
    print(f"largest: {largest.megabytes:.0f} MB (case {largest.case} of {largest.sample})")
    failed = [outcome for outcome in done if outcome.problem]
    for outcome in failed[:20]:
        print(f"\ncase {outcome.case} of {outcome.sample}: {outcome.problem}\n  {outcome.file}")
    print(f"{len(failed)} failed")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, metavar="N", help="run case N alone")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read a kept file again")
    return parser.parse_args()


def main() -> int:
    """Run the cases; 1 where one failed."""
    arguments = _arguments()
    if arguments.replay:
        if not arguments.replay.is_file():
            raise SetUpError(f"There is no file {arguments.replay}.")
        return _report([measured(arguments.replay, sample=arguments.replay.name)], 1)
    folder = Path(tempfile.mkdtemp(prefix="xlgoals-fuzz-"))
    corpus = samples(folder)
    cases = range(arguments.cases) if arguments.only is None else [arguments.only]
    started = time.monotonic()
    done: list[Outcome] = []
    for outcome in outcomes(corpus, arguments.seed, cases, arguments.jobs, folder):
        done.append(outcome)
        if len(done) % 1000 == 0:
            say(f"{len(done)} cases, {sum(bool(o.problem) for o in done)} failed")
    return _report(done, time.monotonic() - started)


if __name__ == "__main__":
    run_main(main)
