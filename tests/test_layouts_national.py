"""national-2021: targets in parts, amounts in 万元, and weights that add up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

import xlgoals
from each_layout import sound_form
from xlgoals.layouts import load_layout
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan
from xlgoals.schema import form_schema

LAYOUT = load_layout("national-2021")
YEAR = 2021
PLAN = build_plan(LAYOUT, YEAR)
SOUND = sound_form(LAYOUT).record()


def written(folder: Path, changed: Mapping[str, Any]) -> Path:
    path = folder / "t.xlsx"
    form = form_class(LAYOUT).model_validate({**SOUND, **changed})
    xlgoals.write_template(path, LAYOUT, YEAR, forms=[form])
    return path


def found(path: Path) -> set[tuple[str, str]]:
    return {(f.code, f.field or "") for f in xlgoals.read(path).findings}


def rows(**changed: Any) -> list[dict[str, Any]]:
    """The indicators, the first under 数量指标 changed."""
    copies = [dict(row) for row in SOUND["indicators"]]
    next(row for row in copies if row["level2"] == "数量指标").update(changed)
    return copies


def weighed(weights: Sequence[str | None]) -> dict[str, Any]:
    copies = [dict(row) for row in SOUND["indicators"]]
    for row, weight in zip(copies, weights, strict=True):
        row["weight"] = weight
    return {"indicators": copies}


def test_sign_value_unit_and_weight_have_columns_of_their_own() -> None:
    headings = [locked.text for locked in PLAN.form.headings.values()]
    assert headings == [
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
    ]
    areas = [locked.area for locked in PLAN.form.headings.values()]
    assert len({area.left for area in areas}) == 7
    assert len({area.top for area in areas}) == 1


def test_amounts_are_printed_in_wan_and_kept_in_yuan(tmp_path: Path) -> None:
    path = written(tmp_path, {})
    cell = PLAN.form.by_name["current_budget"].area.first.a1
    assert openpyxl.load_workbook(path)["项目1"][cell].value == pytest.approx(55.000025)
    (form,) = xlgoals.read(path).forms
    assert form.current_budget == Decimal("550000.25")


def test_a_record_has_the_weights_and_fits_its_schema(tmp_path: Path) -> None:
    (form,) = xlgoals.read(written(tmp_path, {})).forms
    record = json.loads(json.dumps(form.record()))
    assert [row["weight"] for row in record["indicators"]] == ["20", "14", "13", "13", "20", "10"]
    jsonschema.validate(record, form_schema(LAYOUT))
    other = sound_form(load_layout("shanghai-2020")).record()
    assert all("weight" not in row for row in other["indicators"])


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (["20", "10", "20", "10", "20", "10"], set()),
        (["20", "20", "20", "10", "20", "10"], set()),
        (["33.33", "33.33", "0.1", "0.2", "13.04", "20"], set()),
        (["20", "10", "20", "10", "20", "9"], {("weights-not-whole", "weight")}),
        (["20", "10", "20", "10", "20", "10.01"], {("weights-not-whole", "weight")}),
        # Of blank ones the row is told, and nothing of a sum that is not whole.
        (["20", "10", "20", "10", "20", None], {("indicator-incomplete", "weight")}),
        ([None] * 6, {("indicator-incomplete", "weight")}),
    ],
)  # fmt: skip
def test_weights_must_add_up(
    tmp_path: Path, weights: list[str | None], told: set[tuple[str, str]]
) -> None:
    assert found(written(tmp_path, weighed(weights))) == told


def test_while_a_weight_is_wrong_nothing_is_said_of_their_sum(tmp_path: Path) -> None:
    path = written(tmp_path, weighed(["20", "10", "20", "10", "20", "1"]))
    book = openpyxl.load_workbook(path)
    name = next(i for i in PLAN.form.inputs if i.key == "weight")
    book["项目1"][name.area.first.a1].value = "约20"
    book.save(path)
    codes = {f.code for f in xlgoals.read(path).findings if f.layer in ("cell", "rule")}
    assert codes == {"number-invalid"}


def test_the_sum_is_told_at_the_first_weight(tmp_path: Path) -> None:
    path = written(tmp_path, weighed(["1"] * 6))
    (finding,) = xlgoals.read(path).findings
    first = next(item for item in PLAN.form.inputs if item.key == "weight")
    assert (finding.code, finding.cell) == ("weights-not-whole", first.area.first.a1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("≥10场", set()),
        ("10场", {("sign-missing", "operator")}),
        ("≥10", {("number-without-unit", "unit")}),
        ("≥101%", {("percent-over-100", "value")}),
        ("若干", {("quantity-without-number", "value")}),
    ],
)
def test_what_the_rules_say_of_a_target(
    tmp_path: Path, text: str, told: set[tuple[str, str]]
) -> None:
    assert found(written(tmp_path, {"indicators": rows(target={"text": text})})) == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"total_other_funds": "0"}, {("total-not-sum", "total_budget")}),
        ({"current_other_funds": "0"}, {("current-not-sum", "current_budget")}),
        ({"project_nature": "延续项目"}, {("choice-unlisted", "project_nature")}),
    ],
)
def test_what_the_rules_say_of_fields(
    tmp_path: Path, changed: dict[str, Any], told: set[tuple[str, str]]
) -> None:
    assert found(written(tmp_path, changed)) == told
