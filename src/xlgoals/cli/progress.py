"""How far a long run is: a bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from xlgoals.language import _

if TYPE_CHECKING:
    from rich.progress import Progress

_MANY = 100  # files that take long enough to tell of the progress
_STEPS = 10  # lines that tell of the progress where there is no terminal


@contextmanager
def progress(doing: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the rate and the time left on a terminal, else a line for each tenth."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(doing, total=None, rate=0.0)

            def draw(done: int, total: int) -> None:
                seconds = bar.tasks[task].elapsed or 0
                rate = done / seconds if seconds else 0.0
                bar.update(task, completed=done, total=total, rate=rate)

            yield draw
    else:
        last = 0

        def tell(done: int, total: int) -> None:
            nonlocal last
            if total >= _MANY and (step := done * _STEPS // total) > last:
                last = step
                told = _("已{doing} {done}/{total}", doing=doing, done=done, total=total)
                click.echo(told, err=True)

        yield tell


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(_("每秒 {rate} 个，还需", rate="{task.fields[rate]:.0f}")),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
