"""Results as a table, for the console or as Markdown."""

from __future__ import annotations

import platform
import unicodedata
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from measure import Result

_HEADER = ("what", "than what", "ratio (quartiles)", "promise", "verdict", "measured", "against")
_LIBRARIES = ("xlgoals", "XlsxWriter", "openpyxl", "pydantic", "lxml", "distributed")


def console(results: Sequence[Result], notes: Sequence[str], pairs: int) -> str:
    """A table in columns of equal width."""
    rows = [_HEADER, *map(_row, results)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, "", *notes, _circumstances(pairs)]) + "\n"


def markdown(results: Sequence[Result], notes: Sequence[str], pairs: int) -> str:
    """A Markdown table."""
    rows = [_HEADER, ("---",) * len(_HEADER), *map(_row, results)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    paragraphs = [*notes, _circumstances(pairs)]
    return "\n".join(["# Promises, measured", "", *lines, "", "\n\n".join(paragraphs)]) + "\n"


def _row(result: Result) -> tuple[str, ...]:
    low, high = result.ratio_spread
    return (
        result.claim.what,
        result.claim.against,
        f"{result.ratio:.2f} ({low:.2f}–{high:.2f})",
        str(result.claim.promise),
        "kept" if result.kept else "MISSED",
        *(
            f"{runs.median:.1f} {result.claim.promise.unit} "
            f"({runs.spread[0]:.1f}–{runs.spread[1]:.1f})"
            for runs in (result.measured, result.against)
        ),
    )


def _circumstances(pairs: int) -> str:
    found = [f"Python {platform.python_version()}"]
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            found.append(f"no {library}")
    return (
        f"Ratios of the medians of {pairs} interleaved pairs; in brackets the quartiles. "
        f"{', '.join(found)}; {platform.system()} {platform.machine()}."
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
