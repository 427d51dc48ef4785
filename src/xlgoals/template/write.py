"""The entry to the template writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

from xlsxwriter.worksheet import Worksheet

from xlgoals.book import no_warnings, strict
from xlgoals.identity import made_at
from xlgoals.language import Message
from xlgoals.layouts import Layout, load_layout
from xlgoals.live.build import build_live
from xlgoals.live.results import Contents, LiveResults
from xlgoals.models import GoalForm
from xlgoals.output import write_whole
from xlgoals.plan.build import DEFAULT_PROJECTS, build_plan
from xlgoals.plan.model import Plan
from xlgoals.template.book import Book
from xlgoals.template.form_sheet import write_form_sheet
from xlgoals.template.guide_sheet import write_guide_sheet
from xlgoals.template.handout import PLAIN, Handout, write_carried
from xlgoals.template.lists import list_names, write_hidden_sheet
from xlgoals.template.live_sheet import write_live_checks
from xlgoals.template.margin import Carried, write_margin
from xlgoals.template.prefill import (
    DataError,
    blank_contents,
    check_belonging,
    check_unit,
    common_unit,
    contents_of,
    rows_needed,
)
from xlgoals.template.self_check import add_self_check, write_self_check
from xlgoals.untouched import PREFILLED, inputs_digest


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
        raise DataError(
            Message(
                "项目表有{count}张，工作簿至少要有{least}张项目表",
                count=len(forms),
                least=max(1, len(forms)),
            )
        )
    named = common_unit(forms, chosen, unit)
    plan = build_plan(
        chosen,
        fiscal_year,
        rows_needed(forms, chosen, rows or {}),
        projects or len(forms) or DEFAULT_PROJECTS,
        named,
    )
    check_unit(plan)
    sheets: list[Contents] = [contents_of(form, plan, n) for n, form in enumerate(forms, start=1)]
    sheets += [blank_contents(plan)] * (plan.projects - len(sheets))
    write_whole(path, workbook_of(plan, sheets, password))


def workbook_of(
    plan: Plan,
    sheets: Sequence[Contents],
    password: str | None = None,
    handout: Handout = PLAIN,
) -> bytes:
    """A plan's workbook with these contents, one for each project sheet.

    What a kind would refuse is written as the text it is.
    """
    with no_warnings():
        book = Book(password)
        _describe(book, plan.layout, plan.fiscal_year)
        names = list_names(plan)
        write_guide_sheet(book, plan, handout)
        forms_written = [
            write_form_sheet(book, plan, index, contents, names)
            for index, contents in enumerate(sheets)
        ]
        _write_live(book, plan, sheets, forms_written, handout)
        book.workbook.get_worksheet_by_name(plan.sheet_names[0]).activate()
        return book.finish()


def _write_live(
    book: Book,
    plan: Plan,
    sheets: Sequence[Contents],
    written: Sequence[Worksheet],
    handout: Handout,
) -> None:
    """The live checks: worked out on the hidden sheet, told beside the forms and on 自检."""
    table = build_live(plan)
    results = LiveResults(table, sheets)
    check_sheet = add_self_check(book)
    hidden = write_hidden_sheet(book, plan, list_names(plan), table.lists)
    checks = write_live_checks(book, hidden, table, results)
    carried = write_carried(book, hidden, sheets, handout)
    for name, sheet, kept in zip(plan.sheet_names, written, carried, strict=True):
        own = [w for w in checks if w.check.sheet == name]
        write_margin(book, sheet, plan.form, own, Carried(handout.message, kept))
    if handout is not PLAIN:
        digest = inputs_digest(results.forms, plan.layout.unit_field)
        strict(book.workbook.set_custom_property(PREFILLED, digest, "text"))
    blank = not any(results.flag(index) for index in range(plan.projects))
    write_self_check(book, check_sheet, table, checks, blank)


def _describe(book: Book, layout: Layout, fiscal_year: int) -> None:
    """Document properties; a fixed date, since equal input must give equal bytes."""
    book.workbook.set_properties(
        {
            "title": f"{layout.name}（{fiscal_year}年度）",
            "author": layout.authority,
            "created": made_at(fiscal_year),
        }
    )
