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


def write_whole(path: str | PathLike[str], data: bytes) -> None:
    """Write a file that nobody ever sees half of; raises as :func:`whole_file`."""
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to: it is a temporary one beside ``path``, and takes its place at the end.

    Raises OSError, which names the file, where it cannot be written; then, and where the block
    raises anything, an earlier file of that name is untouched. A device or a pipe, such as
    ``/dev/stdout``, is no file to be replaced: it gets the whole at the end.
    """
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, Message("是文件夹"), str(target))
    if _is_device(target):
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            with target.open("wb") as device:
                shutil.copyfileobj(file, device)
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


def _is_device(target: Path) -> bool:
    """Whether a name stands for a device, a pipe or an open file of this process."""
    named_there = target.is_symlink() and target.is_relative_to("/dev")
    return target.exists() and (named_there or not target.is_file())


def _usual_mode(target: Path) -> int:
    """The mode of the file replaced, else what the umask leaves of rw-rw-rw-."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
