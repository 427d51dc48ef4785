"""A rule's tree as a Python predicate.

A rule is silent (None) while a cell it needs is blank or already wrong. Only ``blank(x)`` may
speak of a blank cell; of a wrong one nobody may.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from xlgoals.rules.expression import Binary, Call, Literal, Name, Node, Not
from xlgoals.text import folded


class _Wrong:
    """The value of a cell that was refused."""


WRONG: Final = _Wrong()


class _Silent(Exception):  # noqa: N818 - not an error: the rule has nothing to say
    pass


class Environment:
    """The values a rule sees: None is blank, WRONG is refused.

    ``columns`` gives the values of a column over all indicator rows, or those ``under`` a level 1,
    for ``repeated`` and ``sum``.
    """

    def __init__(
        self, values: Mapping[str, Any], columns: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        self._values = values
        self._columns = columns or {}

    def value(self, key: str) -> Any:
        """The value of a filled and valid cell; the rule falls silent on any other."""
        value = self.blank_or_value(key)
        if value is None:
            raise _Silent
        return value

    def blank_or_value(self, key: str) -> Any:
        """The value, None where blank; the rule falls silent on a wrong cell."""
        value = self._values.get(key)
        if value is WRONG:
            raise _Silent
        # Blanks and widths make no difference to a rule, as they make none to its formula.
        return folded(value) if isinstance(value, str) else value

    def occurrences(self, key: str, text: str) -> int:
        """In how many rows of the column the text stands, case apart."""
        wanted = text.lower()
        return sum(folded(other).lower() == wanted for other in self._columns.get(key, ()))

    def total(self, key: str) -> Decimal:
        """The sum of a column; the rule falls silent where any is wrong, or all are blank."""
        values = [value for value in self._columns.get(key, ()) if value is not None]
        if not values or WRONG in values:
            raise _Silent
        return sum(values, Decimal(0))


def figure(call: Call, environment: Environment) -> Decimal:
    """What a sum comes to, of a rule that is not silent."""
    return Decimal(_evaluate(call, environment))


def holds(node: Node, environment: Environment) -> bool | None:
    """Whether the rule holds; None while it is silent."""
    try:
        return bool(_evaluate(node, environment))
    except _Silent:
        return None


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "in": lambda item, items: item in items,
    # Both sides are worked out first: a blank on either side silences the rule, as it does in a
    # spreadsheet, where AND and OR know no short cut.
    "and": lambda left, right: left and right,
    "or": lambda left, right: left or right,
}


def _evaluate(node: Node, environment: Environment) -> Any:
    match node:
        case Literal(value=value):
            return value
        case Name(key=key):
            return environment.value(key)
        case Not(operand=operand):
            return not _evaluate(operand, environment)
        case Binary(operator=sign, left=left, right=right):
            return _OPERATORS[sign](_evaluate(left, environment), _evaluate(right, environment))
        case Call():
            return _FUNCTIONS[node.function](node, environment)


def _blank(node: Call, environment: Environment) -> bool:
    return environment.blank_or_value(_name(node)) is None


def _repeated(node: Call, environment: Environment) -> bool:
    key = _name(node)
    return environment.occurrences(key, environment.value(key)) > 1


def _name(node: Call) -> str:
    name = node.arguments[0]
    assert isinstance(name, Name)  # noqa: S101 - the parser takes nothing else
    return name.key


def _applied(function: Callable[..., Any]) -> Callable[[Call, Environment], Any]:
    def apply(node: Call, environment: Environment) -> Any:
        return function(*(_evaluate(argument, environment) for argument in node.arguments))

    return apply


_FUNCTIONS: Mapping[str, Callable[[Call, Environment], Any]] = {
    "blank": _blank,
    "repeated": _repeated,
    "contains": _applied(lambda text, part: part in text),
    "length": _applied(len),
    "sum": lambda node, environment: environment.total(_name(node)),
    "right": _applied(lambda text, count: text[-int(count) :] if count else ""),
    "year": _applied(lambda day: day.year),
}
