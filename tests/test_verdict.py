"""The workbook's own verdict, as it was last worked out, held against the importer's."""

from __future__ import annotations

from pathlib import Path

import pytest

import xlgoals
from ooxml_books import LAYOUT, YEAR
from typed_workbooks import Base, Contents, Formula
from xlgoals.verdict import Verdict

SAYS_READY = "filled"
SAYS_NOTHING = "blank"


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> dict[str, Base]:
    folder = tmp_path_factory.mktemp("verdicts")
    forms = xlgoals.read(examples_dir / "filled-2020.xlsx").forms
    xlgoals.write_template(folder / "filled.xlsx", LAYOUT, YEAR, forms=forms)
    xlgoals.write_template(folder / "blank.xlsx", LAYOUT, YEAR)
    return {name: Base(folder / f"{name}.xlsx", LAYOUT) for name in (SAYS_READY, SAYS_NOTHING)}


# Typed by a program that works out nothing anew.
@pytest.mark.parametrize(
    ("base", "typed", "code", "told"),
    [
        (SAYS_READY, {}, None, ""),
        (SAYS_NOTHING, {}, None, ""),
        (SAYS_READY, {(0, "total_budget"): "约65万"}, "verdict-too-good", "还有 1 处需要修改"),
        (SAYS_NOTHING, {(0, "project_name"): "讲座"}, "verdict-outdated", "还没有填写任何项目"),
        # That a cell holds a formula no workbook can tell: its verdict is as good as it can be.
        (SAYS_READY, {(0, "overview"): Formula('"甲"&"乙"')}, None, ""),
    ],
)
def test_the_workbooks_verdict_is_compared(
    bases: dict[str, Base], base: str, typed: Contents, code: str | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "typed.xlsx"
    bases[base].fill(path, typed)
    findings = xlgoals.read(path).findings
    spoken = [finding for finding in findings if finding.code.startswith("verdict")]
    assert [finding.code for finding in spoken] == ([code] if code else [])
    assert all((finding.sheet, finding.cell) == ("自检", "A3") for finding in spoken)
    assert all(told in finding.message for finding in spoken)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("errors", [1, 12])
def test_a_verdict_is_read_as_it_is_told(verdict: Verdict, errors: int) -> None:
    assert Verdict.read(verdict.told(errors)) is verdict


@pytest.mark.parametrize("text", ["", "可以提交了", "还有", "#REF!"])
def test_another_text_is_no_verdict(text: str) -> None:
    assert Verdict.read(text) is None
