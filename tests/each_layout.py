"""Every shipped layout with a form for it: what holds for one must hold for each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlgoals
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, TextKind, YesNoKind
from xlgoals.layouts import Layout, layout_ids, load_layout
from xlgoals.layouts.model import Field, Group
from xlgoals.models import form_class

LAYOUTS: tuple[Layout, ...] = tuple(load_layout(name) for name in layout_ids())
# Parts that add up to their totals; odd 分 do, too.
_AMOUNTS: Mapping[str, str] = {
    "total_budget": "650000.35",
    "total_fiscal_funds": "600000.15",
    "total_other_funds": "50000.20",
    "current_budget": "550000.25",
    "current_appropriation": "500000.05",
    "current_other_funds": "50000.20",
}
_CARRIED_OVER = Decimal("100000.10")
# What the rows of each level usually weigh.
_WEIGHTS: Mapping[str, int] = {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}


def sound_form(layout: Layout, number: int = 1) -> xlgoals.GoalForm:
    """A form that its layout has nothing to say against."""
    fields = {key: _value(item, layout) for key, item in layout.fields.items()}
    rows = [row for group in layout.indicators.groups for row in _rows(group)]
    if "weight" in layout.indicators.columns:
        for level1, weight in _WEIGHTS.items():
            first, *others = (row for row in rows if row["level1"] == level1)
            each = weight // (1 + len(others))
            for row in others:
                row["weight"] = Decimal(each)
            first["weight"] = Decimal(weight - each * len(others))
    if "carried_over_funds" in fields:
        fields["carried_over_funds"] = _CARRIED_OVER
        fields["current_budget"] += _CARRIED_OVER
    elif "total_fiscal_funds" in fields:
        fields["total_budget"] -= _CARRIED_OVER
        fields["total_fiscal_funds"] -= _CARRIED_OVER
    record = {
        **fields,
        "layout": layout.id,
        "fiscal_year": layout.first_year,
        layout.unit_field: "某市图书馆",
        "project_name": f"阅览室改造{number}",
        "indicators": rows,
    }
    return form_class(layout).model_validate(record)


def write_sound(path: Path, layout: Layout, forms: int = 1, projects: int | None = None) -> Path:
    """Write a workbook of sound forms, and of spare sheets where it is to have more projects."""
    path.write_bytes(_sound_workbook(layout.id, forms, projects))
    return path


@cache
def _sound_workbook(layout_id: str, count: int, projects: int | None) -> bytes:
    layout = load_layout(layout_id)
    forms = [sound_form(layout, number) for number in range(1, count + 1)]
    with TemporaryDirectory() as folder:
        path = Path(folder, "sound.xlsx")
        xlgoals.write_template(path, layout, layout.first_year, forms=forms, projects=projects)
        return path.read_bytes()


def _value(item: Field, layout: Layout) -> Any:
    match item.kind:
        case AmountKind():
            return Decimal(_AMOUNTS[item.key]) if item.key in _AMOUNTS else None
        case ChoiceKind():
            return item.kind.options[-1]
        case DateKind():
            return f"{layout.first_year}-{'01-01' if item.key == 'start_date' else '12-31'}"
        case TextKind():
            return f"关于{item.title}的说明。"
        case YesNoKind():
            return True
        case _:
            raise TypeError(item.kind)


def _rows(group: Group) -> list[dict[str, Any]]:
    level2 = group.level2
    if isinstance(group.level2_kind, ChoiceKind):
        level2 = group.level2_kind.options[0]
    targets = [(fixed.name, fixed.target) for fixed in group.fixed]
    if group.rows:
        sign = "≤" if group.level1 == "成本指标" else "≥"
        targets.append((f"{group.name}完成率", f"{sign}90%"))
    levels = {"level1": group.level1, "level2": level2}
    return [{**levels, "name": name, "target": {"text": text}} for name, text in targets]
