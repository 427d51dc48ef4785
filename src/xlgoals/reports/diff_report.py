"""``diff`` for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlgoals.kinds import YesNoKind
from xlgoals.language import _, counted
from xlgoals.numerals import plain_number
from xlgoals.season.diff import Change, FormChange, RowChange
from xlgoals.text import wrapped

SCHEMA_VERSION = 1
_WIDTH = 80
_INDENT = " " * 4
_YES_NO = YesNoKind()


def diff_text(old: str, new: str, changes: Sequence[FormChange]) -> str:
    """What changed, by project, in plain words."""
    lines = [_("原文件：{old}", old=old), _("新文件：{new}", new=new), ""]
    for change in changes:
        if change.is_change:
            lines += [*_form(change), ""]
    same = sum(not change.is_change for change in changes)
    if same == len(changes):
        lines.append(_("两个文件的内容相同。"))
    elif same:
        lines.append(counted("另有{count}个项目没有变化。", same))
    return "\n".join(lines).rstrip("\n") + "\n"


def _form(change: FormChange) -> Iterator[str]:
    name = _("没有填写名称的项目")
    if change.project:
        name = _("项目“{project}”", project=change.project)
    if change.old_sheet is None:
        yield _("{name}：新增，在新文件的“{sheet}”。", name=name, sheet=change.new_sheet)
    elif change.new_sheet is None:
        yield _("{name}：已删除，原在“{sheet}”。", name=name, sheet=change.old_sheet)
    else:
        yield _("{name}（{sheet}）：", name=name, sheet=change.new_sheet)
        for field in change.fields:
            yield from _lines(_told(field))
        for row in change.rows:
            yield from _lines(_row(row))


def _lines(text: str) -> Iterator[str]:
    first, *more = wrapped(text, _WIDTH - len(_INDENT))
    yield f"  {first}"
    yield from (f"{_INDENT}{line}" for line in more)


def _told(change: Change) -> str:
    old, new = _shown(change.old), _shown(change.new)
    more = ""
    if isinstance(change.old, Decimal) and isinstance(change.new, Decimal):
        by = change.new - change.old
        amount = _shown(abs(by))
        more = (
            _("（增加{amount}）", amount=amount) if by > 0 else _("（减少{amount}）", amount=amount)
        )
    return _("{label}：{old} → {new}{more}", label=change.label, old=old, new=new, more=more)


def _row(row: RowChange) -> str:
    name = f"“{row.name}”" if row.name else _("（没有名称）")
    if row.old_number is None or row.new_number is None:
        values = [c.new if row.old_number is None else c.old for c in row.changes]
        said = _("，").join(_shown(value) for value in values if value is not None)
        if row.old_number is None:
            return _("新增第{row}行指标：{values}", row=row.new_number, values=said)
        return _("删除原第{row}行指标：{values}", row=row.old_number, values=said)
    parts = _("；").join(_told(change) for change in row.changes)
    return _("第{row}行指标{name}：{changes}", row=row.new_number, name=name, changes=parts)


def _shown(value: Any) -> str:
    match value:
        case None:
            return _("（空白）")
        case bool():
            return _YES_NO.yes if value else _YES_NO.no
        case Decimal():
            return _("{amount}元", amount=f"{value:,f}")
        case date():
            return value.isoformat()
    return f"“{value}”"


def diff_json(old: str, new: str, changes: Sequence[FormChange]) -> str:
    """The same as data; amounts are strings of exact decimals."""
    report = {
        "schema_version": SCHEMA_VERSION,
        "old": old,
        "new": new,
        "projects": [_form_data(change) for change in changes],
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _form_data(change: FormChange) -> dict[str, Any]:
    if change.old_sheet is None:
        state = "added"
    elif change.new_sheet is None:
        state = "removed"
    else:
        state = "changed" if change.is_change else "same"
    return {
        "project": change.project,
        "state": state,
        "old_sheet": change.old_sheet,
        "new_sheet": change.new_sheet,
        "fields": [_change_data(field) for field in change.fields],
        "rows": [
            {
                "old_number": row.old_number,
                "new_number": row.new_number,
                "name": row.name,
                "changes": [_change_data(item) for item in row.changes],
            }
            for row in change.rows
        ],
    }


def _change_data(change: Change) -> dict[str, Any]:
    values = {"old": _plain(change.old), "new": _plain(change.new)}
    return {"key": change.key, "label": change.label, **values}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return plain_number(value)
        case date():
            return value.isoformat()
    return value
