"""A filler's hands on our workbooks in LibreOffice: locks, Tab, typing, pasting, copying."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, Protection

import xlgoals
from bootstrap import ROOT
from each_layout import LAYOUTS
from uno_session import OfficeSession
from xlgoals.grid import RangeRef
from xlgoals.heights import LEAST_SCALE, MAX_ROW_POINTS, PAGE_POINTS
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds import TextKind
from xlgoals.layouts import Layout
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan
from xlgoals.plan.model import Plan
from xlgoals.records import load_forms

pytestmark = pytest.mark.slow

SHANGHAI = xlgoals.load_layout("shanghai-2020")
TINY = xlgoals.load_layout(str(ROOT / "tests" / "data" / "tiny.yaml"))
SHEET = "项目1"
ALL_CELLS = 1_048_576 * 16_384
LONG = SHANGHAI.fields["overview"].kind
FAR = ["F1", "H7", "K200", "AZ9", "B60", "A1000", "XFD1048576"]


@dataclass(frozen=True)
class Written:
    """A template and the plan that it must keep to."""

    path: Path
    plan: Plan

    def inputs_of(self, sheet: str) -> set[tuple[int, int]]:
        """The cells to be filled in on a sheet."""
        if sheet not in self.plan.sheet_names:
            return set()
        inputs = self.plan.inputs(self.plan.sheet_names.index(sheet))
        return {cell for item in inputs for cell in item.area.cells()}

    def in_reading_order(self) -> list[str]:
        """The inputs of the first form, row by row."""
        inputs = sorted(self.plan.inputs(0), key=lambda item: item.area)
        return [item.area.first.a1 for item in inputs]

    def texts(self) -> dict[str, str]:
        """The cells of the first form's texts, by field; the name of the project comes first."""
        fields = [item for item in self.plan.form.inputs if item.row is None]
        return {
            item.key: item.area.first.a1
            for item in sorted(fields, key=lambda item: item.key != "project_name")
            if isinstance(item.kind, TextKind) and item.key != self.plan.layout.unit_field
        }

    def first_name(self) -> str:
        """The cell of the first indicator's name."""
        inputs = self.plan.form.inputs
        return next(item.area.first.a1 for item in inputs if item.key == "name")


def written(path: Path, layout: Layout, year: int, examples: Path | None = None) -> Written:
    forms = load_forms(examples, layout) if examples else ()
    xlgoals.write_template(path, layout, year, forms=forms)
    unit = forms[0].declaring_unit if forms else None
    return Written(path, build_plan(layout, year, {}, len(forms) or 3, unit))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filling")


@pytest.fixture(scope="module", params=LAYOUTS, ids=lambda layout: layout.id)
def blank(request: pytest.FixtureRequest, folder: Path) -> Written:
    layout = request.param
    return written(folder / f"{layout.id}.xlsx", layout, layout.first_year)


@pytest.fixture(
    scope="module",
    params=["prefilled", *LAYOUTS, TINY],
    ids=lambda param: getattr(param, "id", param),
)
def template(request: pytest.FixtureRequest, folder: Path) -> Written:
    layout = request.param
    if layout == "prefilled":
        examples = ROOT / "examples" / "forms-2020.json"
        return written(folder / "prefilled.xlsx", SHANGHAI, 2020, examples)
    return written(folder / f"{layout.id}.xlsx", layout, layout.first_year)


# --- locks ----------------------------------------------------------------------------------------
def open_cells(sheet: dict[str, Any]) -> set[tuple[int, int]]:
    """Every cell of a sheet that is not locked, where they are no more than a form could have."""
    areas = [RangeRef(*area) for area in sheet["unlocked"]]
    assert sum(len(area.rows) * len(area.columns) for area in areas) < 1000
    return {cell for area in areas for cell in area.cells()}


def assert_inputs_alone_are_open(office: OfficeSession, template: Written, path: Path) -> None:
    office.ask("open", path=str(path))
    sheets = office.ask("sheets")
    assert list(sheets) == ["填报说明", *template.plan.sheet_names, "自检", HIDDEN_SHEET]
    for name, sheet in sheets.items():
        assert sheet["protected"], name
        assert sheet["cells"] == ALL_CELLS, name  # so nothing was left out below
        assert open_cells(sheet) == template.inputs_of(name), name
        assert all(office.ask("locked", sheet=name, cells=FAR).values()), name


def test_inputs_alone_are_open_among_all_cells(office: OfficeSession, template: Written) -> None:
    assert_inputs_alone_are_open(office, template, template.path)


def test_they_are_so_after_libreoffice_has_saved(
    office: OfficeSession, template: Written, tmp_path: Path
) -> None:
    office.ask("open", path=str(template.path))
    office.ask("type", sheet=SHEET, texts={template.in_reading_order()[1]: "甲"})
    office.ask("save", path=str(tmp_path / "saved.xlsx"))
    assert_inputs_alone_are_open(office, template, tmp_path / "saved.xlsx")


def test_it_saves_what_a_filler_may_do(
    office: OfficeSession, template: Written, tmp_path: Path
) -> None:
    office.ask("open", path=str(template.path))
    office.ask("save", path=str(tmp_path / "saved.xlsx"))
    for sheet in openpyxl.load_workbook(tmp_path / "saved.xlsx").worksheets:
        assert sheet.protection.sheet
        # The attributes say what is forbidden.
        assert not sheet.protection.selectLockedCells
        assert not sheet.protection.selectUnlockedCells
        assert sheet.protection.formatCells
        assert sheet.protection.insertRows


