"""``status --format html``: the state of a season as one page."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import season_samples
from web_page import (
    HOSTILE,
    PHONE,
    WebPage,
    assert_accessible,
    assert_fits,
    shown,
    squeezed,
)
from xlgoals.cli.main import cli
from xlgoals.findings import SEVERITY_WORDS
from xlgoals.html.status_page import status_html
from xlgoals.season.model import FileState, Season
from xlgoals.season.words import FILE_WORDS, LATE, UNIT_WORDS, waiver_words

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def season() -> Season:
    return season_samples.season()


@pytest.fixture(scope="module")
def page(season: Season) -> WebPage:
    return WebPage(status_html(season))


def part(page: WebPage, name: str) -> Any:
    """A section by the id of its heading."""
    (found,) = page.all(f"//section[@aria-labelledby={name!r}]")
    return found


def lines(page: WebPage, name: str) -> list[list[str]]:
    """The rows of a section's table."""
    rows = part(page, name).xpath(".//tbody/tr")
    return [["".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_page_is_sound_whatever_the_season(season: Season, page: WebPage) -> None:
    page.assert_sound()
    for other in (season_samples.empty(), season_samples.waived(), season_samples.large(20)):
        WebPage(status_html(other)).assert_sound()


def test_the_figures_are_those_of_the_season(page: WebPage) -> None:
    figures = [
        (item.xpath("./dt")[0].text, item.xpath("./dd")[0].text)
        for item in part(page, "figures").xpath(".//dl/div")
    ]
    units, files = figures[:6], figures[6:]
    assert units == [("合计", "5"), *((word, "1") for word in UNIT_WORDS.values())]
    counts = {"合计": "7", FILE_WORDS[FileState.ACCEPTED]: "3", f"其中{LATE}": "1"}
    assert dict(files) == {**dict.fromkeys(FILE_WORDS.values(), "1"), **counts}
    assert "项目8个，指标125条，金额2,393,456.78元。" in page.all("//header//p/text()")
    assert page.all("//h1")[0].text.startswith("财政项目支出绩效目标表（2020年度，一上）报送情况")


def test_every_unit_has_its_row_with_state_numbers_and_contact(page: WebPage) -> None:
    rows = lines(page, "units")
    assert [row[:8] for row in rows] == [
        ["001上海市科学技术协会学会服务中心", "已报齐", "3", "3", "-", "-", "21", "联系人001"],
        ["002上海市科普中心", "需要修改", "1", "3", "-", "18", "29", "联系人002"],
        ["003=SUM(1,2)", "未报齐，逾期", "1", "1", "1", "-", "-", "联系人003"],
        ["004上海市科技馆", "未报送", "-", "-", "1", "-", "-", "联系人004"],
        ["名册外的馆*", "名册外", "1", "1", "-", "-", "-", ""],
    ]
    assert "inbox/园.xlsx" in rows[2][8]


def test_the_head_of_a_table_has_a_word_for_every_column(page: WebPage) -> None:
    for table in page.all("//table"):
        head = table.xpath("./thead/tr/th[@scope='col']")
        assert all(cell.text.strip() for cell in head)
        assert {len(row) for row in table.xpath("./tbody/tr")} == {len(head)}


def test_who_has_still_to_return_what_is_told_with_whom_to_ask(page: WebPage) -> None:
    told = [squeezed(item.text_content()) for item in part(page, "missing").xpath(".//li")]
    assert told == [
        "003=SUM(1,2)（联系人：联系人003）：没有报的项目",
        "004上海市科技馆（联系人：联系人004）：天文讲堂",
    ]


def test_every_file_is_there_once_with_its_reason(season: Season, page: WebPage) -> None:
    rows = [row for name in ("told", "accepted") for row in lines(page, name)]
    assert len(rows) == len(season.files)
    by_path = {row[0]: row for row in rows}
    for file in season.files:
        row = by_path[squeezed(file.path)]
        assert row[1].startswith(FILE_WORDS[file.state])
        assert squeezed(file.reason) in row[-1]
    assert by_path["inbox/科普中心/绩效目标#1.xlsx"][-1] == "18处错误，29处提醒，2处说明"


def test_the_files_of_a_unit_are_linked(season: Season, page: WebPage) -> None:
    links = part(page, "units").xpath(".//td//a")
    assert len(links) == sum(len(unit.files) for unit in season.units)
    for link in links:
        row = page.by_id(link.get("href")[1:])
        assert row.xpath("./th")[0].text_content() == link.text_content()


def test_findings_between_files_and_waived_ones_are_told_apart() -> None:
    season = season_samples.waived()
    page = WebPage(status_html(season))
    between = part(page, "between").xpath(".//li")
    left = [finding for finding in season.findings if finding not in season.waived]
    waived = part(page, "waived").xpath(".//li")
    assert (len(between), len(waived)) == (len(left), len(season.waived))
    for item, finding in zip(between, left, strict=True):
        assert finding.message in item.text_content()
        assert finding.hint in item.text_content()
    for item, (finding, waiver) in zip(waived, season.waived.items(), strict=True):
        for words in (SEVERITY_WORDS[finding.severity], finding.message, waiver_words(waiver)):
            assert words in item.text_content()


def test_what_is_empty_is_left_out() -> None:
    page = WebPage(status_html(season_samples.empty()))
    assert page.all("//h2/text()") == ["总体情况"]
    assert page.all("//nav") == []


def bent(value: Any, numbers: list[int]) -> Any:
    """The same with markup in every text."""
    match value:
        case str() if type(value) is str:
            numbers.append(len(numbers))
            return f"{HOSTILE[len(numbers) % len(HOSTILE)]}{value}"
        case tuple() if type(value) is tuple:
            return tuple(bent(item, numbers) for item in value)
        case dict():
            return {bent(key, numbers) if is_dataclass(key) else key: bent(item, numbers)
                    for key, item in value.items()}  # fmt: skip
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = {"values", "layout"}
            names = [item.name for item in fields(value) if item.name not in kept]
            changed = {name: bent(getattr(value, name), numbers) for name in names}
            return replace(value, **changed)
    return value


def hostile() -> Season:
    whole = season_samples.waived()
    made = bent(whole, [])
    assert isinstance(made, Season)
    return replace(made, layout=replace(whole.layout, name=HOSTILE[0]))


def test_markup_in_any_text_is_words_on_the_page() -> None:
    season = hostile()
    page = WebPage(status_html(season))
    page.assert_sound()
    assert HOSTILE[0] in page.all("//h1")[0].text
    assert len(part(page, "units").xpath(".//tbody/tr")) == len(season.units)
    assert len(part(page, "waived").xpath(".//li")) == len(season.waived)
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    for typed in HOSTILE[:-1]:
        assert squeezed(typed) in squeezed(page.tree.text_content())


def test_the_command_writes_the_page(examples_dir: Path, tmp_path: Path) -> None:
    register, target = tmp_path / "登记库.db", tmp_path / "情况.html"
    summary = tmp_path / "汇总.xlsx"
    roster = examples_dir / "roster.csv"
    common = ["--register", str(register), "--roster", str(roster)]
    inbox = str(examples_dir / "inbox")
    CliRunner().invoke(cli, ["consolidate", inbox, *common, "-o", str(summary), "--jobs", "1"])
    arguments = ["status", *common, "--format", "html"]
    done = CliRunner().invoke(cli, [*arguments, "-o", str(target)])
    assert (done.exit_code, done.output) == (0, "")
    page = WebPage(target.read_text(encoding="utf-8"))
    page.assert_sound()
    assert lines(page, "units")
    printed = CliRunner().invoke(cli, arguments)
    assert (printed.exit_code, printed.stdout_bytes) == (0, target.read_bytes())
    missing = CliRunner().invoke(cli, [*arguments, "-o", str(tmp_path / "无" / "情况.html")])
    assert missing.exit_code == 2


# --- in a browser ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    seasons = {"usual": season_samples.waived(), "hostile": hostile()}
    pages = {name: folder / f"{name}.html" for name in seasons}
    for name, path in pages.items():
        path.write_text(status_html(seasons[name]), encoding="utf-8")
    return pages


@pytest.mark.slow
@pytest.mark.parametrize("name", ["usual", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(
    browser: Browser, written: dict[str, Path], name: str, scheme: str
) -> None:
    with shown(browser, written[name], color_scheme=scheme) as page:
        assert_accessible(page)
        assert_fits(page)
        assert page.evaluate("window.bent") is None


@pytest.mark.slow
def test_the_page_can_be_read_on_a_phone_and_without_script(
    browser: Browser, written: dict[str, Path]
) -> None:
    phone = {"viewport": PHONE, "is_mobile": True, "java_script_enabled": False}
    with shown(browser, written["usual"], **phone) as page:
        assert_fits(page)
        assert page.locator("h1").is_visible()
        assert "还没有报送" in page.locator("body").inner_text()


@pytest.mark.slow
def test_nothing_is_cut_off_on_paper(browser: Browser, written: dict[str, Path]) -> None:
    with shown(browser, written["usual"], viewport={"width": 703, "height": 900}) as page:
        page.emulate_media(media="print")  # 703 pixels are what A4 leaves between the margins
        assert_fits(page)
        assert page.locator(".jumps").is_hidden()
