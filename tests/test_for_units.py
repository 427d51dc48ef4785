"""docs/for-units.md tells units what really happens."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path

import openpyxl
import pytest

import spellings
import xlgoals
from bootstrap import ROOT
from command import run
from spellings import LAYOUT, SAMPLES, Number
from xlgoals.findings import Finding, Severity
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.plan.build import build_plan
from xlgoals.verdict import Verdict

GUIDE = (ROOT / "docs" / "for-units.md").read_text(encoding="utf-8")
YEAR = 2020
OUTCOMES = {"info": "按规范写法读取", "warning": "接受，但提醒核对", "error": "不接受"}
EACH = [(title, n) for title, (_, samples) in SAMPLES.items() for n in range(len(samples))]


def row_of(title: str, number: int) -> list[str]:
    """A line of the table below a title."""
    part = GUIDE.split(f"**{title}**：")[1].split("\n\n")[1]
    line = part.splitlines()[2 + number]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], list[Finding]]:
    """What a check says of each sample in a workbook, each on a sheet where it stands alone."""
    path = tmp_path_factory.mktemp("spellings") / "typed.xlsx"
    sheets = max(len(samples) for _, samples in SAMPLES.values())
    plan = build_plan(xlgoals.load_layout(LAYOUT), YEAR, {}, sheets)
    xlgoals.write_template(path, LAYOUT, YEAR, projects=sheets)
    book = openpyxl.load_workbook(path)
    places = {}
    for title, number in EACH:
        key, samples = SAMPLES[title]
        name = "indicator_14_target" if key == "target" else key
        cell, sheet = plan.form.by_name[name].area.first.a1, plan.sheet_names[number]
        places[title, number] = sheet, cell
        sample, target = samples[number], book[sheet][cell]
        if isinstance(sample, Number):
            target.value, target.number_format = sample.held, sample.shape
        else:
            target.value, target.data_type = sample, "s"
    book.save(path)
    findings = xlgoals.read(path).findings
    return {
        at: [f for f in findings if (f.sheet, f.cell, f.layer) == (*place, "cell")]
        for at, place in places.items()
    }


@pytest.mark.parametrize(("title", "number"), EACH)
def test_a_spelling_is_read_from_a_workbook_as_the_guide_tells(
    found: dict[tuple[str, int], list[Finding]], title: str, number: int
) -> None:
    content, outcome, told = row_of(title, number)
    findings = found[title, number]
    worst = min((f.severity for f in findings), key=list(Severity).index, default=None)
    assert outcome == (OUTCOMES[worst] if worst else "直接接受")
    for finding in findings:
        if finding.severity is not Severity.INFO:
            # The label is that of the field, the title that of its kind.
            said = finding.message.removesuffix("。").replace(finding.label or "", title)
            assert said in told
    assert content == f"`{_typed(title, number).replace(' ', '␣')}`"


def _typed(title: str, number: int) -> str:
    sample = SAMPLES[title][1][number]
    return sample.shown if isinstance(sample, Number) else sample


def test_what_more_is_warned_of_in_a_target_is_told(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    xlgoals.write_template(path, LAYOUT, YEAR)
    book = openpyxl.load_workbook(path)
    typed = {
        "C28": "讲座",
        "D28": "10",
        "C29": "读本",
        "D29": "若干",
        "B36": "满意度",
        "C36": "满意度",
        "D36": "=95%",
    }
    for cell, text in typed.items():
        book["项目1"][cell].value, book["项目1"][cell].data_type = text, "s"
    book.save(path)
    warned = {f.cell: f.code for f in xlgoals.read(path).findings if f.severity is Severity.WARNING}
    assert warned == {
        "D28": "number-without-unit",
        "D29": "quantity-without-number",
        "D36": "satisfaction-equals",
    }
    assert "没有单位（“10”）、“数量”下的指标写成文字（“若干”）、满意度用“=”的，都会提醒" in GUIDE


def test_the_tables_show_every_outcome() -> None:
    for outcome in ("直接接受", *OUTCOMES.values()):
        assert f"| {outcome} |" in spellings.tables()
        assert f"- {outcome}：" in GUIDE


def test_the_sheets_are_those_of_the_workbook(templates_dir: Path) -> None:
    sheets = openpyxl.load_workbook(templates_dir / f"{LAYOUT}.xlsx").sheetnames
    (told,) = re.findall(r"\| 工作表 \|.*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE)
    shown = [name for line in told.splitlines() for name in line.split("|")[1].strip().split("、")]
    assert shown == [name for name in sheets if name != HIDDEN_SHEET]


def test_the_verdicts_are_those_of_the_workbook() -> None:
    for verdict in Verdict:
        assert f"| {verdict.told(7)} |" in GUIDE


def test_the_rows_told_are_those_of_the_form() -> None:
    groups = xlgoals.load_layout(LAYOUT).indicators.groups
    told = GUIDE.split("某类指标不够用（")[1].split("）")[0]
    rows: dict[int, list[str]] = {}
    for part in told.split("，"):
        names = re.findall("“([^”]+)”", part)
        (count,) = re.findall(r"(\d+) 行", part)
        rows.setdefault(int(count), []).extend(names)
    of_form = {group.name: group.rows for group in groups if group.rows}
    assert {name: count for count, names in rows.items() for name in names} == of_form


def test_the_command_makes_the_larger_template(tmp_path: Path) -> None:
    (command,) = re.findall(r"`(xlgoals [^`]+)`", GUIDE)
    with chdir(tmp_path):
        assert run(*shlex.split(command)[1:]).returncode == 0
    submission = xlgoals.read(tmp_path / "模板.xlsx")
    assert submission.plan is not None
    assert (submission.plan.projects, len(submission.sheets)) == (5, 5)
    assert submission.plan.capacity["数量"] == 6
