"""The entry to the template writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from os import PathLike

from xlgoals.layouts import Layout, load_layout
from xlgoals.models import GoalForm
from xlgoals.output import write_whole
from xlgoals.plan.build import DEFAULT_PROJECTS, build_plan
from xlgoals.template.book import Book, no_warnings
from xlgoals.template.form_sheet import Contents, write_form_sheet
from xlgoals.template.guide_sheet import write_guide_sheet
from xlgoals.template.lists import list_names, write_lists_sheet
from xlgoals.template.prefill import (
    DataError,
    blank_contents,
    check_belonging,
    common_unit,
    contents_of,
    rows_needed,
)


def write_template(
    path: str | PathLike[str],
    layout: Layout | str,
    fiscal_year: int,
    *,
    unit: str | None = None,
    projects: int | None = None,
    rows: Mapping[str, int] | None = None,
    forms: Sequence[GoalForm] = (),
    password: str | None = None,
) -> None:
    """Write a locked workbook for one declaring unit.

    ``unit`` and ``forms`` prefill it; without ``projects`` there is one sheet for each form, or
    three where there are no forms. ``rows`` gives free indicator rows by group (``{"数量": 5}``);
    they grow to fit the forms. Without ``password`` the sheets are locked without one. The same
    arguments give the same bytes. The file is written whole or not at all.

    Raises DataError for forms that do not fit, CapacityError for rows the layout does not have,
    UnknownLayoutError, LayoutError, and OSError where the file cannot be written.
    """
    chosen = load_layout(layout) if isinstance(layout, str) else layout
    check_belonging(forms, chosen, fiscal_year)
    if projects is not None and projects < max(1, len(forms)):
        raise DataError(f"项目表有{len(forms)}张，工作簿至少要有{max(1, len(forms))}张项目表")
    plan = build_plan(
        chosen,
        fiscal_year,
        rows_needed(forms, chosen, rows or {}),
        projects or len(forms) or DEFAULT_PROJECTS,
        common_unit(forms, chosen, unit),
    )
    sheets: list[Contents] = [contents_of(form, plan, n) for n, form in enumerate(forms, start=1)]
    sheets += [blank_contents(plan)] * (plan.projects - len(sheets))
    with no_warnings():
        book = Book(password)
        _describe(book, chosen, fiscal_year)
        lists = list_names(plan)
        write_guide_sheet(book, plan)
        for index, contents in enumerate(sheets):
            write_form_sheet(book, plan, index, contents, lists)
        write_lists_sheet(book, plan, lists)
        book.workbook.get_worksheet_by_name(plan.sheet_names[0]).activate()
        data = book.finish()
    write_whole(path, data)


def _describe(book: Book, layout: Layout, fiscal_year: int) -> None:
    """Document properties; a fixed date, since equal input must give equal bytes."""
    book.workbook.set_properties(
        {
            "title": f"{layout.name}（{fiscal_year}年度）",
            "author": layout.authority,
            "created": datetime(fiscal_year, 1, 1),
        }
    )
