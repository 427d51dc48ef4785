"""What is wrong with one unit is told, and the others get their workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns import (
    NAME,
    NEW,
    OLD,
    PROJECT,
    SHANGHAI,
    UNIT,
    campaign,
    of_layout,
    outbox,
    returned,
    run_refresh,
)
from xlgoals.campaign.model import CampaignError
from xlgoals.campaign.writing import State


def test_what_is_wrong_with_a_unit_is_told_and_the_rest_is_written(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    returned(tmp_path / "上年" / "b.xlsx", SHANGHAI, OLD, PROJECT, unit="某市美术馆")
    returned(tmp_path / "上年" / "c.xlsx", SHANGHAI, OLD, "讲座", unit="甲馆")
    roster = [
        f"001,{UNIT},,{PROJECT},,",
        "002,甲馆,,,,",
        "003,同名馆,,展览,,",
        "004,同名馆,,展览二,,",
        "005,乙馆,,展览,,约65万",
        f"006,丙馆,,{'长' * 101},,",
    ]
    done = run_refresh(of_layout(tmp_path, SHANGHAI, NEW, roster))
    assert [(o.unit, o.state) for o in done.outcomes] == [(UNIT, State.NEW), ("丙馆", State.FAILED)]
    assert "超过了100个字的上限" in done.outcomes[1].reason
    told = {item.unit: item.reason for item in done.refused}
    assert set(told) == {"甲馆", "同名馆", "乙馆", "某市美术馆"}
    assert "没有写项目，请在“项目名称”列补上；以前报过：讲座" in told["甲馆"]
    assert "第5行" in told["同名馆"]
    assert "“约65万”不是以元为单位的金额" in told["乙馆"]
    assert "如果不再申报，请写进活动文件的 closed" in told["某市美术馆"]
    assert not done.succeeded


def test_units_that_are_closed_are_no_error(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    returned(tmp_path / "上年" / "b.xlsx", SHANGHAI, OLD, PROJECT, unit="某市美术馆")
    roster = [f"001,{UNIT},,{PROJECT},,"]
    file = of_layout(tmp_path, SHANGHAI, NEW, roster, 'closed = ["某市美术馆"]')
    assert run_refresh(file).succeeded
    file = of_layout(tmp_path, SHANGHAI, NEW, roster, 'closed = ["某市美术馆", "无此馆"]')
    assert [item.unit for item in run_refresh(file).refused] == ["无此馆"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    roster = ["001,A馆,,一,,", "002,a馆,,二,,", "003,乙馆,,三,,"]
    file = campaign(
        *(tmp_path, ['pattern = "{unit}.xlsx"'], roster),
        layout='"shanghai-2020"',
        fiscal_year=NEW,
    )
    done = run_refresh(file)
    assert [item.unit for item in done.outcomes] == ["乙馆"]
    assert [item.unit for item in done.refused] == ["A馆", "a馆"]
    assert all("{code}" in item.reason for item in done.refused)


def test_one_folder_that_cannot_be_written_to_stops_no_other(tmp_path: Path) -> None:
    roster = ["001,甲馆,,一,,", "002,乙馆,,二,,"]
    file = campaign(
        *(tmp_path, ['pattern = "{code}/{unit}.xlsx"'], roster),
        layout='"shanghai-2020"',
        fiscal_year=NEW,
    )
    outbox(file).mkdir()
    (outbox(file) / "001").write_text("一个文件", encoding="utf-8")
    done = run_refresh(file)
    assert [item.state for item in done.outcomes] == [State.FAILED, State.NEW]
    assert "无法写入" in done.outcomes[0].reason
    assert (outbox(file) / "002" / "乙馆.xlsx").is_file()


def test_an_outbox_that_cannot_be_written_to_is_told_at_once(shanghai: Path) -> None:
    outbox(shanghai).write_text("一个文件", encoding="utf-8")
    with pytest.raises(CampaignError, match="无法写入"):
        run_refresh(shanghai)


def test_workbooks_that_nobody_gets_any_more_are_named_and_kept(shanghai: Path) -> None:
    run_refresh(shanghai)
    with shanghai.open("a", encoding="utf-8") as more:
        more.write('pattern = "{unit}.xlsx"\n')
    done = run_refresh(shanghai)
    assert done.stale == (NAME,)
    assert (outbox(shanghai) / NAME).is_file()
    assert run_refresh(shanghai).stale == (NAME,)
