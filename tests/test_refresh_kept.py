"""What somebody has typed into a workbook is never written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgoals
from campaigns import (
    NAME,
    NEW,
    SHANGHAI,
    UNIT,
    outbox,
    run_refresh,
    snapshot,
    type_into,
)
from few_and_many import mostly_slow
from xlgoals.campaign.manifest import MANIFEST
from xlgoals.campaign.writing import State

TYPED = [
    ("项目1", "B14", 650000),  # an amount
    ("项目1", "B14", "约65万"),  # one that is refused
    ("项目1", "B7", "改写的概况"),  # over what was carried over
    ("项目1", "B7", None),  # taken away
    ("项目1", "D30", "≥3场"),  # half a row
    ("项目1", "G40", "备注"),  # outside of the form
]


@pytest.mark.parametrize("memory", mostly_slow([True, False]), ids=["known", "forgotten"])
@pytest.mark.parametrize(("sheet", "cell", "value"), mostly_slow(TYPED, 2))
def test_what_somebody_has_typed_is_never_written_over(
    shanghai: Path, sheet: str, cell: str, value: Any, memory: bool
) -> None:
    run_refresh(shanghai)
    path = outbox(shanghai) / NAME
    type_into(path, sheet, cell, value)
    if not memory:
        (outbox(shanghai) / MANIFEST).unlink()
    before = snapshot(outbox(shanghai))[NAME]
    with shanghai.open("a", encoding="utf-8") as more:
        more.write('contact = "王老师"\n')
    done = run_refresh(shanghai)
    (outcome,) = done.outcomes
    assert (outcome.state, done.succeeded) == (State.LEFT, False)
    assert "填写" in outcome.reason
    assert snapshot(outbox(shanghai))[NAME] == before
    assert not run_refresh(shanghai, check=True).succeeded


def test_a_workbook_that_was_only_saved_again_is_renewed(shanghai: Path) -> None:
    run_refresh(shanghai)
    path = outbox(shanghai) / NAME
    openpyxl.load_workbook(path).save(path)
    (outbox(shanghai) / MANIFEST).unlink()
    with shanghai.open("a", encoding="utf-8") as more:
        more.write('contact = "王老师"\n')
    assert [item.state for item in run_refresh(shanghai).outcomes] == [State.CHANGED]


def test_a_workbook_that_another_program_wrote_in_other_words_is_the_same(shanghai: Path) -> None:
    run_refresh(shanghai)
    path = outbox(shanghai) / NAME
    openpyxl.load_workbook(path).save(path)
    (outbox(shanghai) / MANIFEST).unlink()
    before = snapshot(outbox(shanghai))
    (checked,) = run_refresh(shanghai, check=True).outcomes
    (outcome,) = run_refresh(shanghai).outcomes
    assert (checked.state, outcome.state) == (State.UNCHANGED, State.UNCHANGED)
    assert snapshot(outbox(shanghai))[NAME] == before[NAME]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "甲".encode()])
def test_whatever_else_stands_there_is_left(shanghai: Path, data: bytes) -> None:
    outbox(shanghai).mkdir()
    (outbox(shanghai) / NAME).write_bytes(data)
    assert [item.state for item in run_refresh(shanghai).outcomes] == [State.LEFT]
    assert (outbox(shanghai) / NAME).read_bytes() == data


def test_a_template_that_was_handed_out_otherwise_is_left(shanghai: Path) -> None:
    outbox(shanghai).mkdir()
    xlgoals.write_template(outbox(shanghai) / NAME, SHANGHAI, NEW, unit=UNIT)
    assert [item.state for item in run_refresh(shanghai).outcomes] == [State.LEFT]


def test_a_workbook_that_is_open_is_left(shanghai: Path) -> None:
    run_refresh(shanghai)
    (outbox(shanghai) / f"~${NAME}").touch()
    with shanghai.open("a", encoding="utf-8") as more:
        more.write('contact = "王老师"\n')
    (outcome,) = run_refresh(shanghai).outcomes
    assert (outcome.state, "打开" in outcome.reason) == (State.LEFT, True)
