"""What is wrong with one worksheet part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ooxml_formulas import (
    LAST_COLUMN,
    Known,
    formula_problems,
    other_sheets,
    place,
    units,
)

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MAX_ROW_HEIGHT, MAX_COLUMN_WIDTH = 409.5, 255
# Of a data validation, and of a header or footer.
_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
_MAX_VALIDATION_FORMULA, _MAX_HEADER = 255, 255
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

Area = tuple[int, int, int, int]  # top, left, bottom, right


@dataclass(frozen=True)
class Book:
    """What the sheets refer to."""

    sheets: tuple[str, ...]
    names: dict[int | None, dict[str, str]]  # by sheet from 0, None for the workbook's; lower case
    strings: int
    locked: tuple[bool, ...]  # by cell style
    dxfs: int

    def known(self, sheet: int | None) -> Known:
        """What formulas of a sheet may refer to."""
        names = (self.names.get(place, {}) for place in (None, sheet))
        return Known(self.sheets, frozenset().union(*names))


@dataclass
class _Cells:
    """Style and content of the cells met, for what is said of them further below."""

    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    filled: set[tuple[int, int]] = field(default_factory=set)


def sheet_problems(root: Element, book: Book, index: int) -> Iterator[str]:
    """What is wrong with the sheet of this number, from 0."""
    known = book.known(index)
    cells = _Cells()
    yield from _column_problems(root, book)
    yield from _row_problems(root, book, known, cells)
    yield from _merge_problems(root, book, cells)
    yield from _validation_problems(root, known)
    yield from _conditional_problems(root, book, known)
    for part in root.iterfind(f"{MAIN}headerFooter/*"):
        if units(part.text or "") > _MAX_HEADER:
            yield f"header or footer over {_MAX_HEADER} characters"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else -1


def _size(text: str | None) -> float:
    return float(text) if text and _NUMBER.match(text) else -1


# --- rows, columns, cells -------------------------------------------------------------------------
def _column_problems(root: Element, book: Book) -> Iterator[str]:
    last = 0
    for column in root.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, end = _whole(column.get("min")), _whole(column.get("max"))
        if not last < first <= end <= LAST_COLUMN:
            yield f"columns {first} to {end} overlap, out of order or off the grid"
        if not 0 <= _size(column.get("width", "0")) <= MAX_COLUMN_WIDTH:
            yield f"column {first} is {column.get('width')} wide"
        yield from _style_problems(f"column {first}", column.get("style", "0"), book)
        last = max(last, end)


def _row_problems(root: Element, book: Book, known: Known, cells: _Cells) -> Iterator[str]:
    last = 0
    for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = _whole(row.get("r"))
        if place(f"A{number}") is None:
            yield f"row {row.get('r')} is off the grid"
        yield from _order_problems(f"row {number}", number, last)
        if not 0 <= _size(row.get("ht", "0")) <= MAX_ROW_HEIGHT:
            yield f"row {number} is {row.get('ht')} high"
        yield from _style_problems(f"row {number}", row.get("s", "0"), book)
        yield from _cells_problems(row, number, book, known, cells)
        last = max(last, number)


def _order_problems(what: str, now: int, last: int) -> Iterator[str]:
    if now == last:
        yield f"{what} is there twice"
    elif now < last:
        yield f"{what} is out of order"


def _style_problems(what: str, style: str, book: Book) -> Iterator[str]:
    if not 0 <= _whole(style) < len(book.locked):
        yield f"{what} has the unknown style {style}"


def _cells_problems(
    row: Element, number: int, book: Book, known: Known, cells: _Cells
) -> Iterator[str]:
    last = 0
    for cell in row.iterfind(f"{MAIN}c"):
        ref = cell.get("r", "")
        where = place(ref)
        if where is None:
            yield f"cell {ref} is off the grid"
            continue
        if where[0] != number:
            yield f"cell {ref} stands in row {number}"
        yield from _order_problems(f"cell {ref}", where[1], last)
        yield from _style_problems(f"cell {ref}", cell.get("s", "0"), book)
        yield from (f"{ref}: {problem}" for problem in _content_problems(cell, book, known))
        cells.styles[where] = _whole(cell.get("s", "0"))
        if len(cell):
            cells.filled.add(where)
        last = max(last, where[1])


def _content_problems(cell: Element, book: Book, known: Known) -> Iterator[str]:
    formula, value, kind = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v"), cell.get("t", "n")
    if formula is not None:
        yield from formula_problems(formula.text or "", known)
        if kind in ("s", "inlineStr"):
            yield f"a formula's result of type {kind}"
            return
    if value is None:
        if formula is not None:
            yield "a formula without a cached value"
        elif kind not in ("n", "inlineStr"):
            yield f"type {kind} without a value"
        return
    yield from _value_problems(kind, value.text or "", book)


def _value_problems(kind: str, text: str, book: Book) -> Iterator[str]:
    match kind:
        case "n" if not _NUMBER.match(text) or abs(float(text)) > 9.99e307:
            yield f"{text!r} is no number"
        case "s" if not 0 <= _whole(text) < book.strings:
            yield f"no shared string {text}"
        case "b" if text not in ("0", "1"):
            yield f"{text!r} is no truth value"
        case "e" if text not in _ERRORS:
            yield f"{text!r} is no error value"
        case "n" | "s" | "b" | "e" | "str":
            pass
        case _:
            yield f"unfit type {kind}"


# --- areas ----------------------------------------------------------------------------------------
def _area(ref: str) -> Area | None:
    first, _, second = ref.partition(":")
    start, end = place(first), place(second or first)
    if start is None or end is None or start[0] > end[0] or start[1] > end[1]:
        return None
    return (*start, *end)


def _areas(refs: Iterable[str], what: str, found: list[Area]) -> Iterator[str]:
    """Tell areas off the grid; the others are added to ``found``."""
    for ref in refs:
        area = _area(ref)
        if area is None:
            yield f"{what} {ref} is off the grid"
        else:
            found.append(area)


def _overlaps(areas: Iterable[Area], what: str) -> Iterator[str]:
    earlier: list[Area] = []
    for area in sorted(areas):
        top, left, _, right = area
        earlier = [other for other in earlier if other[2] >= top]
        if any(other[1] <= right and left <= other[3] for other in earlier):
            yield f"{what} overlap in row {top}"
        earlier.append(area)


def _merge_problems(root: Element, book: Book, cells: _Cells) -> Iterator[str]:
    refs = [merge.get("ref", "") for merge in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell")]
    areas: list[Area] = []
    yield from _areas(refs, "merge", areas)
    yield from _overlaps(areas, "merges")
    protected = root.find(f"{MAIN}sheetProtection") is not None
    for top, left, bottom, right in areas:
        inside = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        name = f"merge from row {top}, column {left}"
        if len(inside) == 1:
            yield f"{name}, is a single cell"
        if cells.filled.intersection(inside[1:]):
            yield f"{name}, hides a value"
        styles = {cells.styles.get(cell, 0) for cell in inside}
        locks = {book.locked[style] for style in styles if 0 <= style < len(book.locked)}
        if protected and len(locks) > 1:
            yield f"{name}, is locked in part"


# --- validations and conditional formats ----------------------------------------------------------
def _validation_problems(root: Element, known: Known) -> Iterator[str]:
    areas: list[Area] = []
    for rule in root.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
        where = rule.get("sqref", "")
        yield from _areas(where.split() or [""], "validation", areas)
        for problem in _rule_problems(rule, known):
            yield f"validation of {where}: {problem}"
    yield from _overlaps(areas, "validations")


def _rule_problems(rule: Element, known: Known) -> Iterator[str]:
    for key, limit in _LIMITS.items():
        if units(rule.get(key, "")) > limit:
            yield f"{key} over {limit} characters"
    formulas = [rule.findtext(f"{MAIN}formula{n}") for n in (1, 2)]
    for formula in formulas:
        if formula is not None:
            yield from _rule_formula_problems(formula, known)
    kind = rule.get("type", "none")
    if kind == "list" and (formulas[0] or "").lower() not in known.names:
        yield "a list that is no defined name"
    if kind != "none" and formulas[0] is None:
        yield "no formula"
    between = kind not in ("none", "list", "custom") and "etween" in rule.get("operator", "between")
    if between != (formulas[1] is not None):
        yield "the second formula does not fit"


def _rule_formula_problems(formula: str, known: Known) -> Iterator[str]:
    if units(formula) > _MAX_VALIDATION_FORMULA:
        yield f"formula over {_MAX_VALIDATION_FORMULA} characters"
    yield from _local_formula_problems(formula, known)


def _local_formula_problems(formula: str, known: Known) -> Iterator[str]:
    yield from formula_problems(formula, known)
    if other_sheets(formula):
        yield "refers to a sheet directly"


def _conditional_problems(root: Element, book: Book, known: Known) -> Iterator[str]:
    priorities: set[int] = set()
    for block in root.iterfind(f"{MAIN}conditionalFormatting"):
        where = block.get("sqref", "")
        yield from _areas(where.split() or [""], "conditional format", [])
        for rule in block.iterfind(f"{MAIN}cfRule"):
            name = f"conditional format of {where}"
            priority = _whole(rule.get("priority"))
            if priority < 1 or priority in priorities:
                yield f"{name}: priority {rule.get('priority')} is taken or none"
            priorities.add(priority)
            if "dxfId" in rule.attrib and not 0 <= _whole(rule.get("dxfId")) < book.dxfs:
                yield f"{name}: unknown dxfId {rule.get('dxfId')}"
            for formula in rule.iterfind(f"{MAIN}formula"):
                for problem in _local_formula_problems(formula.text or "", known):
                    yield f"{name}: {problem}"
