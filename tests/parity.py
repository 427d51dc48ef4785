"""Workbooks filled in every way that people fill them, to hold live checks against the importer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xlgoals
from typed_spellings import BLANKS, GOOD, options, spellings
from typed_workbooks import Base, Contents, Typed
from xlgoals.cells import CellKind
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, NumberKind, TargetKind, YesNoKind
from xlgoals.plan.model import Input
from xlgoals.reader import read_workbook


# --- the generator --------------------------------------------------------------------------------
class Deck:
    """Draws at random, but everything once before anything twice."""

    def __init__(self, rng: random.Random, cards: Sequence[Typed]) -> None:
        self._rng, self._cards = rng, cards
        self._left: list[Typed] = []

    def draw(self) -> Typed:
        """One more card."""
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


_SUMS = {
    "total_budget": ("total_fiscal_funds", "total_other_funds"),
    "current_budget": ("current_appropriation", "carried_over_funds", "current_other_funds"),
}


_LEVELS = ("成本指标", "产出指标", "效益指标", "满意度指标")
# What they usually have of 90, and what they hardly have.
_WEIGHTS = (
    *((20, 40, 20, 10), (0, 50, 30, 10), (20, 40, 30, 0)),
    *((25, 30, 20, 15), (0, 60, 15, 15), (15, 35, 35, 5)),
)


class Filler:
    """Fills a base in ever new ways."""

    def __init__(self, rng: random.Random, base: Base) -> None:
        self._rng, self._plan = rng, base.plan
        self._decks: dict[str, Deck] = {}

    def contents(self) -> dict[tuple[int, str], Typed | None]:
        """What is typed into one more workbook."""
        found: dict[tuple[int, str], Typed | None] = {}
        ways = (self._wild, self._careful, self._sparse, self._spare)
        for index in range(self._plan.projects):
            (fill,) = self._rng.choices(ways, (6, 4, 2, 1))
            found.update({(index, name): typed for name, typed in fill(index).items()})
        return found

    def _odd(self, item: Input) -> Typed:
        cards = spellings(item)
        # Inputs for the same things share a deck, so that the workbooks of a run see every card.
        return self._decks.setdefault(repr(cards), Deck(self._rng, cards)).draw()

    def _good(self, item: Input) -> Typed:
        match item.kind:
            case ChoiceKind() | YesNoKind() as kind:
                return self._rng.choice(options(kind))
            case DateKind() | AmountKind() | TargetKind() | NumberKind():
                return self._rng.choice(GOOD.get(item.key, GOOD[item.kind.name]))
        if item.key == "name":
            return f"指标{self._rng.randrange(12)}"
        return self._rng.choice(GOOD.get(item.key, GOOD["text"]))

    def _wild(self, index: int) -> dict[str, Typed | None]:
        """More than half of the cells hold anything."""
        found: dict[str, Typed | None] = {}
        for item in self._plan.inputs(index):
            chance = self._rng.random()
            if chance < 0.6:
                found[item.name] = self._odd(item)
            elif chance < 0.8:
                found[item.name] = self._good(item)
            elif chance < 0.9:
                found[item.name] = None
        self._copies(found)
        return found

    def _careful(self, index: int) -> dict[str, Typed | None]:
        """All is filled in well, but for a few things."""
        inputs = self._plan.inputs(index)
        found: dict[str, Typed | None] = {item.name: self._good(item) for item in inputs}
        for item in self._rng.sample(inputs, self._rng.randrange(8)):
            found[item.name] = self._odd(item)
        for item in inputs:
            if item.row is None and not item.required and self._rng.random() < 0.4:
                found[item.name] = None
        if self._rng.random() < 0.5:
            self._empty_group(found)
        self._add_up(found)
        self._weigh(found)
        self._copies(found)
        return found

    def _weigh(self, found: dict[str, Typed | None]) -> None:
        """Weights that add up, those of each level to what is usual, or all but so."""
        by_level: dict[str, list[str]] = {}
        for row in self._plan.form.indicator_rows:
            name = f"indicator_{row.number:02d}_weight"
            if found.get(name) is not None:
                by_level.setdefault(row.group.level1, []).append(name)
        if by_level and self._rng.random() < 0.8:
            for level1, whole in zip(_LEVELS, self._rng.choice(_WEIGHTS), strict=True):
                if names := by_level.get(level1):
                    each = round(whole / len(names), 2)
                    odd = self._rng.random() < 0.05
                    found |= dict.fromkeys(names, each)
                    found[names[-1]] = round(whole + odd - each * (len(names) - 1), 2)

    def _add_up(self, found: dict[str, Typed | None]) -> None:
        """Totals that are the sum of their parts, or all but so."""
        for total, parts in _SUMS.items():
            if found.keys() >= {total, *parts} and self._rng.random() < 0.7:
                hundredths = [self._rng.choice((0, 10, 20, 70, 123456789)) for _ in parts]
                found |= {part: n / 100 for part, n in zip(parts, hundredths, strict=True)}
                found[total] = (sum(hundredths) + self._rng.choice((0, 0, 1))) / 100

    def _sparse(self, index: int) -> dict[str, Typed | None]:
        """Here and there a cell: rows filled in by half, groups left empty."""
        inputs = self._plan.inputs(index)
        chosen = self._rng.sample(inputs, self._rng.randrange(1, 10))
        return {item.name: self._rng.choice((self._odd, self._good))(item) for item in chosen}

    def _spare(self, index: int) -> dict[str, Typed | None]:
        """Nothing at all, or as good as nothing."""
        inputs = self._plan.inputs(index)
        found: dict[str, Typed | None] = {item.name: None for item in inputs}
        if self._rng.random() < 0.4:
            found[self._rng.choice(inputs).name] = self._rng.choice(BLANKS)
        unit = self._plan.layout.unit_field
        if unit in found and self._rng.random() < 0.5:
            found[unit] = self._odd(self._plan.unit_input)
        return found

    def _empty_group(self, found: dict[str, Typed | None]) -> None:
        rows = self._rng.choice(list(self._plan.form.rows_by_group.values()))
        for row in rows[self._rng.randrange(len(rows)) :]:
            for item in self._plan.form.by_row[row.number]:
                found[item.name] = None

    def _copies(self, found: dict[str, Typed | None]) -> None:
        """What says the same as another cell, or all but the same."""
        names = [name for name in found if name.endswith("_name")]
        for _ in range(self._rng.randrange(3)):
            if len(names) > 1:
                one, other = self._rng.sample(names, 2)
                found[one] = self._nearly(found[other])
        if "annual_goal" in found and self._rng.random() < 0.6:
            found["annual_goal"] = self._nearly(found.get("overall_goal"))
        if "necessity" in found and self._rng.random() < 0.5:
            length = self._rng.choice((30, 59, 60, 61, 90))
            text = "".join(self._rng.choices("甲乙 丙\n丁　戊Ａa，,", k=length))
            found[self._rng.choice(("overview", "basis"))] = text
            found["necessity"] = self._rng.choice(("", "另起")) + str(self._nearly(text))

    def _nearly(self, typed: Typed | None) -> Typed | None:
        if not isinstance(typed, str) or not typed:
            return typed
        ways = (typed, f" {typed}", f"{typed}\u3000", typed.swapcase(), f"{typed[:1]} {typed[1:]}")
        return self._rng.choice((*ways, typed.replace(",", "，"), f"{typed}。"))


# --- both sides -----------------------------------------------------------------------------------
Side = Literal["workbook", "importer"]
Place = tuple[str, str, str]  # sheet, cell, code


def live_side(base: Base, path: Path) -> frozenset[Place]:
    """What the workbook itself says; a check that cannot be worked out says so."""
    hidden = read_workbook(path).sheet(HIDDEN_SHEET)
    assert hidden
    found = set()
    for check, place in base.checks:
        cell = hidden.cells.get(place)
        if cell is None or cell.value in (None, ""):
            continue
        code = check.code.id
        if cell.kind is CellKind.ERROR or not str(cell.value).startswith(f"{code} "):
            code = f"{code}?{cell.value}"
        found.add((check.sheet, check.cell, code))
    return frozenset(found)


def importer_side(base: Base, path: Path) -> frozenset[Place]:
    """What the importer says, as far as the workbook can tell of it."""
    findings = xlgoals.read(path, layout=base.layout).findings
    return frozenset(
        (f.sheet, f.cell, f.code)
        for f in findings
        if f.sheet and f.cell and f.code in base.live_codes
    )


@dataclass(frozen=True)
class Disagreement:
    """A code at a cell that only one side tells."""

    workbook: str  # its name, so that it can be looked at
    place: Place
    side: Side
    typed: Mapping[str, Typed | None]  # in the cells that the check speaks of, the place first

    @property
    def kind(self) -> tuple[str, str, str]:
        """What it is about: equal ones are told once."""
        code, _, fault = self.place[2].partition("?")
        first = next(iter(self.typed.values()), None)
        return code, self.side, f"?{fault}" if fault else repr(first)

    def __str__(self) -> str:
        sheet, cell, code = self.place
        typed = ", ".join(f"{name}={_brief(value)}" for name, value in self.typed.items())
        return f"{code}: only the {self.side} says so at {self.workbook} {sheet}!{cell}; {typed}"


def _brief(typed: Typed | None) -> str:
    text = repr(typed)
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]} ({len(text)})"


def disagreements(base: Base, path: Path, contents: Contents) -> Iterator[Disagreement]:
    """Everything that workbook and importer do not both say of a recalculated workbook."""
    live, read = live_side(base, path), importer_side(base, path)
    checks = {(check.sheet, check.cell, check.code.id): check for check, _ in base.checks}
    for place in sorted(live ^ read):
        side: Side = "workbook" if place in live else "importer"
        check = checks.get((place[0], place[1], place[2].partition("?")[0]))
        spoken = (check.input, *check.related) if check else ()
        index = base.plan.sheet_names.index(place[0])
        typed = {item.name: contents.get((index, item.name), "(as written)") for item in spoken}
        yield Disagreement(path.name, place, side, typed)


MOST_TOLD = 80


def told(found: Sequence[Disagreement]) -> str:
    """One line for each kind of disagreement."""
    by_kind: dict[tuple[str, str, str], list[Disagreement]] = {}
    for item in found:
        by_kind.setdefault(item.kind, []).append(item)
    lines = [f"{same[0]} (×{len(same)})" for _, same in sorted(by_kind.items())]
    return "\n".join([f"{len(found)} disagreements", *lines[:MOST_TOLD]])
