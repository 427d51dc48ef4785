"""Which form a workbook is: layout, fiscal year, plan, and which sheets hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlgoals import codes
from xlgoals.cells import Workbook
from xlgoals.findings import Code, Issue
from xlgoals.grid import CellRef
from xlgoals.identity import (
    DEFINED_NAME,
    HIDDEN_CELL,
    HIDDEN_SHEET,
    PROPERTY,
    SUMMARY,
    Identity,
    NewerFormatError,
)
from xlgoals.importer.form_reading import years_of
from xlgoals.importer.locate import NamedCells, named_cells
from xlgoals.importer.sheet_view import SheetView
from xlgoals.importer.table import TableLocator
from xlgoals.layouts import Layout, UnknownLayoutError, layout_ids, load_layout
from xlgoals.plan.build import CapacityError, build_plan
from xlgoals.plan.model import Plan, is_project_sheet
from xlgoals.text import label_key, unescaped

_LEAST_SHARE = 0.5  # of a form's texts or names that a sheet must have to be that form
_SURE = 0.9  # with so many a sheet is that form and no other
_LEAST_TEXTS = 20  # of a sheet that could hold a form
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


class Rejected(Exception):  # noqa: N818 - a state of the file, not a fault of the program
    """The workbook cannot be taken as a form; ``issue`` says why."""

    def __init__(self, issue: Issue, layout: Layout | None = None, year: int | None = None) -> None:
        super().__init__(issue)
        self.issue = issue
        self.layout, self.fiscal_year = layout, year  # what the file says it is


@dataclass(frozen=True)
class Recognised:
    """A workbook that is a form."""

    plan: Plan
    names: Mapping[str, NamedCells]  # by sheet
    sheets: tuple[SheetView, ...]
    issues: tuple[Issue, ...]  # about the file as a whole
    strangers: tuple[tuple[SheetView, Plan], ...] = ()  # sheets that hold a form of another layout
    by_labels: bool = False  # it bears no identity: nobody knows where things were planned
    unread: tuple[SheetView, ...] = ()  # project sheets on which too little is left of any form


@dataclass(frozen=True)
class Wanted:
    """What a file must be; None: whatever it says it is."""

    layout: Layout | None = None
    fiscal_year: int | None = None
    others: tuple[Layout, ...] = ()  # that a file may say it is, beside the package's

    @property
    def known(self) -> tuple[Layout, ...]:
        """All layouts that a file may be of."""
        if self.layout:
            return (self.layout,)
        return (*self.others, *map(load_layout, layout_ids()))

    def named(self, name: str) -> Layout:
        """The layout of that id that a file may be of. Raises UnknownLayoutError."""
        for layout in self.others:
            if layout.id == name:
                return layout
        if name not in layout_ids():
            raise UnknownLayoutError(name)
        return load_layout(name)


def recognise(workbook: Workbook, wanted: Wanted) -> Recognised:
    """Tell what form a workbook is. Raises Rejected where it is none that can be read."""
    if workbook.properties.get(PROPERTY) == SUMMARY:
        raise Rejected(Issue(codes.OWN_SUMMARY))
    identity = _identity(workbook, wanted)
    views = [SheetView(sheet) for sheet in workbook.sheets if sheet.name != HIDDEN_SHEET]
    names = named_cells(workbook.names)
    if identity is None:
        return _by_labels(names, views, wanted)
    layout = _layout_of(identity, wanted)
    if wanted.fiscal_year not in (None, identity.fiscal_year):
        details = {"year": str(identity.fiscal_year), "wanted": str(wanted.fiscal_year)}
        raise Rejected(Issue(codes.WRONG_YEAR, details), layout, identity.fiscal_year)
    plan = _plan_of(identity, layout)
    sheets = _form_sheets(names, views, plan)
    if not sheets:
        raise Rejected(Issue(codes.NOT_OUR_FORM), layout, identity.fiscal_year)
    issues = []
    if plan.digest != identity.plan:
        issues.append(Issue(codes.TEMPLATE_DIFFERS, {"layout": layout.name}))
    return _told_apart(Recognised(plan, names, sheets, tuple(issues)), views, wanted)


# --- identity -------------------------------------------------------------------------------------
def _identity(workbook: Workbook, wanted: Wanted) -> Identity | None:
    """The first of the three places that still speaks; none where nobody here can follow it."""
    try:
        for text in _identity_texts(workbook):
            if identity := Identity.decode(text):
                return None if _is_forced(identity, wanted) else identity
    except NewerFormatError:
        if wanted.layout is None:
            raise Rejected(Issue(codes.NEWER_TEMPLATE)) from None
    return None


def _identity_texts(workbook: Workbook) -> Iterator[str]:
    for name in workbook.names:
        if name.name == DEFINED_NAME:
            text = name.refers_to.removeprefix("=").removeprefix('"').removesuffix('"')
            yield unescaped(text.replace('""', '"'))
    if hidden := workbook.sheet(HIDDEN_SHEET):
        yield SheetView(hidden).text(CellRef.parse(HIDDEN_CELL))
    yield unescaped(workbook.properties.get(PROPERTY, ""))


def _is_forced(identity: Identity, wanted: Wanted) -> bool:
    """Whether a layout is wanted in place of one that is not at hand."""
    at_hand = (*layout_ids(), *(layout.id for layout in (wanted.layout, *wanted.others) if layout))
    return wanted.layout is not None and identity.layout not in at_hand


def _layout_of(identity: Identity, wanted: Wanted) -> Layout:
    if wanted.layout is not None and wanted.layout.id == identity.layout:
        return wanted.layout
    year = identity.fiscal_year
    try:
        layout = wanted.named(identity.layout)
    except UnknownLayoutError:
        issue = Issue(codes.UNKNOWN_LAYOUT, {"layout": identity.layout})
        raise Rejected(issue, None, year) from None
    if wanted.layout is not None:
        details = {"layout": layout.title, "wanted": wanted.layout.title}
        raise Rejected(Issue(codes.WRONG_LAYOUT, details), layout, year)
    return layout


def _plan_of(identity: Identity, layout: Layout) -> Plan:
    """The template's plan; rows of groups that the layout no longer has are its difference."""
    try:
        return build_plan(layout, identity.fiscal_year, identity.capacity, unit=identity.unit)
    except CapacityError:
        return build_plan(layout, identity.fiscal_year, unit=identity.unit)


