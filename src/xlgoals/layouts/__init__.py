"""Layouts: the official forms as data. The files beside this module are the package's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from xlgoals.language import Message, enumerated
from xlgoals.layouts.correspondence import in_full, related_files
from xlgoals.layouts.extend import Extended, resolved, shipped_layouts
from xlgoals.layouts.loader import read_layout
from xlgoals.layouts.model import Layout
from xlgoals.layouts.source import LayoutError

__all__ = [
    "Layout",
    "LayoutError",
    "UnknownLayoutError",
    "layout_ids",
    "layout_text",
    "layout_title",
    "load_layout",
    "related_layouts",
]


class UnknownLayoutError(LookupError):
    """No layout of that name in the package, and no file at that path."""


def layout_ids() -> tuple[str, ...]:
    """The ids of the layouts in the package, sorted."""
    return tuple(shipped_layouts())


def load_layout(name: str) -> Layout:
    """Load a layout by id (``shanghai-2020``) or from the path of a YAML file.

    Raises UnknownLayoutError where there is none, LayoutError where it is broken.
    """
    if name in layout_ids():
        return _shipped(name)
    return read_layout(_file(name))


def layout_title(layout_id: str) -> str:
    """What a person is told of a layout; its id where it is none of the package's."""
    return load_layout(layout_id).title if layout_id in layout_ids() else layout_id


def layout_text(name: str) -> str:
    """A layout as the text of a file that needs no other: its own, or what it resolves to.

    Raises as load_layout does.
    """
    load_layout(name)
    path = _file(name)
    source = resolved(path)
    if not isinstance(source, Extended):
        return path.read_text("utf-8-sig")
    return in_full(source).dumped()


def related_layouts(layout: Layout) -> Iterator[Layout]:
    """The layouts in files of their own that one extends, or says what becomes of theirs.

    A file that is only there to be extended is none. Raises OSError where one is gone.
    """
    shipped = shipped_layouts().values()
    for path in related_files(layout.source) if layout.source else ():
        if path not in shipped:
            with suppress(LayoutError):
                yield read_layout(path)


def _file(name: str) -> Path:
    shipped = shipped_layouts()
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        if not path.exists():
            raise UnknownLayoutError(Message("没有“{name}”这个文件", name=name))
        if path.is_dir():
            raise UnknownLayoutError(Message("“{name}”是文件夹，不是表样文件", name=name))
    elif path.is_file():
        told = Message("“{name}”不是表样文件；表样文件的名称以 .yaml 结尾", name=name)
        raise UnknownLayoutError(told)
    else:
        raise UnknownLayoutError(
            Message(
                "没有名为“{name}”的表样；可用：{names}，或给出 .yaml 文件的路径",
                name=name,
                names=enumerated(shipped),
            )
        )
    return path


@lru_cache
def _shipped(name: str) -> Layout:
    return read_layout(shipped_layouts()[name])
