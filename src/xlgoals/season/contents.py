"""What was read from the files of a season, fetched when it is asked for and then forgotten.

A season may be of any size: only what is counted and sorted by stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from xlgoals.findings import Finding
from xlgoals.register.register import Register
from xlgoals.register.rows import finding_of

T = TypeVar("T")
_AHEAD = 50  # files fetched together


class Contents:
    """Reads quickly in the order of ``for_forms`` and ``for_findings``, which are submissions.

    Its methods raise RegisterError.
    """

    def __init__(
        self, register: Register, for_forms: Iterable[int], for_findings: Iterable[int]
    ) -> None:
        self._forms = _Ahead(register.forms, for_forms)
        self._findings = _Ahead(register.findings, for_findings)

    def values(self, submission: int, position: int) -> Mapping[str, Any]:
        """The record of a form."""
        return self._forms[submission][position][1]

    def findings(
        self, submission: int, path: str, without: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """The findings of a file that stands at ``path``, but not those on some sheets."""
        rows = self._findings[submission]
        return tuple(finding_of(row, path) for row in rows if row["sheet"] not in without)


class _Ahead(Generic[T]):
    """Fetches what comes next together with what is asked for."""

    def __init__(self, fetch: Callable[[Sequence[int]], Iterator[T]], order: Iterable[int]) -> None:
        self._fetch = fetch
        self._order = list(dict.fromkeys(order))
        self._index = {key: index for index, key in enumerate(self._order)}
        self._last: dict[int, T] = {}
        self._before: dict[int, T] = {}  # the order may go back a little

    def __getitem__(self, key: int) -> T:
        if key in self._last:
            return self._last[key]
        if key in self._before:
            return self._before[key]
        start = self._index[key]
        keys = self._order[start : start + _AHEAD]
        self._before = self._last
        self._last = dict(zip(keys, self._fetch(keys), strict=True))
        return self._last[key]
