"""Arbitrary valid forms of a layout, for property tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from xlgoals import Target, load_layout
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, Kind, NumberKind, TargetKind, TextKind
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.layouts.model import Column, Group, Layout
from xlgoals.targets import join_target, split_target
from xlgoals.text import stored
from xlgoals.vocabulary import COLUMN_TERMS

LAYOUT = load_layout("shanghai-2020")
YEAR = LAYOUT.first_year

# What people type, and what breaks careless programs: formulas, escapes, markup, wide blanks,
# characters beyond the basic plane, line ends.
_TRICKY = st.sampled_from(
    [
        *("=1+1", "=100%", "+86", "@x", "{=1}", "00123", "1/2", "http://a.b"),
        *("_x0041_", "_x005F_", "<b>&amp;", '"引号"', "'单引号"),
        *("𠮷野", "（一）：；", "a\u3000b", "第一行\n第二行", "  内 部  空 白  "),
    ]
)
_PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1
)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Texts as they are stored, not longer than a limit."""
    joined = st.lists(st.one_of(_TRICKY, _PLAIN), min_size=1, max_size=4).map("".join)
    return joined.map(lambda text: stored(text[:longest])).filter(bool)


def _of_kind(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case TextKind() | TargetKind():
            return texts(kind.max_length)
        case ChoiceKind(open=True):
            # A text that an option's folding would swallow is read as that option.
            free = texts(kind.max_length).filter(lambda text: kind.match(text) is None)
            return st.one_of(st.sampled_from(kind.options), free)
        case ChoiceKind():
            return st.sampled_from(kind.options)
        case DateKind():
            return st.dates(kind.first, kind.last).map(date.isoformat)
        case AmountKind():
            amounts = st.decimals(Decimal(0), MAX_AMOUNT, places=2, allow_nan=False)
            return amounts.map(str)
        case NumberKind():
            return st.decimals(0, kind.most, places=kind.decimals).map(str)
        case _:
            return st.booleans()


def _targets(layout: Layout) -> st.SearchStrategy[dict[str, Any]]:
    """Targets; where the form keeps their parts apart, such as come together again."""
    columns = layout.indicators.columns
    if "target" in columns:
        return texts(_longest(columns["target"])).map(_target)
    quantities = st.sampled_from(("≥95%", "=100%", "≤2.5万元", ">0.5", "10场", "<-3℃"))
    whole = st.one_of(quantities, texts(_longest(columns["value"])))
    return whole.filter(lambda text: join_target(**split_target(text)) == text).map(_target)


def _longest(column: Column) -> int:
    assert isinstance(column.kind, TargetKind)
    return column.kind.max_length


def _row(group: Group, layout: Layout) -> st.SearchStrategy[dict[str, Any]]:
    """A free row with anything in it; half-filled rows are reported, but carried all the same."""
    columns = layout.indicators.columns
    name = columns["name"].kind
    assert name is not None
    further = {
        key: st.none() | _of_kind(column.kind)
        for key, column in columns.items()
        if key in COLUMN_TERMS and column.kind
    }
    level2 = st.just(group.level2) if group.level2 else st.none() | _of_kind_or(group)
    return st.fixed_dictionaries(
        {
            "level1": st.just(group.level1),
            "level2": level2,
            "name": st.none() | _of_kind(name),
            "target": st.none() | _targets(layout),
            **further,
        }
    ).filter(lambda row: row["name"] or row["target"])


def _of_kind_or(group: Group) -> st.SearchStrategy[Any]:
    assert group.level2_kind is not None
    return _of_kind(group.level2_kind)


def _target(text: str) -> dict[str, Any]:
    return Target.parse(text).model_dump(mode="json")


def _fixed(group: Group) -> list[dict[str, Any]]:
    return [
        {
            "level1": group.level1,
            "level2": group.level2,
            "name": row.name,
            "target": _target(row.target),
        }
        for row in group.fixed
    ]


@st.composite
def records(draw: st.DrawFn, layout: Layout = LAYOUT, unit: str | None = None) -> dict[str, Any]:
    """One form as a JSON record, blank fields included; the project's name is always there."""
    record: dict[str, Any] = {"layout": layout.id, "fiscal_year": layout.first_year}
    for key, item in layout.fields.items():
        record[key] = draw(st.none() | _of_kind(item.kind))
    record["project_name"] = draw(texts(100))
    record[layout.unit_field] = unit
    indicators: list[dict[str, Any]] = []
    for group in layout.indicators.groups:
        indicators += _fixed(group)
        if group.rows:
            indicators += draw(st.lists(_row(group, layout), max_size=group.rows + 2))
    record["indicators"] = indicators
    return record
