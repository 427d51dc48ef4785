"""What stands right of a form: the messages of its rows and the states of their inputs."""

from __future__ import annotations

from collections import Counter

from xlgoals.findings import SEVERITY_WORDS, Severity
from xlgoals.plan.model import FormPlan

# States of an input, in the hidden columns that conditional formats read.
MISSING, WRONG, DOUBTFUL = "R", "E", "W"
CARRIED = "C"  # as it was carried over, in hidden columns of its own
CARRIED_MARK = "【沿用】"


def message_column(form: FormPlan) -> int:
    """The column of the messages, past an empty one; the states follow."""
    return form.columns + 2


def carried_column(form: FormPlan) -> int:
    """The first column that tells what is as it was carried over, past all states."""
    in_row = Counter(item.area.top for item in form.inputs)
    return message_column(form) + 1 + max(in_row.values())


def mark(severity: Severity) -> str:
    """Colour is not the only signal: the words say how much a message weighs."""
    return f"【{SEVERITY_WORDS[severity]}】"


def is_result(form: FormPlan, column: int, text: str) -> bool:
    """Whether a text is what one of these formulas shows, where a program kept only its result."""
    if column == message_column(form):
        return text.startswith((*(mark(severity) for severity in Severity), CARRIED_MARK))
    return column > message_column(form) and text in (MISSING, WRONG, DOUBTFUL, CARRIED)
