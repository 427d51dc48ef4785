"""Workbook → forms is the identity on forms → workbook."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xlgoals
from each_layout import LAYOUTS
from few_and_many import few_and_many, mostly_slow
from forms_strategy import LAYOUT, YEAR, records, texts
from oracle import compare
from xlgoals.findings import Layer
from xlgoals.layouts import Layout
from xlgoals.models import form_class


def through_a_workbook(
    forms: list[xlgoals.GoalForm], layout: Layout = LAYOUT, **options: Any
) -> xlgoals.Submission:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "报送.xlsx"
        xlgoals.write_template(path, layout, layout.first_year, forms=forms, **options)
        return xlgoals.read(path)


def test_the_published_forms_come_back_as_they_are(examples_dir: Path) -> None:
    published = json.loads((examples_dir / "forms-2020.json").read_text(encoding="utf-8"))
    cls = form_class(LAYOUT)
    submission = through_a_workbook([cls.model_validate(record) for record in published])
    assert [form.record() for form in submission.forms] == published


@pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)
def any_valid_forms_come_back_as_they_are(layout: Layout, data: st.DataObject) -> None:
    unit = data.draw(st.none() | texts(100))
    drawn = data.draw(st.lists(records(layout, unit=unit), min_size=1, max_size=2))
    forms = [form_class(layout).model_validate(record) for record in drawn]
    submission = through_a_workbook(forms, layout)
    assert list(submission.forms) == forms
    told = {f.code for f in submission.findings if f.layer in (Layer.STRUCTURE, Layer.FILE)}
    assert told <= {"project-repeated"}


test_any_valid_forms_come_back_as_they_are, test_many_valid_forms_come_back_as_they_are = (
    few_and_many(any_valid_forms_come_back_as_they_are, few=2, many=20)
)


@pytest.mark.slow
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(records())
def test_openpyxl_sees_the_same_in_any_workbook(record: dict[str, Any]) -> None:
    form = form_class(LAYOUT).model_validate(record)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "报送.xlsx"
        xlgoals.write_template(path, LAYOUT, YEAR, forms=[form])
        compare(path)


def test_a_record_has_every_key_of_its_layout_in_order(examples_dir: Path) -> None:
    published = json.loads((examples_dir / "forms-2020.json").read_text(encoding="utf-8"))
    (first, *_) = xlgoals.read(examples_dir / "filled-2020.xlsx").forms
    assert list(first.record()) == list(published[0])


@pytest.mark.parametrize("projects", mostly_slow([2, 1, 7]))
def test_spare_sheets_are_no_forms(projects: int) -> None:
    form = form_class(LAYOUT)(layout=LAYOUT.id, fiscal_year=YEAR, project_name="甲项目")
    submission = through_a_workbook([form], projects=projects)
    assert [form.project_name for form in submission.forms] == ["甲项目"]


def test_more_indicators_than_the_form_has_rows_make_it_grow() -> None:
    target = xlgoals.Target.parse("≥10场")
    many = tuple(
        xlgoals.Indicator(level1="产出目标", level2="数量", name=f"指标{n}", target=target)
        for n in range(9)
    )
    cls = form_class(LAYOUT)
    form = cls(layout=LAYOUT.id, fiscal_year=YEAR, project_name="甲", indicators=many)
    (read,) = through_a_workbook([form]).forms
    assert [row for row in read.indicators if row.level2 == "数量"] == list(many)
