"""A season of any layout: nothing a form says is lost in register, export, diff and summary."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xlgoals
from each_layout import LAYOUTS, sound_form
from few_and_many import mostly_slow
from xlgoals.layouts import Layout
from xlgoals.register import open_register
from xlgoals.season.export import What, export
from xlgoals.summary.write import write_summary


@pytest.mark.parametrize("layout", mostly_slow(LAYOUTS), ids=lambda layout: layout.id)
def test_a_form_of_any_layout_goes_through_the_season(layout: Layout, tmp_path: Path) -> None:
    form = sound_form(layout)
    workbook, register = tmp_path / "a.xlsx", str(tmp_path / "season.db")
    xlgoals.write_template(workbook, layout, layout.first_year, forms=[form])
    season = xlgoals.consolidate([workbook], register=register)
    (entry,) = season.forms
    read = xlgoals.read(workbook).records[0].values
    assert dict(entry.values) == read
    write_summary(tmp_path / "summary.xlsx", season)
    book = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    shown = [list(row) for row in book["指标明细"].iter_rows(values_only=True)]
    names = [row["name"] for row in read["indicators"]]
    assert [row[7] for row in shown if row[7] in names] == names
    if "weight" in layout.indicators.columns:
        weights = [float(row["weight"]) for row in read["indicators"]]
        assert [row[12] for row in shown if row[7] in names] == weights
        exported = export(open_register(register), What.INDICATORS)
        assert [float(row["weight"]) for row in exported.records] == weights
