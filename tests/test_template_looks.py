"""What a filler reads on a blank workbook of any layout: nothing wraps, every word is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from each_layout import LAYOUTS
from few_and_many import mostly_slow
from xlgoals.grid import RangeRef
from xlgoals.heights import CHARACTER_PIXELS, lines_needed
from xlgoals.identity import GUIDE_SHEET
from xlgoals.kinds import AmountKind, TargetKind
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Plan

each_layout = pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)


def plan_of(layout: Layout) -> Plan:
    return build_plan(layout, layout.first_year)


def pixels(layout: Layout, area: RangeRef) -> int:
    return sum(layout.column_widths[column - 1] for column in area.columns)


@each_layout
def test_no_printed_text_wraps_but_where_the_layout_breaks_it(layout: Layout) -> None:
    for printed in plan_of(layout).form.locked:
        room, lines = pixels(layout, printed.area), printed.text.split("\n")
        assert lines_needed(printed.text, room) == len(lines), printed.text


@each_layout
def test_the_largest_amount_fits_its_cell(layout: Layout) -> None:
    shown = {"元": f"{MAX_AMOUNT:,}", "万元": f"{MAX_AMOUNT / 10_000:,}"}
    for item in plan_of(layout).form.inputs:
        if isinstance(item.kind, AmountKind):
            needed = len(shown[item.kind.unit]) * CHARACTER_PIXELS / 2 + 5  # its margins
            assert pixels(layout, item.area) >= needed, item.title


@each_layout
def test_no_two_fields_are_told_of_by_the_same_name(layout: Layout) -> None:
    titles = [item.title for item in layout.fields.values()]
    titles += [column.title for column in layout.indicators.columns.values()]
    assert len(set(titles)) == len(titles)


def words(layout: Layout, path: Path) -> Iterator[str]:
    """All that the guide, the prompts and refusals of cells, and the rules say."""
    book = openpyxl.load_workbook(path)
    for row in book[GUIDE_SHEET].iter_rows(values_only=True):
        yield from (str(text) for text in row if text)
    for rule in layout.rules:
        yield from (rule.code.message, rule.code.hint)
    for validation in book["项目1"].data_validations.dataValidation:
        yield from (str(text) for text in (validation.prompt, validation.error) if text)


@each_layout
def test_every_word_is_of_this_form(layout: Layout, tmp_path: Path) -> None:
    xlgoals.write_template(tmp_path / "blank.xlsx", layout, layout.first_year)
    said = list(words(layout, tmp_path / "blank.xlsx"))
    assert len(said) > 50
    own = [item.title for item in layout.fields.values()]
    own += [column.title for column in layout.indicators.columns.values()]
    own += [text.text for text in layout.texts.values()]
    others = {item.title for each in LAYOUTS for item in each.fields.values()}
    # What people call a target, and the unit of amounts.
    others |= {"目标值", "指标值"}
    foreign = {word for word in others if not any(word in text for text in own)}
    assert foreign
    for text in said:
        assert not [word for word in foreign if word in text], text
        for year in re.findall(r"样式如 (\d{4})-\d\d-\d\d", text):
            assert int(year) == layout.first_year, text


@each_layout
def test_a_cell_for_the_value_alone_does_not_ask_for_sign_and_unit(layout: Layout) -> None:
    for item in plan_of(layout).form.inputs:
        if isinstance(item.kind, TargetKind):
            apart = "value" in layout.indicators.columns
            assert ("≥95%" in item.kind.expected) is not apart


@each_layout
def test_a_unit_that_is_given_is_named_as_on_the_form(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "unit.xlsx"
    xlgoals.write_template(path, layout, layout.first_year, unit="某市图书馆")
    guide = openpyxl.load_workbook(path)[GUIDE_SHEET]
    assert guide["A2"].value == f"{layout.fields[layout.unit_field].title}：某市图书馆"