# --- labels ---------------------------------------------------------------------------------------
def _by_labels(
    names: Mapping[str, NamedCells], views: list[SheetView], wanted: Wanted
) -> Recognised:
    """A workbook without identity: the layout whose texts its sheets bear best."""
    found = []
    for layout in wanted.known:
        for year in _years(views, layout, wanted):
            plan = build_plan(layout, year)
            sheets = _form_sheets(names, views, plan)
            if sheets:
                found.append((sum(_share(sheet, plan) for sheet in sheets), plan, sheets))
    if not found:
        raise Rejected(_no_form(views, wanted.known))
    _, plan, sheets = max(found, key=lambda item: item[0])
    details = {"layout": plan.layout.name, "year": str(plan.fiscal_year)}
    issues = (Issue(codes.IDENTITY_LOST, details),)
    recognised = Recognised(plan, names, sheets, issues, by_labels=True)
    return _told_apart(recognised, views, wanted)


def _years(views: list[SheetView], layout: Layout, wanted: Wanted) -> list[int]:
    """The years that the sheets' titles, or else their top lines, speak of: the most frequent."""
    if wanted.fiscal_year is not None:
        return [wanted.fiscal_year]
    found = [
        year for view in views for year, cells in years_of(view, layout).items() for _ in cells
    ]
    for view in views if not found else ():
        head = [text for ref, text in view.texts.items() if ref.row <= 3 and len(text) <= 20]
        found += [int(year[1]) for text in head for year in _YEAR.finditer(text)]
    return sorted(set(found), key=found.count, reverse=True)[:1]


def _no_form(views: list[SheetView], layouts: Sequence[Layout]) -> Issue:
    """Distinguish a form without a year from no form at all."""
    code: Code = codes.NOT_OUR_FORM
    for layout in layouts:
        plan = build_plan(layout, layout.first_year)
        if any(_bears_form(view, plan) for view in views):
            code = codes.YEAR_UNKNOWN
    return Issue(code)


# --- sheets ---------------------------------------------------------------------------------------
def _form_sheets(
    names: Mapping[str, NamedCells], views: list[SheetView], plan: Plan
) -> tuple[SheetView, ...]:
    """The sheets that hold the form, in tab order: by their names or by their texts."""
    return tuple(view for view in views if _is_named(view, names, plan) or _bears_form(view, plan))


def _is_named(view: SheetView, names: Mapping[str, NamedCells], plan: Plan) -> bool:
    """Whether the form's inputs have their names on the sheet."""
    named = len(plan.form.by_name.keys() & names.get(view.name, {}).keys())
    return named >= _LEAST_SHARE * len(plan.form.by_name)


def _told_apart(form: Recognised, views: list[SheetView], wanted: Wanted) -> Recognised:
    """Forms of another layout in the same workbook; what bears that layout better is none of it."""
    strangers = {}
    for view in views:
        if view not in form.sheets:
            least = _LEAST_SHARE
        elif wanted.layout or _is_named(view, form.names, form.plan):
            continue
        else:
            least = _share(view, form.plan)
        if other := _other_plan(view, form.plan, least):
            strangers[view] = other
    sheets = tuple(view for view in form.sheets if view not in strangers)
    if not sheets:
        strangers, sheets = {}, form.sheets
    taken = (*sheets, *strangers)
    unread = (view for view in views if view not in taken and _is_ruin(view, form.plan))
    return replace(form, sheets=sheets, strangers=tuple(strangers.items()), unread=tuple(unread))


def _is_ruin(view: SheetView, plan: Plan) -> bool:
    """Whether a project sheet holds what somebody typed, and no form any more."""
    if not is_project_sheet(view.name):
        return False
    printed = {key for item in plan.form.locked for key in item.keys}
    printed.add(label_key(plan.unit or ""))
    return any(
        label_key(text) not in printed and view.sheet.cells[ref].formula is None
        for ref, text in view.texts.items()
    )


def _other_plan(view: SheetView, plan: Plan, least: float) -> Plan | None:
    """The plan of another layout, of whose texts a sheet bears more than that share."""
    if least >= _SURE or len(view.texts) < _LEAST_TEXTS:
        return None
    others = [load_layout(name) for name in layout_ids() if name != plan.layout.id]
    plans = [build_plan(layout, layout.first_year) for layout in others]
    best = max(plans, key=lambda other: _share(view, other), default=None)
    if best is None or _share(view, best) <= least or not _bears_form(view, best):
        return None
    return best


def _share(view: SheetView, plan: Plan) -> float:
    """How many of the form's texts stand on the sheet, from 0 to 1."""
    locked = [item for item in plan.form.locked if item.text]
    return sum(bool(view.places(item.keys)) for item in locked) / len(locked)


def _bears_form(view: SheetView, plan: Plan) -> bool:
    """By its texts. A list of the form's labels is no form: headings stand in one row."""
    return _share(view, plan) >= _LEAST_SHARE and TableLocator(view, plan, {}).found
