"""A layout of another shape, as people fill it in: values, findings, labels."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tiny_layout import EXAMPLE, SHEET, TINY, YEAR, filled, form, found, records, row
from xlgoals import read, write_template


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
