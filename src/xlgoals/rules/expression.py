"""The small language of cross-field rules: text → tree. Nothing is ever evaluated as Python.

    current_budget <= total_budget
    blank(prior_budget) = blank(prior_execution)
    contains(project_category, "一次性") and year(start_date) = fiscal_year

Operators, loosest first: ``or``, ``and``, ``not``, one comparison (``= != < <= > >= in``), ``+ -``.
Texts stand in double quotes, lists in brackets. Names are fields of the form; in rules for each
indicator row also its columns, and ``target.operator``, ``target.number``, ``target.unit``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from xlgoals.language import Message, enumerated

TEXT, NUMBER, DATE = Message("文字"), Message("数值"), Message("日期")
TRUTH, LIST = Message("是否"), Message("列表")

Value = str | Decimal


class ExpressionError(ValueError):
    """A wrong expression; ``offset`` counts characters from its start."""

    def __init__(self, offset: int, problem: str) -> None:
        self.offset, self.problem = offset, problem
        super().__init__(problem)


@dataclass(frozen=True)
class Literal:
    """A number, a text, or a list of texts."""

    value: Decimal | str | tuple[str, ...]
    type: str


@dataclass(frozen=True)
class Name:
    """The value of a field or column."""

    key: str
    type: str


@dataclass(frozen=True)
class Call:
    """A function of the table below."""

    function: str
    arguments: tuple[Node, ...]
    type: str


@dataclass(frozen=True)
class Binary:
    """Two operands: ``and or = != < <= > >= in + -``."""

    operator: str
    left: Node
    right: Node
    type: str


@dataclass(frozen=True)
class Not:
    """The opposite."""

    operand: Node
    type: str = TRUTH


Node = Literal | Name | Call | Binary | Not


class Function(NamedTuple):
    """Types of a function's arguments (None: any) and of its result."""

    arguments: tuple[str | None, ...]
    result: str


FUNCTIONS: Mapping[str, Function] = {
    "blank": Function((None,), TRUTH),  # nothing filled in; the only way to speak of a blank cell
    "contains": Function((TEXT, TEXT), TRUTH),
    "length": Function((TEXT,), NUMBER),
    "repeated": Function((TEXT,), TRUTH),  # the same text, case apart, in another row
    "right": Function((TEXT, NUMBER), TEXT),
    "sum": Function((NUMBER,), NUMBER),  # of a column over all rows, or those of one level 1
    "year": Function((DATE,), NUMBER),
}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|\"(?P<text>[^\"]*)\"|(?P<name>[a-z_][a-z0-9_.]*)"
    r"|(?P<sign><=|>=|!=|[=<>()\[\],+\-]))"
)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")
_WORDS = ("and", "or", "not", "in")


# Spreadsheets take formulas of 8,192 characters and 64 levels, and a formula says more than a rule.
_LONGEST, _DEEPEST = 1000, 50
_TOO_LARGE = Message("太长或太复杂，表格软件放不下；请拆成几条规则")


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


def under(column: str, level1: str) -> str:
    """The name of a column's rows under one level 1; no field and no column has such a name."""
    return f"{column} {level1}"


def parse(source: str, names: Mapping[str, str], columns: Mapping[str, str] | None = None) -> Node:
    """Parse a rule that must say true or false. ``names`` gives each known name's type.

    ``columns`` gives those of the columns that ``sum`` may speak of, whole and ``under`` a level 1.

    Raises ExpressionError with the offset of what is wrong.
    """
    parser = _Parser(source, names, columns or {})
    node = parser.disjunction()
    parser.end()
    if _depth(node) > _DEEPEST:
        raise ExpressionError(0, _TOO_LARGE)
    if node.type != TRUTH:
        raise ExpressionError(0, Message("规则应是一个判断，例如 a <= b"))
    return node


