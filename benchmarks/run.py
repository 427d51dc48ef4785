"""Measure what the project promises, as ratios against something that everybody has.

python benchmarks/run.py [NAME...]    these subjects, or all

Run it with the Python that the project is installed for. The status is 1 where a promise is
missed and 2 where something cannot be measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cluster
import command_line
import consolidating
import reading
import refreshing
import scaling
import summary_writing
import template_writing
from measure import LEAST_PAIRS, BenchmarkError, Comparison, Result, compare
from report import console, markdown

Subject = Callable[[Path, Callable[[str], None]], Iterator[Comparison | Result]]

SUBJECTS: dict[str, Subject] = {
    "template": template_writing.comparisons,
    "summary": summary_writing.comparisons,
    "read": reading.comparisons,
    "command-line": command_line.comparisons,
    "consolidate": consolidating.comparisons,
    "refresh": refreshing.comparisons,
    "cluster": cluster.comparisons,
    "scale": scaling.comparisons,
}
_PAIRS = 15
_MISSED, _NOT_MEASURED = 1, 2


def main() -> int:
    """Measure, print, and tell whether every promise is kept."""
    options = _options()
    notes: list[str] = []
    try:
        results = _measure(options.names or list(SUBJECTS), options.pairs, notes)
    except BenchmarkError as error:
        sys.stderr.write(f"This cannot be measured: {error}\n")
        return _NOT_MEASURED
    sys.stdout.write(console(results, notes, options.pairs))
    if options.markdown:
        options.markdown.write_text(markdown(results, notes, options.pairs), encoding="utf-8")
    missed = not all(result.kept for result in results)
    return _MISSED if missed and not options.report_only else 0


def _measure(names: Sequence[str], pairs: int, notes: list[str]) -> list[Result]:
    results = []
    with tempfile.TemporaryDirectory(prefix="xlgoals-") as folder:
        for name in names:
            for found in SUBJECTS[name](Path(folder), notes.append):
                if isinstance(found, Result):
                    results.append(found)  # measured together with the one before
                    continue
                sys.stderr.write(f"{found.what} / {found.against} ...\n")
                results += compare(found, pairs)
    return results


def _options() -> argparse.Namespace:
    lines = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(description=lines[0], epilog=" ".join(lines[4:]))
    names = ", ".join(SUBJECTS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"a subject: {names}")
    parser.add_argument(
        "--pairs", type=int, default=_PAIRS, help=f"pairs to time, at least {LEAST_PAIRS}"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument("--report-only", action="store_true", help="status 0 for missed promises")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in SUBJECTS]
    if unknown:
        parser.error(f"no such subject: {', '.join(unknown)} (there are: {names})")
    if options.pairs < LEAST_PAIRS:
        parser.error(f"at least {LEAST_PAIRS} pairs are needed")
    return options


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main())
