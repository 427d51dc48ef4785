"""Typed forms → the contents of project sheets, and the rows they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlgoals.findings import Finding, Place, Severity
from xlgoals.identity import MAX_IDENTITY, Identity
from xlgoals.kinds import CellContent, ChoiceKind
from xlgoals.language import Message, enumerated
from xlgoals.layouts.model import Column, FixedRow, Group, Layout
from xlgoals.live.build import proposed_targets
from xlgoals.live.results import as_cell
from xlgoals.models import GoalForm, Indicator
from xlgoals.plan.model import Input, Plan
from xlgoals.targets import QUALITATIVE, parse_quantity, split_target
from xlgoals.vocabulary import COLUMN_TERMS


class DataError(ValueError):
    """Forms that this template cannot hold; the text says which and why."""


def common_unit(forms: Sequence[GoalForm], layout: Layout, given: str | None) -> str | None:
    """The one declaring unit of the forms. Raises DataError where they name several."""
    units = {unit for form in forms if (unit := getattr(form, layout.unit_field))}
    if given is not None:
        units.add(given)
    if len(units) > 1:
        raise DataError(
            Message("一个工作簿只能有一个申报单位，现有：{names}", names=enumerated(sorted(units)))
        )
    return units.pop() if units else None


def check_unit(plan: Plan) -> None:
    """Refuse a unit that its field, or the workbook's identity, could not hold."""
    if plan.unit is not None:
        _content(plan.unit_input, plan.unit, 1)
    if utf16_length(Identity.of(plan).encode()) > MAX_IDENTITY:
        raise DataError(Message("申报单位名称太长，工作簿的模板标识放不下，请使用简称"))


def check_belonging(forms: Sequence[GoalForm], layout: Layout, fiscal_year: int) -> None:
    """Refuse forms of another layout or year: their values would stand under wrong labels."""
    for number, form in enumerate(forms, start=1):
        if form.layout != layout.id:
            raise DataError(
                Message(
                    "第{number}张表的表样是“{given}”，不是“{wanted}”",
                    number=number,
                    given=form.layout,
                    wanted=layout.id,
                )
            )
        if form.fiscal_year != fiscal_year:
            raise DataError(
                Message(
                    "第{number}张表是{given}年度的，不是{wanted}年度",
                    number=number,
                    given=form.fiscal_year,
                    wanted=fiscal_year,
                )
            )


def rows_needed(
    forms: Sequence[GoalForm], layout: Layout, asked: Mapping[str, int]
) -> dict[str, int]:
    """Free rows by group: as asked, else as the layout has them, but enough for every form."""
    needed = dict(asked)
    groups = {group.name: group for group in layout.indicators.groups}
    for number, form in enumerate(forms, start=1):
        for name, indicators in _by_group(form, layout, number).items():
            group = groups[name]
            free = sum(fixed is None for _, fixed in _placed(group, indicators))
            if free > needed.get(name, group.rows):
                if not group.rows:
                    raise DataError(
                        Message(
                            "第{number}张表的“{name}”下有表样没有的指标", number=number, name=name
                        )
                    )
                needed[name] = free
    return needed


def contents_of(form: GoalForm, plan: Plan, number: int) -> dict[str, CellContent]:
    """What a form puts into its sheet, by the inputs' names. ``number`` is for messages."""
    values: dict[str, Any] = {
        item.name: getattr(form, item.key) for item in plan.form.inputs if item.row is None
    }
    for name, indicators in _by_group(form, plan.layout, number).items():
        values.update(_row_values(name, indicators, plan, number))
    filled = (item for item in plan.form.inputs if values.get(item.name) is not None)
    return {item.name: _content(item, values[item.name], number) for item in filled}


def blank_contents(plan: Plan) -> dict[str, CellContent]:
    """What stands in the inputs of a blank form: the targets that the layout proposes."""
    return dict(proposed_targets(plan))


def _row_values(
    group_name: str, indicators: Sequence[Indicator], plan: Plan, number: int
) -> Iterator[tuple[str, Any]]:
    rows = [row for row in plan.form.indicator_rows if row.group.name == group_name]
    fixed_rows = {row.fixed.name: row for row in rows if row.fixed}
    free_rows = iter(row for row in rows if not row.fixed)
    for indicator, fixed in _placed(rows[0].group, indicators):
        text = indicator.target.text if indicator.target else None
        if fixed:
            if text != fixed.target and not fixed.editable:
                raise DataError(
                    Message(
                        "第{number}张表的固定指标“{name}”的目标值应为“{target}”，现为“{text}”",
                        number=number,
                        name=fixed.name,
                        target=fixed.target,
                        text=text or Message("（空白）"),
                    )
                )
            row = fixed_rows[fixed.name]
        else:
            row = next(free_rows)
            yield f"indicator_{row.number:02d}_level2", indicator.level2
            yield f"indicator_{row.number:02d}_name", indicator.name
        yield from _target_values(row.number, text, plan.layout.indicators.columns)
        for key in COLUMN_TERMS:
            yield f"indicator_{row.number:02d}_{key}", getattr(indicator, key, None)


def _target_values(
    number: int, text: str | None, columns: Mapping[str, Column]
) -> Iterator[tuple[str, str | None]]:
    parts = split_target(text) if text else {}
    operator = columns["operator"].kind if "operator" in columns else None
    if text and parse_quantity(text) is None and isinstance(operator, ChoiceKind):
        parts["operator"] = operator.match(QUALITATIVE)  # words, where the form says so
    for key, value in {"target": text, **parts}.items():
        yield f"indicator_{number:02d}_{key}", value


def _by_group(form: GoalForm, layout: Layout, number: int) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for indicator in form.indicators:
        group = group_of(indicator.level1, indicator.level2, layout)
        if group is None:
            raise DataError(
                Message(
                    "第{number}张表有指标属于“{level1}”下的“{level2}”，表样中没有这一类",
                    number=number,
                    level1=indicator.level1 or "",
                    level2=indicator.level2 or "",
                )
            )
        found.setdefault(group.name, []).append(indicator)
    return found


def group_of(level1: str | None, level2: str | None, layout: Layout) -> Group | None:
    """The group of the table that a row of these levels belongs to; None where there is none."""
    for group in layout.indicators.groups:
        if group.level1 == level1 and group.level2 in (level2, None):
            return group
    return None


def _placed(
    group: Group, indicators: Sequence[Indicator]
) -> Iterator[tuple[Indicator, FixedRow | None]]:
    """Each indicator with the prescribed row that it is; a second of that name is a free one."""
    prescribed = {row.name: row for row in group.fixed}
    for indicator in indicators:
        yield indicator, prescribed.pop(indicator.name or "", None)


def utf16_length(text: str) -> int:
    """How long spreadsheets think a text is."""
    return len(text.encode("utf-16-le")) // 2


def _content(item: Input, value: Any, number: int) -> CellContent:
    """The cell content for a value; what the importer would refuse is refused here already."""
    content = item.kind.write(value)
    reading = item.kind.read(as_cell(content, item.kind))
    for issue in reading.issues:
        if issue.code.severity is Severity.ERROR:
            place = Place(cell=item.area.first.a1, label=item.title)
            finding = Finding.of(issue, "", place, reading.shown, item.kind.expected)
            raise DataError(
                Message("第{number}张表：{message}", number=number, message=finding.message)
            )
    return content
