"""Records to migrate, and a layout that holds the same as national-2021 in another way."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from each_layout import LAYOUTS
from xlgoals import Layout
from xlgoals.migration import Migrated, migrate_form
from xlgoals.models import form_class

BY_ID = {layout.id: layout for layout in LAYOUTS}
OLD, NEW, NATIONAL = (BY_ID[name] for name in ("shanghai-2020", "shanghai-2026", "national-2021"))
PAIRS = list(permutations(LAYOUTS, 2))
each_pair = pytest.mark.parametrize(
    ("source", "target"), PAIRS, ids=[f"{a.id}-to-{b.id}" for a, b in PAIRS]
)

# Amounts in 元, targets in one cell, another name for a field, for levels and for options.
TWIN = """\
extends: national-2021
id: twin-2021
amount_unit: 元
fields:
  annual_goal: null
  goal_of_the_year: {label: 本年度绩效目标, type: text, max_length: 500, lines: 28}
  project_nature: {options: {rename: {一次性项目: 单次项目}}}
indicators:
  columns:
    operator: null
    value: null
    unit: null
    target: {label: 指标值, max_length: 200}
  groups:
    - {level1: 产出指标, level2: 数量指标, remove: true}
    - {level1: 产出, level2: 数量, rows: 1, before: 质量指标}
    - level1: 效益指标
      options: {rename: {社会效益指标: 社会影响}}
migration:
  shanghai-2020: null
  national-2021:
    fields:
      annual_goal: goal_of_the_year
      project_nature: {field: project_nature, wordings: {经常性项目: 经常性项目, 一次性项目: 单次项目}}
    levels:
      产出指标:
        数量指标: {level1: 产出, level2: 数量}
      效益指标:
        社会效益指标: {level1: 效益指标, level2: 社会影响}
pages:
  - |
    title                    title                   title                   title            title                  title                  title
    year                     year                    year                    year             year                   year                   year
    project_name:            project_name            project_name            project_nature:  project_nature         project_nature         project_nature
    supervising_department:  supervising_department  supervising_department  declaring_unit:  declaring_unit         declaring_unit         declaring_unit
    start_date:              start_date              start_date              end_date:        end_date               end_date               end_date
    funds                    total_budget:           total_budget            current_budget:  current_budget:        current_budget         current_budget
    funds                    total_fiscal_funds:     total_fiscal_funds      current_appropriation: current_appropriation: current_appropriation current_appropriation
    funds                    total_other_funds:      total_other_funds       current_other_funds: current_other_funds: current_other_funds current_other_funds
    goals                    overall_goal:           overall_goal:           goal_of_the_year: goal_of_the_year:     goal_of_the_year:      goal_of_the_year:
    goals                    overall_goal            overall_goal            goal_of_the_year goal_of_the_year       goal_of_the_year       goal_of_the_year
  - |
    indicators  indicators  indicators  indicators  indicators  indicators  indicators
    level1:     level2:     name:       target:     target:     target:     weight:
    level1      level2      name        target      target      target      weight
rules:
  - {code: quantity-without-number, when: 'level2 = "数量"'}
"""  # noqa: E501


def twin(folder: Path) -> Layout:
    """The layout, from a file of its own."""
    path = folder / "twin-2021.yaml"
    path.write_text(TWIN, encoding="utf-8")
    return xlgoals.load_layout(str(path))


def plain(form: xlgoals.GoalForm) -> dict[str, Any]:
    """A form as the importer's record of it."""
    data = form.model_dump()
    rows = [dict(row) for row in data["indicators"]]
    return {**{key: data[key] for key in form.record_keys}, "indicators": rows}


def typed(record: dict[str, Any], layout: Layout) -> dict[str, Any]:
    """A JSON record as the importer's record."""
    return plain(form_class(layout).model_validate(record))


def form(layout: Layout, *rows: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A record with these fields and rows, all else blank."""
    blank = dict.fromkeys(layout.fields)
    return {"layout": layout.id, "fiscal_year": 2026, **blank, **fields, "indicators": list(rows)}


def moved(values: Mapping[str, Any], source: Layout, target: Layout) -> Migrated:
    """The record in another layout."""
    return migrate_form(values, source, target)
