"""The rules of a layout, read and checked against the form's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlgoals import codes
from xlgoals.findings import WORDS, Code, Layer, Severity
from xlgoals.language import Message
from xlgoals.layouts.model import IndicatorTable
from xlgoals.layouts.source import Source, one_of, worded
from xlgoals.rules import expression
from xlgoals.rules.rule import Rule
from xlgoals.vocabulary import COLUMN_TERMS, KindName

_CODE = re.compile(r"[a-z][a-z0-9-]*\Z")
_TYPES = {
    KindName.TEXT: expression.TEXT,
    KindName.CHOICE: expression.TEXT,
    KindName.YES_NO: expression.TRUTH,
    KindName.DATE: expression.DATE,
    KindName.AMOUNT: expression.NUMBER,
    KindName.NUMBER: expression.NUMBER,
}
_ROW_TYPES = {
    "level1": expression.TEXT,
    "level2": expression.TEXT,
    "name": expression.TEXT,
    "target": expression.TEXT,
    "target.operator": expression.TEXT,
    "target.number": expression.NUMBER,
    "target.unit": expression.TEXT,
}


class _Names(NamedTuple):
    """The names that rules may use, with their types."""

    form: Mapping[str, str]
    row: Mapping[str, str]
    columns: Mapping[str, str]  # those that have a sum
    summed: Mapping[str, str]  # what ``sum`` may speak of: the same, whole and by level 1


def rules_of(source: Source, kinds: Mapping[str, str], table: IndicatorTable) -> tuple[Rule, ...]:
    """Read the rules of a form whose fields have these kinds and that has this table."""
    columns = {key: _TYPES[COLUMN_TERMS[key].kind] for key in table.columns if key in COLUMN_TERMS}
    levels = dict.fromkeys(group.level1 for group in table.groups)
    form = {key: _TYPES[kind] for key, kind in kinds.items()} | {"fiscal_year": expression.NUMBER}
    parts = {
        expression.under(key, level1): type_ for key, type_ in columns.items() for level1 in levels
    }
    names = _Names(form, {**_ROW_TYPES, **columns}, columns, {**columns, **parts})
    rules: list[Rule] = []
    for item in source.items():
        rule = _rule(item, names)
        if rule.code.id in (other.code.id for other in rules):
            raise item.error(Message("规则“{id}”重复出现", id=rule.code.id))
        rules.append(rule)
    return tuple(rules)


def _rule(source: Source, names: _Names) -> Rule:
    record = source.record(
        required=("code", "severity", "check", "message", "hint"),
        optional=("when", "each", "at"),
    )
    each_source = record.get("each")
    each_row = bool(each_source and one_of(each_source, ("indicator",)))
    known = {**names.form, **names.row} if each_row else names.form
    summed: Mapping[str, str] = {} if each_row else names.summed
    check = _expression(record["check"], known, summed)
    when_source, at_source = record.get("when"), record.get("at")
    places = names.row if each_row else {**names.form, **names.columns}
    told = {**places, **summed}
    spoken = [name.key for name in expression.referenced(check) if name.key in told]
    if at_source:
        at = one_of(at_source, tuple(places))
    elif spoken:
        at = spoken[0]
    else:
        raise source.error(Message("请用 at 说明问题标在哪一项"))
    # What is added up can be quoted only where something is.
    words = WORDS if expression.first_sum(check) else WORDS[:-1]
    return Rule(
        code=Code(
            id=_rule_code(record["code"]),
            severity=Severity(one_of(record["severity"], tuple(Severity))),
            layer=Layer.RULE,
            message=worded(record["message"], words),
            hint=worded(record["hint"], words),
        ),
        check=check,
        when=_expression(when_source, known, summed) if when_source else None,
        each_row=each_row,
        at=at,
    )


def _rule_code(source: Source) -> str:
    if not _CODE.match(source.text):
        raise source.error(Message("只能用小写英文字母、数字和连字符"))
    if source.text in codes.SHARED:
        raise source.error(Message("“{text}”是各表样共有的代码，请换一个", text=source.text))
    return source.text


def _expression(
    source: Source, names: Mapping[str, str], summed: Mapping[str, str]
) -> expression.Node:
    try:
        return expression.parse(source.text, names, summed)
    except expression.ExpressionError as error:
        raise source.error_at(error.offset, error.problem) from error
