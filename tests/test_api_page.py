"""docs/api.md: its programs run, its JSON is what the commands give."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from bootstrap import ROOT
from command import as_json, run

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MISTAKES = "examples/mistakes-2020.xlsx"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "examples").symlink_to(ROOT / "examples")
    return folder


@pytest.mark.slow
def test_the_programs_run_one_after_the_other(folder: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 6
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)], cwd=folder, capture_output=True,
        encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    printed = done.stdout
    assert printed.startswith("warnings 3 forms\n")
    assert "\n科技社团党建工作 120000 2020-01-01\n" in printed
    assert re.search(r"^accepted .*\.xls ", printed, re.MULTILINE)
    assert "missing 上海市普陀区科普活动中心（示例） ('青少年科技创新大赛',)" in printed
    assert "\n4180146.4 元\n" in printed
    for name in ("blank", "filled", "marked", "summary"):
        assert (folder / f"{name}.xlsx").is_file()


def keys_of(section: str) -> list[str]:
    part = PAGE.split(f"\n### {section}\n")[1].split("\n##")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def dotted(value: Any, path: str = "") -> Iterator[str]:
    """The keys of an object, those below them as ``files[].status``."""
    for key, item in value.items():
        yield path + key
        if isinstance(item, list) and item:
            yield from dotted(item[0], f"{path}{key}[].")


def test_the_keys_of_check_are_told(folder: Path) -> None:
    report = as_json(run("check", ROOT / MISTAKES, "--format", "json"))
    keys = [key for key in dotted(report) if not key.startswith("files[].findings[].")]
    assert keys == keys_of("check --format json")
    for key in report["summary"]:
        assert f"`{key}`" in PAGE.split("| `summary` |")[1].splitlines()[0]


def test_the_finding_shown_is_one_of_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    report = as_json(run("check", MISTAKES, "--format", "json"))
    finding = json.loads(shown)
    (same,) = [
        other
        for other in report["files"][0]["findings"]
        if (other["sheet"], other["cell"]) == (finding["sheet"], finding["cell"])
    ]
    assert list(same.items()) == list(finding.items())


def test_the_keys_of_cells_are_told() -> None:
    inputs = as_json(run("cells", "shanghai-2020", "--format", "json"))
    assert list(inputs[0]) == keys_of("cells --format json")
    checks = as_json(run("cells", "shanghai-2020", "--checks", "--format", "json"))
    assert list(checks[0]) == keys_of("cells --checks --format json")


def test_every_type_of_field_is_told() -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith("| `type` |")]
    layouts = [xlgoals.load_layout(name) for name in xlgoals.layout_ids()]
    for layout in layouts:
        for field in layout.fields.values():
            assert f"`{field.kind.name}`" in line


def test_everything_that_the_package_gives_is_told() -> None:
    for name in xlgoals.__all__:
        if not name.startswith("__"):
            assert f"\n#### {name}\n" in PAGE
