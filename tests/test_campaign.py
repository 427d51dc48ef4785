"""The file of a campaign: what it may say, who else reads it, and how the next one starts."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgoals
from campaigns import PROJECT, SHANGHAI, UNIT, campaign, of_layout, returned, run_refresh, type_into
from command import run
from xlgoals.campaign.model import CampaignError
from xlgoals.campaign.names import clashes, workbook_name
from xlgoals.campaign.source import read_campaign
from xlgoals.file_names import safe_name
from xlgoals.season.units import Unit

LEAST = 'layout = "shanghai-2020"\nfiscal_year = 2021\nroster = "名册.csv"\noutbox = "发出"\n'


def read_text(folder: Path, text: str) -> Any:
    file = folder / "c.toml"
    file.write_text(text, encoding="utf-8")
    return read_campaign(file)


# --- the file -----------------------------------------------------------------------------------
def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    said = read_text(tmp_path, LEAST + 'previous = "sqlite:///库.db"\nregister = "库.db"\n')
    assert (said.roster, said.outbox) == (tmp_path / "名册.csv", tmp_path / "发出")
    assert (said.previous, said.register) == ("sqlite:///库.db", str(tmp_path / "库.db"))


@pytest.mark.parametrize("deadline", ["2021-09-03", '"2021-09-03"'])
def test_a_deadline_is_the_end_of_its_day(tmp_path: Path, deadline: str) -> None:
    said = read_text(tmp_path, f"{LEAST}deadline = {deadline}\n")
    assert (said.deadline.date().isoformat(), said.deadline.hour) == ("2021-09-03", 23)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LEAST + 'rooster = "a"\n', "第5行，rooster：没有这个键；是不是“roster”"),
        (LEAST + "[units]\na = 1\n", "第5行，units：没有这个键"),
        (LEAST.replace("2021", '"2021"'), "第2行，fiscal_year：应是 2000 至 2099 的年份，不加引号"),
        (LEAST.replace("2021", "1999"), "第2行，fiscal_year"),
        (LEAST.replace("2021", "true"), "第2行，fiscal_year"),
        (LEAST.replace("shanghai-2020", "shanghai"), "第1行，layout：没有名为“shanghai”的表样"),
        (LEAST.replace('"发出"', '""'), "第4行，outbox：应是加英文引号的文字，不能空着"),
        (LEAST.replace('"发出"', "3"), "第4行，outbox：应是加英文引号的文字"),
        ("fiscal_year = 2021\n", "缺少 layout（表样）、roster（名册）、outbox"),
        (LEAST + 'carry = ["概况"]\n', "第5行，carry：没有可以沿用的“概况”，是不是“项目概况”"),
        (LEAST + 'carry = ["prior_budget"]\n', "第5行，carry：“同名项目上年预算额（元）”从不沿用"),
        (LEAST + "carry = [1]\n", "第5行，carry：应是一组文字"),
        (LEAST + 'deadline = "九月"\n', "第5行，deadline：应是日期"),
        (LEAST + "deadline = 3\n", "第5行，deadline：应是日期"),
        (LEAST + "closed = [1]\n", '第5行，closed：应是一组文字，如 ["某某馆"'),
        (LEAST + f'contact = "{"长" * 201}"\n', "第5行，contact：太长，请写在 200 字以内"),
        (LEAST + 'pattern = "{name}.xlsx"\n', "第5行，pattern：大括号里只能是 {unit}"),
        (LEAST + 'pattern = "{unit.xlsx"\n', "第5行，pattern：大括号里只能是 {unit}"),
        (LEAST + 'pattern = "{unit!r}.xlsx"\n', "第5行，pattern"),
        (LEAST + 'pattern = "{year}.xlsx"\n', "第5行，pattern：要含有 {unit} 或 {code}"),
        (LEAST + 'pattern = "{unit}.xls"\n', "第5行，pattern：应以 .xlsx 结尾"),
        (
            LEAST + 'inbox = "C:\\收到"\n',
            "列不是有效的 TOML；文字要加英文引号，路径请用“/”",
        ),
        (LEAST + "layout = 'x'\n", "不是有效的 TOML"),
        ('layout = "', "不是有效的 TOML"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_text(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "c.toml"))
    assert told in str(caught.value)


def test_a_file_of_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(LEAST.encode("gb18030"))
    with pytest.raises(CampaignError, match="不是 UTF-8 编码"):
        read_campaign(tmp_path / "c.toml")


def test_a_layout_of_ones_own_is_found_beside_the_file(tmp_path: Path) -> None:
    text = xlgoals.layouts.layout_text("shanghai-2020").replace("id: shanghai-2020", "id: own")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert read_text(tmp_path, LEAST.replace("shanghai-2020", "own.yaml")).layout.id == "own"


# --- the names of the workbooks -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("pattern", "unit", "name"),
    [
        ("{code}-{unit}.xlsx", Unit("001", "甲馆", None, (), True), "001-甲馆.xlsx"),
        ("{code}-{unit}.xlsx", Unit(None, "甲馆", None, (), True), "甲馆.xlsx"),
        ("{unit}.xlsx", Unit(None, "a/b:c*?\n", None, (), True), "a_b_c___.xlsx"),
        ("{unit}.xlsx", Unit(None, "../../etc", None, (), True), "_.._etc.xlsx"),
        ("{unit}.xlsx", Unit(None, "CON", None, (), True), "_CON.xlsx"),
        ("{code}/{unit}{year}.xlsx", Unit("00", "甲", None, (), True), "00/甲2021.xlsx"),
        ("../{unit}.xlsx", Unit(None, "甲", None, (), True), "甲.xlsx"),
        ("{unit}.xlsx", Unit(None, "长" * 200, None, (), True), f"{'长' * 80}.xlsx"),
    ],
)
def test_a_name_is_safe_on_every_system(
    tmp_path: Path, pattern: str, unit: Unit, name: str
) -> None:
    assert workbook_name(read_text(tmp_path, f'{LEAST}pattern = "{pattern}"\n'), unit) == name


def test_names_that_some_system_takes_for_one_another() -> None:
    assert clashes(["a.xlsx", "A.xlsx", "b.xlsx"]) == {"a.xlsx", "A.xlsx"}
    assert safe_name("") == "_"


# --- what it goes on from -----------------------------------------------------------------------
def put_register(folder: Path, *years: int, round_: str | None = None) -> None:
    for year in years:
        returned(folder / f"收到{year}" / "a.xlsx", SHANGHAI, year, PROJECT)
        where = str(folder / "库.db")
        xlgoals.consolidate([folder / f"收到{year}"], register=where, round=round_)


def asked(folder: Path, *lines: str) -> Path:
    said = {"layout": '"shanghai-2020"', "fiscal_year": 2023, "previous": '"库.db"'}
    return campaign(folder, lines, [f"001,{UNIT},,{PROJECT},,"], **said)


def prior_year_of(file: Path) -> bool:
    run_refresh(file)
    form = xlgoals.read(file.parent / "发出" / f"001-{UNIT}.xlsx").records[0].values
    return form["prior_budget"] is not None


def test_a_register_gives_the_last_year_before(tmp_path: Path) -> None:
    put_register(tmp_path, 2021, 2022, 2023)
    assert prior_year_of(asked(tmp_path))
    assert not prior_year_of(asked(tmp_path, "previous_year = 2021"))


def test_the_rounds_of_a_register_are_kept_apart(tmp_path: Path) -> None:
    put_register(tmp_path, 2022, round_="一上")
    assert prior_year_of(asked(tmp_path))
    put_register(tmp_path, 2022, round_="二上")
    with pytest.raises(CampaignError, match="有几轮（一上、二上），请用 previous_round"):
        run_refresh(asked(tmp_path))
    assert prior_year_of(asked(tmp_path, 'previous_round = "二上"'))
    with pytest.raises(CampaignError, match="没有“三上”这一轮"):
        run_refresh(asked(tmp_path, 'previous_round = "三上"'))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["previous_year = 2019"], "没有 2019 年度的表，只有 2022 年度的"),
        (["previous_year = 2024"], "晚于 2023 年度"),
    ],
)
def test_a_year_that_is_not_there_is_told(tmp_path: Path, lines: list[str], told: str) -> None:
    put_register(tmp_path, 2022)
    with pytest.raises(CampaignError, match=told):
        run_refresh(asked(tmp_path, *lines))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"previous：没有“.*库\.db”这个登记库或文件夹"):
        run_refresh(asked(tmp_path))
    (tmp_path / "上年").mkdir()
    file = of_layout(tmp_path, SHANGHAI, 2023, ["001,甲,,乙,,"])
    with pytest.raises(CampaignError, match=r"“.*上年”里没有读出任何一张表"):
        run_refresh(file)
    (tmp_path / "名册.csv").unlink()
    with pytest.raises(CampaignError, match="roster：无法读取"):
        run_refresh(file)


# --- other commands -----------------------------------------------------------------------------
@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A campaign of two units, of which one has returned its workbook."""
    returned(tmp_path / "收到" / "a.xlsx", SHANGHAI, 2021, PROJECT)
    lines = ['inbox = "收到"', 'register = "库.db"', 'round = "一上"', "deadline = 2021-09-03"]
    roster = [f"001,{UNIT},,{PROJECT},,", "002,乙馆,,展览,,"]
    return campaign(tmp_path, lines, roster, layout='"shanghai-2020"', fiscal_year=2021)


