"""YAML with positions, so that every complaint about a layout names file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import yaml

from xlgoals.grid import CELL_CAPACITY
from xlgoals.language import Message, enumerated

# What YAML forbids in any text.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_DIGITS = 15  # of a whole number: more than any amount has
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The one in C breaks lines and quotes in another way from version to version.
_Dumper = yaml.SafeDumper


class LayoutError(ValueError):
    """A layout that cannot be used; its text names file, line, column and key."""

    def __init__(self, file: str, line: int, column: int, key: str, problem: str) -> None:
        self.file, self.line, self.column, self.key, self.problem = file, line, column, key, problem
        where = Message("{file}，第{line}行第{column}列", file=file, line=line, column=column)
        if key:
            where = Message("{where}，{key}", where=where, key=key)
        super().__init__(Message("{where}：{problem}", where=where, problem=problem))


@dataclass(frozen=True)
class _File:
    name: str
    lines: tuple[str, ...]


def _no_yaml(text: str, mark: yaml.Mark | None) -> str:
    """What to look for where a text is no YAML, by what is seen most often."""
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    before = lines[mark.line - 1] if mark and 0 < mark.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Message("不是有效的 YAML：缩进要用空格，不能用制表符（Tab）")
    if any("：" in text and ": " not in text for text in (line, before)):
        return Message("不是有效的 YAML：键后面要用英文冒号和一个空格，不能用“：”")
    if re.match(r"---|\.\.\.", line):
        return Message("不是有效的 YAML：一个文件只能有一个表样，请删去“---”")
    return Message("不是有效的 YAML：请检查这里和上一行的缩进、引号、括号，以及冒号后面的空格")


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


class Source:
    """One node of a layout file, with its place and the path of keys that leads to it."""

    def __init__(self, file: _File, node: yaml.Node, key: str = "") -> None:
        self._file, self._node, self.key = file, node, key

    @classmethod
    def load(cls, path: Path) -> Source:
        """Parse a file. Raises LayoutError where it is no YAML, OSError where it cannot be read."""
        file = str(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise LayoutError(
                file, 1, 1, "", Message("文件不是 UTF-8 编码；请另存为 UTF-8")
            ) from error
        if illegal := _ILLEGAL.search(text):
            line, column = _position(text, illegal.start())
            raise LayoutError(file, line, column, "", Message("含有不可见的控制字符"))
        try:
            node = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            problem = _no_yaml(text, mark)
            raise LayoutError(file, line, column, "", problem) from error
        except yaml.YAMLError as error:
            raise LayoutError(file, 1, 1, "", _no_yaml(text, None)) from error
        if node is None:
            raise LayoutError(file, 1, 1, "", Message("文件是空的"))
        return cls(_File(file, tuple(text.splitlines())), node)

    def error(self, problem: str) -> LayoutError:
        """A complaint about this place."""
        mark = self._node.start_mark
        return self._complaint(mark.line + 1, mark.column + 1, problem)

    def error_at(self, offset: int, problem: str) -> LayoutError:
        """A complaint about a character of a text, counted from its start."""
        mark = self._node.start_mark
        if self._style in ("|", ">"):
            return self._error_in_block(mark.line + 1, offset, problem)
        quoted = self._style in ("'", '"')
        return self._complaint(mark.line + 1, mark.column + 1 + offset + quoted, problem)

    def _error_in_block(self, number: int, offset: int, problem: str) -> LayoutError:
        """The same in a block, whose lines are joined by one character each."""
        indent = 0
        for line in self._file.lines[number:]:
            indent = len(line) - len(line.lstrip())
            if offset <= len(line) - indent:
                break
            offset -= len(line) - indent + 1
            number += 1
        return self._complaint(number + 1, indent + 1 + offset, problem)

    def error_in_row(self, row: int, word: int | None, problem: str) -> LayoutError:
        """A complaint about a word (counted from 0) of a row of a block; None: the whole row."""
        number = self._node.start_mark.line + 1 + row + (self._style in ("|", ">"))
        starts = [found.start() for found in re.finditer(r"\S+", self._file.lines[number - 1])]
        return self._complaint(number, starts[word or 0] + 1, problem)

    def _complaint(self, line: int, column: int, problem: str) -> LayoutError:
        return LayoutError(self._file.name, line, column, self.key, problem)

    @property
    def file(self) -> str:
        """The file in which this stands."""
        return self._file.name

    @property
    def is_mapping(self) -> bool:
        """Whether this has keys."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether this has elements."""
        return isinstance(self._node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether ``null`` is written here; a value left out is no null."""
        return isinstance(self._node, yaml.ScalarNode) and self._node.value in ("null", "~")

    def dumped(self) -> str:
        """This and all below it as the text of a file; comments are lost."""
        return str(yaml.serialize(self.node(), Dumper=_Dumper, allow_unicode=True, width=100))

    def node(self) -> yaml.Node:
        """This and all below it as YAML's own tree."""
        return self._node

    @property
    def _style(self) -> str | None:
        return self._node.style if isinstance(self._node, yaml.ScalarNode) else None

    # --- scalars --------------------------------------------------------------------------------
    @property
    def text(self) -> str:
        """The scalar's text, never empty."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.error(Message("这里应是一段文字"))
        if not self._node.value.strip():
            raise self.error(Message("这里不能为空"))
        if len(self._node.value) > CELL_CAPACITY:
            raise self.error(Message("太长：一个单元格最多放 {most} 字", most=CELL_CAPACITY))
        return str(self._node.value)

    @property
    def integer(self) -> int:
        """The scalar as a whole number, zero or more."""
        text = self.text
        if text.startswith("-") and text[1:].isdigit():
            raise self.error(Message("这里不能是负数“{text}”", text=text))
        if not text.isascii() or not text.isdigit():
            raise self.error(Message("这里应是整数，而不是“{text}”", text=text))
        if len(text) > _DIGITS:
            raise self.error(Message("这个数太大"))
        return int(text)

    @property
    def boolean(self) -> bool:
        """The scalar as true or false."""
        text = self.text
        if text not in ("true", "false"):
            raise self.error(Message("这里应是 true 或 false，而不是“{text}”", text=text))
        return text == "true"

    # --- collections ----------------------------------------------------------------------------
    def items(self) -> Iterator[Source]:
        """The elements of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error(Message("这里应是一个列表"))
        for number, node in enumerate(self._node.value, start=1):
            yield Source(self._file, node, f"{self.key}[{number}]")

    def entries(self) -> Iterator[tuple[str, Source]]:
        """Keys and values of a mapping, in order; a key said twice is an error."""
        for key, _, value in self.pairs():
            yield key, value

    def pairs(self) -> Iterator[tuple[str, Source, Source]]:
        """Each key with its own place and its value."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error(Message("这里应是“键: 值”的形式"))
        seen = set()
        for key_node, node in self._node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise Source(self._file, key_node, self.key).error(Message("键应是一个词"))
            key = str(key_node.value)
            path = f"{self.key}.{key}" if self.key else key
            place = Source(self._file, key_node, path)
            if key in seen:
                raise place.error(Message("“{key}”重复出现", key=key))
            seen.add(key)
            yield key, place, Source(self._file, node, path)

    def record(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Record:
        """A mapping with known keys only."""
        values = {}
        known = (*required, *optional)
        for key, place, value in self.pairs():
            if key not in known:
                raise place.error(
                    Message("不认识的键“{key}”{closest}", key=key, closest=suggestion(key, known))
                )
            values[key] = value
        for key in required:
            if key not in values:
                raise self.error(Message("缺少“{key}”", key=key))
        return Record(values)


class MergedMapping(Source):
    """A mapping whose values stand in several files; it is itself where the given one stands."""

    def __init__(self, at: Source, pairs: Iterable[tuple[str, Source, Source]]) -> None:
        super().__init__(at._file, at._node, at.key)
        self._merged = tuple(pairs)

    def pairs(self) -> Iterator[tuple[str, Source, Source]]:
        """Each key with its own place and its value."""
        yield from self._merged

    def node(self) -> yaml.Node:
        """This and all below it as YAML's own tree."""
        pairs = [(_key_node(key), value.node()) for key, _, value in self._merged]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=_flow(self._node))


