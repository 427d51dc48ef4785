"""A summary workbook as whoever opens it sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl


class Summary:
    """A summary workbook as openpyxl reads it: formulas, and the results that stand in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.formulas = openpyxl.load_workbook(path)
        self.values = openpyxl.load_workbook(path, data_only=True)

    def table(self, sheet: str, name: str) -> list[dict[str, Any]]:
        """The rows of a table, by the titles of its columns; a table without any has none."""
        found = self.values[sheet]
        area = self.formulas[sheet].tables[name].ref
        head, *rows = ([cell.value for cell in row] for row in found[area])
        return [
            dict(zip(head, row, strict=True)) for row in rows if any(v is not None for v in row)
        ]

    def lines(self, sheet: str = "总览") -> dict[str, list[Any]]:
        """The lines of a sheet by what stands at their beginning."""
        rows = self.values[sheet].iter_rows(values_only=True)
        return {str(row[0]): list(row[1:]) for row in rows if row[0] is not None}

    def cells(self) -> Iterator[tuple[Any, Any]]:
        """Every cell twice: with its formula, with its result."""
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    yield cell, self.values[sheet.title][cell.coordinate]
