"""What was returned on a layout that was ever released is read today as it was then.

The workbooks of `tests/released/` and what was read from them were kept when their layouts were
released, by `tools/freeze_sample.py`. A difference is a mistake in the program, not in them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import freeze_sample
from xlgoals import layout_ids

RELEASED = sorted(freeze_sample.RELEASED.glob("*.xlsx"))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_sample_of_a_released_layout_is_read_as_it_was(path: Path) -> None:
    kept = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert freeze_sample.facts(path) == kept


def test_every_layout_has_a_sample() -> None:
    kept = [json.loads(path.with_suffix(".json").read_text("utf-8")) for path in RELEASED]
    assert {facts["layout"] for facts in kept} == set(layout_ids())
    assert all(facts["forms"] and facts["indicators"] and facts["findings"] for facts in kept)


def test_a_sample_is_kept_once_and_never_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freeze_sample, "RELEASED", tmp_path)
    sample = RELEASED[0]
    assert freeze_sample.main([str(sample), "one"]) == 0
    assert (tmp_path / "one.xlsx").read_bytes() == sample.read_bytes()
    assert json.loads((tmp_path / "one.json").read_text("utf-8")) == freeze_sample.facts(sample)
    assert freeze_sample.main([str(RELEASED[-1]), "one"]) == 1
    assert (tmp_path / "one.xlsx").read_bytes() == sample.read_bytes()


def test_what_no_form_is_read_from_is_no_sample(
    templates_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freeze_sample, "RELEASED", tmp_path)
    blank = shutil.copy(templates_dir / "shanghai-2020.xlsx", tmp_path / "blank.xlsx")
    assert freeze_sample.main([str(blank), "two"]) == 1
    assert not (tmp_path / "two.xlsx").exists()
