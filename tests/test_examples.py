"""`examples/` and `templates/` are what the program makes and finds today."""

from __future__ import annotations

import json
import shlex
import zipfile
from contextlib import chdir
from decimal import Decimal
from pathlib import Path

import pytest

import xlgoals
from bootstrap import ROOT
from command import run
from make_examples import make_all
from xlgoals.campaign.refresh import refresh
from xlgoals.campaign.source import read_campaign
from xlgoals.findings import Severity
from xlgoals.reader import read_workbook

COMMANDS = sorted((Path(__file__).parent.parent / "examples" / "commands").iterdir())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_all(folder, folder)
    return folder


def parts(path: Path) -> dict[str, bytes]:
    """A workbook part by part: how they are packed depends on the system's zlib."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("name", ["templates/shanghai-2020.xlsx", "examples/filled-2020.xlsx"])
def test_the_workbooks_are_what_the_program_writes(name: str, made: Path) -> None:
    kept = Path(__file__).parent.parent / name
    assert parts(made / kept.name) == parts(kept), "run tools/make_examples.py"


def test_the_workbook_of_mistakes_holds_what_was_typed(made: Path, examples_dir: Path) -> None:
    ours, kept = (read_workbook(folder / "mistakes-2020.xlsx") for folder in (made, examples_dir))
    assert (ours.sheets, ours.names, ours.properties) == (kept.sheets, kept.names, kept.properties)


def test_the_filled_workbook_is_the_published_forms(examples_dir: Path) -> None:
    published = json.loads((examples_dir / "forms-2020.json").read_text(encoding="utf-8"))
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    assert [form.record() for form in submission.forms] == published


def test_the_published_forms_give_no_errors_but_useful_warnings(examples_dir: Path) -> None:
    findings = xlgoals.read(examples_dir / "filled-2020.xlsx").findings
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    placed = {(f.sheet, f.cell, f.code) for f in findings}
    assert {
        ("项目1", "D40", "satisfaction-equals"),
        ("项目2", "D36", "satisfaction-equals"),
        ("项目3", "D40", "satisfaction-equals"),
        ("项目2", "D32", "number-without-unit"),
        ("项目3", "D28", "number-without-unit"),
        ("项目2", "B15", "one-off-with-prior-year"),
        ("项目2", "B9", "necessity-copies-basis"),
        ("项目3", "B9", "necessity-copies-overview"),
    } <= placed
    not_specific = {(sheet, cell) for sheet, cell, code in placed if code == "name-not-specific"}
    assert {("项目1", "C28"), ("项目1", "C40"), ("项目2", "C40")} <= not_specific
    assert ("项目3", "C34") not in not_specific  # 按时完成
    assert ("项目3", "C36") not in not_specific  # 社会影响


def test_the_mistakes_are_found_exactly(examples_dir: Path) -> None:
    text = (examples_dir / "mistakes-2020.json").read_text(encoding="utf-8")
    expected = [tuple(item) for item in json.loads(text)]
    findings = xlgoals.read(examples_dir / "mistakes-2020.xlsx").findings
    assert sorted((f.sheet, f.cell, f.code) for f in findings) == sorted(expected)
    assert len({code for _, _, code in expected}) >= 15


@pytest.mark.parametrize(("year", "layout"), [(2021, "shanghai-2020"), (2026, "shanghai-2026")])
def test_the_campaigns_give_the_published_unit_its_next_workbook(
    year: int, layout: str, examples_dir: Path, tmp_path: Path
) -> None:
    campaign = read_campaign(examples_dir / f"campaign-{year}.toml")
    refresh(campaign, outbox=tmp_path, jobs=1)
    (workbook,) = tmp_path.glob("*.xlsx")
    submission = xlgoals.read(workbook)
    assert submission.layout is not None
    assert (submission.layout.id, submission.fiscal_year) == (layout, year)
    form = next(f for f in submission.forms if f.project_name == "科技社团党建工作")
    # What the form of 2020 says of 2019 is 120,000 twice: only what it declared for 2020 goes on.
    budget = Decimal(120000) if layout == "shanghai-2020" else None
    assert (form.prior_budget, form.prior_execution, form.current_budget) == (budget, None, None)
    assert form.declaring_unit == "上海市科学技术协会学会服务中心"


class Commands:
    """The commands of the examples in one folder; later ones build on what earlier ones wrote."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self._shown: list[str] = []

    def shown_by(self, folder: Path) -> str:
        """What a terminal shows of a command, whose messages come before its results."""
        number = COMMANDS.index(folder)
        for following in COMMANDS[len(self._shown) : number + 1]:
            command = (following / "cmd.txt").read_text(encoding="utf-8").strip()
            _, *arguments = shlex.split(command.replace("{tmp}", str(self.scratch)))
            done = run(*arguments)
            status = f"(exit status {done.returncode})\n" if done.returncode else ""
            self._shown.append(done.stderr + done.stdout + status)
        return self._shown[number]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    return Commands(tmp_path_factory.mktemp("commands"))


@pytest.mark.parametrize("folder", COMMANDS, ids=lambda folder: folder.name)
def test_the_commands_print_what_the_examples_show(folder: Path, commands: Commands) -> None:
    with chdir(ROOT):
        shown = commands.shown_by(folder)
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert shown == expected.replace("{tmp}", str(commands.scratch))
