"""Draw the rooms of the program and the arrows between them, as the sources have them.

python tools/make_architecture.py

Needs Graphviz (its program ``dot``). The picture is docs/pictures/architecture.svg.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping

from bootstrap import ROOT
from import_graph import PACKAGE, modules, room, rooms, without_detours

PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
_APART = {PACKAGE, "__main__"}
# By what a room is about; whatever is named nowhere is a plain module that all others stand on.
_COLOURS = {
    "#DDEBF7": ("layouts", "kinds", "rules", "plan", "checking", "live", "models"),
    "#E2F0D9": ("template", "annotate", "summary", "reports", "html", "book"),
    "#FFF2CC": ("reader", "importer", "submission"),
    "#FBE5D6": ("season", "register", "campaign", "migration"),
    "#EDEDED": ("cli",),
}


def main() -> int:
    """Write the picture."""
    graph = {name: needs - _APART for name, needs in rooms().items() if name not in _APART}
    text = "\n".join(_lines(graph))
    try:
        done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True)
    except FileNotFoundError:
        sys.stderr.write("Graphviz is not installed: there is no program dot.\n")
        return 1
    sys.stderr.write(done.stderr)
    if done.returncode == 0:
        PICTURE.write_text(done.stdout, encoding="utf-8")
    return done.returncode


def _lines(graph: Mapping[str, frozenset[str]]) -> Iterator[str]:
    packages = {room(name) for name in modules() if name.count(".") > 1}
    colours = {name: colour for colour, names in _COLOURS.items() for name in names}
    yield "digraph {"
    yield "graph [rankdir=TB ranksep=0.45 nodesep=0.25 bgcolor=white]"
    yield 'node [fontname="Helvetica" fontsize=13 style=filled fillcolor=white color="#7F7F7F"]'
    yield 'edge [color="#7F7F7F" arrowsize=0.6]'
    for name in sorted(graph):
        shape = "box" if name in packages else "plain"
        label = f"{name}/" if name in packages else name
        yield f'"{name}" [label="{label}" shape={shape} fillcolor="{colours.get(name, "white")}"]'
    for name, needs in sorted(without_detours(graph).items()):
        yield from (f'"{name}" -> "{need}"' for need in sorted(needs))
    yield "}"


if __name__ == "__main__":
    sys.exit(main())
