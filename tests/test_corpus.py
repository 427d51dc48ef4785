"""Workbooks as real programs leave them, each with the forms and the findings it must give.

A case is a JSON file beside its workbook: by which program it is made, from what, in which steps;
then what must come of it. ``forms`` names for each form the one it equals (``"as": "clean/1"``) and
the fields that differ; ``findings`` are all there are. ``tools/make_corpus.py`` makes the workbooks
anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from bootstrap import ROOT
from oracle import compare
from xlgoals.kinds.base import as_shown
from xlgoals.models import GoalForm
from xlgoals.reader import read_workbook
from xlgoals.records import load_forms
from xlgoals.text import label_key, stored

CORPUS = Path(__file__).parent / "corpus"
LAYOUT = xlgoals.load_layout("shanghai-2020")
CASES = sorted(path.stem for path in CORPUS.glob("*.json"))
KEYS = ("code", "severity", "sheet", "cell", "field")
PRINTED = sum(len(group.fixed) for group in LAYOUT.indicators.groups)


def case_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text("utf-8"))
    return found


@cache
def known_forms() -> dict[str, GoalForm]:
    """The forms that the cases begin with: ``clean/1``, ``published/1``."""
    files = {
        "clean": CORPUS / "makers" / "clean.json",
        "published": ROOT / "examples" / "forms-2020.json",
    }
    forms = {
        f"{name}/{number}": form
        for name, path in files.items()
        for number, form in enumerate(load_forms(path, LAYOUT), start=1)
    }
    year, prescribed = forms["clean/1"].fiscal_year, forms["clean/1"].indicators[:PRINTED]
    nothing = GoalForm(layout=LAYOUT.id, fiscal_year=year, indicators=prescribed)
    return {**forms, "nothing": nothing}


def plain(form: GoalForm) -> dict[str, Any]:
    """A form as the cases spell it: prescribed rows by name, the others as lists of texts."""
    values = form.model_dump(mode="json")
    rows = [
        [row["level1"], row["level2"], row["name"], row["target"] and row["target"]["text"]]
        for row in values["indicators"]
    ]
    printed = {row[2]: row[3] for row in rows if row[0] == "投入与管理"}
    return {**values, "printed": printed, "indicators": [r for r in rows if r[0] != "投入与管理"]}


def expected_form(differing: dict[str, Any]) -> dict[str, Any]:
    """A known form with what the case says is different; a prescribed row of null is gone."""
    form = plain(known_forms()[differing["as"]])
    printed = {**plain(known_forms()["nothing"])["printed"], **differing.get("printed", {})}
    changes = {key: value for key, value in differing.items() if key not in ("as", "printed")}
    assert changes.keys() <= form.keys()
    return {
        **form,
        **changes,
        "printed": {name: text for name, text in printed.items() if text is not None},
    }


@pytest.mark.parametrize("name", CASES)
def test_it_gives_its_forms_and_its_findings(name: str) -> None:
    case = case_of(name)
    submission = xlgoals.read(CORPUS / f"{name}.xlsx")
    found = [{key: getattr(finding, key) for key in KEYS} for finding in submission.findings]
    assert [plain(form) for form in submission.forms] == [
        expected_form(form) for form in case["forms"]
    ]
    assert _sorted(found) == _sorted(case["findings"])
    assert submission.status == case["status"]


def _sorted(findings: list[dict[str, Any]]) -> list[list[str]]:
    return sorted([str(finding[key]) for key in KEYS] for finding in findings)


@pytest.mark.parametrize("name", CASES)
def test_no_filled_cell_is_lost(name: str) -> None:
    """Every cell of a form sheet is read as an input, told, or a text of the form's own."""
    submission = xlgoals.read(CORPUS / f"{name}.xlsx")
    if submission.plan is None:
        return
    own = {key for locked in submission.plan.form.locked if locked.text for key in locked.keys}
    units = {form.declaring_unit for form in submission.forms if form.declaring_unit}
    for place, text in _filled(name, {record.sheet for record in submission.records}):
        if label_key(text) not in own and not any(text.endswith(unit) for unit in units):
            assert place in _read_or_told(submission), text


def _filled(name: str, sheets: set[str]) -> Iterator[tuple[str, str]]:
    """Places and texts; the template's own messages, dead or alive, are left out."""
    for sheet in read_workbook(CORPUS / f"{name}.xlsx").sheets:
        for cell in sheet.cells.values() if sheet.name in sheets else ():
            live = cell.formula and any(word in cell.formula for word in ("_xlgoals", "#REF!"))
            if (text := stored(as_shown(cell))) and not live:
                yield f"{sheet.name}!{cell.ref.a1}", text


def _read_or_told(submission: xlgoals.Submission) -> set[str]:
    read = {f"{item.sheet}!{item.cell}" for item in submission.inputs}
    told = {f"{finding.sheet}!{finding.cell}" for finding in submission.findings}
    return read.union(told, *(finding.related for finding in submission.findings))


@pytest.mark.slow
# xlsx-populate writes an empty fill beside rich text, which openpyxl does not survive.
@pytest.mark.parametrize("name", [name for name in CASES if name != "text-rich-xlsx-populate"])
def test_the_reader_sees_what_openpyxl_sees(name: str) -> None:
    compare(CORPUS / f"{name}.xlsx")


def test_the_corpus_is_made_by_many_programs_and_stays_small() -> None:
    programs = {case_of(name)["program"] for name in CASES}
    assert programs >= {"libreoffice", "openpyxl", "exceljs", "sheetjs", "gnumeric"}
    assert {path.stem for path in CORPUS.glob("*.xlsx")} == set(CASES)
    assert sum(path.stat().st_size for path in CORPUS.glob("*.xlsx")) < 4_000_000
