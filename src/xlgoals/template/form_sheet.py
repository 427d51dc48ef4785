"""One project's form on one sheet, as the official form looks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlgoals.book import WriterFault, strict
from xlgoals.grid import RangeRef
from xlgoals.heights import lines_needed, page_scale, row_heights
from xlgoals.kinds import CellContent, Validation
from xlgoals.live.results import Contents
from xlgoals.plan.model import Input, Plan
from xlgoals.template.book import (
    MAX_FORMULA,
    MAX_MESSAGE,
    MAX_TITLE,
    Book,
    absolute,
)
from xlgoals.template.lists import OptionLists
from xlgoals.template.styles import properties

# Lines a row of fixed texts is given at least: the official form is not cramped.
_AIRY_LINES = {"title": 1.8, "heading": 1.6, "header": 1.4, "fixed": 1.2}


def write_form_sheet(
    book: Book, plan: Plan, index: int, contents: Contents, lists: OptionLists
) -> Worksheet:
    """Write project sheet number ``index`` (from 0) with what is already known of it."""
    writer = _FormSheet(book, plan, index, contents, lists)
    writer.write_locked()
    writer.write_inputs()
    writer.write_unit()
    writer.set_page()
    return writer.sheet


class _FormSheet:
    def __init__(
        self, book: Book, plan: Plan, index: int, contents: Contents, lists: OptionLists
    ) -> None:
        self._book, self._plan, self._index = book, plan, index
        self._contents, self._lists = contents, lists
        self._name = plan.sheet_names[index]
        self.sheet: Worksheet = book.add_sheet(self._name)
        self._widths = plan.layout.column_widths
        self._needed: dict[int, float] = dict.fromkeys(plan.form.row_lines, 1)

    # --- cells ----------------------------------------------------------------------------------
    def _merge(self, area: RangeRef, cell_format: Format) -> None:
        if not area.is_single:
            top, left, bottom, right = (edge - 1 for edge in area)
            strict(self.sheet.merge_range(top, left, bottom, right, "", cell_format))

    def _put(self, area: RangeRef, content: CellContent, cell_format: Format) -> None:
        self._merge(area, cell_format)
        row, column = area.top - 1, area.left - 1
        match content:
            case None | "":
                strict(self.sheet.write_blank(row, column, None, cell_format))
            case Decimal():
                strict(self.sheet.write_number(row, column, float(content), cell_format))
            case date():
                strict(self.sheet.write_datetime(row, column, content, cell_format))
            case str():
                strict(self.sheet.write_string(row, column, content, cell_format))
        self._keep_room(area, content if isinstance(content, str) else "")

    def _keep_room(self, area: RangeRef, text: str) -> None:
        if len(area.rows) == 1:
            width = sum(self._widths[column - 1] for column in area.columns)
            needed = lines_needed(text, width)
            self._needed[area.top] = max(self._needed[area.top], needed)

    def write_locked(self) -> None:
        """Titles, headings, labels and prescribed rows."""
        for locked in self._plan.form.locked:
            self._put(locked.area, locked.text, self._book.format(properties(locked.style)))
            if len(locked.area.rows) == 1:
                airy = _AIRY_LINES.get(locked.style, 0)
                self._needed[locked.area.top] = max(self._needed[locked.area.top], airy)

    def write_inputs(self) -> None:
        """The open cells, each with its name, its validation and what is known."""
        for item in self._plan.inputs(self._index):
            cell_format = self._book.format(properties(_style(item), item.kind.number_format))
            self._put(item.area, self._contents.get(item.name), cell_format)
            self._book.define(item.name, absolute(self._name, item.area), self._name)
            self._validate(item)

    def write_unit(self) -> None:
        """The declaring unit where it is not open here: given, or as on the first sheet."""
        plan, unit = self._plan, self._plan.unit_input
        cell_format = self._book.format(properties("fixed" if unit.framed else "plain"))
        if plan.unit is not None:
            self._put(unit.area, plan.unit, cell_format)
        elif self._index > 0:
            self._merge(unit.area, cell_format)
            source = absolute(plan.sheet_names[0], unit.area)
            formula = f'=IF({source}="","",{source})'
            row, column = unit.area.top - 1, unit.area.left - 1
            known = self._contents.get(unit.name) or ""
            strict(self.sheet.write_formula(row, column, formula, cell_format, known))

    # --- validations ----------------------------------------------------------------------------
    def _validate(self, item: Input) -> None:
        validation = item.kind.validation(item.area.first.a1)
        if validation is None:
            return
        options: dict[str, object] = {
            **self._criteria(validation),
            "ignore_blank": True,
            "input_title": _limited(item.title, MAX_TITLE),
            "input_message": prompt(item),
            "show_error": bool(validation.refusal),
        }
        if validation.refusal:
            options |= {
                "error_title": _limited(f"{item.title}有误", MAX_TITLE),
                "error_message": _limited(validation.refusal, MAX_MESSAGE),
                "error_type": "stop" if validation.strict else "warning",
            }
        row, column = item.area.top - 1, item.area.left - 1
        strict(self.sheet.data_validation(row, column, row, column, options))

    def _criteria(self, validation: Validation) -> dict[str, object]:
        if validation.list_of:
            return {"validate": "list", "source": f"={self._lists[validation.list_of]}"}
        if validation.max_length:
            return {"validate": "length", "criteria": "<=", "value": validation.max_length}
        if not validation.formula:
            return {"validate": "any"}
        formula = validation.formula
        if len(formula) > MAX_FORMULA:
            raise WriterFault(f"validation formula over {MAX_FORMULA} characters: {formula}")
        return {"validate": "custom", "value": f"={formula}"}

    # --- the page -------------------------------------------------------------------------------
    def set_page(self) -> None:
        """Columns, row heights, paper: page 1 basic data, page 2 indicators, A4 upright."""
        sheet, form = self.sheet, self._plan.form
        for column, pixels in enumerate(self._widths, start=1):
            self._book.set_width(sheet, column, pixels)
        heights = row_heights(self._needed, form.row_lines, form.page_ends)
        for row, points in heights.items():
            strict(sheet.set_row(row - 1, points))
        sheet.set_paper(9)
        sheet.set_portrait()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.center_horizontally()
        sheet.set_print_scale(page_scale(heights, form.page_ends))
        sheet.set_h_pagebreaks(list(form.page_ends[:-1]))
        strict(sheet.print_area(0, 0, form.last_row - 1, form.columns - 1))
        sheet.print_black_and_white()
        sheet.hide_gridlines(2)
        first = self._plan.inputs(self._index)[0].area.first
        strict(
            sheet.set_selection(first.row - 1, first.column - 1, first.row - 1, first.column - 1)
        )


def _style(item: Input) -> str:
    if item.key == "level2":
        return "input_level"  # as the printed 二级目标 cells around it
    return "input" if item.framed else "input_plain"


def prompt(item: Input) -> str:
    """What stands beside the cell when it is selected: what it is for, then what it takes."""
    both = f"{item.help}\n{item.kind.expected}。" if item.help else f"{item.kind.expected}。"
    return both if len(both) <= MAX_MESSAGE else _limited(item.help, MAX_MESSAGE)


def _limited(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
