"""Makes the workbooks of ``tests/corpus`` anew: ``python tools/make_corpus.py [CASE...]``.

Each case is a JSON file that says by which program it is made, from what and in which steps, and
what must be found in it. Only the workbook and the program's version come from here; what is
expected is decided by hand. A workbook stays as it is while its parts would be the same; where rows
or sheets were moved, LibreOffice spells some validations now this way, now that.

Needs LibreOffice with Python's ``uno``, Gnumeric and npm; installs the npm packages aside.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bootstrap import ROOT, SetUpError, run_main, run_quietly, say
from office import find_libreoffice

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "corpus" / "makers"))

import with_openpyxl

import xlgoals
from xlgoals.identity import HIDDEN_CELL, HIDDEN_SHEET
from xlgoals.records import load_forms

CORPUS = ROOT / "tests" / "corpus"
MAKERS = CORPUS / "makers"
LAYOUT, YEAR = xlgoals.load_layout("shanghai-2020"), 2020
# Few rows keep the files small; 数量 and 效果目标 have one to spare.
ROWS = {"数量": 2, "质量": 1, "时效": 1, "效果目标": 2, "影响力目标": 1}
NPM_PACKAGES = {"exceljs": "exceljs", "sheetjs": "xlsx", "xlsx-populate": "xlsx-populate"}
NPM_VERSIONS = {"exceljs": "4.4.0", "sheetjs": "0.18.5", "xlsx-populate": "1.21.0"}
_MODULES = ROOT / ".cache" / "corpus"

Case = dict[str, Any]


def main() -> int:
    """Make all cases, or those named."""
    cases = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(CORPUS.glob("*.json"))
    }
    wanted = sys.argv[1:] or list(cases)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_bases(folder)
        made = 0
        for batch in _batches(cases, wanted):
            jobs = [_job(case, cases[case], folder) for case in batch]
            _MAKE[cases[batch[0]]["program"]](jobs)
            made += sum(_keep(case, cases[case], folder / f"{case}.xlsx") for case in batch)
    say(f"{len(wanted)} cases, {made} of them changed.")
    return 0


def write_bases(folder: Path) -> None:
    """The workbooks that the cases begin with."""
    write = partial(xlgoals.write_template, layout=LAYOUT, fiscal_year=YEAR, rows=ROWS)
    clean = load_forms(MAKERS / "clean.json", LAYOUT)
    published = load_forms(ROOT / "examples" / f"forms-{YEAR}.json", LAYOUT)
    write(folder / "blank.xlsx", projects=1)
    write(folder / "three.xlsx", projects=3)
    write(folder / "clean.xlsx", forms=clean[:1])
    write(folder / "two.xlsx", forms=clean)
    write(folder / "published.xlsx", forms=published[:1])
    # Most of a workbook's size is its live checks; where only values matter they are left out.
    for name in ("blank", "three", "clean", "two"):
        source, target = folder / f"{name}.xlsx", folder / f"{name}-light.xlsx"
        with_openpyxl.make(source, target, _without_live_checks(source))


def _without_live_checks(source: Path) -> list[dict[str, Any]]:
    """The steps that take them out; the workbook still says what it is, in all three places."""
    forms = [sheet for sheet in with_openpyxl.sheets(source) if sheet.startswith("项目")]
    return [
        {"do": "keep", "sheet": HIDDEN_SHEET, "cells": [HIDDEN_CELL]},
        {"do": "remove", "sheet": "自检"},
        *({"do": "clear_from", "sheet": sheet, "column": 7} for sheet in forms),
    ]


def _batches(cases: dict[str, Case], wanted: list[str]) -> Iterator[list[str]]:
    """Cases of one program at a time; those that begin with another case come last."""
    chained = [name for name in wanted if cases[name]["base"] in cases]
    for names in ([name for name in wanted if name not in chained], chained):
        for program in _MAKE:
            batch = [name for name in names if cases[name]["program"] == program]
            if batch:
                yield batch


def _job(name: str, case: Case, folder: Path) -> dict[str, Any]:
    base = case["base"]
    made = folder / f"{base}.xlsx"
    source = made if base and made.exists() else CORPUS / f"{base}.xlsx"
    return {
        "source": str(source) if base else None,
        "target": str(folder / f"{name}.xlsx"),
        "steps": case["steps"],
    }


def _keep(name: str, case: Case, made: Path) -> bool:
    """Take the workbook over if it differs, and note the program's version; whether it did."""
    kept = CORPUS / made.name
    changed = not kept.exists() or _parts(kept) != _parts(made)
    if changed:
        shutil.copyfile(made, kept)
        path = CORPUS / f"{name}.json"
        by = json.dumps(_version(case["program"]))
        text = path.read_text("utf-8")
        path.write_text(re.sub(r'"made_by": "[^"]*"', f'"made_by": {by}', text), "utf-8")
    return changed


