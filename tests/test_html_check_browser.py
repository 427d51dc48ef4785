"""The page of ``check --format html`` in a browser: read, printed, and harmless."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

import xlgoals
from check_pages import FILLED, MISTAKES, ROOT, hostile_workbook
from each_layout import sound_form
from tiny_layout import TINY
from web_page import HOSTILE, PHONE, assert_accessible, assert_fits, shown
from xlgoals.html.check_page import check_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages as files: one file with mistakes, several files, one that would like to do harm."""
    folder = tmp_path_factory.mktemp("pages")
    tiny = folder / "小表.xlsx"
    xlgoals.write_template(tiny, TINY, 2025)
    book = openpyxl.load_workbook(tiny)
    book["项目1"]["E3"] = "阅览室"
    book.save(tiny)
    national = folder / "全国.xlsx"
    layout = xlgoals.load_layout("national-2021")
    xlgoals.write_template(national, layout, layout.first_year, forms=[sound_form(layout)])
    several = [
        xlgoals.read(FILLED),
        xlgoals.read(tiny, layout=TINY),
        xlgoals.read(national),
        xlgoals.read(ROOT / "README.md"),
    ]
    submissions = {
        "filled": [several[0]],
        "mistakes": [xlgoals.read(MISTAKES)],
        "several": several,
        "hostile": [xlgoals.read(hostile_workbook(folder))],
    }
    pages = {name: folder / f"{name}.html" for name in submissions}
    for name, path in pages.items():
        path.write_text(check_html(submissions[name]), encoding="utf-8")
    return pages


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mistakes", "several", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(
    browser: Browser, written: dict[str, Path], name: str, scheme: str
) -> None:
    with shown(browser, written[name], color_scheme=scheme) as page:
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mistakes", "several", "hostile"])
def test_the_page_can_be_read_on_a_phone(
    browser: Browser, written: dict[str, Path], name: str
) -> None:
    with shown(browser, written[name], viewport=PHONE, is_mobile=True) as page:
        assert_fits(page)
        first = page.locator(".entry").first.bounding_box()
        form = page.locator(".paper").first.bounding_box()
        assert first is not None
        assert form is not None
        assert first["y"] < form["y"]
        # The form is as wide as it must be, and moves inside its own frame.
        frame = page.locator(".paper").first
        assert frame.evaluate("box => box.scrollWidth > box.clientWidth")


@pytest.mark.slow
def test_without_script_the_page_is_the_same(browser: Browser, written: dict[str, Path]) -> None:
    texts = []
    for allowed in (True, False):
        with shown(browser, written["mistakes"], java_script_enabled=allowed) as page:
            texts.append(page.locator("body").inner_text())
    assert texts[0] == texts[1]
    assert "“项目名称”没有填写。" in texts[1]


@pytest.mark.slow
def test_links_lead_from_the_list_to_the_place_and_back(
    browser: Browser, written: dict[str, Path]
) -> None:
    with shown(browser, written["mistakes"]) as page:
        page.locator("#f1-list11 a.place").click()
        mark = page.locator("#f1-mark11")
        assert mark.evaluate("item => item.matches(':target')")
        box = mark.bounding_box()
        assert box is not None
        assert 100 < box["y"] < 800  # with the value that it is about above it
        outline = mark.evaluate("item => getComputedStyle(item).outlineStyle")
        assert outline == "solid"
        mark.locator("a").click()
        assert page.locator("#f1-list11").evaluate("item => item.matches(':target')")
        page.goto(page.url.partition("#")[0])
        page.keyboard.press("Tab")
        assert page.locator(".skip").evaluate("link => link === document.activeElement")
        width = page.locator(".skip").evaluate("link => getComputedStyle(link).outlineWidth")
        assert width == "3px"


@pytest.mark.slow
def test_the_page_prints_as_a_list_and_two_pages_a_form(
    browser: Browser, written: dict[str, Path], tmp_path: Path
) -> None:
    with shown(browser, written["filled"]) as page:
        pdf = tmp_path / "page.pdf"
        page.pdf(path=pdf, prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, encoding="utf-8", check=True)
    facts = dict(line.split(":", 1) for line in info.stdout.splitlines())
    assert int(facts["Pages"]) == 1 + 3 * 2
    width, height = (float(size) for size in facts["Page size"].split()[:3:2])
    assert (round(width), round(height)) == (595, 842)
    text = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = text.split("\f")
    assert "问题清单" in pages[0]
    assert "申报单位名称" in pages[1]
    assert "三级目标" in pages[2]


@pytest.mark.slow
def test_what_a_workbook_holds_does_not_run(browser: Browser, written: dict[str, Path]) -> None:
    with shown(browser, written["hostile"]) as page:
        assert page.evaluate("window.bent") is None
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        assert page.locator("h1").is_visible()
        assert HOSTILE[0] in page.locator("body").inner_text()


@pytest.mark.slow
def test_even_markup_that_got_in_would_not_run(
    browser: Browser, written: dict[str, Path], tmp_path: Path
) -> None:
    bent = tmp_path / "bent.html"
    text = written["filled"].read_text(encoding="utf-8")
    markup = (
        "<script>window.bent=1</script><img src='http://bent.invalid/x' onerror='window.bent=1'>"
        "<style>h1{display:none}</style><h6 style='color:rgb(1,2,3)'>x</h6>"
    )
    bent.write_text(text.replace("</main>", f"{markup}</main>"), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("response", lambda response: asked.append(response.url))
    page.goto(bent.as_uri())
    assert page.evaluate("window.bent") is None
    assert page.locator("h1").is_visible()
    colour = page.locator("h6").evaluate("item => getComputedStyle(item).color")
    assert colour != "rgb(1, 2, 3)"
    assert asked == [bent.as_uri()]
    context.close()
