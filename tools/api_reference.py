"""The API page's reference: what Python programs may use, out of its own words in the source."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from textwrap import dedent
from typing import Any

import xlgoals
from markdown_table import table
from xlgoals.models import GoalForm, Indicator
from xlgoals.reader.limits import Limits
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, Term

# Beside what `xlgoals` itself gives: what its results hold, and what a script needs of a season.
_WITHIN = {
    "xlgoals.submission": ("FormRecord", "FoundInput"),
    "xlgoals.season.model": (
        *("FileEntry", "FileState", "FormEntry", "UnitEntry", "UnitState", "Counts"),
        *("RosterRow", "Waiver"),
    ),
    "xlgoals.season.roster": ("RosterError", "read_roster"),
    "xlgoals.season.waiver_list": ("WaiversError", "read_waivers"),
    "xlgoals.summary.write": ("write_summary",),
    "xlgoals.register": ("RegisterError", "open_register"),
    "xlgoals.season.export": ("Column", "Export", "What", "export"),
}
# Fields that models inherit: said where all fields are said.
_TERMS: Mapping[type, Mapping[str, Term]] = {
    GoalForm: FORM_TERMS,
    Indicator: {**INDICATOR_TERMS, **COLUMN_TERMS},
}
_SHOWN_DEFAULTS = (str, int, bool, type(None), tuple)


def reference() -> str:
    """Every name, by the module that it is imported from."""
    own = [name for name in xlgoals.__all__ if not name.startswith("__")]
    parts = []
    for module, names in {"xlgoals": sorted(own, key=str.lower), **_WITHIN}.items():
        parts.append(f"### From `{module}`\n")
        for name in names:
            parts += _told(name, getattr(import_module(module), name))
    return "\n".join(parts)


def _told(name: str, item: Any) -> Iterator[str]:
    yield f"#### {name}\n"
    if inspect.isfunction(item):
        yield f"```\n{name}{_signature(item)}\n```\n"
    yield _markdown(inspect.getdoc(item) or "") + "\n"
    if isinstance(item, type) and (lines := list(_members(item))):
        yield table(("name", "type or value", ""), lines)


def _signature(function: Any) -> str:
    """One parameter a line where there are many; a default that is long is left out."""
    signature = inspect.signature(function)
    shown = []
    for item in signature.parameters.values():
        long = item.default is not item.empty and not isinstance(item.default, _SHOWN_DEFAULTS)
        shown.append(item.replace(default=_Ellipsis()) if long else item)
    text = str(signature.replace(parameters=shown)).replace("'", "")
    if len(text) < 80:
        return text
    inner, _, returned = text.rpartition(")")
    parts = re.split(r", (?![^\[]*\])", inner.removeprefix("("))
    return "(\n    " + ",\n    ".join(parts) + f",\n){returned}"


class _Ellipsis:
    def __repr__(self) -> str:
        return "..."


def _markdown(text: str) -> str:
    """The few marks of reStructuredText that docstrings use."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text.replace("``", "`"))


def _members(cls: type) -> Iterator[tuple[str, str, str]]:
    """What a class holds: its values or fields, then what it works out when asked."""
    is_model = hasattr(cls, "model_fields")
    if is_dataclass(cls) or is_model or issubclass(cls, Enum | tuple):
        yield from _noted(cls)
    for key, term in _TERMS.get(cls, {}).items():
        yield f"`{key}`", f"kind `{term.kind}`", term.zh
    for name, item in vars(cls).items():
        getter = item.fget if isinstance(item, property) else getattr(item, "func", None)
        call = getattr(item, "__func__", item) if is_model else None
        told = getter or (call if inspect.isfunction(call) else None)
        if told is not None and not name.startswith("_") and inspect.getdoc(told):
            shown = name if getter else f"{name}()"
            doc, *_ = _markdown(inspect.getdoc(told) or "").partition("\n\n")
            yield f"`{shown}`", f"`{told.__annotations__['return']}`", " ".join(doc.split())


def _noted(cls: type) -> Iterator[tuple[str, str, str]]:
    """Fields or values as the source has them, with the remark beside or below each."""
    source = dedent(inspect.getsource(cls))
    lines = source.splitlines()
    (tree,) = ast.parse(source).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for node, following in zip(body, [*body[1:], None], strict=True):
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and issubclass(cls, Enum):
            target = node.targets[0]
        if not isinstance(target, ast.Name) or target.id.startswith(("_", "read_", "model_")):
            continue
        if "ClassVar" in ast.unparse(node):
            continue
        last = lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset :].decode()
        remark = last.partition("#")[2]
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            remark = str(following.value.value)
        held = node.annotation if isinstance(node, ast.AnnAssign) else getattr(node, "value", None)
        text = ast.unparse(held) if held else ""
        if cls is Limits and isinstance(node, ast.AnnAssign) and node.value:
            text = f"{text} = {getattr(Limits(), target.id):,}"
        yield f"`{target.id}`", f"`{_plain(text)}`", _markdown(" ".join(remark.split()))


def _plain(text: str) -> str:
    """A type without what pydantic does about it."""
    return re.sub(r"Annotated\[([^,]+), [^\]]+\]", r"\1", text)