def test_every_input_takes_what_is_typed(office: OfficeSession, template: Written) -> None:
    office.ask("open", path=str(template.path))
    texts = {cell: f"改{n}" for n, cell in enumerate(template.in_reading_order())}
    office.ask("type", sheet=SHEET, texts=texts)
    assert {cell: office.ask("text", sheet=SHEET, cell=cell) for cell in texts} == texts


# --- moving and copying ---------------------------------------------------------------------------
def test_tab_walks_the_inputs_in_reading_order(office: OfficeSession, template: Written) -> None:
    office.ask("open", path=str(template.path))
    first, *others = template.in_reading_order()
    assert office.ask("cursor") == [SHEET, first]
    assert office.ask("tab", times=len(others)) == [[SHEET, cell] for cell in others]


def test_any_cell_may_be_selected_and_copied(office: OfficeSession, blank: Written) -> None:
    office.ask("open", path=str(blank.path))
    for locked in blank.plan.form.locked:
        cell = locked.area.first.a1
        assert office.ask("go", sheet=SHEET, cell=cell) == [SHEET, cell]
    title = blank.plan.layout.texts["title"].text
    assert office.ask("copy_out", sheet=SHEET, cell="A1") == title
    name = blank.texts()["project_name"]
    office.ask("type", sheet=SHEET, texts={name: "甲项目"})
    assert office.ask("copy_out", sheet=SHEET, cell=name) == "甲项目"


# --- pasting --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def elsewhere(folder: Path) -> Path:
    """A workbook of the filler's own, where every cell is locked by default."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "普通的一格"
    sheet["A2"] = "加粗的一格"
    sheet["A2"].font = Font(bold=True)
    sheet["A3"] = "特意锁定的一格"
    sheet["A3"].protection = Protection(locked=True, hidden=True)
    sheet["B1"] = "另一格"
    path = folder / "elsewhere.xlsx"
    book.save(path)
    return path


def test_an_input_stays_open_after_pasting_over_it(
    office: OfficeSession, blank: Written, elsewhere: Path, tmp_path: Path
) -> None:
    office.ask("open", path=str(blank.path))
    key, cell = list(blank.texts().items())[-1]
    pairs = {blank.texts()["project_name"]: "A1", cell: "A2", blank.first_name(): "B1"}
    office.ask("paste", source=str(elsewhere), pairs=pairs, sheet=SHEET)
    shown = {cell: office.ask("text", sheet=SHEET, cell=cell) for cell in pairs}
    assert list(shown.values()) == ["普通的一格", "加粗的一格", "另一格"]
    assert not any(office.ask("locked", sheet=SHEET, cells=list(pairs)).values())
    office.ask("type", sheet=SHEET, texts=dict.fromkeys(pairs, "再改一次"))
    assert {office.ask("text", sheet=SHEET, cell=cell) for cell in pairs} == {"再改一次"}
    office.ask("save", path=str(tmp_path / "saved.xlsx"))
    (form,) = xlgoals.read(tmp_path / "saved.xlsx").forms
    assert form.project_name == form.record()[key] == "再改一次"
    assert form.indicators[-1].name == "再改一次"


def test_pasting_the_text_alone_keeps_the_whole_cell(
    office: OfficeSession, blank: Written, elsewhere: Path
) -> None:
    office.ask("open", path=str(blank.path))
    pairs = dict(zip(blank.texts().values(), ["A1", "A2", "A3"], strict=False))
    office.ask("paste", source=str(elsewhere), pairs=pairs, sheet=SHEET, how="PasteOnlyText")
    assert office.ask("text", sheet=SHEET, cell=list(pairs)[2]) == "特意锁定的一格"
    assert open_cells(office.ask("sheets")[SHEET]) == blank.inputs_of(SHEET)
    for cell in pairs:
        assert office.ask("alert", sheet=SHEET, cell=cell) == "STOP"


def test_a_lock_put_on_purpose_comes_along_and_the_text_is_read(
    office: OfficeSession, blank: Written, elsewhere: Path, tmp_path: Path
) -> None:
    # No workbook can keep this lock out; LibreOffice's 撤销 takes it back.
    office.ask("open", path=str(blank.path))
    name = blank.texts()["project_name"]
    office.ask("paste", source=str(elsewhere), pairs={name: "A3"}, sheet=SHEET)
    assert office.ask("locked", sheet=SHEET, cells=[name]) == {name: True}
    office.ask("save", path=str(tmp_path / "saved.xlsx"))
    (form,) = xlgoals.read(tmp_path / "saved.xlsx").forms
    assert form.project_name == "特意锁定的一格"


# --- long texts -----------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
@pytest.mark.parametrize("text", ["按时完成，" * 100, "要点\n" * 166])
def test_rows_and_scale_keep_their_bounds(
    office: OfficeSession, tmp_path: Path, layout: Layout, text: str
) -> None:
    blank = written(tmp_path / "long.xlsx", layout, layout.first_year)
    long = [key for key in blank.texts() if layout.fields[key].kind == LONG]
    assert len(long) >= 2
    values = {"layout": layout.id, "fiscal_year": layout.first_year, **dict.fromkeys(long, text)}
    form = form_class(layout).model_validate(values)
    xlgoals.write_template(tmp_path / "long.xlsx", layout, layout.first_year, forms=[form])
    office.ask("open", path=str(tmp_path / "long.xlsx"))
    for key in long:
        assert office.ask("text", sheet=SHEET, cell=blank.texts()[key]) == text.strip()
    page = office.ask("page", sheet=SHEET)
    heights = page["heights"]
    assert 100 < max(heights) <= MAX_ROW_POINTS
    first_page = sum(heights[: blank.plan.form.page_ends[0]])
    assert page["scale"] == LEAST_SCALE or first_page * page["scale"] / 100 <= PAGE_POINTS