def test_consolidate_and_status_take_what_the_campaign_says(collection: Path) -> None:
    summary = collection.parent / "汇总.xlsx"
    done = run("consolidate", "--campaign", collection, "-o", summary)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("共1个文件（通过1个），1个项目。")
    told = json.loads(run("status", "--campaign", collection, "--format", "json").stdout)
    assert (told["fiscal_year"], told["round"], told["layout"]) == (2021, "一上", "shanghai-2020")
    assert [unit["name"] for unit in told["units"]] == [UNIT, "乙馆"]
    overview = openpyxl.load_workbook(summary).worksheets[0]
    texts = [str(cell.value) for row in overview.iter_rows() for cell in row if cell.value]
    assert any("一上" in text for text in texts)


def test_a_campaign_without_a_register_is_told_of_by_its_inbox(collection: Path) -> None:
    text = collection.read_text(encoding="utf-8")
    collection.write_text(text.replace('register = "库.db"\n', ""), encoding="utf-8")
    done = run("status", collection, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [unit["state"] for unit in told["units"]] == ["accepted", "missing"]
    summary = run("consolidate", collection, "-o", collection.parent / "汇总.xlsx")
    assert summary.stdout.startswith("共1个文件（通过1个），1个项目。")
    assert not list(collection.parent.glob("*.db"))


def test_options_go_before_the_campaign(collection: Path) -> None:
    folder = collection.parent
    returned(folder / "别处" / "b.xlsx", SHANGHAI, 2021, "展览", unit="丙馆")
    (folder / "另一名册.csv").write_text(
        "单位代码,单位名称,联系人,项目名称\n003,丙馆,,展览\n", encoding="utf-8"
    )
    done = run(
        *("consolidate", folder / "别处", "--campaign", collection, "-o", folder / "s.xlsx"),
        *("--roster", folder / "另一名册.csv", "--register", folder / "另.db", "--round", "二上"),
    )
    assert done.returncode == 0
    assert not (folder / "库.db").exists()
    asked = ("--campaign", collection, "--register", folder / "另.db", "--round", "二上")
    told = json.loads(
        run("status", *asked, "--roster", folder / "另一名册.csv", "--format", "json").stdout
    )
    assert [unit["name"] for unit in told["units"]] == ["丙馆"]


def test_a_folder_that_is_both_outbox_and_inbox_can_be_read(tmp_path: Path) -> None:
    file = campaign(
        *(tmp_path, ['inbox = "发出"'], [f"001,{UNIT},,{PROJECT},,"]),
        layout='"shanghai-2020"',
        fiscal_year=2021,
    )
    run_refresh(file)
    done = run("consolidate", "--campaign", file, "-o", tmp_path / "s.xlsx")
    assert done.stdout.startswith("共1个文件")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("consolidate", "--campaign", "campaign.toml", "-o", "s.xlsx"), "inbox"),
        (("consolidate", "-o", "s.xlsx"), "请给出要汇总的文件夹或文件"),
        (("status", "--campaign", "campaign.toml"), "register"),
        (("status",), "--register"),
        (("status", "--campaign", "无.toml"), "无法读取"),
        (("refresh", "无.toml"), "无法读取"),
    ],
)
def test_what_nobody_says_is_asked_for(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    campaign(tmp_path, [], ["001,甲,,乙,,"], layout='"shanghai-2020"', fiscal_year=2021)
    with chdir(tmp_path):
        done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr


# --- refresh as a command -----------------------------------------------------------------------
def test_the_statuses_of_refresh(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, 2020, PROJECT)
    file = of_layout(tmp_path, SHANGHAI, 2021, [f"001,{UNIT},,{PROJECT},,"])
    check = run("refresh", file, "--check")
    assert (check.returncode, check.stderr) == (1, "")
    assert f"  001-{UNIT}.xlsx：还没有这个文件\n" in check.stdout
    done = run("refresh", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"    {PROJECT}：同名项目上年预算执行数（元）未填\n" in done.stdout
    assert run("refresh", file, "--check").returncode == 0
    type_into(tmp_path / "发出" / f"001-{UNIT}.xlsx", "项目1", "B14", 650000)
    left = run("refresh", file)
    assert left.returncode == 1
    assert f"原样保留：\n  001-{UNIT}.xlsx：里面有填写的内容" in left.stdout
    assert run("refresh", file, "--outbox", tmp_path / "另处").returncode == 0
    assert (tmp_path / "另处" / f"001-{UNIT}.xlsx").is_file()


def test_a_password_that_is_not_set_is_wrong_usage(tmp_path: Path) -> None:
    file = campaign(
        *(tmp_path, ['password_env = "XLGOALS_TEST_PASSWORD"'], ["001,甲,,乙,,"]),
        layout='"shanghai-2020"',
        fiscal_year=2021,
    )
    done = run("refresh", file)
    assert done.returncode == 2
    assert "没有设置环境变量 XLGOALS_TEST_PASSWORD" in done.stderr
    assert run("refresh", file, XLGOALS_TEST_PASSWORD="geheim").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "发出" / "001-甲.xlsx")
    assert book["项目1"].protection.password
