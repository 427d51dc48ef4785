"""What takes its time, in part among the fast tests and in full among the slow ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Test = Callable[..., None]


def few_and_many(check: Test, few: int, many: int) -> tuple[Test, Test]:
    """The fast test and the slow one that ``check``, which draws its ``data``, makes."""
    drawing = given(data=st.data())
    terms = settings(suppress_health_check=list(HealthCheck))
    fast, slow = (settings(terms, max_examples=cases)(drawing(check)) for cases in (few, many))
    return fast, pytest.mark.slow(slow)


def mostly_slow(cases: Iterable[Any], fast: int = 1) -> list[Any]:
    """Cases of a test, of which only the first ones are tried by the fast tests."""
    few, many = (values := list(cases))[:fast], values[fast:]
    return [*few, *(_slow(case) for case in many)]


def _slow(case: Any) -> Any:
    """A case; a tuple holds the values of several arguments."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
