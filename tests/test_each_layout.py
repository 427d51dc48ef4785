"""What holds for one shipped layout holds for each: out, back, printed, tampered with."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from bootstrap import ROOT
from conftest import Convert
from each_layout import LAYOUTS, sound_form, write_sound
from few_and_many import mostly_slow
from make_pictures import page_texts
from ooxml import problems
from oracle import compare
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan

each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
newest_layout_first = pytest.mark.parametrize(
    "layout", mostly_slow(reversed(LAYOUTS)), ids=lambda layout: layout.id
)


@pytest.fixture
def filled(tmp_path: Path) -> Callable[[Layout], Path]:
    """A workbook with two sound forms."""

    def write(layout: Layout) -> Path:
        return write_sound(tmp_path / f"{layout.id}.xlsx", layout, 2)

    return write


@each_layout
def test_forms_come_back_as_they_went_with_nothing_to_say(
    layout: Layout, filled: Callable[[Layout], Path]
) -> None:
    submission = xlgoals.read(filled(layout))
    assert list(submission.forms) == [sound_form(layout, number) for number in (1, 2)]
    assert submission.findings == ()


@newest_layout_first
def test_the_workbook_is_sound_and_openpyxl_sees_the_same(
    layout: Layout, filled: Callable[[Layout], Path]
) -> None:
    path = filled(layout)
    assert problems(path) == []
    compare(path)


@each_layout
def test_the_blank_template_is_kept_and_what_the_program_writes(
    layout: Layout, templates_dir: Path, tmp_path: Path
) -> None:
    made, kept = tmp_path / "blank.xlsx", templates_dir / f"{layout.id}.xlsx"
    xlgoals.write_template(made, layout, layout.first_year)
    with zipfile.ZipFile(made) as ours, zipfile.ZipFile(kept) as theirs:
        assert ours.namelist() == theirs.namelist()
        for name in ours.namelist():
            assert ours.read(name) == theirs.read(name), "run tools/make_examples.py"
    assert [finding.code for finding in xlgoals.read(kept).findings] == ["no-project"]


@newest_layout_first
def test_a_workbook_that_lost_identity_and_names_is_read_by_its_labels(
    layout: Layout, filled: Callable[[Layout], Path]
) -> None:
    path = filled(layout)
    book = openpyxl.load_workbook(path)
    book.defined_names.clear()
    for sheet in book.worksheets:
        sheet.defined_names.clear()
    del book["_xlgoals"], book["自检"]
    for name in [prop.name for prop in book.custom_doc_props.props]:
        del book.custom_doc_props[name]
    for sheet in book.worksheets[1:]:
        sheet.insert_rows(2)  # nothing stands where it was planned
        for merge in list(sheet.merged_cells.ranges):
            if merge.min_row >= 2:
                merge.shift(row_shift=1)
    book.save(path)
    submission = xlgoals.read(path)
    assert {finding.code for finding in submission.findings} >= {"identity-lost"}
    expected = [sound_form(layout, number).record() for number in (1, 2)]
    expected[1][layout.unit_field] = None  # a formula, whose result openpyxl does not keep
    found = [form.record() for form in submission.forms]
    for form in found:
        form[layout.unit_field] = form[layout.unit_field] if form is found[0] else None
    assert found == expected


@newest_layout_first
def test_whatever_is_changed_in_a_locked_cell_is_told_there(
    layout: Layout, filled: Callable[[Layout], Path]
) -> None:
    path = filled(layout)
    book = openpyxl.load_workbook(path)
    plan = build_plan(layout, layout.first_year)
    columns = plan.form.headings
    changed = [
        *(item.label.area.first.a1 for item in plan.form.inputs if item.row is None),
        *(heading.area.first.a1 for key, heading in columns.items() if key == "name"),
    ]
    for cell in changed:
        book["项目1"][cell] = "改动"
    book.save(path)
    submission = xlgoals.read(path)
    told = {f.cell for f in submission.findings if f.layer == "structure" and f.sheet == "项目1"}
    assert set(changed) <= told
    assert submission.forms[0] == sound_form(layout)


@pytest.mark.slow
@each_layout
def test_each_form_prints_on_two_sheets_of_a4(
    layout: Layout, filled: Callable[[Layout], Path], convert: Convert, tmp_path: Path
) -> None:
    pdf = convert(filled(layout), "pdf", tmp_path)
    texts = ["".join(text.split()) for text in page_texts(pdf)]
    first_pages = [number for number, text in enumerate(texts) if "阅览室改造" in text]
    form = build_plan(layout, layout.first_year).form
    heading = form.headings["name"].text
    labels = ["".join(i.label.text.split()) for i in form.inputs if i.row is None]
    first = min(number for number in first_pages if all(label in texts[number] for label in labels))
    assert heading not in texts[first]
    assert heading in texts[first + 1]
    assert all(label in texts[first + 2] for label in labels)
    shown = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, encoding="utf-8", check=True)
    assert "A4" in shown.stdout


def test_every_layout_has_its_blank_template(templates_dir: Path) -> None:
    kept = {path.stem for path in templates_dir.glob("*.xlsx")}
    assert kept == {layout.id for layout in LAYOUTS}
    assert templates_dir == ROOT / "templates"
