"""``check`` for people: by file and sheet, what is wrong where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.reports.json_report import summary
from xlgoals.submission import Status, Submission
from xlgoals.text import display_width, visible, wrapped

STATUS_NAMES = {
    Status.OK: "没有问题",
    Status.WARNINGS: "可以接收，有需要留意的地方",
    Status.ERRORS: "需要修改",
    Status.REJECTED: "无法读取",
}


WIDTH = 80  # columns
_ANSI = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def text_report(
    submissions: Sequence[Submission], *, width: int = WIDTH, colours: bool = False
) -> str:
    """The report as text; ``colours`` puts in the escapes by which terminals show them."""
    writer = _Writer(width, colours)
    lines = [line for submission in submissions for line in writer.file(submission)]
    lines.append(totals_told(submissions))
    return "\n".join(lines) + "\n"


def totals_told(submissions: Sequence[Submission]) -> str:
    """How much was checked and how much is wrong, over all files."""
    totals = summary(submissions)
    return (
        f"共{totals['files']}个文件、{totals['forms']}张表："
        f"{totals['errors']}处错误，{totals['warnings']}处提醒，{totals['rejected']}个文件无法读取。"
    )


def counts_told(submission: Submission) -> str:
    """How many forms a file holds, and how many findings of each weight."""
    counts = [
        f"{count}处{name}"
        for severity, name in SEVERITY_WORDS.items()
        if (count := sum(f.severity is severity for f in submission.findings))
    ]
    return "，".join([f"{len(submission.records)}张表", *counts])


def label_beside(finding: Finding) -> str:
    """The label to be told beside a finding's place; empty where its message has it."""
    label = finding.label or ""
    return "" if label in finding.message else label


class _Writer:
    def __init__(self, width: int, colours: bool) -> None:
        self._width, self._colours = width, colours

    def file(self, submission: Submission) -> Iterator[str]:
        """A file: its verdict, then its findings by sheet."""
        head = f"{visible(submission.file)}：{STATUS_NAMES[submission.status]}"
        yield self._painted(f"{head}（{counts_told(submission)}）", "1")
        for sheet, findings in groupby(submission.findings, key=lambda f: f.sheet):
            if sheet:
                yield f"  {sheet}"
            for same in _alike(list(findings)):
                yield from self._finding(same)
        yield ""

    def _finding(self, same: Sequence[Finding]) -> Iterator[str]:
        finding = same[0]
        places = "、".join(f.cell for f in same if f.cell)
        where = f"{' '.join(filter(None, (places, label_beside(finding))))} " if places else ""
        mark = f"[{SEVERITY_WORDS[finding.severity]}]"
        indent = " " * (display_width(mark) + 5)
        room = self._width - len(indent)
        first, *more = wrapped(f"{where}{finding.message}", room)
        yield f"    {self._painted(mark, _ANSI[finding.severity])} {first}"
        for line in (*more, *wrapped(finding.hint, room)):
            yield f"{indent}{line}"

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of several cells, together at the place of the first."""
    groups: dict[tuple[str, str | None, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.code, finding.label, finding.message, finding.hint)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())
