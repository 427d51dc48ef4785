"""Which files there are: every one of them, also those that nobody can read."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import stat
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path

from xlgoals.codes import SYSTEM_FILE
from xlgoals.findings import Code
from xlgoals.reader.sniff import is_lock_file
from xlgoals.unreadable import UNREADABLE

MISSING, NO_PERMISSION = UNREADABLE["missing-file"], UNREADABLE["no-permission"]
_LOCK_FILE, _NO_FILE = UNREADABLE["lock-file"], UNREADABLE["not-spreadsheet"]
# What systems put into folders unasked; macOS has its part of a file beside it, under "._".
_SYSTEM_FILE = re.compile(r"(?:Thumbs\.db|desktop\.ini|\.DS_Store|\._.*)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A file, or what was asked for and is none."""

    path: Path  # as asked for
    key: str  # the same whatever folder the program was started in
    digest: str  # sha256 of its bytes; empty where they were not to be had
    modified: datetime | None  # UTC
    problem: Code | None  # why there is nothing to be read


def find_files(
    paths: Sequence[str | PathLike[str]], own: Collection[str | PathLike[str]] = ()
) -> list[Found]:
    """Every file that the paths mean, by path: files, all that is in folders, patterns.

    ``own`` are files and folders that the program itself writes or that were named for another
    purpose: they are passed over, and so is whatever is in them.
    """
    ours = {_place(Path(path)) for path in own}
    found: dict[Path, tuple[Path, Code | None]] = {}
    for path in paths:
        for file, problem in _expanded(Path(path)):
            place = _place(file)
            # A file is called by where it lies, if it was found there, and not by a link to it.
            is_better = place not in found or Path(os.path.abspath(file)) == place  # noqa: PTH100
            if is_better and ours.isdisjoint((place, *place.parents)):
                found[place] = file, problem
    by_key = {shown_path(place): named for place, named in found.items()}
    return [_found(file, key, problem) for key, (file, problem) in sorted(by_key.items())]


def shown_path(path: Path) -> str:
    """A path as text that can be printed and stored, whatever bytes are in its name."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def digest_of(path: Path) -> str:
    """The sha256 of a file's bytes, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(path: Path) -> Path:
    # Path.resolve() would raise for links that lead in a circle.
    return Path(os.path.realpath(path))


def _expanded(path: Path) -> Iterator[tuple[Path, Code | None]]:
    if path.is_dir():
        yield from _within(path)
    elif path.exists() or not glob.has_magic(str(path)):
        yield path, None
    else:
        matches = [Path(match) for match in glob.glob(str(path), recursive=True)]  # noqa: PTH207
        if not matches:
            yield path, MISSING
        for match in matches:
            yield from _within(match) if match.is_dir() else [(match, _nobody_s(match))]


def _within(folder: Path) -> Iterator[tuple[Path, Code | None]]:
    closed: list[str] = []
    been = set(_place(folder).parents)  # a link may lead in a circle
    waiting = deque([folder])  # where links lead is looked at last: it may lie here, too
    while waiting:
        top = waiting.popleft()
        if _place(top) in been:
            continue
        for place, folders, files in os.walk(top, onerror=lambda e: closed.append(e.filename)):
            been.add(_place(Path(place)))
            inner = (Path(place, name) for name in sorted(folders))
            waiting.extend(path for path in inner if path.is_symlink())
            yield from ((file, _nobody_s(file)) for file in (Path(place, name) for name in files))
    yield from ((Path(name), NO_PERMISSION) for name in closed)


def _nobody_s(file: Path) -> Code | None:
    """What there is to say of a file that nobody has put there; who names it, means it."""
    is_system_file = is_lock_file(file.name) or _SYSTEM_FILE.match(file.name)
    return SYSTEM_FILE if is_system_file else None


def _found(path: Path, key: str, problem: Code | None) -> Found:
    if problem is not None:
        return Found(path, key, "", _modified(path), problem)
    if is_lock_file(path.name):
        return Found(path, key, "", _modified(path), _LOCK_FILE)
    try:
        status = path.stat()
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe would wait for somebody to write.
            return Found(path, key, "", modified, _NO_FILE)
        return Found(path, key, digest_of(path), modified, None)
    except FileNotFoundError:
        return Found(path, key, "", None, MISSING)
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link that leads to itself
            return Found(path, key, "", None, MISSING)
        return Found(path, key, "", _modified(path), NO_PERMISSION)


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
