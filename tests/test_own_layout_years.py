"""The years of a form that only its users have: each is made from the one before."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import xlgoals
from campaigns import OLD, PROJECT, SHANGHAI, UNIT, campaign, outbox, returned, run_refresh
from command import run
from each_layout import sound_form
from xlgoals.campaign.model import CampaignError
from xlgoals.campaign.refresh import Refreshed
from xlgoals.layouts import Layout, load_layout

OWN = "extends: shanghai-2020\nid: own-2020\nfields: {overview: {label: 项目简介：}}\n"
CHANGED = "extends: 上年表样.yaml\nid: own-2021\nfields: {basis: {label: 依据：}}\n"
APART = """extends: shanghai-2026
id: apart-2021
migration: {上年表样.yaml: {fields: {overview: overall_goal}}}
"""
ROSTER = [f"001,{UNIT},,{PROJECT},,"]


@pytest.fixture
def own(tmp_path: Path) -> Layout:
    """A layout in a file, and a workbook of it in the folder 上年."""
    file = tmp_path / "上年表样.yaml"
    file.write_text(OWN, encoding="utf-8")
    layout = load_layout(str(file))
    form = sound_form(layout).model_copy(update={"declaring_unit": UNIT, "project_name": PROJECT})
    (tmp_path / "上年").mkdir()
    xlgoals.write_template(tmp_path / "上年" / "a.xlsx", layout, OLD, forms=[form])
    return layout


def next_year(folder: Path, layout: str, *lines: str, previous: str = "上年") -> Refreshed:
    said = {"layout": f'"{layout}"', "fiscal_year": OLD + 1, "previous": f'"{previous}"'}
    return run_refresh(campaign(folder, ['carry = ["文字"]', *lines], ROSTER, **said))


@pytest.mark.parametrize("previous", ["上年", "库.db"])
@pytest.mark.parametrize(("text", "goal"), [(CHANGED, "overview"), (APART, "overall_goal")])
def test_a_layout_knows_the_one_that_it_extends_or_speaks_of(
    own: Layout, tmp_path: Path, text: str, goal: str, previous: str
) -> None:
    xlgoals.consolidate([tmp_path / "上年"], register=str(tmp_path / "库.db"), layout=own)
    (tmp_path / "新.yaml").write_text(text, encoding="utf-8")
    assert next_year(tmp_path, "新.yaml", previous=previous).succeeded
    made = outbox(tmp_path / "campaign.toml") / f"001-{UNIT}.xlsx"
    (form,) = xlgoals.read(made, layout=str(tmp_path / "新.yaml")).forms
    assert getattr(form, goal) == "关于项目简介的说明。"


def test_any_other_is_named_by_the_campaign(own: Layout, tmp_path: Path) -> None:
    xlgoals.consolidate([tmp_path / "上年"], register=str(tmp_path / "库.db"), layout=own)
    for previous in ("上年", "库.db"):
        with pytest.raises(CampaignError, match="请用 previous_layout 写明它的文件"):
            next_year(tmp_path, "shanghai-2026", previous=previous)
        said = 'previous_layout = "上年表样.yaml"'
        done = next_year(tmp_path, "shanghai-2026", said, previous=previous)
        assert any("项目简介" in note.text for note in done.outcomes[0].left)


def test_a_first_own_layout_goes_on_from_the_packages(tmp_path: Path) -> None:
    (tmp_path / "新.yaml").write_text(OWN, encoding="utf-8")
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    assert next_year(tmp_path, "新.yaml").succeeded
    made = outbox(tmp_path / "campaign.toml") / f"001-{UNIT}.xlsx"
    (form,) = xlgoals.read(made, layout=str(tmp_path / "新.yaml")).forms
    assert (form.overview, form.prior_budget is None) == ("关于项目概况的说明。", False)


def test_the_next_campaign_names_the_layout_of_this_one(own: Layout, tmp_path: Path) -> None:
    lines = [f'register = "{OLD}.db"']
    file = campaign(tmp_path, lines, ROSTER, layout='"上年表样.yaml"', fiscal_year=OLD)
    (tmp_path / "明年").mkdir()
    made = tmp_path / "明年" / "新.toml"
    done = run("campaign", "new", "--from", file, "--year", str(OLD + 1), "-o", made)
    said = tomllib.loads(made.read_text(encoding="utf-8"))
    assert (done.returncode, said["previous_layout"]) == (0, "../上年表样.yaml")


def test_migrate_knows_it_too(own: Layout, tmp_path: Path) -> None:
    (tmp_path / "新.yaml").write_text(CHANGED, encoding="utf-8")
    to = ("--to", tmp_path / "新.yaml", "-o", tmp_path / "新.xlsx")
    done = run("migrate", tmp_path / "上年" / "a.xlsx", *to)
    assert (done.returncode, "全部内容都已移到新表" in done.stdout) == (0, True)
