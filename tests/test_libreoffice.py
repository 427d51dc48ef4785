"""A real spreadsheet program opens, prints and saves our workbooks."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import xlgoals
from conftest import Convert
from xlgoals.findings import Layer
from xlgoals.models import form_class

pytestmark = pytest.mark.slow


def resaved(convert: Convert, path: Path, folder: Path) -> Path:
    return convert(path, "xlsx:Calc MS Excel 2007 XML", folder)


def pages(convert: Convert, path: Path, folder: Path) -> list[str]:
    """The text of each printed page."""
    pdf = convert(path, "pdf", folder)
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, encoding="utf-8", check=True
    )
    return text.stdout.split("\f")[:-1]


def form_pages(printed: list[str]) -> list[str]:
    """The pages of the forms: after the guide, before 自检."""
    check = next(n for n, page in enumerate(printed) if "自检" in page.splitlines()[0])
    return printed[1:check]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", ["filled-2020", "mistakes-2020"])
def test_a_resaved_workbook_gives_the_same_forms(
    convert: Convert, examples_dir: Path, tmp_path: Path, name: str
) -> None:
    path = examples_dir / f"{name}.xlsx"
    again = xlgoals.read(resaved(convert, path, tmp_path))
    assert again.forms == xlgoals.read(path).forms


def test_a_resaved_workbook_gives_the_same_findings(
    convert: Convert, examples_dir: Path, tmp_path: Path
) -> None:
    path = examples_dir / "filled-2020.xlsx"
    before, after = xlgoals.read(path), xlgoals.read(resaved(convert, path, tmp_path))
    assert [(f.sheet, f.cell, f.code, f.value) for f in after.findings] == [
        (f.sheet, f.cell, f.code, f.value) for f in before.findings
    ]


def test_a_blank_template_survives_saving(
    convert: Convert, templates_dir: Path, tmp_path: Path
) -> None:
    submission = xlgoals.read(resaved(convert, templates_dir / "shanghai-2020.xlsx", tmp_path))
    assert [finding.code for finding in submission.findings] == ["no-project"]


def test_every_form_prints_on_two_pages(
    convert: Convert, examples_dir: Path, tmp_path: Path
) -> None:
    printed = pages(convert, examples_dir / "filled-2020.xlsx", tmp_path)
    forms = json.loads((examples_dir / "forms-2020.json").read_text(encoding="utf-8"))
    found = form_pages(printed)
    assert len(found) == 2 * len(forms)
    for form, basic, goals in zip(forms, found[::2], found[1::2], strict=True):
        assert form["project_name"] in squeezed(basic)
        assert "本项目上年度市级财政资金使用情况" in squeezed(basic)
        assert squeezed(goals).startswith("2020年绩效目标")


# The form keeps to its two pages far beyond the longest text that was published (343 characters);
# with all six at their limit the scale would fall below what can be read, so there is a third.
@pytest.mark.parametrize(("length", "sheets"), [(400, 2), (500, 3)])
def test_no_long_text_is_cut_off_on_paper(
    convert: Convert, tmp_path: Path, length: int, sheets: int
) -> None:
    # Each text ends in a mark of its own, which is lost first when a row is too low.
    fields = ("overview", "basis", "necessity", "safeguards", "implementation_plan", "objectives")
    body = ("为上海建设科创中心服务，" * 99)[: length - 4]
    texts = {key: f"{body}完毕{n}号" for n, key in enumerate(fields)}
    values = {"layout": "shanghai-2020", "fiscal_year": 2020, "project_name": "甲", **texts}
    form = form_class(xlgoals.load_layout("shanghai-2020")).model_validate(values)
    path = tmp_path / "long.xlsx"
    xlgoals.write_template(path, "shanghai-2020", 2020, forms=[form])
    *basic, _goals = form_pages(pages(convert, path, tmp_path))
    assert len(basic) == sheets - 1
    for number in range(len(fields)):
        assert f"完毕{number}号" in squeezed("".join(basic))


@pytest.mark.parametrize(
    ("suffix", "code"), [("ods", "other-format"), ("xls", "other-format"), ("html", "html")]
)
def test_a_workbook_saved_in_another_format_is_told_apart(
    convert: Convert, examples_dir: Path, tmp_path: Path, suffix: str, code: str
) -> None:
    path = convert(examples_dir / "filled-2020.xlsx", suffix, tmp_path)
    submission = xlgoals.read(path.rename(tmp_path / "报送.xlsx"))
    assert [f.code for f in submission.findings if f.layer is Layer.FILE] == [code]
