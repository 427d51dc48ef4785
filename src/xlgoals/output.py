"""Results that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from xlgoals.language import Message

# Where these lead to a file, that file is open for whoever started us.
_STREAMS = ("/dev/std", "/dev/fd/", "/proc/self/fd/")


def write_whole(path: str | PathLike[str], data: bytes) -> None:
    """Write a file that nobody ever sees half of; raises as :func:`whole_file`."""
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to: it is a temporary one beside ``path``, and takes its place at the end.

    Raises OSError, which names the file, where it cannot be written; then, and where the block
    raises anything, an earlier file of that name is untouched.
    """
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, Message("是文件夹"), str(target))
    if _is_stream(target):
        with _stream(target) as file:
            yield file
        return
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(temporary).chmod(_usual_mode(target))
        os.replace(temporary, target)  # noqa: PTH105 - takes the same two names on every system
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_stream(target: Path) -> bool:
    """Whether it is a pipe or a device, such as /dev/stdout: nothing that could be replaced."""
    return target.exists() and (not target.is_file() or str(target).startswith(_STREAMS))


@contextmanager
def _stream(target: Path) -> Iterator[BinaryIO]:
    """A file of which a stream gets all at the end, or nothing where the block raises anything."""
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        with target.open("wb") as stream:
            shutil.copyfileobj(file, stream)


def _usual_mode(target: Path) -> int:
    """The mode of the file replaced, else what the umask leaves of rw-rw-rw-."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
