"""Locked Excel templates for public-budget performance goals, and the reader of what comes back.

The names below are the stable interface for Python; they are imported when first used, so that
``import xlgoals`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlgoals.annotate.copy import Unmarkable, annotated_copy
    from xlgoals.findings import Finding, Layer, Severity
    from xlgoals.importer.read import read
    from xlgoals.layouts import Layout, LayoutError, UnknownLayoutError, layout_ids, load_layout
    from xlgoals.models import GoalForm, Indicator, Target
    from xlgoals.plan.build import CapacityError
    from xlgoals.reader.limits import Limits
    from xlgoals.submission import Status, Submission
    from xlgoals.template.prefill import DataError
    from xlgoals.template.write import write_template

__version__ = "0.1.0"

_HOMES = {
    "CapacityError": "xlgoals.plan.build",
    "DataError": "xlgoals.template.prefill",
    "Finding": "xlgoals.findings",
    "GoalForm": "xlgoals.models",
    "Indicator": "xlgoals.models",
    "Layer": "xlgoals.findings",
    "Layout": "xlgoals.layouts",
    "LayoutError": "xlgoals.layouts",
    "Limits": "xlgoals.reader.limits",
    "Severity": "xlgoals.findings",
    "Status": "xlgoals.submission",
    "Submission": "xlgoals.submission",
    "Target": "xlgoals.models",
    "UnknownLayoutError": "xlgoals.layouts",
    "Unmarkable": "xlgoals.annotate.copy",
    "annotated_copy": "xlgoals.annotate.copy",
    "layout_ids": "xlgoals.layouts",
    "load_layout": "xlgoals.layouts",
    "read": "xlgoals.importer.read",
    "write_template": "xlgoals.template.write",
}

__all__ = [
    "CapacityError",
    "DataError",
    "Finding",
    "GoalForm",
    "Indicator",
    "Layer",
    "Layout",
    "LayoutError",
    "Limits",
    "Severity",
    "Status",
    "Submission",
    "Target",
    "UnknownLayoutError",
    "Unmarkable",
    "__version__",
    "annotated_copy",
    "layout_ids",
    "load_layout",
    "read",
    "write_template",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
