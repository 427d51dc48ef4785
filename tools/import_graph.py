"""Which module of xlgoals imports which, as the sources say it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from bootstrap import ROOT

PACKAGE = "xlgoals"
_SOURCES = ROOT / "src" / PACKAGE


@dataclass(frozen=True)
class Import:
    """One import: module and what it imports, by full dotted names."""

    module: str
    imported: str
    for_types_only: bool


@cache
def modules() -> Mapping[str, Path]:
    """Every module by its dotted name; a package by that of its folder."""
    found = {}
    for path in sorted(_SOURCES.rglob("*.py")):
        parts = path.relative_to(_SOURCES.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Every import there is, those within functions included."""
    return tuple(item for module, path in modules().items() for item in _imports(module, path))


def _imports(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        for name in _imported(node):
            yield Import(module, name, id(node) in for_types)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        known = modules()
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in known else node.module


def room(module: str) -> str:
    """The part of the house that a module stands in: a package, or a module beside them."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else module


def rooms() -> Mapping[str, frozenset[str]]:
    """Every part, and the other parts that it needs when it runs."""
    found: dict[str, set[str]] = {room(module): set() for module in modules()}
    for item in imports():
        if item.imported.split(".")[0] == PACKAGE and not item.for_types_only:
            found[room(item.module)].add(room(item.imported))
    return {name: frozenset(needs - {name}) for name, needs in found.items()}


def in_order(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """From the ground up; raises graphlib.CycleError where there is a circle."""
    return list(TopologicalSorter(graph).static_order())


def without_detours(graph: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """The arrows that no longer way replaces: what a picture needs."""
    reach: dict[str, set[str]] = {}
    for name in in_order(graph):
        reach[name] = set(graph[name]).union(*(reach[need] for need in graph[name]))
    return {
        name: {need for need in needs if not any(need in reach[via] for via in needs)}
        for name, needs in graph.items()
    }
