"""What stands right of a form: the messages of its rows and the states of their inputs."""

from __future__ import annotations

from xlgoals.findings import SEVERITY_WORDS, Severity
from xlgoals.plan.model import FormPlan

# States of an input, in the hidden columns that conditional formats read.
MISSING, WRONG, DOUBTFUL = "R", "E", "W"


def message_column(form: FormPlan) -> int:
    """The column of the messages, past an empty one; the states follow."""
    return form.columns + 2


def mark(severity: Severity) -> str:
    """Colour is not the only signal: the words say how much a message weighs."""
    return f"【{SEVERITY_WORDS[severity]}】"


def is_result(form: FormPlan, column: int, text: str) -> bool:
    """Whether a text is what one of these formulas shows, where a program kept only its result."""
    if column == message_column(form):
        return text.startswith(tuple(mark(severity) for severity in Severity))
    return column > message_column(form) and text in (MISSING, WRONG, DOUBTFUL)
