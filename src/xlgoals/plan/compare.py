"""What changed from one layout to another, in words for officials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xlgoals.findings import SEVERITY_WORDS, WORDS
from xlgoals.kinds import AmountKind, ChoiceKind, Kind
from xlgoals.language import Message, enumerated
from xlgoals.layouts.model import Column, Field, Group, Layout, Text
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import FormPlan
from xlgoals.rules.rule import Rule

_ANY_YEAR = "××××"


class Section(NamedTuple):
    """One part of the comparison: a heading and its lines."""

    heading: str
    lines: tuple[str, ...]


def compare_layouts(old: Layout, new: Layout) -> tuple[Section, ...]:
    """What changed from one layout to another; parts in which nothing did are left out."""
    before, after = (build_plan(layout, layout.first_year).form for layout in (old, new))
    parts = {
        Message("表样"): _head(old, new),
        Message("填写项"): _fields(old.fields, new.fields, before, after),
        Message("印好的文字"): _texts(old.texts, new.texts),
        Message("指标表的列"): _columns(old.indicators.columns, new.indicators.columns),
        Message("指标表的行"): _groups(old.indicators.groups, new.indicators.groups),
        Message("检查"): _rules(old.rules, new.rules),
        Message("填报说明"): _lines(old.guide, new.guide),
        Message("单元格的位置"): _places(before, after),
    }
    sections = (Section(heading, tuple(lines)) for heading, lines in parts.items())
    return tuple(section for section in sections if section.lines)


def _changed(what: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield Message("{what}：{old} → {new}", what=what, old=_said(old), new=_said(new))


def _said(value: object) -> str:
    if isinstance(value, Message):
        return value
    if isinstance(value, tuple):
        return enumerated(map(str, value)) or Message("（无）")
    # A text that names the year is quoted as printed forms do.
    text = str(value).replace("\n", "").replace("{fiscal_year}", _ANY_YEAR)
    return text or Message("（无）")


def _words(template: str) -> str:
    """The words of a rule, whatever they will speak of."""
    places = {word: f"{{{word}}}" for word in WORDS}
    return Message(template, **{**places, "fiscal_year": _ANY_YEAR})


def _yes(truth: bool) -> str:
    return Message("是") if truth else Message("否")


def _head(old: Layout, new: Layout) -> Iterator[str]:
    yield from _changed(Message("名称"), old.name, new.name)
    yield from _changed(Message("制定单位"), old.authority, new.authority)
    yield from _changed(Message("适用年度"), old.years, new.years)
    yield from _changed(Message("金额单位"), old.amount_unit, new.amount_unit)
    yield from _changed(Message("最早的日期"), old.first_date, new.first_date)
    yield from _changed(Message("最晚的日期"), old.last_date, new.last_date)
    yield from _changed(Message("视为没有填写的内容"), old.placeholders, new.placeholders)


# --- fields and texts -----------------------------------------------------------------------------
def _fields(
    old: Mapping[str, Field], new: Mapping[str, Field], before: FormPlan, after: FormPlan
) -> Iterator[str]:
    for key, field in new.items():
        if key in old:
            yield from _field(old[key], field)
        else:
            place = after.by_name[key].area.first.a1
            yield Message(
                "新增“{title}”（{place}）：{expected}",
                title=field.title,
                place=place,
                expected=field.kind.expected,
            )
    for key, field in old.items():
        if key not in new:
            place = before.by_name[key].area.first.a1
            yield Message("删去“{title}”（原在 {place}）", title=field.title, place=place)


def _field(old: Field, new: Field) -> Iterator[str]:
    item = f"“{new.title}”"
    if old.title != new.title:
        yield Message("“{title}”改称{item}", title=old.title, item=item)
    yield from _changed(Message("{item}必填", item=item), _yes(old.required), _yes(new.required))
    yield from _changed(Message("{item}的填写提示", item=item), old.help, new.help)
    yield from _changed(Message("{item}也认得的旧称", item=item), old.aliases, new.aliases)
    yield from _kind(item, old.kind, new.kind)


def _kind(item: str, old: Kind, new: Kind) -> Iterator[str]:
    if isinstance(old, ChoiceKind) and isinstance(new, ChoiceKind):
        yield from _options(item, old, new)
    else:
        yield from _changed(
            Message("{item}的填写要求", item=item), old.requirement, new.requirement
        )
    if isinstance(old, AmountKind) and isinstance(new, AmountKind):
        lowest = old.plausible_from, new.plausible_from
        yield from _changed(Message("{item}低于多少元要提醒", item=item), *lowest)
        highest = old.plausible_to, new.plausible_to
        yield from _changed(Message("{item}高于多少元要提醒", item=item), *highest)


def _options(item: str, old: ChoiceKind, new: ChoiceKind) -> Iterator[str]:
    renamed = {word: new.aliases[word] for word in old.options if word in new.aliases}
    for word, option in renamed.items():
        yield Message(
            "{item}的选项“{word}”改称“{option}”，旧称仍然认得", item=item, word=word, option=option
        )
    added = [w for w in new.options if w not in old.options and w not in renamed.values()]
    removed = [w for w in old.options if w not in new.options and w not in renamed]
    yield from (Message("{item}新增选项“{word}”", item=item, word=word) for word in added)
    yield from (Message("{item}删去选项“{word}”", item=item, word=word) for word in removed)
    yield from _changed(
        Message("{item}可填列表外的内容", item=item), _yes(old.open), _yes(new.open)
    )


def _texts(old: Mapping[str, Text], new: Mapping[str, Text]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        before, after = (texts[key].text if key in texts else "" for texts in (old, new))
        yield from _changed(Message("文字"), before, after)


# --- the indicator table --------------------------------------------------------------------------
def _columns(old: Mapping[str, Column], new: Mapping[str, Column]) -> Iterator[str]:
    yield from (
        Message("新增列“{title}”", title=column.title)
        for key, column in new.items()
        if key not in old
    )
    yield from (
        Message("删去列“{title}”", title=column.title)
        for key, column in old.items()
        if key not in new
    )
    for key in (key for key in new if key in old):
        before, after = old[key], new[key]
        if before.title != after.title:
            yield Message("列“{old}”改称“{new}”", old=before.title, new=after.title)
        yield from _changed(
            Message("列“{title}”的填写提示", title=after.title), before.help, after.help
        )
        if before.kind and after.kind:
            yield from _kind(Message("列“{title}”", title=after.title), before.kind, after.kind)


def _groups(old: tuple[Group, ...], new: tuple[Group, ...]) -> Iterator[str]:
    before, after = ({(g.level1, g.level2): g for g in groups} for groups in (old, new))
    for key, group in after.items():
        if key in before:
            yield from _group(before[key], group)
        else:
            rows = group.rows + len(group.fixed)
            yield Message("新增“{path}”{rows}行", path=_path(group), rows=rows)
    yield from (
        Message("删去“{path}”", path=_path(group))
        for key, group in before.items()
        if key not in after
    )
    if set(before) == set(after) and list(before) != list(after):
        yield Message("各组的顺序改为：{names}", names=enumerated(_path(group) for group in new))


def _path(group: Group) -> str:
    return f"{group.level1}/{group.level2}" if group.level2 else group.level1


def _group(old: Group, new: Group) -> Iterator[str]:
    item = f"“{_path(new)}”"
    yield from _changed(Message("{item}可填的行数", item=item), old.rows, new.rows)
    yield from _changed(Message("{item}至少要填的行数", item=item), old.at_least, new.at_least)
    if old.level2_kind and new.level2_kind:
        yield from _kind(item, old.level2_kind, new.level2_kind)
    before, after = ({row.name: row for row in group.fixed} for group in (old, new))
    for name, row in after.items():
        if name not in before:
            yield Message(
                "{item}新增固定指标“{name}”，目标值为“{target}”",
                item=item,
                name=name,
                target=row.target,
            )
            continue
        yield from _changed(
            Message("固定指标“{name}”的目标值", name=name), before[name].target, row.target
        )
        yield from _changed(
            Message("固定指标“{name}”的目标值可改", name=name),
            _yes(before[name].editable),
            _yes(row.editable),
        )
    yield from (
        Message("{item}删去固定指标“{name}”", item=item, name=name)
        for name in before
        if name not in after
    )


# --- rules and guide ------------------------------------------------------------------------------
def _rules(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> Iterator[str]:
    before, after = ({rule.code.id: rule for rule in rules} for rules in (old, new))
    for code, rule in after.items():
        word = Message(SEVERITY_WORDS[rule.code.severity])
        said = _words(rule.code.message)
        if code not in before:
            yield Message("新增检查（{word}）：{message}", word=word, message=said)
            continue
        was = before[code]
        yield from _changed(
            Message("检查“{message}”的级别", message=said),
            Message(SEVERITY_WORDS[was.code.severity]),
            word,
        )
        yield from _changed(Message("检查的说明"), _words(was.code.message), said)
        yield from _changed(
            Message("检查的处理办法"), _words(was.code.hint), _words(rule.code.hint)
        )
        if (was.check, was.when) != (rule.check, rule.when):
            yield Message("检查“{message}”的条件有改动", message=said)
    for code, rule in before.items():
        if code not in after:
            yield Message("删去检查：{message}", message=_words(rule.code.message))


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    yield from (Message("新增：{line}", line=_said(line)) for line in new if line not in old)
    yield from (Message("删去：{line}", line=_said(line)) for line in old if line not in new)


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
            yield from _changed(Message("列“{text}”的标题", text=heading.text), was, now)
    for name, rows in after.rows_by_group.items():
        if name in before.rows_by_group:
            was = _span(row.row for row in before.rows_by_group[name])
            yield from _changed(
                Message("“{name}”的行", name=name), was, _span(row.row for row in rows)
            )


def _span(rows: Iterable[int]) -> str:
    numbers = list(rows)
    if len(numbers) == 1:
        return Message("第{row}行", row=numbers[0])
    return Message("第{first}至{last}行", first=numbers[0], last=numbers[-1])
