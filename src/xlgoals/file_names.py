"""Names for files and folders that every system takes."""

from __future__ import annotations

import re

LONGEST = 80  # characters: what is left of a path that Windows still opens
_FORBIDDEN = '<>:"/\\|?*'
# Devices, whatever their suffix.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\..*)?\Z", re.IGNORECASE)


def safe_name(text: str) -> str:
    """A text without what no system allows in the name of a file or folder."""
    kept = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in text)
    name = kept.strip(" .")[:LONGEST].rstrip(" .") or "_"
    return f"_{name}" if _RESERVED.match(name) else name
