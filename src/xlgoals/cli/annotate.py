"""``--annotate DIR``: marked copies beside whatever else a command gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import no_access
from xlgoals.language import _

if TYPE_CHECKING:
    from xlgoals.reader.limits import Limits
    from xlgoals.submission import Submission


def refuse_own_folder(files: Sequence[str], folder: str) -> None:
    """Wrong usage where a copy would stand beside a file that was sent, and so replace it."""
    for file in files:
        # Where it is a link: neither the link nor the file. It may lead to itself: no resolve().
        homes = (Path(realpath(file)).parent, Path(realpath(Path(file).parent)))
        if Path(realpath(folder)) in homes:
            told = _(
                "{folder} 是 {file} 所在的文件夹，带标注的副本请写到别处。",
                folder=folder,
                file=file,
            )
            raise click.UsageError(told)


def write_copies(submissions: Iterable[Submission], folder: str, limits: Limits) -> list[Path]:
    """Write the marked copy of each submission that has something to mend or to look at."""
    from xlgoals.annotate.copy import Unmarkable, annotated_copy
    from xlgoals.output import write_whole
    from xlgoals.submission import Status

    written = []
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for submission, target in _targets(submissions, Path(folder)):
            if submission.status is Status.REJECTED:
                told = _("{file}：无法读取，没有带标注的副本。", file=submission.file)
                click.echo(told, err=True)
                continue
            try:
                write_whole(target, annotated_copy(submission.file, submission, limits=limits))
            except Unmarkable as error:
                told = _(
                    "{file}：不能制作带标注的副本（{reason}）。",
                    file=submission.file,
                    reason=error,
                )
                click.echo(told, err=True)
            else:
                told = _("{file}：已标注，见 {target}", file=submission.file, target=target)
                click.echo(told, err=True)
                written.append(target)
    except OSError as error:
        raise no_access(error.filename or folder, error) from error
    return written


def tell_others(folder: str, written: Collection[Path]) -> None:
    """Say what else is there, lest copies of an earlier run are taken for those of this one."""
    others = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    for path in others:
        if path not in written:
            click.echo(
                _("{file}：不是这次写的，可能是以前的副本，退回前请核对", file=path), err=True
            )


def _targets(submissions: Iterable[Submission], folder: Path) -> Iterator[tuple[Submission, Path]]:
    """Where each copy goes. Files of the same name from different folders are numbered."""
    from xlgoals.annotate.copy import copy_name
    from xlgoals.submission import Status

    taken: set[str] = set()
    for submission in submissions:
        if submission.status is Status.OK:
            continue
        name = Path(copy_name(submission.file))
        candidate, number = name.name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name.stem}({number}){name.suffix}"
        taken.add(candidate.casefold())
        yield submission, folder / candidate
