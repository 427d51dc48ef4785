"""Every result that stands in a summary workbook is what a spreadsheet program works out."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Recalculate
from summary_book import Summary
from test_summary_any_season import SEASONS
from xlgoals.summary.write import write_summary

pytestmark = pytest.mark.slow


def test_results_as_written_are_worked_out_again(recalculate: Recalculate, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.xlsx" for name in SEASONS]
    for path, make in zip(paths, SEASONS.values(), strict=True):
        write_summary(path, make())
    wrong, formulas = [], 0
    for path, again in zip(paths, recalculate(paths, tmp_path / "again"), strict=True):
        recalculated = Summary(again).values
        for cell, written in Summary(path).cells():
            if cell.data_type == "f":
                formulas += 1
                now = recalculated[cell.parent.title][cell.coordinate].value
                if not _same(written.value, now):
                    place = f"{path.stem} {cell.parent.title}!{cell.coordinate}"
                    wrong.append(f"{place}: {written.value!r}, worked out {now!r}: {cell.value}")
    assert wrong == []
    assert formulas > 500


def _same(written: object, now: object) -> bool:
    if isinstance(written, int | float) and isinstance(now, int | float):
        return abs(written - now) <= 1e-9 * max(1.0, abs(written))
    return written == now


def test_the_results_follow_what_is_changed(recalculate: Recalculate, tmp_path: Path) -> None:
    """Formulas, not numbers: who mends an amount in 项目汇总 sees all sums change."""
    path = tmp_path / "book.xlsx"
    write_summary(path, SEASONS["usual"]())
    book = Summary(path).formulas
    sheet = book["项目汇总"]
    (column,) = (cell.column for cell in sheet[4] if cell.value == "项目当年预算（元）")
    sheet.cell(5, column).value += 10_000
    book.save(path)
    (again,) = recalculate([path], tmp_path / "again")
    lines = Summary(again).lines()
    assert lines["资金（万元）"][0] == pytest.approx(240.345678)
    assert lines["资金：汇总＝单位小计"][:2] == [pytest.approx(2403456.78)] * 2
    assert lines["资金：汇总＝类别小计"][3] == "相符"
