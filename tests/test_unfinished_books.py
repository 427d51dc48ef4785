"""A workbook that breaks off while it is written leaves nothing in the folder for temporary files.

What it would leave there are the rows of a season, for anybody to read.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from season_samples import season
from xlgoals.reports.tables import write_xlsx
from xlgoals.season.export import Column, Export
from xlgoals.summary import files
from xlgoals.summary.write import write_summary


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def break_off(temporary: Path) -> None:
    assert list(temporary.iterdir()) != []
    raise KeyboardInterrupt


def test_an_export_leaves_nothing(temporary: Path) -> None:
    def records() -> Iterator[dict[str, Any]]:
        yield {"name": "保密的名称"}
        break_off(temporary)

    written = io.BytesIO()
    with pytest.raises(KeyboardInterrupt):
        write_xlsx(Export((Column("name", "名称"),), records()), written)
    assert written.getvalue() == b""
    assert list(temporary.iterdir()) == []


def test_a_summary_leaves_nothing(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "write_files", lambda *_: break_off(temporary))
    target = temporary.with_name("summary.xlsx")
    with pytest.raises(KeyboardInterrupt):
        write_summary(target, season())
    assert not target.exists()
    assert list(temporary.iterdir()) == []
