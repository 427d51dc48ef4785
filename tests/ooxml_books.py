"""Every shape of workbook that the writer makes, for those who check them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlgoals
from bootstrap import ROOT
from each_layout import LAYOUTS, sound_form
from xlgoals.campaign.carry import EVERYTHING, Carry
from xlgoals.campaign.jobs import Job, Project, Terms
from xlgoals.campaign.prefill import make_workbook
from xlgoals.campaign.previous import Earlier
from xlgoals.layouts import Layout
from xlgoals.models import form_class
from xlgoals.output import write_whole
from xlgoals.records import load_forms

LAYOUT, YEAR = "shanghai-2020", 2020
TINY, TINY_YEAR = str(Path(__file__).parent / "data" / "tiny.yaml"), 2025

Write = Callable[[Path], None]


def _blank(**options: Any) -> Write:
    return lambda path: xlgoals.write_template(path, LAYOUT, YEAR, **options)


def _tiny(**options: Any) -> Write:
    return lambda path: xlgoals.write_template(path, TINY, TINY_YEAR, **options)


def _published(path: Path) -> None:
    forms = load_forms(ROOT / "examples" / "forms-2020.json", xlgoals.load_layout(LAYOUT))
    xlgoals.write_template(path, LAYOUT, YEAR, forms=forms, projects=5)


def _long_texts(path: Path) -> None:
    """Every text as long as it may be, of characters that XML and Excel have their ways with."""
    layout = xlgoals.load_layout(LAYOUT)
    text = "=_x0041_<&>\"'𠮷\n第二行\t" * 40
    values: dict[str, Any] = {
        key: text[: getattr(item.kind, "max_length", 0)]
        for key, item in layout.fields.items()
        if item.kind.name == "text"
    }
    values |= {"layout": LAYOUT, "fiscal_year": YEAR}
    form = form_class(layout).model_validate(values)
    xlgoals.write_template(path, layout, YEAR, forms=[form, form])


def _sound(layout: Layout) -> Write:
    forms = [sound_form(layout, number) for number in (1, 2)]
    return lambda path: xlgoals.write_template(path, layout, layout.first_year, forms=forms)


def _carried(layout: Layout) -> Write:
    """What a refresh makes of a form of the year before."""
    values = sound_form(layout).model_dump()
    year = layout.first_year + 1
    terms = Terms(
        layout=layout,
        fiscal_year=year,
        earlier_layouts={layout.id: layout},
        carry=Carry.of([EVERYTHING], layout),
        source="上年",
        notes=("联系人：“甲”&<乙>",),
        password=None,
    )
    project = Project("阅览室改造1", Earlier.of(layout.id, year - 1, values, 0), None)
    job = Job("某市图书馆", "a.xlsx", (project, Project("新项目", None, None)))
    return lambda path: write_whole(path, make_workbook(job, terms).data)


BOOKS: Mapping[str, Write] = {
    "blank": _blank(),
    "one project": _blank(projects=1),
    "seven projects": _blank(projects=7),
    "grown": _blank(rows={"数量": 60, "质量": 1, "影响力目标": 50}),
    "unit given": _blank(unit='上海市“甲”&<乙>\'s "中心"'),
    "longest unit": _blank(unit="沪" * 100, projects=2),
    "password": _blank(password="秘密<&>123"),
    "published forms": _published,
    "long texts": _long_texts,
    "tiny": _tiny(),
    "tiny, grown, locked": _tiny(projects=4, rows={"数量指标": 9}, unit="某馆", password="a"),
    **{layout.id: _sound(layout) for layout in LAYOUTS},
    **{f"{layout.id}, carried over": _carried(layout) for layout in LAYOUTS},
}
