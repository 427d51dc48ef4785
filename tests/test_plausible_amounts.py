"""Sums that look as if filled in by another unit, too small or too large."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

import season_samples
import xlgoals
from each_layout import sound_form
from typed_workbooks import Base
from xlgoals import LayoutError, Severity, consolidate, load_layout
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds import AmountKind
from xlgoals.models import form_class
from xlgoals.plan.compare import compare_layouts
from xlgoals.reader import read_workbook
from xlgoals.season.amount_findings import beside_peers
from xlgoals.season.model import FormEntry

LAYOUT, YEAR = load_layout("national-2021"), 2021
WAN = AmountKind("万元", Decimal(1000), Decimal(1_000_000_000))


def written(path: Path, *totals: str, unit: str = "某市图书馆") -> Path:
    """Sound forms of so much money in 元 each, all of it in the year."""
    forms = []
    for number, total in enumerate(totals, start=1):
        record = sound_form(LAYOUT, number).record()
        for budget, part, other in (
            ("total_budget", "total_fiscal_funds", "total_other_funds"),
            ("current_budget", "current_appropriation", "current_other_funds"),
        ):
            record |= {budget: total, part: total, other: "0"}
        forms.append(form_class(LAYOUT).model_validate({**record, LAYOUT.unit_field: unit}))
    xlgoals.write_template(path, LAYOUT, YEAR, forms=forms)
    return path


# --- alone ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("yuan", "code"),
    [
        ("0", None), ("0.01", "amount-small"), ("999.99", "amount-small"), ("1000", None),
        ("1000000000", None), ("1000000000.01", "amount-large"), ("6500000000", "amount-large"),
    ],
)  # fmt: skip
def test_the_bounds_are_in_yuan_and_both_are_plausible(yuan: str, code: str | None) -> None:
    doubt = WAN.doubt(Decimal(yuan))
    assert (doubt.id if doubt else None) == code
    assert doubt is None or doubt.severity is Severity.WARNING
    assert AmountKind("万元").doubt(Decimal(yuan)) is None


@pytest.mark.parametrize(
    ("total", "message"),
    [
        ("6500000000", "“中期资金总额”达到 650,000 万元，可能填错了单位。"),
        ("1234567890.12", "“中期资金总额”达到 123,456.789012 万元，可能填错了单位。"),
        ("500", "“中期资金总额”只有 0.05 万元，可能填错了单位。"),
    ],
)
def test_form_and_workbook_tell_it_in_the_unit_of_the_form(
    tmp_path: Path, total: str, message: str
) -> None:
    path = written(tmp_path / "a.xlsx", total)
    findings = xlgoals.read(path).findings
    assert {f.field for f in findings} == {"total_budget", "current_budget"}
    first = findings[0]
    assert (first.severity, first.message) == (Severity.WARNING, message)
    assert first.hint == "本表金额以万元为单位，请核对是否误按其他单位填写。"
    hidden = read_workbook(path).sheet(HIDDEN_SHEET)
    assert hidden
    shown = {str(cell.value) for cell in hidden.cells.values()}
    assert f"{first.code} {message.replace(',', '')}" in shown


def test_what_is_refused_is_not_doubted_too(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", "650000")
    Base(path, LAYOUT.id).fill(path, {(0, "total_budget"): 1e9})
    (finding,) = (f for f in xlgoals.read(path).findings if f.field == "total_budget")
    assert finding.code == "amount-too-large"


# --- in a layout ----------------------------------------------------------------------------------
def layout(folder: Path, fields: str) -> xlgoals.Layout:
    path = folder / "next.yaml"
    path.write_text(f"extends: shanghai-2020\nid: next\nfields:\n{fields}", encoding="utf-8")
    return load_layout(str(path))


def test_a_layout_sets_either_bound_or_takes_it_away(tmp_path: Path) -> None:
    changed = layout(
        tmp_path, "  total_budget: {plausible_to: 5000}\n  current_budget: {plausible_from: null}\n"
    )
    total, current = (changed.fields[key].kind for key in ("total_budget", "current_budget"))
    assert total == AmountKind("元", Decimal(1000), Decimal(5000))
    assert current == AmountKind("元")
    (fields,) = compare_layouts(load_layout("shanghai-2020"), changed)
    assert fields.lines == (
        "“项目总预算（元）”高于多少元要提醒：999999999999.99 → 5000",
        "“项目当年预算（元）”低于多少元要提醒：1000 → 0",
    )


@pytest.mark.parametrize(
    ("field", "problem", "column"),
    [
        ("total_budget: {plausible_to: 999}", "plausible_to 不能小于 plausible_from", 32),
        ("total_budget: {plausible_to: -1}", "这里不能是负数“-1”", 32),
        ("overview: {plausible_to: 999}", "类型 text 没有“plausible_to”", 28),
        (
            "total_budget: {plausible_too: 9}",
            "不认识的键“plausible_too”，是否想写“plausible_to”？",
            18,
        ),
    ],
)
def test_a_bound_that_makes_no_sense_is_told(
    tmp_path: Path, field: str, problem: str, column: int
) -> None:
    with pytest.raises(LayoutError) as raised:
        layout(tmp_path, f"  {field}\n")
    assert (raised.value.line, raised.value.column) == (4, column)
    assert raised.value.problem == problem


# --- beside peers ---------------------------------------------------------------------------------
def forms(amounts: Sequence[str]) -> list[FormEntry]:
    """A form of one unit for each amount, in files 0.xlsx, 1.xlsx and so on."""
    values = sound_form(LAYOUT).record()
    return [
        season_samples.form(
            f"{number}.xlsx", None, "甲单位", {**values, "total_budget": Decimal(amount)}
        )
        for number, amount in enumerate(amounts)
    ]


USUAL = ["300000", "250000", "900000", "120000", "5000000"]  # the one in the middle is 300000


def test_an_amount_like_yuan_beside_its_peers_on_a_form_in_wan_yuan() -> None:
    (finding,) = beside_peers(LAYOUT, forms([*USUAL, "300000000"]))
    assert (finding.file, finding.code) == ("5.xlsx", "amount-above-peers")
    assert (finding.field, finding.severity) == ("total_budget", Severity.WARNING)
    assert finding.message.endswith(
        "达到 300,000,000.00 元，像是按元填写的：“甲单位”的其他5个项目的中间值是 300,000.00 元。"
    )


@pytest.mark.parametrize(
    "amounts",
    [
        [*USUAL, "299999999.99"],  # less than a thousand times
        [*USUAL[1:], "3000000000"],  # too few to tell
        ["30000"] * 5 + ["99999999.99"],  # as 元 that would be less than ten thousand
        [*USUAL, "300"],  # nobody fills in 万元 too small a form in 万元
    ],
)
def test_an_amount_that_does_not_look_so(amounts: list[str]) -> None:
    assert list(beside_peers(LAYOUT, forms(amounts))) == []


def test_a_folder_is_compared_and_what_a_form_says_of_itself_is_not_said_again(
    tmp_path: Path,
) -> None:
    written(tmp_path / "a.xlsx", *USUAL, "700000000", "4500000000")
    season = consolidate([tmp_path])
    between = [f for f in season.findings if f.code == "amount-above-peers"]
    assert {(f.sheet, f.field) for f in between} == {
        ("项目6", "total_budget"),
        ("项目6", "current_budget"),
    }
    (file,) = season.files
    assert {(f.sheet, f.code) for f in file.findings} == {("项目7", "amount-large")}
