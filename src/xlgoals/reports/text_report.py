"""``check`` for people: by file and sheet, what is wrong where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xlgoals.findings import SEVERITY_WORDS, Finding
from xlgoals.reports.json_report import summary
from xlgoals.submission import Status, Submission
from xlgoals.text import visible

STATUS_NAMES = {
    Status.OK: "没有问题",
    Status.WARNINGS: "可以接收，有需要留意的地方",
    Status.ERRORS: "需要修改",
    Status.REJECTED: "无法读取",
}


def text_report(submissions: Sequence[Submission]) -> str:
    """The report as plain text."""
    lines = [line for submission in submissions for line in _file(submission)]
    totals = summary(submissions)
    lines.append(
        f"共{totals['files']}个文件、{totals['forms']}张表："
        f"{totals['errors']}处错误，{totals['warnings']}处提醒，{totals['rejected']}个文件无法读取。"
    )
    return "\n".join(lines) + "\n"


def _file(submission: Submission) -> Iterator[str]:
    counts = "，".join(
        f"{count}处{name}"
        for severity, name in SEVERITY_WORDS.items()
        if (count := sum(f.severity is severity for f in submission.findings))
    )
    head = f"{visible(submission.file)}：{STATUS_NAMES[submission.status]}"
    forms = f"{len(submission.records)}张表"
    yield f"{head}（{forms}，{counts}）" if counts else f"{head}（{forms}）"
    for sheet, findings in groupby(submission.findings, key=lambda f: f.sheet):
        if sheet:
            yield f"  {sheet}"
        for same in _alike(list(findings)):
            yield from _finding(same)
    yield ""


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of several cells, together at the place of the first."""
    groups: dict[tuple[str, str | None, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.code, finding.label, finding.message, finding.hint)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _finding(same: Sequence[Finding]) -> Iterator[str]:
    finding = same[0]
    places = "、".join(f.cell for f in same if f.cell)
    named = finding.label is None or finding.label in finding.message
    label = "" if named else f" {finding.label}"
    where = f"{places}{label} " if places else ""
    yield f"    [{SEVERITY_WORDS[finding.severity]}] {where}{finding.message}"
    yield f"           {finding.hint}"
