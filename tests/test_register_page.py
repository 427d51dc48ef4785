"""The page on the register tells its tables as they are, and its query runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import make_register_page
from raw_sql import run_sql
from returned import PROJECTS, put
from xlgoals import consolidate
from xlgoals.register.tables import metadata

PAGE = make_register_page.PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_tool_makes() -> None:
    assert make_register_page.page() == PAGE, "run tools/make_register_page.py"


def test_check_tells_a_page_that_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_register_page, "ROOT", tmp_path)
    monkeypatch.setattr(make_register_page, "PAGE", tmp_path / "page.md")
    assert make_register_page.main(["--check"]) == 1
    assert "page.md is out of date" in capsys.readouterr().err
    assert make_register_page.main([]) == 0
    assert make_register_page.main(["--check"]) == 0


def test_every_table_says_what_it_holds() -> None:
    for table in metadata.tables.values():
        assert table.comment
        (section,) = [part for part in PAGE.split("\n## ") if part.startswith(f"`{table.name}`")]
        told = re.findall(r"^\| `(\w+)` \| ([\w ,`.]+) \|", section, re.MULTILINE)
        assert [name for name, _ in told] == table.columns.keys()
    assert "| `total_budget` | big integer | 项目总预算, in 分 |" in PAGE
    assert "| `submission` | integer, of `submissions.id` |" in PAGE


def test_the_query_of_the_page_runs(tmp_path: Path, register_url: str) -> None:
    path = put(tmp_path, "inbox/a.xlsx")
    consolidate([path], register=register_url)
    (query,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    found = run_sql(register_url, query)
    assert [row[:2] for row in found] == [(str(path), project) for project in PROJECTS]
    assert found[0][2] == 65_000_000
