"""A layout of another shape: nothing about the shipped form is built into the program."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import strategies as st

from command import run
from few_and_many import few_and_many
from forms_strategy import texts
from tiny_layout import (
    EXAMPLE,
    FIXED,
    PLAN,
    SHEET,
    TINY,
    YAML,
    YEAR,
    filled,
    form,
    found,
    records,
    row,
)
from xlgoals import Status, read, write_template
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.schema import form_schema
from xlgoals.targets import join_target, parse_quantity


# --- the plan -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("declaring_unit", "B3:C3"), ("project_name", "E3:F3"), ("approved_on", "F5"),
        ("total_budget", "C6"), ("current_budget", "E6:F6"), ("own_funds", "C7"),
        ("overview", "B8:F9"), ("indicator_01_operator", "D11"), ("indicator_01_value", "E11"),
        ("indicator_01_unit", "F11"), ("indicator_04_name", "C14"), ("indicator_08_level2", "B18"),
        ("indicator_09_unit", "F19"),
    ],
)  # fmt: skip
def test_an_input_has_its_place(name: str, area: str) -> None:
    assert PLAN.form.by_name[name].area.a1 == area


@pytest.mark.parametrize(
    ("area", "text"),
    [
        ("A1:F1", "预算项目绩效目标申报表"), ("A2:F2", "2025年"), ("A6:A7", "项目资金\n（万元）"),
        ("A8:A9", "项目\n概况"), ("B6", "资金总额"), ("D10", "指标性质"), ("A11:A14", "成本指标"),
        ("B11:B14", "经济成本指标"), ("C11", "预算控制率"), ("E12", "合规"), ("D13", "="),
        ("E13", "100"), ("F13", "%"), ("A15:A17", "产出指标"), ("B17", "时效指标"),
        ("A18:A19", "效益指标"), ("A20:F20", "填表前请先阅读填报说明。"),
    ],
)  # fmt: skip
def test_a_locked_text_has_its_place(area: str, text: str) -> None:
    assert {locked.area.a1: locked.text for locked in PLAN.form.locked}[area] == text


def test_an_editable_prescribed_row_opens_its_target_alone() -> None:
    assert [item.key for item in PLAN.form.by_row[1]] == ["operator", "value", "unit"]
    assert PLAN.form.by_row[2] == PLAN.form.by_row[3] == ()


def test_one_page() -> None:
    assert (PLAN.form.columns, PLAN.form.page_ends) == (6, (20,))


# --- the typed form -------------------------------------------------------------------------------
def test_the_layouts_own_fields_are_typed() -> None:
    typed = dict(form())
    assert typed["manager"] == "张三"
    assert typed["approved_on"] == date(2024, 12, 20)
    assert typed["shared"] is False
    assert dict(form(own_funds="1.50"))["own_funds"] == Decimal("1.5")


def test_a_record_has_the_keys_of_its_layout_only_in_its_order() -> None:
    assert list(form().record()) == ["layout", "fiscal_year", *TINY.fields, "indicators"]
    assert list(form_schema(TINY)["properties"]) == list(form().record())


# --- round trips ----------------------------------------------------------------------------------
def test_an_example_passes_through_the_workbook_unchanged(tmp_path: Path) -> None:
    submission = read(filled(tmp_path), layout=TINY)
    assert records(submission) == [EXAMPLE]
    assert (submission.status, submission.findings) == (Status.OK, ())


def test_a_second_trip_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again = filled(tmp_path), tmp_path / "again.xlsx"
    write_template(again, TINY, YEAR, forms=read(first, layout=TINY).forms)
    assert again.read_bytes() == first.read_bytes()


def test_a_free_row_named_like_a_prescribed_one_is_not_lost(tmp_path: Path) -> None:
    twin = row("成本指标", "经济成本指标", "预算控制率", "≤90%")
    indicators = [*FIXED, twin, *EXAMPLE["indicators"][4:]]
    submission = read(filled(tmp_path, indicators=indicators), layout=TINY)
    assert records(submission)[0]["indicators"] == indicators


NUMBERS = st.decimals(Decimal(-(10**6)), Decimal(10**6), places=2).map(lambda n: n.normalize() + 0)
UNITS = st.sampled_from([None, "%", "场", "万元", "人次", "次/年", "个月"])
QUANTITIES = st.builds(
    lambda sign, number, unit: join_target(sign, format(number, "f"), unit),
    st.sampled_from([None, "≥", "≤", ">", "<", "="]),
    NUMBERS,
    UNITS,
)
TARGETS = QUANTITIES | texts(60).filter(lambda text: parse_quantity(text) is None)
AMOUNTS = st.integers(0, int(MAX_AMOUNT * 100)).map(lambda cents: str(Decimal(cents) / 100))
DAYS = st.dates(TINY.first_date, TINY.last_date).map(date.isoformat)


@st.composite
def rows_of(draw: st.DrawFn, level1: str, level2: tuple[str, ...], at_most: int) -> list[Any]:
    """Free rows of a group."""
    names = texts(30).filter(lambda name: name not in [fixed["name"] for fixed in FIXED])
    count = draw(st.integers(0, at_most))
    return [
        row(level1, draw(st.sampled_from(level2)), draw(names), draw(TARGETS)) for _ in range(count)
    ]


@st.composite
def valid_records(draw: st.DrawFn, unit: str | None) -> dict[str, Any]:
    """Any valid form of the layout."""
    opened = row("成本指标", "经济成本指标", "预算控制率", draw(TARGETS))
    return {
        "layout": "tiny",
        "fiscal_year": YEAR,
        "declaring_unit": unit,
        "project_name": draw(texts(40)),
        "manager": draw(texts(20)),
        "nature": draw(st.sampled_from(["新增项目", "延续项目"])),
        "start_date": draw(DAYS),
        "end_date": draw(DAYS),
        "approved_on": draw(st.none() | DAYS),
        "shared": draw(st.none() | st.booleans()),
        "total_budget": draw(AMOUNTS),
        "current_budget": draw(AMOUNTS),
        "own_funds": draw(st.none() | AMOUNTS),
        "overview": draw(texts(200)),
        "indicators": [
            opened,
            *FIXED[1:],
            *draw(rows_of("成本指标", ("经济成本指标",), 2)),
            *draw(rows_of("产出指标", ("数量指标",), 4)),
            *draw(rows_of("产出指标", ("时效指标",), 1)),
            *draw(rows_of("效益指标", ("社会效益", "生态效益"), 3)),
        ],
    }


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tiny") / "any.xlsx"


def any_valid_forms_pass_through_the_workbook_unchanged(scratch: Path, data: st.DataObject) -> None:
    unit = data.draw(st.none() | texts(60))
    forms = [
        form(record) for record in data.draw(st.lists(valid_records(unit), min_size=1, max_size=2))
    ]
    write_template(scratch, TINY, YEAR, forms=forms)
    submission = read(scratch, layout=TINY)
    assert records(submission) == [given.record() for given in forms]
    told = {f.code for f in submission.findings if f.layer in ("structure", "file")}
    assert told <= {"project-repeated"}


(
    test_any_valid_forms_pass_through_the_workbook_unchanged,
    test_many_valid_forms_pass_through_the_workbook_unchanged,
) = few_and_many(any_valid_forms_pass_through_the_workbook_unchanged, few=4, many=40)


# --- the sheet ------------------------------------------------------------------------------------
def test_amounts_are_in_wan_yuan_on_the_sheet(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(filled(tmp_path))[SHEET]
    assert (sheet["C6"].value, sheet["E6"].value) == (65.5, 60.000001)


def test_a_target_stands_in_three_columns(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(filled(tmp_path))[SHEET]
    assert [[cell.value for cell in line] for line in sheet["C13:F17"]] == [
        ["资金到位率", "=", "100", "%"],
        ["场均成本", "≤", "2.5", "万元"],
        ["讲座场次", "≥", "10", "场"],
        [None, None, None, None],
        ["完成时间", "定性", "11月底前完成", None],
    ]


def test_a_blank_template_proposes_the_editable_target_and_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    write_template(path, TINY, YEAR)
    sheet = openpyxl.load_workbook(path)[SHEET]
    assert [sheet[cell].value for cell in ("D11", "E11", "F11")] == ["≤", "100", "%"]
    submission = read(path, layout=TINY)
    assert (submission.forms, found(submission)) == ((), [("no-project", None)])


# --- the command line -----------------------------------------------------------------------------
def test_check_as_a_layout_file(tmp_path: Path) -> None:
    done = run("check", "--as", YAML, "--format", "json", filled(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    (file,) = json.loads(done.stdout)["files"]
    assert (file["layout"], file["status"], file["findings"]) == ("tiny", "ok", [])


def test_check_without_it_does_not_know_the_layout(tmp_path: Path) -> None:
    done = run("check", "--format", "json", filled(tmp_path))
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["files"][0]["findings"]
    assert finding["code"] == "unknown-layout"


def test_from_json_to_a_workbook_and_back(tmp_path: Path) -> None:
    given, book, back = (tmp_path / name for name in ("forms.json", "book.xlsx", "back.json"))
    given.write_text(json.dumps([EXAMPLE]), encoding="utf-8")
    assert run("template", YAML, "--year", str(YEAR), "--data", given, "-o", book).returncode == 0
    assert run("import", "--as", YAML, book, "-o", back).returncode == 0
    assert json.loads(back.read_text(encoding="utf-8")) == [EXAMPLE]
