"""Workbooks as real programs leave them, each with the forms and the findings it must give.

A case is a JSON file beside its workbook; ``tools/make_corpus.py`` makes the workbooks anew.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from oracle import compare

import xlgoals
from bootstrap import ROOT
from xlgoals.models import GoalForm
from xlgoals.records import load_forms
from xlgoals.submission import Status
from xlgoals.text import label_key

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
    if form["printed"] != (prescribed := plain(known_forms()["nothing"])["printed"]):
        form["printed"] = prescribed
    printed = {**form["printed"], **differing.get("printed", {})}
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
    """As openpyxl sees the form sheets: every text is the form's own, in a form, or told."""
    submission = xlgoals.read(CORPUS / f"{name}.xlsx")
    if submission.status is Status.REJECTED or submission.plan is None:
        return
    own = Counter(
        key for locked in submission.plan.form.locked for key in locked.keys if locked.text
    )
    read = {(item.sheet, item.cell) for item in submission.inputs}
    told = {(finding.sheet, finding.cell) for finding in submission.findings}
    book = openpyxl.load_workbook(CORPUS / f"{name}.xlsx")
    for form in (record.sheet for record in submission.records):
        for row in book[form].iter_rows():
            for cell in row:
                text = "" if cell.value is None else str(cell.value).strip()
                live = text.startswith("=") and ("_xlgoals" in text or "#REF!" in text)
                known = label_key(text) in own or label_key(text).startswith("申报单位名称")
                if text and not live and not known and cell.column_letter != "A":
                    place = (form, cell.coordinate)
                    unit = text == str(known_unit(submission))
                    assert place in read | told or unit, (place, text)


def known_unit(submission: xlgoals.Submission) -> str | None:
    return submission.forms[0].declaring_unit if submission.forms else None


@pytest.mark.parametrize("name", CASES)
def test_the_reader_sees_what_openpyxl_sees(name: str) -> None:
    compare(CORPUS / f"{name}.xlsx")


def test_the_corpus_is_made_by_many_programs_and_stays_small() -> None:
    programs = {case_of(name)["program"] for name in CASES}
    assert programs >= {"libreoffice", "openpyxl", "exceljs", "sheetjs", "gnumeric"}
    assert {path.stem for path in CORPUS.glob("*.xlsx")} == set(CASES)
    assert sum(path.stat().st_size for path in CORPUS.glob("*.xlsx")) < 4_000_000
