"""``check --format json``: the stable contract for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from xlgoals.findings import Finding, Severity
from xlgoals.submission import Status, Submission
from xlgoals.text import visible

SCHEMA_VERSION = 1
_FINDING_KEYS = tuple(field.name for field in fields(Finding))


def json_report(submissions: Sequence[Submission]) -> str:
    """All submissions with all findings, and the totals."""
    report = {
        "schema_version": SCHEMA_VERSION,
        "files": [_file(submission) for submission in submissions],
        "summary": summary(submissions),
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def summary(submissions: Sequence[Submission]) -> dict[str, int]:
    """Totals over all files: files, forms, findings by weight, files rejected."""
    severities = [f.severity for submission in submissions for f in submission.findings]
    return {
        "files": len(submissions),
        "forms": sum(len(submission.records) for submission in submissions),
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "rejected": sum(submission.status is Status.REJECTED for submission in submissions),
    }


def _file(submission: Submission) -> dict[str, Any]:
    return {
        "file": visible(submission.file),
        "layout": submission.layout.id if submission.layout else None,
        "fiscal_year": submission.fiscal_year,
        "status": submission.status.value,
        "forms": len(submission.records),
        "findings": [finding_record(finding) for finding in submission.findings],
    }


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding with the keys that scripts rely on."""
    return {key: getattr(finding, key) for key in _FINDING_KEYS}