class MergedList(Source):
    """A list whose elements stand in several files; it is itself where the given one stands."""

    def __init__(self, at: Source, items: Iterable[Source]) -> None:
        super().__init__(at._file, at._node, at.key)
        self._merged = tuple(items)

    def items(self) -> Iterator[Source]:
        """The elements of the list."""
        yield from self._merged

    def node(self) -> yaml.Node:
        """This and all below it as YAML's own tree."""
        items = [item.node() for item in self._merged]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=_flow(self._node))


def _key_node(key: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", key)


def _flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


class Record:
    """The values of a mapping by key."""

    def __init__(self, values: dict[str, Source]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Source:
        return self._values[key]

    def get(self, key: str) -> Source | None:
        """The value, or None where the key is not given."""
        return self._values.get(key)

    def text(self, key: str, default: str = "") -> str:
        """A text, or the default."""
        return self._values[key].text if key in self._values else default

    def integer(self, key: str, default: int) -> int:
        """A whole number, or the default."""
        return self._values[key].integer if key in self._values else default

    def boolean(self, key: str, default: bool) -> bool:
        """True or false, or the default."""
        return self._values[key].boolean if key in self._values else default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or none."""
        source = self._values.get(key)
        return tuple(item.text for item in source.items()) if source else ()


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """A hint at the nearest known word, or at all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return Message("，是否想写“{near}”？", near=near[0])
    return Message("；这里可用：{names}", names=enumerated(known))


def unknown(word: str, known: tuple[str, ...], name: str | None = None) -> str:
    """What to say of a word that is not known; ``name`` is the word without what surrounds it."""
    return Message("不认识“{word}”{closest}", word=word, closest=suggestion(name or word, known))


def one_of(source: Source, known: tuple[str, ...]) -> str:
    """The scalar, where it is a known word."""
    if source.text not in known:
        raise source.error(unknown(source.text, known))
    return source.text


def worded(source: Source, known: tuple[str, ...]) -> str:
    """A text with places in braces that will be filled in; others are errors."""
    try:
        places = {place for _, place, _, _ in Formatter().parse(source.text) if place is not None}
    except ValueError as error:
        problem = Message("花括号“{{”“}}”没有成对；文字里不能单独使用花括号")
        raise source.error(problem) from error
    for place in sorted(places - set(known)):
        raise source.error(unknown(f"{{{place}}}", known, place))
    return source.text
