"""``check`` for people: by file and sheet, what is wrong where, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xlgoals.findings import SEVERITY_WORDS, Finding, Severity
from xlgoals.language import _, counted, noted, spoken
from xlgoals.reports.json_report import summary
from xlgoals.submission import Status, Submission
from xlgoals.text import display_width, visible, wrapped

STATUS_NAMES = {
    Status.OK: noted("没有问题"),
    Status.WARNINGS: noted("可以接收，有需要留意的地方"),
    Status.ERRORS: noted("需要修改"),
    Status.REJECTED: noted("无法读取"),
}


WIDTH = 80  # columns
_ANSI = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def text_report(
    submissions: Sequence[Submission], *, width: int = WIDTH, colours: bool = False
) -> str:
    """The report as text; ``colours`` puts in the escapes by which terminals show them."""
    writer = _Writer(width, colours)
    lines = [line for submission in submissions for line in writer.file(submission)]
    totals = summary(submissions)
    lines.append(
        _(
            "共{files}、{forms}：{errors}，{warnings}，{rejected}无法读取。",
            files=counted("{count}个文件", totals["files"]),
            forms=counted("{count}张表", totals["forms"]),
            errors=counted("{count}处错误", totals["errors"]),
            warnings=counted("{count}处提醒", totals["warnings"]),
            rejected=counted("{count}个文件", totals["rejected"]),
        )
    )
    return "\n".join(lines) + "\n"


def severity_counts(found: Mapping[Severity, int]) -> str:
    """How many findings of each weight, of those that there are."""
    counts = (
        (found[Severity.ERROR], counted("{count}处错误", found[Severity.ERROR])),
        (found[Severity.WARNING], counted("{count}处提醒", found[Severity.WARNING])),
        (found[Severity.INFO], counted("{count}处说明", found[Severity.INFO])),
    )
    return _("，").join(told for count, told in counts if count)


class _Writer:
    def __init__(self, width: int, colours: bool) -> None:
        self._width, self._colours = width, colours

    def file(self, submission: Submission) -> Iterator[str]:
        """A file: its verdict, then its findings by sheet."""
        counts = severity_counts(Counter(f.severity for f in submission.findings))
        forms = counted("{count}张表", len(submission.records))
        head = _(
            "{file}：{verdict}（{counts}）",
            file=visible(submission.file),
            verdict=_(STATUS_NAMES[submission.status]),
            counts=_("，").join(filter(None, (forms, counts))),
        )
        yield self._painted(head, "1")
        for sheet, findings in groupby(submission.findings, key=lambda f: f.sheet):
            if sheet:
                yield f"  {sheet}"
            for same in _alike(list(findings)):
                yield from self._finding(same)
        yield ""

    def _finding(self, same: Sequence[Finding]) -> Iterator[str]:
        finding = same[0]
        message, hint = spoken(finding.message), spoken(finding.hint)
        places = _("、").join(f.cell for f in same if f.cell)
        named = finding.label is None or finding.label in message
        label = "" if named else f" {finding.label}"
        where = f"{places}{label} " if places else ""
        mark = f"[{_(SEVERITY_WORDS[finding.severity])}]"
        indent = " " * (display_width(mark) + 5)
        room = self._width - len(indent)
        first, *more = wrapped(f"{where}{message}", room)
        yield f"    {self._painted(mark, _ANSI[finding.severity])} {first}"
        for line in (*more, *wrapped(hint, room)):
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
