"""What changed from one layout to another, in words for officials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xlgoals.findings import SEVERITY_WORDS
from xlgoals.kinds import AmountKind, ChoiceKind, Kind
from xlgoals.layouts.model import Column, Field, Group, Layout, Text
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import FormPlan
from xlgoals.rules.rule import Rule


class Section(NamedTuple):
    """One part of the comparison: a heading and its lines."""

    heading: str
    lines: tuple[str, ...]


def compare_layouts(old: Layout, new: Layout) -> tuple[Section, ...]:
    """What changed from one layout to another; parts in which nothing did are left out."""
    before, after = (build_plan(layout, layout.first_year).form for layout in (old, new))
    parts = {
        "表样": _head(old, new),
        "填写项": _fields(old.fields, new.fields, before, after),
        "印好的文字": _texts(old.texts, new.texts),
        "指标表的列": _columns(old.indicators.columns, new.indicators.columns),
        "指标表的行": _groups(old.indicators.groups, new.indicators.groups),
        "检查": _rules(old.rules, new.rules),
        "填报说明": _lines(old.guide, new.guide),
        "单元格的位置": _places(before, after),
    }
    # A text that names the year is quoted as printed forms do.
    sections = (
        Section(heading, tuple(line.replace("{fiscal_year}", "××××") for line in lines))
        for heading, lines in parts.items()
    )
    return tuple(section for section in sections if section.lines)


def _changed(what: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{what}：{_said(old)} → {_said(new)}"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value)) or "（无）"
    return str(value).replace("\n", "") or "（无）"


def _yes(truth: bool) -> str:
    return "是" if truth else "否"


def _head(old: Layout, new: Layout) -> Iterator[str]:
    yield from _changed("名称", old.name, new.name)
    yield from _changed("制定单位", old.authority, new.authority)
    yield from _changed("适用年度", old.years, new.years)
    yield from _changed("金额单位", old.amount_unit, new.amount_unit)
    yield from _changed("最早的日期", old.first_date, new.first_date)
    yield from _changed("最晚的日期", old.last_date, new.last_date)
    yield from _changed("视为没有填写的内容", old.placeholders, new.placeholders)


# --- fields and texts -----------------------------------------------------------------------------
def _fields(
    old: Mapping[str, Field], new: Mapping[str, Field], before: FormPlan, after: FormPlan
) -> Iterator[str]:
    for key, field in new.items():
        if key in old:
            yield from _field(old[key], field)
        else:
            place = after.by_name[key].area.first.a1
            yield f"新增“{field.title}”（{place}）：{field.kind.expected}"
    for key, field in old.items():
        if key not in new:
            yield f"删去“{field.title}”（原在 {before.by_name[key].area.first.a1}）"


def _field(old: Field, new: Field) -> Iterator[str]:
    item = f"“{new.title}”"
    if old.title != new.title:
        yield f"“{old.title}”改称{item}"
    yield from _changed(f"{item}必填", _yes(old.required), _yes(new.required))
    yield from _changed(f"{item}的填写提示", old.help, new.help)
    yield from _changed(f"{item}也认得的旧称", old.aliases, new.aliases)
    yield from _kind(item, old.kind, new.kind)


def _kind(item: str, old: Kind, new: Kind) -> Iterator[str]:
    if isinstance(old, ChoiceKind) and isinstance(new, ChoiceKind):
        yield from _options(item, old, new)
    else:
        yield from _changed(f"{item}的填写要求", old.expected, new.expected)
    if isinstance(old, AmountKind) and isinstance(new, AmountKind):
        lowest = old.plausible_from, new.plausible_from
        yield from _changed(f"{item}低于多少元要提醒", *lowest)


def _options(item: str, old: ChoiceKind, new: ChoiceKind) -> Iterator[str]:
    renamed = {word: new.aliases[word] for word in old.options if word in new.aliases}
    for word, option in renamed.items():
        yield f"{item}的选项“{word}”改称“{option}”，旧称仍然认得"
    added = [w for w in new.options if w not in old.options and w not in renamed.values()]
    removed = [w for w in old.options if w not in new.options and w not in renamed]
    yield from (f"{item}新增选项“{word}”" for word in added)
    yield from (f"{item}删去选项“{word}”" for word in removed)
    yield from _changed(f"{item}可填列表外的内容", _yes(old.open), _yes(new.open))


def _texts(old: Mapping[str, Text], new: Mapping[str, Text]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        before, after = (texts[key].text if key in texts else "" for texts in (old, new))
        yield from _changed("文字", before, after)


# --- the indicator table --------------------------------------------------------------------------
def _columns(old: Mapping[str, Column], new: Mapping[str, Column]) -> Iterator[str]:
    yield from (f"新增列“{column.title}”" for key, column in new.items() if key not in old)
    yield from (f"删去列“{column.title}”" for key, column in old.items() if key not in new)
    for key in (key for key in new if key in old):
        before, after = old[key], new[key]
        if before.title != after.title:
            yield f"列“{before.title}”改称“{after.title}”"
        yield from _changed(f"列“{after.title}”的填写提示", before.help, after.help)
        if before.kind and after.kind:
            yield from _kind(f"列“{after.title}”", before.kind, after.kind)


def _groups(old: tuple[Group, ...], new: tuple[Group, ...]) -> Iterator[str]:
    before, after = ({(g.level1, g.level2): g for g in groups} for groups in (old, new))
    for key, group in after.items():
        if key in before:
            yield from _group(before[key], group)
        else:
            rows = group.rows + len(group.fixed)
            yield f"新增“{_path(group)}”{rows}行"
    yield from (f"删去“{_path(group)}”" for key, group in before.items() if key not in after)
    if set(before) == set(after) and list(before) != list(after):
        yield f"各组的顺序改为：{'、'.join(_path(group) for group in new)}"


def _path(group: Group) -> str:
    return f"{group.level1}/{group.level2}" if group.level2 else group.level1


def _group(old: Group, new: Group) -> Iterator[str]:
    item = f"“{_path(new)}”"
    yield from _changed(f"{item}可填的行数", old.rows, new.rows)
    yield from _changed(f"{item}至少要填的行数", old.at_least, new.at_least)
    if old.level2_kind and new.level2_kind:
        yield from _kind(item, old.level2_kind, new.level2_kind)
    before, after = ({row.name: row for row in group.fixed} for group in (old, new))
    for name, row in after.items():
        if name not in before:
            yield f"{item}新增固定指标“{name}”，目标值为“{row.target}”"
            continue
        yield from _changed(f"固定指标“{name}”的目标值", before[name].target, row.target)
        yield from _changed(
            f"固定指标“{name}”的目标值可改", _yes(before[name].editable), _yes(row.editable)
        )
    yield from (f"{item}删去固定指标“{name}”" for name in before if name not in after)


# --- rules and guide ------------------------------------------------------------------------------
def _rules(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> Iterator[str]:
    before, after = ({rule.code.id: rule for rule in rules} for rules in (old, new))
    for code, rule in after.items():
        word = SEVERITY_WORDS[rule.code.severity]
        if code not in before:
            yield f"新增检查（{word}）：{rule.code.message}"
            continue
        was = before[code]
        yield from _changed(
            f"检查“{rule.code.message}”的级别", SEVERITY_WORDS[was.code.severity], word
        )
        yield from _changed("检查的说明", was.code.message, rule.code.message)
        yield from _changed("检查的处理办法", was.code.hint, rule.code.hint)
        if (was.check, was.when) != (rule.check, rule.when):
            yield f"检查“{rule.code.message}”的条件有改动"
    for code, rule in before.items():
        if code not in after:
            yield f"删去检查：{rule.code.message}"


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    yield from (f"新增：{line}" for line in new if line not in old)
    yield from (f"删去：{line}" for line in old if line not in new)


# --- places ---------------------------------------------------------------------------------------
def _places(before: FormPlan, after: FormPlan) -> Iterator[str]:
    fields = {item.key: item for item in before.inputs if item.row is None}
    for item in after.inputs:
        if item.row is None and item.key in fields:
            was = fields[item.key].area.first.a1
            yield from _changed(f"“{item.title}”", was, item.area.first.a1)
    for key, heading in after.headings.items():
        if key in before.headings:
            was, now = (form.headings[key].area.first.a1 for form in (before, after))
            yield from _changed(f"列“{heading.text}”的标题", was, now)
    for name, rows in after.rows_by_group.items():
        if name in before.rows_by_group:
            was = _span(row.row for row in before.rows_by_group[name])
            yield from _changed(f"“{name}”的行", was, _span(row.row for row in rows))


def _span(rows: Iterable[int]) -> str:
    numbers = list(rows)
    return f"第{numbers[0]}行" if len(numbers) == 1 else f"第{numbers[0]}至{numbers[-1]}行"