def _depth(node: Node) -> int:
    """How deep the formula of a tree is nested."""
    match node:
        case Binary(left=left, right=right):
            return 1 + max(_depth(left), _depth(right))
        case Not(operand=operand):
            return 1 + _depth(operand)
        case Call(arguments=arguments):
            return 1 + max(map(_depth, arguments), default=0)
    return 0


def _nodes(node: Node | None) -> Iterator[Node]:
    """Every part of an expression, in reading order."""
    match node:
        case Call(arguments=arguments):
            yield node
            for argument in arguments:
                yield from _nodes(argument)
        case Binary(left=left, right=right):
            yield from (*_nodes(left), *_nodes(right))
        case Not(operand=operand):
            yield from _nodes(operand)
        case Name() | Literal():
            yield node


def referenced(node: Node | None) -> Iterator[Name]:
    """Every name of an expression, in reading order."""
    return (part for part in _nodes(node) if isinstance(part, Name))


def first_sum(node: Node) -> Call | None:
    """The sum that an expression speaks of first."""
    calls = (part for part in _nodes(node) if isinstance(part, Call))
    return next((call for call in calls if call.function == "sum"), None)


def _tokens(source: str) -> Iterator[_Token]:
    position, end = 0, len(source.rstrip())
    while position < end:
        found = _TOKEN.match(source, position)
        if not found or not found.lastgroup:
            at = position + len(source[position:]) - len(source[position:].lstrip())
            raise ExpressionError(at, Message("看不懂“{source}”", source=source[at : at + 10]))
        text = found[found.lastgroup]
        kind = found.lastgroup
        if kind == "name" and text in _WORDS:
            kind = "sign"
        yield _Token(kind, text, found.start(found.lastgroup))
        position = found.end()
    yield _Token("end", "", len(source))


