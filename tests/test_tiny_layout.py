"""A layout of another shape: nothing about the shipped form is built into the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
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
from xlgoals import GoalForm, Status, Submission, Target, load_layout, read, write_template
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan
from xlgoals.schema import form_schema
from xlgoals.targets import join_target, parse_quantity

YAML = Path(__file__).parent / "data" / "tiny.yaml"
TINY = load_layout(str(YAML))
YEAR = 2025
PLAN = build_plan(TINY, YEAR)
SHEET = "项目1"


def row(level1: str, level2: str | None, name: str | None, text: str | None) -> dict[str, Any]:
    target = Target.parse(text).model_dump(mode="json") if text else None
    return {"level1": level1, "level2": level2, "name": name, "target": target}


FIXED = [
    row("成本指标", "经济成本指标", "预算控制率", "≤100%"),
    row("成本指标", "经济成本指标", "支出合规性", "合规"),
    row("成本指标", "经济成本指标", "资金到位率", "=100%"),
]
EXAMPLE: dict[str, Any] = {
    "layout": "tiny",
    "fiscal_year": YEAR,
    "declaring_unit": "某市图书馆",
    "project_name": "读书月",
    "manager": "张三",
    "nature": "延续项目",
    "start_date": "2025-03-01",
    "end_date": "2025-11-30",
    "approved_on": "2024-12-20",
    "shared": False,
    "total_budget": "655000",
    "current_budget": "600000.01",
    "own_funds": None,
    "overview": "举办讲座，\n开放阅览。",
    "indicators": [
        *FIXED,
        row("成本指标", "经济成本指标", "场均成本", "≤2.5万元"),
        row("产出指标", "数量指标", "讲座场次", "≥10场"),
        row("产出指标", "时效指标", "完成时间", "11月底前完成"),
        row("效益指标", "社会效益", "到馆人次", "≥50000人次"),
    ],
}


def form(record: Mapping[str, Any] = EXAMPLE, **changed: Any) -> GoalForm:
    return form_class(TINY).model_validate({**record, **changed})


def filled(folder: Path, cells: Mapping[str, Any] | None = None, **changed: Any) -> Path:
    """The example as a workbook; then some cells, by address, as a person overwrote them."""
    path = folder / "tiny.xlsx"
    write_template(path, TINY, YEAR, forms=[form(**changed)])
    if cells:
        book = openpyxl.load_workbook(path)
        for cell, value in cells.items():
            book[SHEET][cell] = value
        book.save(path)
    return path


def records(submission: Submission) -> list[dict[str, Any]]:
    return [form.record() for form in submission.forms]


def found(submission: Submission) -> list[tuple[str, str | None]]:
    """Codes and cells of the findings that are more than an information."""
    return [(f.code, f.cell) for f in submission.findings if f.severity != "info"]


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


# --- what people fill in --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "key", "value"),
    [
        ({"C6": 70}, "total_budget", "700000"),
        ({"C6": "655000元"}, "total_budget", "655000"),
        ({"E4": "延续性项目"}, "nature", "延续项目"),
        ({"F5": "2024年12月20日"}, "approved_on", "2024-12-20"),
        ({"E7": "是"}, "shared", True),
        ({"B4": " 李四 "}, "manager", "李四"),
    ],
)
def test_a_field_is_read(tmp_path: Path, cells: dict[str, Any], key: str, value: object) -> None:
    submission = read(filled(tmp_path, cells), layout=TINY)
    assert records(submission) == [EXAMPLE | {key: value}]
    assert found(submission) == []


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"D15": ">=", "E15": 12, "F15": "场"}, "≥12场"),
        ({"D15": "＞"}, ">10场"),
        ({"D15": "定性", "E15": "较多", "F15": None}, "较多"),
        ({"D15": "≥", "E15": "90%", "F15": None}, "≥90%"),
    ],
)
def test_the_parts_of_a_target_are_joined(tmp_path: Path, cells: dict[str, Any], text: str) -> None:
    submission = read(filled(tmp_path, cells), layout=TINY)
    expected = deepcopy(EXAMPLE)
    expected["indicators"][4] = row("产出指标", "数量指标", "讲座场次", text)
    assert records(submission) == [expected]
    assert found(submission) == []


@pytest.mark.parametrize(
    ("cells", "code", "cell", "related"),
    [
        # the layout's own rules
        ({"C7": 70}, "own-over-total", "C7", ["C6"]),
        ({"F5": None}, "approval-missing", "F5", ["E4"]),
        ({"D15": None}, "sign-missing", "D15", ["E15"]),
        ({"E11": 250}, "number-far-over", "E11", ["F11"]),
        # what every layout shares
        ({"E4": "其他"}, "choice-unknown", "E4", []),
        ({"C6": 0.005, "E6": 0}, "amount-small", "C6", []),
        ({"C6": 65.1234567}, "amount-decimals", "C6", []),
        ({"B5": "2019-12-31"}, "date-out-of-range", "B5", []),
        ({"B4": None}, "required", "B4", []),
        ({"B18": "环境"}, "choice-unknown", "B18", []),
        ({"E15": None}, "indicator-incomplete", "E15", ["C15", "D15", "F15"]),
        ({"E11": None}, "indicator-incomplete", "E11", ["D11", "F11"]),
        (dict.fromkeys(("C15", "D15", "E15", "F15")), "group-empty", "C15", []),
        (dict.fromkeys(("B18", "C18", "D18", "E18", "F18")), "group-empty", "B18", []),
    ],
)  # fmt: skip
def test_a_finding_stands_at_its_cell(
    tmp_path: Path, cells: dict[str, Any], code: str, cell: str, related: list[str]
) -> None:
    submission = read(filled(tmp_path, cells), layout=TINY)
    assert found(submission) == [(code, cell)]
    (finding,) = [f for f in submission.findings if f.code == code]
    assert finding.related == tuple(f"{SHEET}!{other}" for other in related)


# --- labels ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "cells",
    [
        {"D3": "项目全称："},
        {"D3": "项目\n名称"},
        {"A6": "资金 (万元)"},
        {"E10": "目标值"},
        {"A10": "一级目标"},
    ],
)
def test_an_alias_of_a_text_is_understood(tmp_path: Path, cells: dict[str, Any]) -> None:
    submission = read(filled(tmp_path, cells), layout=TINY)
    assert records(submission) == [EXAMPLE]
    # openpyxl saves no results of formulas, the verdict's included.
    assert [f.code for f in submission.findings] == ["verdict-outdated"]


def test_another_text_is_told_and_the_value_is_read(tmp_path: Path) -> None:
    submission = read(filled(tmp_path, {"D3": "工程"}), layout=TINY)
    assert records(submission) == [EXAMPLE]
    assert found(submission) == [("locked-text-changed", "D3")]


def test_a_form_without_names_and_identity_is_read_by_its_labels(tmp_path: Path) -> None:
    source = openpyxl.load_workbook(filled(tmp_path, {"D3": "项目名称", "F10": "计量单位"}))[SHEET]
    book = openpyxl.Workbook()
    sheet = book.active
    for line in source.iter_rows():
        for cell in line:
            if cell.value is not None:
                copy = sheet.cell(cell.row + 2, cell.column, cell.value)
                copy.number_format = cell.number_format
                copy.data_type = cell.data_type
    for area in source.merged_cells.ranges:
        area.shift(row_shift=2)
        sheet.merge_cells(area.coord)
    path = tmp_path / "old.xlsx"
    book.save(path)
    submission = read(path, layout=TINY, fiscal_year=YEAR)
    assert records(submission) == [EXAMPLE]
    assert [code for code, _ in found(submission)] == ["identity-lost"]


def test_a_project_called_as_its_label_is_not_taken_for_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    forms = [form(declaring_unit=None), form(declaring_unit=None, project_name="项目")]
    write_template(path, TINY, YEAR, forms=forms)
    submission = read(path, layout=TINY)
    assert [f.project_name for f in submission.forms] == ["读书月", "项目"]
    assert found(submission) == [("required", "B3")]


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
