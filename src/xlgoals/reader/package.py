"""The zip package: its entries, its parts as bounded streams."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from xlgoals.reader.errors import Reason, Unreadable, damaged, shown
from xlgoals.reader.limits import RATIO_FLOOR, Allowance, Limits, too_large

_DRAINED = 1024 * 1024  # bytes at a time
_STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END = b"PK\x05\x06"
_END_SIZE = 22
_END64 = b"PK\x06\x06"
_END64_SIZE = 56
_LOCATOR64 = b"PK\x06\x07"
_LOCATOR64_SIZE = 20
_COMMENT_MAX = 1 << 16
_PIECE = 1 << 20
# An entry takes 46 bytes, its name and extra fields.
_DIRECTORY_ENTRY_ROOM = 512

# All that zipfile and zlib are known to raise for bytes that are no sound zip. RuntimeError
# includes NotImplementedError; OSError includes negative seeks, OverflowError seeks too far.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Part:
    """One part, read once from front to back, never further than the limits allow."""

    __slots__ = ("_done", "_packed", "_size", "_stream", "allowance", "name")

    def __init__(
        self, name: str, info: zipfile.ZipInfo, stream: IO[bytes], allowance: Allowance
    ) -> None:
        self.name = name
        self.allowance = allowance
        self._stream = stream
        self._packed = info.compress_size
        self._size = info.file_size
        self._done = 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end, where the checksum is proven."""
        limits = self.allowance.limits
        # One byte above a limit is enough to know; no more is inflated than that.
        ratio_bytes = max(RATIO_FLOOR, limits.compression_ratio * self._packed)
        room = min(ratio_bytes - self._done, limits.unpacked_bytes - self.allowance.unpacked) + 1
        try:
            piece = self._stream.read(min(size, room))
        except _ZIP_ERRORS as error:
            raise damaged(self.name, _said(error)) from None
        self._done += len(piece)
        if self._done > ratio_bytes:
            ratio = self._done // max(self._packed, 1)
            raise too_large("compression_ratio", ratio, limits.compression_ratio, self.name)
        self.allowance.spend_unpacked(len(piece), self.name)
        if not piece and self._done != self._size:
            raise damaged(self.name, f"{self._done} bytes instead of {self._size}")
        return piece

    def drain(self, keep: int = 0) -> bytes:
        """Read what is left: only then is the checksum proven. Returns the last ``keep`` bytes."""
        tail = b""
        while piece := self.read(_DRAINED):
            tail = (tail + piece)[-keep:]
        return tail[-keep:]


class Package:
    """The entries of a zip file, found whatever the case of their names."""

    __slots__ = ("_entries", "_zip", "allowance")

    def __init__(self, file: IO[bytes], size: int, limits: Limits) -> None:
        if size > limits.packed_bytes:
            raise too_large("packed_bytes", size, limits.packed_bytes)
        try:
            _bound_directory(file, size, limits)
            # Opened over a file object, it needs no closing: the file is its owner's.
            self._zip = zipfile.ZipFile(file)
        except _ZIP_ERRORS as error:
            raise damaged("zip", _said(error)) from None
        self.allowance = Allowance(limits)
        self._entries = _entries(self._zip.filelist, limits)

    def names(self) -> Iterator[str]:
        """The names of all entries, in lower case."""
        return iter(self._entries)

    def spellings(self) -> Iterator[str]:
        """The names of all parts as the file has them; folders are none."""
        names = (_spelled(info) for info in self._entries.values())
        return (name for name in names if not name.endswith("/"))

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._entries

    @contextmanager
    def open(self, name: str) -> Iterator[Part]:
        """One part for reading. Raises Unreadable if it is missing or cannot be unpacked."""
        info = self._entries.get(name.lower())
        if info is None:
            raise damaged(name, "missing")
        if info.flag_bits & 1:
            raise Unreadable(Reason.ENCRYPTED, f"{shown(name)}: zip entry with a password")
        if info.compress_type not in _STORED_OR_DEFLATED:
            raise damaged(name, f"compression method {info.compress_type}")
        try:
            stream = self._zip.open(info)
        except _ZIP_ERRORS as error:
            raise damaged(name, _said(error)) from None
        with stream:
            yield Part(name, info, stream, self.allowance)

    def whole(self, name: str) -> bytes:
        """All bytes of a part."""
        with self.open(name) as part:
            return b"".join(iter(lambda: part.read(_PIECE), b""))

    def start_of(self, name: str, size: int) -> bytes:
        """The first bytes of a part."""
        with self.open(name) as part:
            return part.read(size)


def _spelled(info: zipfile.ZipInfo) -> str:
    # Some old .NET programs wrote backslashes.
    return info.filename.replace("\\", "/").removeprefix("/")


def _entries(infos: list[zipfile.ZipInfo], limits: Limits) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > limits.entries:
        raise too_large("entries", len(infos), limits.entries)
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _spelled(info).lower()
        if name in entries:
            # Programs differ in which of the two they show.
            raise damaged(name, "twice in the zip")
        entries[name] = info
    return entries


def _bound_directory(file: IO[bytes], size: int, limits: Limits) -> None:
    """Refuse a zip directory that is too long, before zipfile makes an object of each entry.

    Finds the end records just as zipfile does, so that both see the same directory.
    """
    start = max(0, size - _END_SIZE - _COMMENT_MAX - _LOCATOR64_SIZE - _END64_SIZE)
    file.seek(start)
    tail = file.read(size - start)
    at = len(tail) - _END_SIZE
    if not (tail.startswith(_END, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END, max(0, at - _COMMENT_MAX))
    if at < 0:
        raise zipfile.BadZipFile("no end of the zip directory: the file is cut off")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = at - _LOCATOR64_SIZE
    end64 = locator - _END64_SIZE
    if end64 >= 0 and tail.startswith(_LOCATOR64, locator) and tail.startswith(_END64, end64):
        length = int.from_bytes(tail[end64 + 40 : end64 + 48], "little")
    if length > size:
        raise zipfile.BadZipFile("the zip directory is cut off")
    if length > limits.entries * _DIRECTORY_ENTRY_ROOM:
        raise too_large("entries", length // _DIRECTORY_ENTRY_ROOM, limits.entries, "zip directory")


def _said(error: Exception) -> str:
    """What an error of the zip layer says, without any path."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return shown(str(error)) or type(error).__name__
