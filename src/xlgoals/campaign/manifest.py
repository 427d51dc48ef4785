"""What a refresh remembers of the workbooks that it wrote, in a file beside them.

It saves time, and no more: without it every workbook is made anew and compared.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xlgoals import __version__
from xlgoals.campaign.prefill import Note
from xlgoals.language import Message
from xlgoals.output import write_whole

MANIFEST = ".xlgoals-refresh.json"
MADE_BY = f"xlgoals {__version__}, XlsxWriter {version('XlsxWriter')}"
_FORMAT = 2


@dataclass(frozen=True)
class Entry:
    """One workbook as it was written."""

    unit: str
    job: str  # the fingerprint of all that it was made of
    made_by: str
    file: str  # sha256 of its bytes, hexadecimal
    open: tuple[Note, ...] = ()
    left: tuple[Note, ...] = ()


def digest_of(path: Path) -> str | None:
    """The sha256 of a file's bytes; None where there is no such file to be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def load_manifest(outbox: Path) -> dict[str, Entry]:
    """What is known of an outbox, by the path within it; nothing where that cannot be read."""
    try:
        said = json.loads((outbox / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] != _FORMAT:
            return {}
        return {name: _entry(values) for name, values in said["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _entry(values: dict[str, Any]) -> Entry:
    return Entry(
        unit=str(values["unit"]),
        job=str(values["job"]),
        made_by=str(values["made_by"]),
        file=str(values["file"]),
        open=tuple(map(_note, values["open"])),
        left=tuple(map(_note, values["left"])),
    )


def _note(values: dict[str, Any]) -> Note:
    return Note(**{key: _read(value) for key, value in values.items()})


def _read(value: Any) -> str:
    """A text, or a message that can be said in another language, too."""
    if isinstance(value, str):
        return value
    template, details = value
    return Message(template, **{key: _read(detail) for key, detail in details.items()})


def _kept(value: Any) -> Any:
    """What JSON can hold, of which nothing but messages is more than it seems."""
    match value:
        case Message():
            return [value.template, {key: _kept(item) for key, item in value.details.items()}]
        case dict():
            return {key: _kept(item) for key, item in value.items()}
        case list() | tuple():
            return [_kept(item) for item in value]
    return value


def save_manifest(outbox: Path, entries: dict[str, Entry]) -> None:
    """Keep what is known; a file that says so already is not touched. Raises OSError."""
    files = {name: _kept(asdict(entry)) for name, entry in sorted(entries.items())}
    said = {"format": _FORMAT, "files": files}
    data = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    path = outbox / MANIFEST
    if not path.is_file() or path.read_bytes() != data:
        write_whole(path, data)
