"""A rule's tree as a spreadsheet formula, to the same answer as the Python predicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xlgoals.kinds.live import quoted
from xlgoals.rules.expression import TEXT, TRUTH, Binary, Call, Literal, Name, Node, Not, referenced

TRUE = "TRUE"
SUM_DECIMALS = 6  # more than any amount has


class Operand(NamedTuple):
    """What a name of a rule is in a workbook, each as a formula."""

    value: str
    filled: str = TRUE  # true where something is filled in
    sound: str = TRUE  # true where the cell is not refused, and something may be said of it
    occurrences: str = ""  # in how many rows the column says the same


Operands = Callable[[str], Operand]


def violated(check: Node, when: Node | None, operands: Operands) -> str:
    """A formula that is true where the rule speaks and does not hold.

    The guards come first, in an IF: AND would work out every part, and parts of a blank or wrong
    cell may be errors.
    """
    guards: dict[str, None] = {}
    for node in (check, when):
        for name, may_be_blank in _needs(node):
            operand = operands(name)
            guards[operand.sound] = None
            if not may_be_blank:
                guards[operand.filled] = None
    guards.pop(TRUE, None)
    broken = _negated(check, operands)
    if when is not None:
        broken = f"AND({rendered(when, operands)},{broken})"
    return f"IF(AND({','.join(guards)}),{broken},FALSE)" if guards else broken


def _needs(node: Node | None) -> list[tuple[str, bool]]:
    """Each name with whether it may be blank, which only ``blank(name)`` allows."""
    match node:
        case Name(key="fiscal_year"):
            return []
        case Name(key=key):
            return [(key, False)]
        case Call(function="blank", arguments=(Name(key=key), *_)):
            return [(key, True)]
        case Call(arguments=arguments):
            return [need for argument in arguments for need in _needs(argument)]
        case Binary(left=left, right=right):
            return [*_needs(left), *_needs(right)]
        case Not(operand=operand):
            return _needs(operand)
        case _:
            return []


def rendered(node: Node, operands: Operands) -> str:
    """A part of a rule as a formula, for cells that are filled in and not refused."""
    match node:
        case Literal(value=str(text)):
            return quoted(text)
        case Literal(value=Decimal() as number):
            return str(number)
        case Name(key=key):
            return operands(key).value
        case Not(operand=operand):
            return _negated(operand, operands)
        case Call():
            return _FUNCTIONS[node.function](node, operands)
        case Binary():
            return _binary(node, operands)
        case _:
            raise TypeError(f"a list stands alone: {node}")


_OPPOSITES = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _negated(node: Node, operands: Operands) -> str:
    """The opposite of a node, without a NOT where there is a shorter way to say it."""
    match node:
        case Not(operand=operand):
            return rendered(operand, operands)
        case Call(function="blank"):
            return next(operands(name.key).filled for name in referenced(node))
        case Binary(operator=sign) if sign in _OPPOSITES:
            return _binary(replace(node, operator=_OPPOSITES[sign]), operands)
        case _:
            return f"NOT({rendered(node, operands)})"


def _binary(node: Binary, operands: Operands) -> str:
    left = rendered(node.left, operands)
    if node.operator == "in" and isinstance(node.right, Literal):
        texts = node.right.value if isinstance(node.right.value, tuple) else ()
        return f"OR({','.join(f'EXACT({left},{quoted(text)})' for text in texts)})"
    right = rendered(node.right, operands)
    if node.operator in ("and", "or"):
        return f"{node.operator.upper()}({left},{right})"
    if node.operator in ("+", "-"):
        # Sums of hundredths are seldom exact in a spreadsheet; in a predicate they are.
        return f"ROUND({left}{node.operator}{right},{SUM_DECIMALS})"
    if node.left.type == TEXT:
        same = f"EXACT({left},{right})"
        return same if node.operator == "=" else f"NOT({same})"
    sign = {"!=": "<>"}.get(node.operator, node.operator)
    return f"(({left}){sign}({right}))" if node.left.type == TRUTH else f"({left}{sign}{right})"


def _blank(node: Call, operands: Operands) -> str:
    return f"NOT({_negated(node, operands)})"


def _repeated(node: Call, operands: Operands) -> str:
    return next(f"({operands(name.key).occurrences}>1)" for name in referenced(node))


def _applied(template: str) -> Callable[[Call, Operands], str]:
    def apply(node: Call, operands: Operands) -> str:
        return template.format(*(rendered(argument, operands) for argument in node.arguments))

    return apply


_FUNCTIONS: Mapping[str, Callable[[Call, Operands], str]] = {
    "blank": _blank,
    "repeated": _repeated,
    "contains": _applied("ISNUMBER(FIND({1},{0}))"),
    "length": _applied("LEN({0})"),
    "right": _applied("RIGHT({0},{1})"),
    "sum": _applied(f"ROUND(SUM({{0}}),{SUM_DECIMALS})"),  # the column is a range
    "year": _applied("INT({0}/10000)"),  # dates are numbers yyyymmdd
}
