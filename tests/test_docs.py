"""What the README and the docs show is what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from command import run
from xlgoals.cli.main import _COMMANDS as COMMANDS
from xlgoals.cli.main import cli
from xlgoals.layouts import loader
from xlgoals.rules.expression import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
DOCS = ROOT / "docs"
LANGUAGE = (DOCS / "layout-language.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted(DOCS.glob("*.md"))]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_main_job_of_the_readme_runs_as_written(tmp_path: Path) -> None:
    (job,) = [block for block in blocks(README, "sh") if "xlgoals template" in block]
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = [line for line in job.splitlines() if line.startswith("xlgoals ")]
    *others, consolidate = commands
    assert len(others) == 4
    with chdir(tmp_path):
        for command in commands:
            _, *arguments = shlex.split(command)
            assert run(*arguments).returncode == int(command is consolidate)
    assert (tmp_path / "filled.xlsx").exists()
    assert (tmp_path / "summary.xlsx").exists()
    assert list((tmp_path / "returned").rglob("*.xlsx"))


def test_the_python_of_the_readme_runs_as_written(tmp_path: Path) -> None:
    (code,) = blocks(README, "python")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"}, check=True,
    )  # fmt: skip
    assert "科技社团党建工作 120000 15" in result.stdout


def test_the_findings_of_the_readme_are_those_of_the_examples() -> None:
    (shown,) = re.findall(r"```\n(\[错误\].*?)```", README, re.DOTALL)
    expected = (ROOT / "examples/commands/05-check-mistakes/expected.txt").read_text("utf-8")
    squeezed = "".join(expected.split())
    for line in shown.splitlines():
        assert "".join(line.split()) in squeezed


def test_every_package_of_the_program_is_on_the_map() -> None:
    packages = [path.parent.name for path in (ROOT / "src" / "xlgoals").glob("*/__init__.py")]
    assert len(packages) > 10
    for text in (README, CHINESE):
        assert [name for name in packages if f"`{name}/`" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_own_help_begins_as_the_list_of_commands_tells(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert " ".join(COMMANDS[name][1].split()) in " ".join(result.output.split())


# --- two languages --------------------------------------------------------------------------------
def without_remarks(block: str) -> list[str]:
    return [line for line in block.splitlines() if not line.startswith("# ")]


def test_both_readmes_have_the_same_sections() -> None:
    levels = [re.findall(r"^#+(?= )", text, re.MULTILINE) for text in (README, CHINESE)]
    assert levels[0] == levels[1]
    assert len(levels[0]) > 8


def test_both_readmes_show_the_same_code() -> None:
    shown = [re.findall(r"```\w*\n.*?```", text, re.DOTALL) for text in (README, CHINESE)]
    ours, theirs = ([without_remarks(block) for block in found] for found in shown)
    assert ours == theirs


def test_both_readmes_link_to_the_same_places() -> None:
    english, chinese = (sorted(targets(text)) for text in (README, CHINESE))
    assert "README.zh-CN.md" in english
    assert "README.md" in chinese
    english.remove("README.zh-CN.md")
    chinese.remove("README.md")
    assert english == chinese


def test_the_tables_of_both_readmes_have_the_same_lines() -> None:
    lines = [
        [line.count(" | ") for line in text.splitlines() if line.startswith("| ")]
        for text in (README, CHINESE)
    ]
    assert lines[0] == lines[1]
    names = [re.findall(r"`[a-z]+/`", text) for text in (README, CHINESE)]
    assert names[0] == names[1]


# --- links ----------------------------------------------------------------------------------------
def targets(text: str) -> list[str]:
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", without_code)


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links: letters, digits, hyphens for blanks."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in targets(page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        place = page.parent / name if name else page
        assert place.exists(), target
        if anchor and place.suffix == ".md":
            assert anchor in anchors(place), target


def test_the_index_names_every_page() -> None:
    index = targets((DOCS / "README.md").read_text(encoding="utf-8"))
    for page in DOCS.glob("*.md"):
        assert page.name in index or page.name == "README.md"


def test_the_layout_language_tells_every_key_and_function() -> None:
    for name in FUNCTIONS:
        assert f"| `{name}(" in LANGUAGE
    for key in (*loader.COLUMN_KINDS, *loader.KINDS, *loader.STYLES):
        assert f"`{key}`" in LANGUAGE
    shipped = yaml.safe_load((ROOT / "src/xlgoals/layouts/shanghai-2020.yaml").read_text("utf-8"))
    for key in shipped:
        assert f"`{key}`" in LANGUAGE or f"{key}:" in LANGUAGE, key


def test_the_yaml_of_the_layout_language_is_yaml() -> None:
    for block in blocks(LANGUAGE, "yaml"):
        assert yaml.safe_load(block)
