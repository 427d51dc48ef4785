"""The house stands as docs/architecture.md draws it: arrows point one way."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter

import pytest

from bootstrap import ROOT
from import_graph import PACKAGE, imports, in_order, modules, room, rooms, without_detours

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs" / "pictures" / "architecture.svg").read_text(encoding="utf-8")
NAMES = {*rooms()} - {PACKAGE, "__main__"}
LONGEST = 400  # lines of a module

# Libraries, each with one job, and the rooms that may use them.
LIBRARIES = {
    "click": {"cli"},
    "jinja2": {"html"},
    "lxml": {"annotate", "campaign"},
    "pyarrow": {"reports"},
    "pydantic": {"models", "records"},
    "rich": {"cli"},
    "sqlalchemy": {"register"},
    "tomlkit": {"campaign"},
    "xlrd": {"reader"},
    "xlsxwriter": {"book", "template", "summary", "reports"},
    "yaml": {"layouts"},
}


def needed(start: str) -> frozenset[str]:
    """All rooms that one needs, by whatever way."""
    graph, found, left = rooms(), set[str](), [start]
    while left:
        new = graph[left.pop()] - found
        found |= new
        left += new
    return frozenset(found)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in modules()}
    for item in imports():
        if item.imported in graph and item.imported != item.module and not item.for_types_only:
            graph[item.module].add(item.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(circle.args[1]))


def test_no_rooms_import_each_other_in_a_circle() -> None:
    assert len(in_order(rooms())) == len(rooms())


# What a room must never come to need, directly or by way of others.
@pytest.mark.parametrize(
    ("start", "forbidden"),
    [
        ("template", {"reader", "importer", "register", "season", "annotate"}),
        ("reader", {"layouts", "plan", "kinds", "rules", "checking", "live", "importer"}),
        ("live", {"template", "reader"}),
        ("layouts", {"plan", "template", "reader"}),
        ("importer", {"template", "annotate", "register", "season", "book"}),
        ("register", {"season", "importer", "reader"}),
    ],
)
def test_arrows_point_one_way(start: str, forbidden: Collection[str]) -> None:
    assert not needed(start) & set(forbidden)


@pytest.mark.parametrize("start", ["reports", "html", "summary"])
def test_reports_know_neither_who_reads_forms_nor_who_writes_them(start: str) -> None:
    assert not rooms()[start] & {"importer", "reader", "register", "template"}


def test_the_importer_knows_no_file_format() -> None:
    used = {item.imported for item in imports() if room(item.module) == "importer"}
    assert {name for name in used if room(name) == "reader"} == {f"{PACKAGE}.reader"}


def test_every_library_has_one_job() -> None:
    used: dict[str, set[str]] = {}
    for item in imports():
        top = item.imported.split(".")[0]
        if top in LIBRARIES:
            used.setdefault(top, set()).add(room(item.module))
    assert used == LIBRARIES


def test_openpyxl_is_no_part_of_the_program() -> None:
    assert not [item for item in imports() if item.imported.split(".")[0] == "openpyxl"]


def test_the_page_tells_every_room_and_no_other() -> None:
    told = [line.split("`")[1].rstrip("/") for line in PAGE.splitlines() if line.startswith("| `")]
    assert sorted(told) == sorted(NAMES)


def test_the_picture_shows_the_arrows_there_are() -> None:
    drawn = re.findall(r"<title>(\w+)&#45;&gt;(\w+)</title>", PICTURE)
    graph = {name: needs - {PACKAGE} for name, needs in rooms().items() if name in NAMES}
    arrows = {(name, need) for name, needs in without_detours(graph).items() for need in needs}
    assert set(drawn) == arrows, "tools/make_architecture.py draws it anew"


def test_every_module_says_what_it_is_for() -> None:
    for module, path in modules().items():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), module


def test_no_module_is_long() -> None:
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
