"""The page of ``check --format html``, as tests take it apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from web_page import HOSTILE, WebPage, squeezed
from xlgoals.findings import SEVERITY_WORDS
from xlgoals.grid import RangeRef
from xlgoals.submission import Submission
from xlgoals.text import visible

ROOT = Path(__file__).resolve().parent.parent
MISTAKES, FILLED = (ROOT / "examples" / f"{name}-2020.xlsx" for name in ("mistakes", "filled"))


def entries(page: WebPage, number: int = 1) -> list[Any]:
    """The list of a file's findings."""
    return [item for item in page.under(f"f{number}-list") if item.tag == "li"]


def marks(page: WebPage, number: int = 1) -> list[Any]:
    """The findings of a file in their places."""
    return page.under(f"f{number}-mark")


def occupied(table: Any) -> dict[RangeRef, Any]:
    """The cells of a table by the area they take, as a browser lays them out; none overlap."""
    taken: dict[tuple[int, int], Any] = {}
    found = {}
    for row, line in enumerate(table.xpath("./tbody/tr"), start=1):
        column = 1
        for cell in line:
            while (row, column) in taken:
                column += 1
            down, right = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            area = RangeRef(row, column, row + down - 1, column + right - 1)
            assert not any(place in taken for place in area.cells())
            taken.update(dict.fromkeys(area.cells(), cell))
            found[area] = cell
    columns = len(table.xpath("./colgroup/col"))
    assert set(taken) == {(r, c) for r in range(1, row + 1) for c in range(1, columns + 1)}
    return found


def value_of(cell: Any) -> str:
    return "".join(cell.xpath("./span[@class='value']//text()"))


def drawn_cells(page: WebPage) -> dict[RangeRef, Any]:
    """The cells of the one form on the page, by the area of the sheet, page after page."""
    found: dict[RangeRef, Any] = {}
    above = 0
    for table in page.all("//div[@class='paper']/table"):
        cells = occupied(table)
        found |= {
            RangeRef(a.top + above, a.left, a.bottom + above, a.right): cell
            for a, cell in cells.items()
        }
        above += max(area.bottom for area in cells)
    return found


def assert_every_finding_is_there_once(page: WebPage, number: int, submission: Submission) -> None:
    listed = {item.get("id"): item for item in entries(page, number)}
    placed = {item.get("id"): item for item in marks(page, number)}
    assert len(listed) == len(submission.findings)
    drawn = {visible(form.sheet) for form in submission.readings}
    for count, finding in enumerate(submission.findings, start=1):
        item = listed[f"f{number}-list{count}"]
        told = squeezed(item.text_content())
        for words in (SEVERITY_WORDS[finding.severity], finding.message, finding.hint):
            assert squeezed(words) in told
        mark = placed.pop(f"f{number}-mark{count}", None)
        assert (mark is not None) == (finding.sheet in drawn)
        if mark is not None:
            assert item.xpath(".//a[@class='place']/@href") == [f"#{mark.get('id')}"]
            assert mark.xpath("./a/@href") == [f"#{item.get('id')}"]
            assert squeezed(finding.message) in squeezed(mark.text_content())
            assert SEVERITY_WORDS[finding.severity] in mark.text_content()
    assert placed == {}


def hostile_workbook(folder: Path) -> Path:
    """Markup in every place that a workbook has for words."""
    path = folder / "<script>window.bent=1<!--&'\"\u202e.xlsx"
    book = openpyxl.load_workbook(MISTAKES)
    sheet = book["项目1"]
    for cell, typed in zip(("B4", "B5", "E6", "B7", "B8", "B9", "A10", "G9", "C28"), HOSTILE,
                           strict=True):  # fmt: skip
        sheet[cell] = "_x001B_".join(typed.split("\x1b"))
    sheet["D29"] = HOSTILE[0]
    sheet.title = "<svg onload=window.bent=1>\u202e"
    book["项目2"]["B3"] = HOSTILE[1]
    book.save(path)
    return path
