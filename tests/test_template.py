"""What the template writer promises of a workbook, seen through openpyxl and the raw parts."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xlgoals
from few_and_many import mostly_slow
from xlgoals.grid import column_letters
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan

LAYOUT = xlgoals.load_layout("shanghai-2020")
PROJECT_SHEETS = ("项目1", "项目2", "项目3")


def written(path: Path, **options: Any) -> Workbook:
    xlgoals.write_template(path, LAYOUT, 2020, **options)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    xlgoals.write_template(path, LAYOUT, 2020)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def project_sheets(book: Workbook) -> Iterator[Worksheet]:
    return (book[name] for name in PROJECT_SHEETS)


# --- sheets -------------------------------------------------------------------------------------
def test_the_sheets_in_their_order(book: Workbook) -> None:
    assert book.sheetnames == ["填报说明", *PROJECT_SHEETS, "自检", "_xlgoals"]
    assert book["_xlgoals"].sheet_state == "veryHidden"
    assert book.active is not None
    assert book.active.title == "项目1"


@pytest.mark.slow
def test_as_many_project_sheets_as_asked_for(tmp_path: Path) -> None:
    book = written(tmp_path / "many.xlsx", projects=12)
    assert book.sheetnames[1:-2] == [f"项目{n}" for n in range(1, 13)]


def test_title_and_headings_name_the_fiscal_year(tmp_path: Path) -> None:
    xlgoals.write_template(tmp_path / "t.xlsx", LAYOUT, 2023)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["项目1"]
    assert sheet["A1"].value == "财政项目支出绩效目标表"
    assert sheet["A2"].value == "（2023年度）"
    assert sheet["A16"].value == "2023年绩效目标"


def test_the_guide_explains_every_field(book: Workbook) -> None:
    first_column = {row[0].value for row in book["填报说明"].iter_rows(max_col=1)}
    assert {field.title for field in LAYOUT.fields.values()} <= first_column
    assert {"二级目标", "三级目标", "指标目标值"} <= first_column


# --- look ---------------------------------------------------------------------------------------
def test_levels_are_merged_over_their_rows(book: Workbook) -> None:
    for sheet in project_sheets(book):
        merged = {str(area) for area in sheet.merged_cells.ranges}
        assert {"A18:A27", "B18:B20", "A28:A35", "B28:B31", "A36:A39", "A40:A41"} <= merged


def test_prints_on_a4_upright_with_a_page_for_each_part(book: Workbook) -> None:
    for sheet in project_sheets(book):
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "portrait"
        assert [brk.id for brk in sheet.row_breaks.brk] == [15]
        assert sheet.print_area == f"'{sheet.title}'!$A$1:$E$41"


def test_type_is_song_and_hei(book: Workbook) -> None:
    sheet = book["项目1"]
    assert sheet["B7"].font.name == "宋体"
    assert sheet["A13"].font.name == "黑体"
    fonts = {cell.font.name for row in sheet["A1:E41"] for cell in row}
    assert fonts == {"宋体", "黑体"}


@pytest.mark.parametrize("length", mostly_slow([343, 0, 120, 400]))
def test_rows_are_high_enough_for_long_texts(tmp_path: Path, length: int) -> None:
    text = "按" * length or None
    form = form_class(LAYOUT)(
        layout=LAYOUT.id, fiscal_year=2020, project_name="甲", overview=text, basis=text
    )
    sheet = written(tmp_path / "t.xlsx", forms=[form])["项目1"]
    # 40 characters a line as the official form prints them, 10.5 pt with its leading a line.
    assert sheet.row_dimensions[7].height >= -(-length // 40) * 14
    assert sheet.row_dimensions[7].height <= 409.5


def test_a_page_of_long_texts_is_scaled_to_fit_the_paper(tmp_path: Path) -> None:
    texts: dict[str, Any] = dict.fromkeys(
        ("overview", "basis", "necessity", "safeguards", "implementation_plan", "objectives"),
        "按" * 343,
    )
    form = form_class(LAYOUT)(layout=LAYOUT.id, fiscal_year=2020, project_name="甲", **texts)
    sheet = written(tmp_path / "t.xlsx", forms=[form])["项目1"]
    height = sum(sheet.row_dimensions[row].height for row in range(1, 16))
    assert 60 <= sheet.page_setup.scale < 86
    assert height * sheet.page_setup.scale / 100 <= 842 - 72  # A4 less two margins of half an inch


# --- locks --------------------------------------------------------------------------------------
def test_everything_is_locked_but_the_inputs(book: Workbook) -> None:
    plan = build_plan(LAYOUT, 2020)
    for index, sheet in enumerate(project_sheets(book)):
        open_cells = {cell for item in plan.inputs(index) for cell in item.area.cells()}
        for row in sheet["A1:H60"]:
            for cell in row:
                inside = (cell.row, cell.column) in open_cells
                assert cell.protection.locked is not inside, f"{sheet.title}!{cell.coordinate}"


def test_every_sheet_and_the_structure_are_protected(path: Path, book: Workbook) -> None:
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert book.security is not None
    assert book.security.lockStructure
    assert not book.security.workbookPassword
    assert not any(sheet.protection.password for sheet in book.worksheets)


def test_rows_and_columns_may_be_resized_and_cells_selected(book: Workbook) -> None:
    for sheet in project_sheets(book):
        # The attributes say what is forbidden.
        assert not sheet.protection.formatRows
        assert not sheet.protection.formatColumns
        assert not sheet.protection.selectLockedCells
        assert not sheet.protection.selectUnlockedCells
        assert sheet.protection.formatCells


def test_a_password_locks_sheets_and_structure(tmp_path: Path) -> None:
    book = written(tmp_path / "t.xlsx", password="秘密123")
    assert book.security is not None
    assert book.security.workbookPassword
    assert all(sheet.protection.password for sheet in book.worksheets)


# --- names and identity -------------------------------------------------------------------------
def test_every_input_has_a_sheet_scoped_name(book: Workbook) -> None:
    plan = build_plan(LAYOUT, 2020)
    for index, sheet in enumerate(project_sheets(book)):
        names = {name: item.attr_text for name, item in sheet.defined_names.items()}
        inputs = plan.inputs(index)
        assert {item.name for item in inputs} == names.keys() - {"_xlnm.Print_Area"}
        for item in inputs:
            first = item.area.first
            place = f"'{sheet.title}'!${column_letters(first.column)}${first.row}"
            assert names[item.name] == place


def test_indicator_rows_are_numbered_with_the_fixed_rows(book: Workbook) -> None:
    names = book["项目1"].defined_names
    assert names["indicator_11_name"].attr_text == "'项目1'!$C$28"
    assert names["indicator_19_level2"].attr_text == "'项目1'!$B$36"
    assert names["indicator_24_target"].attr_text == "'项目1'!$D$41"
    assert not any(f"indicator_{n:02d}_name" in names for n in range(1, 11))
    assert "indicator_11_level2" not in names


def test_identity_stands_in_three_places(path: Path) -> None:
    identity = "layout=shanghai-2020|edition=2020-2025|year=2020|"
    assert identity in part(path, "docProps/custom.xml")
    assert identity in part(path, "xl/workbook.xml")
    assert identity in str(openpyxl.load_workbook(path)["_xlgoals"]["B1"].value)


def test_the_unit_is_asked_for_once(book: Workbook) -> None:
    assert "declaring_unit" in book["项目1"].defined_names
    for name in ("项目2", "项目3"):
        assert "declaring_unit" not in book[name].defined_names
        assert book[name]["B3"].value == "=IF('项目1'!$B$3=\"\",\"\",'项目1'!$B$3)"


def test_a_given_unit_is_locked_on_every_sheet(tmp_path: Path) -> None:
    book = written(tmp_path / "t.xlsx", unit="上海市甲中心")
    for sheet in project_sheets(book):
        assert sheet["B3"].value == "上海市甲中心"
        assert sheet["B3"].protection.locked
        assert "declaring_unit" not in sheet.defined_names


# --- validations --------------------------------------------------------------------------------
def test_every_input_has_a_validation_with_prompt_and_refusal(book: Workbook) -> None:
    plan = build_plan(LAYOUT, 2020)
    for index, sheet in enumerate(project_sheets(book)):
        rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
        for item in plan.inputs(index):
            rule = rules[item.area.first.a1]
            assert rule.showInputMessage
            assert 0 < len(rule.prompt) <= 255
            if item.key != "target":  # which nothing is kept out of: "=100%" must get in
                assert rule.showErrorMessage
                assert 0 < len(rule.error) <= 255
            assert 0 < len(rule.promptTitle) <= 32
            assert len(rule.formula1 or "") <= 255


def test_lists_are_names_of_the_hidden_sheet(book: Workbook) -> None:
    lists = [
        rule
        for sheet in project_sheets(book)
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    ]
    assert lists
    for rule in lists:
        assert rule.formula1 in book.defined_names
        target = book.defined_names[rule.formula1].attr_text
        assert target is not None
        assert target.startswith("'_xlgoals'!$")


def test_a_list_offers_the_layouts_options(book: Workbook) -> None:
    target = book.defined_names["lst_performance_type"].attr_text
    assert target is not None
    cells = book["_xlgoals"][target.partition("!")[2].replace("$", "")]
    assert [row[0].value for row in cells] == ["事业/专业类", "其他类"]


def test_open_lists_let_the_filler_insist_and_closed_ones_do_not(book: Workbook) -> None:
    rules = {str(rule.sqref): rule for rule in book["项目1"].data_validations.dataValidation}
    assert rules["E4"].errorStyle == "warning"
    assert rules["B6"].errorStyle in (None, "stop")


# --- contents -----------------------------------------------------------------------------------
def test_text_inputs_have_the_text_format(book: Workbook) -> None:
    plan = build_plan(LAYOUT, 2020)
    sheet = book["项目1"]
    for item in plan.inputs(0):
        expected = {"date": "yyyy-mm-dd", "amount": "#,##0.00"}.get(item.kind.name, "@")
        assert sheet[item.area.first.a1].number_format == expected, item.name


@pytest.mark.parametrize(
    "text", mostly_slow(["=1+1", "00123", "=100%", "+1", "http://x.cn", "1e5", "{=1}"], 2)
)
def test_texts_never_become_formulas_numbers_or_links(tmp_path: Path, text: str) -> None:
    form = form_class(LAYOUT)(layout=LAYOUT.id, fiscal_year=2020, project_name=text)
    sheet = written(tmp_path / "t.xlsx", forms=[form])["项目1"]
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].value == text
    assert sheet["B4"].hyperlink is None


def test_blank_forms_have_blank_inputs(book: Workbook) -> None:
    plan = build_plan(LAYOUT, 2020)
    for index, sheet in enumerate(project_sheets(book)):
        assert [sheet[item.area.first.a1].value for item in plan.inputs(index)] == [None] * len(
            plan.inputs(index)
        )


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, path: Path) -> None:
    xlgoals.write_template(tmp_path / "again.xlsx", LAYOUT, 2020)
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    mostly_slow(
        [{"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai", "LC_ALL": "C"}, {"PYTHONHASHSEED": "1"}]
    ),
)
def test_the_bytes_depend_on_nothing_around(
    tmp_path: Path, path: Path, environment: dict[str, str]
) -> None:
    code = "import sys, xlgoals; xlgoals.write_template(sys.argv[1], 'shanghai-2020', 2020)"
    target = tmp_path / "elsewhere.xlsx"
    command = [sys.executable, "-c", code, str(target)]
    subprocess.run(command, env={**os.environ, **environment}, check=True)
    assert target.read_bytes() == path.read_bytes()


def test_rows_grow_as_asked(tmp_path: Path) -> None:
    sheet = written(tmp_path / "t.xlsx", rows={"数量": 6, "影响力目标": 5})["项目1"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B28:B33", "A42:A46"} <= merged
    assert sheet.defined_names["indicator_29_target"].attr_text == "'项目1'!$D$46"
