"""Budgets beside those of other projects, and beside those of the version before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from xlgoals import codes
from xlgoals.findings import Code, Finding, Issue, Place
from xlgoals.layouts import Layout
from xlgoals.season.figures import BUDGETS, WAN
from xlgoals.season.model import FormEntry

_PEERS = 5  # fewer tell nothing
_FAR = 1_000  # times: between 元 and 万元 there are ten thousand


@dataclass(frozen=True)
class Before:
    """A form in the version before: where it came from, and its amounts."""

    path: str
    amounts: Mapping[str, Decimal]


def _like_wan_yuan(own: Decimal, middle: Decimal) -> bool:
    """Whether the figure is small for 元 but as 万元 would be one of its peers."""
    return own < WAN and own * _FAR <= middle


def _like_yuan(own: Decimal, middle: Decimal) -> bool:
    """Whether the figure is large for 万元 but as 元 would be one of its peers."""
    return own >= WAN * WAN and own >= middle * _FAR


# By what a form's amounts are in: how one in the other unit looks, and which of the sorted amounts
# may be left out in its stead, for the rest to have the same one in the middle.
_SLIPS = {
    "元": (codes.AMOUNT_BELOW_PEERS, _like_wan_yuan, slice(1, None)),
    "万元": (codes.AMOUNT_ABOVE_PEERS, _like_yuan, slice(None, -1)),
}


def beside_peers(layout: Layout, forms: Sequence[FormEntry]) -> Iterator[Finding]:
    """Budgets that look as if filled in by the other unit beside those of their peers.

    Peers are of the same category, else of the same unit.
    """
    code, slipped, others = _SLIPS[layout.amount_unit]
    for key in _budgets(layout):
        told: set[int] = set()
        for name, group in _groups(forms):
            said = {index: forms[index].amounts.get(key) for index in group}
            amounts = {index: amount for index, amount in said.items() if amount}
            if len(amounts) <= _PEERS:
                continue
            middle = median(sorted(amounts.values())[others])
            for index, own in amounts.items():
                if index not in told and slipped(own, middle):
                    told.add(index)
                    details = {"read": _yuan(own), "median": _yuan(middle), "group": name}
                    details["count"] = str(len(amounts) - 1)
                    yield _at(layout, forms[index], key, code, details)


def _groups(forms: Sequence[FormEntry]) -> Iterator[tuple[str, list[int]]]:
    """The forms that may be compared, by their numbers: categories first."""
    groups: dict[tuple[str, object], list[int]] = {}
    for index, form in enumerate(forms):
        if category := form.category:
            groups.setdefault((f"“{category}”", None), []).append(index)
    for index, form in enumerate(forms):
        if form.unit:
            groups.setdefault((f"“{form.unit}”", form.unit_code or ""), []).append(index)
    for (name, _), group in groups.items():
        yield name, group


def changed(layout: Layout, forms: Iterable[tuple[FormEntry, Before | None]]) -> Iterator[Finding]:
    """Budgets that differ from those of the version before; blank ones are told elsewhere."""
    for form, before in forms:
        if before is None:
            continue
        for key in _budgets(layout):
            old, new = before.amounts.get(key), form.amounts.get(key)
            if old is not None and new is not None and old != new:
                details = {"old": _yuan(old), "read": _yuan(new), "previous": before.path}
                yield _at(layout, form, key, codes.AMOUNT_CHANGED, details)


def _budgets(layout: Layout) -> list[str]:
    return [key for key in BUDGETS if key in layout.fields]


def _at(
    layout: Layout, form: FormEntry, key: str, code: Code, details: Mapping[str, str]
) -> Finding:
    place = Place(sheet=form.sheet, field=key, label=layout.fields[key].title)
    project = form.project or form.sheet
    issue = Issue(code, {"project": project, **details})
    return Finding.of(issue, form.file, place, str(form.amounts[key]))


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"