class _Parser:
    """Recursive descent, one method a level of precedence; types are checked on the way."""

    def __init__(self, source: str, names: Mapping[str, str], columns: Mapping[str, str]) -> None:
        self._tokens = list(_tokens(source))
        opened = [token.text in ("(", "not") for token in self._tokens]
        if len(source) > _LONGEST or sum(opened) > _DEEPEST:
            raise ExpressionError(0, _TOO_LARGE)
        self._position = 0
        self._names, self._columns = names, columns

    @property
    def _next(self) -> _Token:
        return self._tokens[self._position]

    def _take(self, *signs: str) -> _Token | None:
        token = self._next
        if token.kind == "sign" and token.text in signs:
            self._position += 1
            return token
        return None

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise ExpressionError(self._next.offset, Message("这里应是“{sign}”", sign=sign))

    def end(self) -> None:
        if self._next.kind != "end":
            raise ExpressionError(
                self._next.offset, Message("多出了“{text}”", text=self._next.text)
            )

    def disjunction(self) -> Node:
        return self._logic("or", self.conjunction)

    def conjunction(self) -> Node:
        return self._logic("and", self.negation)

    def _logic(self, word: str, operand: object) -> Node:
        assert callable(operand)  # noqa: S101 - narrows for the type checker
        left: Node = operand()
        while token := self._take(word):
            right: Node = operand()
            for side in (left, right):
                if side.type != TRUTH:
                    raise ExpressionError(
                        token.offset, Message("“{word}”两边都应是判断", word=word)
                    )
            left = Binary(word, left, right, TRUTH)
        return left

    def negation(self) -> Node:
        if token := self._take("not"):
            operand = self.negation()
            if operand.type != TRUTH:
                raise ExpressionError(token.offset, Message("“not”后面应是判断"))
            return Not(operand)
        return self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        token = self._take(*_COMPARISONS)
        if not token:
            return left
        right = self.sum()
        if token.text == "in":
            if left.type != TEXT or right.type != LIST:
                raise ExpressionError(token.offset, Message("“in”应写成 文字 in [列表]"))
        elif left.type != right.type or LIST in (left.type, right.type):
            problem = Message("不能比较{left}和{right}", left=left.type, right=right.type)
            raise ExpressionError(token.offset, problem)
        elif left.type in (TEXT, TRUTH) and token.text not in ("=", "!="):
            raise ExpressionError(
                token.offset, Message("{type}只能用 = 或 != 比较", type=left.type)
            )
        return Binary(token.text, left, right, TRUTH)

    def sum(self) -> Node:
        left = self.atom()
        while token := self._take("+", "-"):
            right = self.atom()
            if {left.type, right.type} != {NUMBER}:
                raise ExpressionError(token.offset, Message("只有数值可以加减"))
            left = Binary(token.text, left, right, NUMBER)
        return left

    def atom(self) -> Node:
        token = self._next
        self._position += 1
        if token.kind == "number":
            return Literal(Decimal(token.text), NUMBER)
        if token.kind == "text":
            return Literal(token.text, TEXT)
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            node = self.disjunction()
            self._expect(")")
            return node
        if token.text == "[":
            return self._list()
        raise ExpressionError(token.offset, Message("这里缺少内容"))

    def _list(self) -> Node:
        items = []
        while True:
            token = self._next
            if token.kind != "text":
                raise ExpressionError(token.offset, Message("列表里应是双引号中的文字"))
            self._position += 1
            items.append(token.text)
            if not self._take(","):
                break
        self._expect("]")
        return Literal(tuple(items), LIST)

    def _named(self, token: _Token) -> Node:
        if self._take("("):
            return self._call(token)
        type_ = self._names.get(token.text)
        if type_ is None:
            raise ExpressionError(
                token.offset, Message("没有名为“{name}”的填写项", name=token.text)
            )
        return Name(token.text, type_)

    def _call(self, token: _Token) -> Node:
        function = FUNCTIONS.get(token.text)
        if function is None:
            raise ExpressionError(token.offset, Message("没有名为“{name}”的函数", name=token.text))
        if token.text == "sum":
            return Call("sum", (self._column(token),), function.result)
        arguments = self._arguments()
        if len(arguments) != len(function.arguments):
            wanted = len(function.arguments)
            problem = Message("“{name}”需要{wanted}个参数", name=token.text, wanted=wanted)
            raise ExpressionError(token.offset, problem)
        for argument, wanted_type in zip(arguments, function.arguments, strict=True):
            if wanted_type is not None and argument.type != wanted_type:
                problem = Message("“{name}”的参数应是{type}", name=token.text, type=wanted_type)
                raise ExpressionError(token.offset, problem)
        if token.text in ("blank", "repeated") and not isinstance(arguments[0], Name):
            problem = Message("“{name}”的参数应是填写项的名称", name=token.text)
            raise ExpressionError(token.offset, problem)
        return Call(token.text, tuple(arguments), function.result)

    def _arguments(self) -> list[Node]:
        arguments = [self.disjunction()]
        while self._take(","):
            arguments.append(self.disjunction())
        self._expect(")")
        return arguments

    def _column(self, called: _Token) -> Name:
        """What ``sum`` adds up: a column, which outside it is no name, or part of it."""
        names, self._names = self._names, self._columns
        column = self.disjunction()
        self._names = names
        if not isinstance(column, Name):
            problem = Message("“{name}”的参数应是填写项的名称", name=called.text)
            raise ExpressionError(called.offset, problem)
        if self._take(","):
            column = replace(column, key=under(column.key, self._level1(column.key)))
        self._expect(")")
        return column

    def _level1(self, column: str) -> str:
        token = self._next
        if token.kind != "text" or under(column, token.text) not in self._columns:
            prefix = under(column, "")
            known = (key.removeprefix(prefix) for key in self._columns if key.startswith(prefix))
            levels = enumerated(f'"{level1}"' for level1 in known)
            problem = Message("这里应是一级指标，写成 {levels}", levels=levels)
            raise ExpressionError(token.offset, problem)
        self._position += 1
        return token.text
