"""The collection: find files, read what is new, and tell where everybody stands."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path

from xlgoals.codes import READ_FAILED
from xlgoals.importer.recognise import Wanted
from xlgoals.layouts import Layout, load_layout
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.register import Register, open_register
from xlgoals.register.register import Returned, Seen
from xlgoals.season.build import Asked, build_season
from xlgoals.season.find import MISSING, Found, find_files, shown_path
from xlgoals.season.model import RosterRow, Season, Waiver
from xlgoals.season.reading import File, Terms, batches_of, read_all
from xlgoals.season.versions import ReturnedFile

_KNOWN = 500  # files a transaction
Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


def consolidate(
    paths: Sequence[str | PathLike[str]],
    *,
    register: Register | str | None = None,
    roster: Sequence[RosterRow] = (),
    waivers: Sequence[Waiver] = (),
    layout: Layout | str | None = None,
    others: Sequence[Layout] = (),
    fiscal_year: int | None = None,
    round: str | None = None,
    deadline: datetime | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    vanished: bool = False,
    own: Collection[str | PathLike[str]] = (),
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Season:
    """Read every file that the paths mean, and tell what became of each and where units stand.

    ``register`` is where readings are kept, so that no file is read twice; without one they last
    as long as the season, which reads there what it does not hold. ``waivers`` say which findings
    are accepted: these are kept, but an error that is waived sends no form back. ``layout`` and
    ``fiscal_year`` say what all files must be, else most of them decide; they may be of the
    package's layouts and of ``others``. Files are read by ``jobs``
    processes: one for each processor, unless told; or by ``executor``, which is sent their bytes
    and reads ``jobs`` batches at a time. With ``vanished``, files count that the register knows
    from earlier runs and that are not among the paths any more. ``own`` are files and folders that
    are no returned files, though they may lie among them.

    Raises NothingReadError where no file tells what it is, RegisterError where the register
    cannot be used, ExecutorError where the executor cannot, UnknownLayoutError or LayoutError for
    a layout that cannot be had.
    """
    chosen = load_layout(layout) if isinstance(layout, str) else layout
    wanted = Wanted(chosen, fiscal_year, tuple(others))
    with _opened(register) as opened:
        ours = [*own, *_files_of(opened)]
        found = find_files(paths, ours)
        _collect(opened, round, found, Terms(wanted, limits), executor, jobs, progress)
        files = _accounted(opened.returned(round), found, vanished)
        asked = Asked(wanted, round, tuple(roster), tuple(waivers), deadline)
        return build_season(opened, files, asked)


def registered(register: Register, asked: Asked) -> Season:
    """The season as the register knows it, without a look at any file; raises as consolidate."""
    files = _accounted(register.returned(asked.round), (), vanished=True)
    return build_season(register, files, asked)


@contextmanager
def _opened(register: Register | str | None) -> Iterator[Register]:
    if isinstance(register, Register):
        yield register
    elif register is not None:
        with open_register(register) as opened:
            yield opened
    else:
        yield _passing_register()


def _passing_register() -> Register:
    """A register that is gone with whoever has it."""
    folder = tempfile.mkdtemp(prefix="xlgoals-")
    opened = open_register(str(Path(folder, "register.db")))
    weakref.finalize(opened, shutil.rmtree, folder, ignore_errors=True)
    return opened


def _files_of(register: Register) -> list[str]:
    """The register's own file, and what SQLite keeps beside it."""
    file = register.file
    return [f"{file}{suffix}" for suffix in ("", "-wal", "-shm", "-journal")] if file else []


def _collect(
    register: Register,
    round_: str | None,
    found: Sequence[Found],
    terms: Terms,
    executor: Executor | None,
    jobs: int | None,
    progress: Progress | None,
) -> None:
    rules = terms.rules
    known = register.known([file.digest for file in found if file.digest], rules)
    old, new = [], {}
    for file in found:
        if file.problem is MISSING:
            continue
        problem = file.problem.id if file.problem else None
        seen = Seen(file.key, file.digest, file.modified, problem)
        if file.problem or file.digest in known:
            old.append(seen)
        elif file.digest not in new:
            new[file.digest] = File(str(file.path), seen)
        else:
            old.append(seen)
    batches, processes = batches_of(list(new.values()), terms, jobs or os.cpu_count() or 1)
    done = len(found) - len(new)
    for read in read_all(batches, executor, processes):
        register.store(round_, rules, read)
        done += len(read)
        if progress:
            progress(done, len(found))
    _store_known(register, round_, rules, old)


def _store_known(register: Register, round_: str | None, rules: str, seen: Sequence[Seen]) -> None:
    """Files whose bytes were read before, or as those of another file just now."""
    known = register.known([file.digest for file in seen if not file.problem], rules)
    told = [
        file if file.problem or file.digest in known else replace(file, problem=READ_FAILED.id)
        for file in seen
    ]
    for start in range(0, len(told), _KNOWN):
        register.store(round_, rules, told[start : start + _KNOWN])


def _accounted(
    returned: Sequence[Returned], found: Sequence[Found], vanished: bool
) -> list[ReturnedFile]:
    shown = {file.key: shown_path(file.path) for file in found}
    files = [
        ReturnedFile(shown.get(file.path, file.path), file)
        for file in returned
        if file.current and (vanished or file.path in shown)
    ]
    there = {file.returned.path for file in files}
    return files + [
        ReturnedFile(shown[file.key], _never_stored(file))
        for file in found
        if file.key not in there
    ]


def _never_stored(file: Found) -> Returned:
    """What was asked for and does not exist: the register has nothing to keep of it."""
    problem = (file.problem or MISSING).id
    return Returned(
        round=None, path=file.key, digest="", modified=None, problem=problem, submission=None,
        status=None, layout=None, fiscal_year=None, unit=None, saved=None, current=True,
    )  # fmt: skip
