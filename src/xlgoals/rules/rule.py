"""A cross-field rule of a layout."""

from __future__ import annotations

from dataclasses import dataclass

from xlgoals.findings import Code
from xlgoals.numerals import plain_number
from xlgoals.rules.evaluate import Environment, figure, holds
from xlgoals.rules.expression import Call, Node, first_sum, referenced


@dataclass(frozen=True)
class Rule:
    """One rule: where ``when`` holds, ``check`` must hold, else ``code`` is reported at ``at``."""

    code: Code
    check: Node
    when: Node | None
    each_row: bool  # once for every indicator row, else once for the form
    at: str  # the name whose cell the finding stands at

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the rule speaks of, ``at`` first."""
        spoken = [name.key for node in (self.check, self.when) for name in referenced(node)]
        return tuple(dict.fromkeys((self.at, *spoken)))

    @property
    def sum(self) -> Call | None:
        """The sum that its words may quote."""
        return first_sum(self.check)

    def words(self, environment: Environment) -> dict[str, str]:
        """What its words may quote of a form that violates it."""
        return {"sum": plain_number(figure(self.sum, environment))} if self.sum else {}

    def violated(self, environment: Environment) -> bool:
        """Whether the rule speaks and does not hold."""
        if self.when is not None and holds(self.when, environment) is not True:
            return False
        return holds(self.check, environment) is False