def _parts(path: Path) -> dict[str, bytes]:
    """All that a workbook says, but for the time of its saving."""
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if not name.startswith("docProps/core")]
        return {name: book.read(name) for name in names}


# --- the programs -------------------------------------------------------------------------------
def _by_openpyxl(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        source = Path(job["source"]) if job["source"] else None
        with_openpyxl.make(source, Path(job["target"]), job["steps"])


def _by_node(program: str, jobs: list[dict[str, Any]]) -> None:
    modules = str(_node_modules())
    for job in jobs:
        command = ["node", str(MAKERS / f"{program}.mjs"), modules]
        # What JavaScript makes of a day depends on where it runs.
        zone = next((step["zone"] for step in job["steps"] if "zone" in step), "UTC")
        _run(command, json.dumps(job), TZ=zone)


def _by_gnumeric(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        run_quietly(["ssconvert", "--recalc", job["source"], job["target"]])


def _by_libreoffice(jobs: list[dict[str, Any]]) -> None:
    script = MAKERS / "libreoffice_uno.py"
    with tempfile.TemporaryDirectory() as profile:
        command = [_python_with_uno(), str(script), _soffice(), f"{profile}/profile"]
        _run(command, json.dumps(jobs))


def _run(command: list[str], text: str, **more: str) -> None:
    env = {**os.environ, **more}
    done = subprocess.run(command, input=text, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SetUpError(f"{' '.join(command)}\n{done.stderr}")


_MAKE: dict[str, Callable[[list[dict[str, Any]]], None]] = {
    "openpyxl": _by_openpyxl,
    **{program: partial(_by_node, program) for program in NPM_PACKAGES},
    "libreoffice": _by_libreoffice,
    "gnumeric": _by_gnumeric,
}


@cache
def _version(program: str) -> str:
    if program == "openpyxl":
        return f"openpyxl {version('openpyxl')}"
    if program == "gnumeric":
        said = subprocess.run(
            ["ssconvert", "--version"], check=True, capture_output=True, text=True
        )
        found = re.search(r"'([\d.]+)'", said.stdout + said.stderr)
        return f"Gnumeric {found[1] if found else ''}"
    if program == "libreoffice":
        found = re.search(r"[\d.]+", run_quietly([_soffice(), "--version"]))
        return f"LibreOffice {found[0] if found else ''}"
    return f"{NPM_PACKAGES[program]} {NPM_VERSIONS[program]}"


@cache
def _soffice() -> str:
    found = find_libreoffice()
    if found is None:
        raise SetUpError("LibreOffice is not installed")
    return found


@cache
def _python_with_uno() -> str:
    for name in ("/usr/bin/python3", "python3"):
        done = subprocess.run([name, "-c", "import uno"], check=False, capture_output=True)
        if done.returncode == 0:
            return name
    raise SetUpError("No Python has uno; on Debian and Ubuntu: apt-get install python3-uno")


@cache
def _node_modules() -> Path:
    packages = [f"{NPM_PACKAGES[program]}@{NPM_VERSIONS[program]}" for program in NPM_PACKAGES]
    place = _MODULES / "-".join(NPM_VERSIONS.values())
    if not place.exists():
        _MODULES.mkdir(parents=True, exist_ok=True)
        (_MODULES.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        with tempfile.TemporaryDirectory(dir=_MODULES) as folder:
            command = ["npm", "install", "--prefix", folder, *packages, "--ignore-scripts"]
            run_quietly([*command, "--no-audit", "--no-fund", "--loglevel=error"])
            Path(folder).rename(place)
            Path(folder).mkdir()
    return place


if __name__ == "__main__":
    run_main(main)
