"""Reads .xlsx workbooks: one streaming pass a part, and no opinion on what they hold."""

from xlgoals.reader.errors import Reason, Unreadable
from xlgoals.reader.limits import DEFAULT_LIMITS, Limits
from xlgoals.reader.workbook import read_workbook

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "Reason",
    "Unreadable",
    "read_workbook",
]
