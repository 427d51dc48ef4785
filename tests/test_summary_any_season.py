"""The summary of any season is a sound workbook."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import season_samples
import xlgoals
from few_and_many import mostly_slow
from ooxml import problems
from ooxml_books import TINY, TINY_YEAR
from summary_book import Summary
from xlgoals.season.model import Season
from xlgoals.summary.write import write_summary


def other_layout() -> Season:
    """A season of a form without categories, in 万元, whose amounts are 元 all the same."""
    layout = xlgoals.load_layout(TINY)
    values: dict[str, Any] = {
        **dict.fromkeys(layout.fields),
        "project_name": "修缮",
        "current_budget": Decimal("120000.00"),
        "indicators": [],
    }
    whole = season_samples.season()
    forms = (season_samples.form("inbox/园.xlsx", "003", "=SUM(1,2)", values),)
    return replace(whole, layout=layout, fiscal_year=TINY_YEAR, forms=forms)


def many_categories() -> Season:
    """More categories than 总览 has room for; some differ only by what a spreadsheet ignores."""
    whole = season_samples.season()
    names = ["甲", "A类", "a类", "1", "01", "=1", "*", "?", "<>1", "~*", "", None]
    forms = tuple(
        season_samples.form(
            whole.forms[6].file,
            whole.forms[6].unit_code,
            f"单位{name}",
            {
                **whole.forms[6].values,
                "project_category": name,
                "current_budget": Decimal(f"{number + 1}000.01"),
            },
        )
        for number, name in enumerate(names)
    )
    return replace(whole, forms=forms)


SEASONS: Mapping[str, Callable[[], Season]] = {
    "usual": season_samples.season,
    "empty": season_samples.empty,
    "other layout": other_layout,
    "many categories": many_categories,
    "waived": season_samples.waived,
    "many units": lambda: season_samples.large(20),
}


@pytest.fixture(scope="module")
def season() -> Season:
    return season_samples.season()


@pytest.mark.parametrize("name", mostly_slow(SEASONS))
def test_the_workbook_is_sound(name: str, tmp_path: Path) -> None:
    write_summary(tmp_path / "book.xlsx", SEASONS[name]())
    assert problems(tmp_path / "book.xlsx", links_out=True) == []
    lines = Summary(tmp_path / "book.xlsx").lines()
    assert any(name.endswith("、核对") for name in lines)


def test_categories_without_room_are_summed(tmp_path: Path) -> None:
    season = many_categories()
    write_summary(tmp_path / "book.xlsx", season)
    summary = Summary(tmp_path / "book.xlsx")
    # Blank and missing are one category.
    assert len(summary.table("类别小计", "by_category")) == 11
    lines = summary.lines()
    assert lines["其余3类"][:2] == [3, 6000.03]
    assert lines["合计"][:1] == [len(season.files)]


def test_equal_seasons_give_equal_bytes(season: Season, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_summary(tmp_path / f"{name}.xlsx", season)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_unwritable_target_is_told_and_nothing_is_lost(season: Season, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="文件夹"):
        write_summary(tmp_path / "folder", season)
    with pytest.raises(OSError, match="none"):
        write_summary(tmp_path / "none" / "a.xlsx", season)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_target_that_is_open_elsewhere_keeps_its_content(
    season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"earlier")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)  # as Windows does while Excel has it open
    with pytest.raises(PermissionError):
        write_summary(target, season)
    assert target.read_bytes() == b"earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
