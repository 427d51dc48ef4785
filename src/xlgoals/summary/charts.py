"""The charts of 总览, beside the blocks whose numbers they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.chart import Chart

from xlgoals.book import BaseSheet, quoted, strict
from xlgoals.grid import column_letters
from xlgoals.season.model import UnitState
from xlgoals.summary.sheets import Sheets

_COLOURS = {
    UnitState.ACCEPTED: "#70AD47",
    UnitState.ERRORS: "#C00000",
    UnitState.INCOMPLETE: "#ED7D31",
    UnitState.MISSING: "#FFC000",
    UnitState.UNLISTED: "#A5A5A5",
}
_TITLE = {"name": "黑体", "size": 12, "bold": True, "color": "#1F3864"}
_NAMES, _COUNTS, _WAN = 0, 1, 3  # columns of the blocks, counted from 0


@dataclass(frozen=True)
class Frame:
    """Where charts stand one below the other: the first cell, counted from 0; pixels."""

    row: int
    column: int
    width: int
    gap: int


class Charts:
    """Draws one chart below the other."""

    def __init__(self, sheets: Sheets, sheet: BaseSheet, frame: Frame) -> None:
        self._sheets, self._sheet, self._frame = sheets, sheet, frame
        self._below = 0

    def draw_units(self, rows: range) -> None:
        """How many units there are of each state."""
        states, words = self._sheets.figures.units, self._sheets.figures.unit_words
        chart = self._sheets.book.add_chart("doughnut")
        chart.add_series(
            {
                **self._series(rows, _COUNTS, [words[s] for s in states], states.values()),
                "points": [{"fill": {"color": _COLOURS[state]}} for state in states],
                "data_labels": {
                    "value": True,
                    "num_format": "#,##0;;",  # says nothing of none
                    "font": {**_font(10), "color": "#FFFFFF"},
                },
            }
        )
        chart.set_hole_size(55)
        self._place(chart, "单位报送情况（个）", 330)

    def draw_categories(self, rows: range, told: Sequence[tuple[str, Decimal]]) -> None:
        """The money of each category, in 万元."""
        chart = self._sheets.book.add_chart("bar")
        names, amounts = [name for name, _ in told], [float(amount) for _, amount in told]
        chart.add_series(
            {
                **self._series(rows, _WAN, names, amounts),
                "fill": {"color": "#2F5597"},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0.00", "font": _font(9)},
            }
        )
        none = {"visible": False}
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": _font(9), "major_gridlines": none})
        chart.set_x_axis({"visible": False, "major_gridlines": none, "min": 0})
        self._place(chart, "各类别项目资金（万元）", 400)

    def _series(
        self, rows: range, column: int, names: Sequence[str], values: Any
    ) -> dict[str, object]:
        """A series over a block, and what a viewer shows who does not look up its cells."""

        def area(at: int) -> str:
            letters = column_letters(at + 1)
            sheet = quoted(self._sheet.get_name())
            return f"={sheet}!${letters}${rows.start + 1}:${letters}${rows.stop}"

        return {
            "categories": area(_NAMES),
            "values": area(column),
            "categories_data": list(names),
            "values_data": list(values),
        }

    def _place(self, chart: Chart, title: str, height: int) -> None:
        frame = self._frame
        chart.set_title({"name": title, "name_font": _TITLE, "overlay": False})
        chart.set_chartarea({"border": {"color": "#A6A6A6"}})
        chart.set_size({"width": frame.width, "height": height})
        options = {"object_position": 2, "description": title, "y_offset": self._below}
        strict(self._sheet.insert_chart(frame.row, frame.column, chart, options))
        self._below += height + frame.gap


def _font(size: int) -> dict[str, object]:
    return {"name": "宋体", "size": size}
