"""The kinds of field. Each is one class that owns everything said about its kind."""

from xlgoals.kinds.amount import AmountKind
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation
from xlgoals.kinds.choice import ChoiceKind
from xlgoals.kinds.date import DateKind
from xlgoals.kinds.number import NumberKind
from xlgoals.kinds.target import TargetKind
from xlgoals.kinds.text import TextKind
from xlgoals.kinds.yes_no import YesNoKind

__all__ = [
    "AmountKind",
    "CellContent",
    "ChoiceKind",
    "DateKind",
    "Kind",
    "NumberKind",
    "Reading",
    "TargetKind",
    "TextKind",
    "Validation",
    "YesNoKind",
]
