"""What a form says and another form has no place for, in words for whoever fills that in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xlgoals.findings import Finding, Place
from xlgoals.kinds import AmountKind, Kind, Reading
from xlgoals.language import Message, noted

NO_FIELD = Message("新表样没有这一项，仍需说明的请写到合适的栏目。")
NO_WORDING = noted("新表样的“{title}”没有对应的选项，请重新选择。")
OTHER_KIND = noted("新表样的“{title}”填写的内容类型不同，请重新填写。")
NOT_EXACT = noted("新表样的“{title}”放不下这样的数值，请核对后重新填写。")
NO_COLUMN = Message("新表样的指标没有这一栏，仍需说明的请写到合适的栏目。")
NO_LEVEL = Message("新表样没有这一类指标，请看是否归入其他类别。")
NO_ROW = noted("新表样的“{title}”一类放不下这一行，请看是否归入其他类别。")
NO_TARGET = Message("新表样的指标值放不下，请按新表样重新填写。")
PRESCRIBED = Message("这是旧表样印好的指标，新表样没有，不用另填。")
PRINTED = noted("新表样已印定这一指标的目标值为“{target}”，不能改动。")

NO_WHOLE = Message("原文件中这一行的指标值不完整，请核对后在新表中填写。")
REFUSED = Message("原文件中这一处填写有误，无法读取，请核对后在新表中填写。")


@dataclass(frozen=True)
class Left:
    """One value that has no place on the new form."""

    label: str  # as the form it comes from calls it
    value: str  # as a person reads it there
    reason: str  # why it is left, and what to do
    row: int | None = None  # of indicators: which one, counted from 1
    name: str | None = None  # of that indicator


def shown(kind: Kind | None, value: Any) -> str:
    """A value as its form shows it, amounts with their unit."""
    content = kind.write(value) if kind else value
    match content:
        case Decimal():
            unit = kind.unit if isinstance(kind, AmountKind) else ""
            return f"{content.normalize():,f}{unit}"
        case date():
            return content.isoformat()
    return str(content)


def refusal(reading: Reading, kind: Kind, title: str) -> str:
    """Why the new form would refuse a value, in the importer's own words."""
    finding = Finding.of(reading.issues[0], "", Place(label=title), reading.shown, kind.expected)
    said = Message("{before}{after}", before=finding.message, after=finding.hint)
    return Message("新表样中{problem}", problem=said)
