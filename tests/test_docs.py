"""What the README and the docs show is what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from xlgoals.cli.main import _COMMANDS as COMMANDS
from xlgoals.cli.main import cli
from xlgoals.layouts import loader
from xlgoals.rules.expression import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LANGUAGE = (ROOT / "docs" / "layout-language.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_main_job_of_the_readme_runs_as_written(tmp_path: Path) -> None:
    (job,) = [block for block in blocks(README, "sh") if "xlgoals template" in block]
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = [line for line in job.splitlines() if line.startswith("xlgoals ")]
    *others, consolidate = commands
    assert len(others) == 4
    for command in commands:
        _, *arguments = shlex.split(command)
        done = subprocess.run([sys.executable, "-m", "xlgoals", *arguments], cwd=tmp_path)
        assert done.returncode == int(command is consolidate)
    assert (tmp_path / "filled.xlsx").exists()
    assert (tmp_path / "summary.xlsx").exists()


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
    expected = (ROOT / "examples/commands/5-check-mistakes/expected.txt").read_text("utf-8")
    squeezed = "".join(expected.split())
    for line in shown.splitlines():
        assert "".join(line.split()) in squeezed


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"`xlgoals {name}" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_own_help_begins_as_the_list_of_commands_tells(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert " ".join(COMMANDS[name][1].split()) in " ".join(result.output.split())


@pytest.mark.parametrize("text", [README, LANGUAGE], ids=["README", "layout-language"])
def test_every_link_and_picture_leads_somewhere(text: str) -> None:
    base = ROOT if text is README else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (base / target).exists(), target


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
