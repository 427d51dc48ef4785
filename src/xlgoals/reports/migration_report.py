"""``migrate`` for people and for programs: what has no place on the new form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from xlgoals.language import _, counted, spoken
from xlgoals.migration import Left
from xlgoals.text import visible, wrapped

SCHEMA_VERSION = 1
_WIDTH = 80
_INDENT = " " * 4


@dataclass(frozen=True)
class Moved:
    """One form that was brought to the new layout."""

    project: str | None
    sheet: str  # where it stands in the old workbook
    left: tuple[Left, ...]


def migration_text(forms: Sequence[Moved]) -> str:
    """What is left of each form, in plain words, by what is to be done about it."""
    lines = []
    for form in forms:
        name = _("没有填写名称的项目")
        if form.project:
            name = _("项目“{project}”", project=form.project)
        told = _("全部内容都已移到新表。")
        if form.left:
            told = counted("{count}处内容没有移到新表。", len(form.left))
        lines.append(_("{project}（{sheet}）：{told}", project=name, sheet=form.sheet, told=told))
        for reason in dict.fromkeys(item.reason for item in form.left):
            lines += [f"  {line}" for line in wrapped(spoken(reason), _WIDTH - 2)]
            for item in form.left:
                if item.reason == reason:
                    lines += _item(item)
        lines.append("")
    return visible("\n".join(lines).rstrip("\n") + "\n")


def _item(item: Left) -> Iterator[str]:
    where = item.label
    if item.row is not None:
        where = _("第{row}行指标，{label}", row=item.row, label=item.label)
    told = _("{label}：{value}", label=where, value=" ".join(item.value.split()))
    first, *more = wrapped(told, _WIDTH - len(_INDENT) - 2)
    yield f"{_INDENT}{first}"
    yield from (f"{_INDENT}  {line}" for line in more)


def migration_json(file: str, layouts: tuple[str, str], year: int, forms: Sequence[Moved]) -> str:
    """The same as data."""
    report = {
        "schema_version": SCHEMA_VERSION,
        "file": visible(file),
        "from": layouts[0],
        "to": layouts[1],
        "fiscal_year": year,
        "forms": [asdict(form) for form in forms],
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
