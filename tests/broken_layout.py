"""The shipped layout, broken at one place, and what loading says of it.

``¶`` marks the character that must be named; it is taken out before the file is written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from xlgoals import LayoutError, load_layout

SHIPPED = load_layout("shanghai-2020").source
assert SHIPPED
YAML = SHIPPED.read_text(encoding="utf-8")
MARK = "¶"


def broken(old: str, new: str) -> str:
    """The shipped layout with one place changed."""
    assert YAML.count(old) == 1, f"{old!r} stands {YAML.count(old)} times in the layout"
    return YAML.replace(old, new)


def complaint(folder: Path, text: str) -> tuple[LayoutError, tuple[int, int]]:
    """What loading says of a marked text, and the line and column of its mark."""
    before, mark, after = text.partition(MARK)
    assert mark, "no place is marked"
    place = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    path = folder / "broken.yaml"
    path.write_text(before + after, encoding="utf-8")
    with pytest.raises(LayoutError) as raised:
        load_layout(str(path))
    assert raised.value.file == str(path)
    return raised.value, place
