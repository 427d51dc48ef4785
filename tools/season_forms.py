"""Units and filled forms out of the words in season_projects.yaml, with and without slips."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

import xlgoals
from xlgoals.kinds import CellContent
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan
from xlgoals.template.prefill import contents_of
from xlgoals.template.write import workbook_of

LAYOUT, YEAR = "shanghai-2020", 2020

_CHOICE = re.compile(r"\{([^{}]+)\}")
_TEXTS = ("overview", "basis", "necessity", "safeguards", "plan", "objectives")
_QUANTITY, _SATISFACTION = "数量", "满意度"


@dataclass(frozen=True)
class Unit:
    """A declaring unit, as a roster has it."""

    code: str
    name: str
    alias: str
    contact: str

    @classmethod
    def of(cls, number: int) -> Unit:
        """The unit of that number, the same whatever the dice say."""
        words = _words()["units"]
        kinds, districts, people = words["kinds"], words["districts"], words["contacts"]
        district = districts[number % len(districts)]
        kind = kinds[(number + number // len(districts)) % len(kinds)]
        branch = (number - 1) // (len(districts) * len(kinds))
        alias = f"{district}{kind}" + (f"第{branch + 1}分中心" if branch else "")
        contact = f"{people[number % len(people)]}老师 021-5{number:07d}"
        return cls(f"{number:03d}", f"上海市{alias}（示例）", alias, contact)


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it in; ``typed`` stands in cells for which no value would do."""

    values: dict[str, Any]
    typed: dict[str, CellContent] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The project's name."""
        return str(self.values["project_name"])

    def but(self, **values: Any) -> Filled:
        """The same with other values."""
        return replace(self, values={**self.values, **values})

    def workbook(self) -> bytes:
        """The template's workbook with this form in it, alone."""
        layout = xlgoals.load_layout(LAYOUT)
        plan = build_plan(layout, YEAR, projects=1, unit=self.values["declaring_unit"])
        form = form_class(layout).model_validate(self.values)
        return workbook_of(plan, [{**contents_of(form, plan, 1), **self.typed}])


def project_names() -> list[str]:
    """The projects that there are words for."""
    return [item["name"] for item in _words()["projects"]]


def fill_in(unit: Unit, project: str, random: Random) -> Filled:
    """A good form of a unit's project."""
    (source,) = (item for item in _words()["projects"] if item["name"] == project)
    texts = {key: _spoken(source[key], random) for key in _TEXTS}
    low, high = map(int, source["thousands"].split(".."))
    budget = Decimal(random.randint(low, high) * 1000)
    one_off = source.get("one_off", False)
    prior = {} if one_off or random.random() < 0.3 else _prior(budget, random)
    start = date(YEAR, random.randint(1, 3), 1)
    end = date(YEAR, random.randint(10, 12), random.choice([15, 25, 30]))
    indicators = [
        {"level1": a, "level2": b, "name": name, "target": {"text": _spoken(target, random)}}
        for a, b, name, target in source["indicators"]
    ]
    values = {
        "layout": LAYOUT,
        "fiscal_year": YEAR,
        "declaring_unit": unit.name,
        "project_name": source["name"],
        "project_category": source["category"],
        "start_date": start,
        "end_date": end,
        "has_government_purchase": source.get("purchase", False),
        "performance_type": source["type"],
        **{key: text for key, text in texts.items() if key != "plan"},
        "implementation_plan": texts["plan"],
        "total_budget": budget,
        "current_budget": budget,
        **prior,
        "indicators": [*_prescribed(), *indicators],
    }
    return Filled(values)


def _prior(budget: Decimal, random: Random) -> dict[str, Decimal]:
    prior = budget * random.randint(80, 105) // 100
    return {"prior_budget": prior, "prior_execution": prior * random.randint(780, 1000) / 1000}


def _prescribed() -> list[dict[str, Any]]:
    """The rows that the form has printed."""
    return [
        {
            "level1": group.level1,
            "level2": group.level2,
            "name": row.name,
            "target": {"text": row.target},
        }
        for group in xlgoals.load_layout(LAYOUT).indicators.groups
        for row in group.fixed
    ]


def _spoken(text: str, random: Random) -> str:
    """A text with its choices made."""

    def chosen(match: re.Match[str]) -> str:
        options: str = match[1]
        low, between, high = options.partition("..")
        if between:
            return str(random.randint(int(low), int(high)))
        return random.choice(options.split("|"))

    return _CHOICE.sub(chosen, text)


@lru_cache
def _words() -> dict[str, Any]:
    path = Path(__file__).with_name("season_projects.yaml")
    words: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


# --- slips ----------------------------------------------------------------------------------------
def over_total(form: Filled, random: Random) -> Filled:
    """More money in the year than in all."""
    factor = Decimal(random.randint(11, 19)) / 10
    return form.but(current_budget=form.values["total_budget"] * factor)


def half_row(form: Filled, random: Random) -> Filled:
    """An indicator without a target."""
    rows = list(form.values["indicators"])
    quantities = [n for n, row in enumerate(rows) if row["level2"] == _QUANTITY]
    place = random.choice(quantities)
    rows[place] = {**rows[place], "target": None}
    return form.but(indicators=rows)


def impossible_date(form: Filled, random: Random) -> Filled:
    """A day that no calendar has."""
    typed = random.choice([f"{YEAR}年11月31日", f"{YEAR}-02-30", f"{YEAR}年底"])
    return replace(form, typed={**form.typed, "end_date": typed})


def reversed_dates(form: Filled, _: Random) -> Filled:
    """An end before the start."""
    return form.but(start_date=form.values["end_date"], end_date=form.values["start_date"])


def about(form: Filled, _: Random) -> Filled:
    """An amount in words."""
    budget = form.values["current_budget"] / 10_000
    return replace(form, typed={**form.typed, "current_budget": f"约{budget.normalize():f}万元"})


def in_ten_thousands(form: Filled, _: Random) -> Filled:
    """Amounts in 万元 where 元 are asked for."""
    keys = ("total_budget", "current_budget", "prior_budget", "prior_execution")
    amounts = {key: form.values[key] for key in keys if form.values.get(key) is not None}
    return form.but(**{key: round(amount / 10_000, 2) for key, amount in amounts.items()})


def exactly_satisfied(form: Filled, random: Random) -> Filled:
    """A satisfaction that is to be just so."""
    target = {"text": f"={random.randint(88, 98)}%"}
    rows = form.values["indicators"]
    return form.but(
        indicators=[{**r, "target": target} if r["level2"] == _SATISFACTION else r for r in rows]
    )


SLIPS: tuple[Callable[[Filled, Random], Filled], ...] = (
    over_total,
    half_row,
    impossible_date,
    reversed_dates,
    about,
    in_ten_thousands,
    exactly_satisfied,
)
