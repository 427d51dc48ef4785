"""``check --format html``: every form as it was filled in, with each finding in its place."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner

import xlgoals
from command import run_process, run_python
from each_layout import LAYOUTS, sound_form
from web_page import (
    HOSTILE,
    PHONE,
    WebPage,
    assert_accessible,
    assert_fits,
    shown,
    squeezed,
)
from xlgoals.annotate.fresh import fresh_copy
from xlgoals.cli.main import cli
from xlgoals.findings import SEVERITY_WORDS, Severity
from xlgoals.grid import RangeRef
from xlgoals.html.check_page import check_html
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan
from xlgoals.reports.text_report import STATUS_NAMES
from xlgoals.submission import Submission
from xlgoals.text import visible

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
MISTAKES, FILLED = (ROOT / "examples" / f"{name}-2020.xlsx" for name in ("mistakes", "filled"))
TINY = xlgoals.load_layout(str(ROOT / "tests" / "data" / "tiny.yaml"))


@pytest.fixture(scope="module")
def mistakes() -> Submission:
    return xlgoals.read(MISTAKES)


@pytest.fixture(scope="module")
def page(mistakes: Submission) -> WebPage:
    return WebPage(check_html([mistakes]))


def entries(page: WebPage, number: int = 1) -> list[Any]:
    """The list of a file's findings."""
    return [item for item in page.under(f"f{number}-list") if item.tag == "li"]


def marks(page: WebPage, number: int = 1) -> list[Any]:
    """The findings of a file in their places."""
    return page.under(f"f{number}-mark")


def occupied(table: Any) -> dict[RangeRef, Any]:
    """The cells of a table by the area they take, as a browser lays them out; none overlap."""
    taken: dict[tuple[int, int], Any] = {}
    found = {}
    for row, line in enumerate(table.xpath("./tbody/tr"), start=1):
        column = 1
        for cell in line:
            while (row, column) in taken:
                column += 1
            down, right = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            area = RangeRef(row, column, row + down - 1, column + right - 1)
            assert not any(place in taken for place in area.cells())
            taken.update(dict.fromkeys(area.cells(), cell))
            found[area] = cell
    columns = len(table.xpath("./colgroup/col"))
    assert set(taken) == {(r, c) for r in range(1, row + 1) for c in range(1, columns + 1)}
    return found


def value_of(cell: Any) -> str:
    return "".join(cell.xpath("./span[@class='value']//text()"))


def drawn_cells(page: WebPage) -> dict[RangeRef, Any]:
    """The cells of the one form on the page, by the area of the sheet, page after page."""
    found: dict[RangeRef, Any] = {}
    above = 0
    for table in page.all("//div[@class='paper']/table"):
        cells = occupied(table)
        found |= {
            RangeRef(a.top + above, a.left, a.bottom + above, a.right): cell
            for a, cell in cells.items()
        }
        above += max(area.bottom for area in cells)
    return found


# --- the form -------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_the_form_is_drawn_as_its_layout_says(layout: Layout, tmp_path: Path) -> None:
    path, year = tmp_path / "表.xlsx", layout.first_year
    xlgoals.write_template(path, layout, year, forms=[sound_form(layout)])
    submission = xlgoals.read(path)
    page = WebPage(check_html([submission]))
    page.assert_sound()
    plan = build_plan(layout, year).form
    cells = drawn_cells(page)
    for locked in plan.locked:
        assert value_of(cells[locked.area]) == locked.text
    (reading,) = [form for form in submission.readings if form.sheet == "项目1"]
    for item in reading.all_inputs():
        shown_value = value_of(cells[item.input.area]).replace(",", "")
        assert shown_value == (item.reading.shown or "").replace(",", "")
        heads = cells[item.input.area].get("headers").split()
        assert item.input.label.text in [value_of(page.by_id(head)) for head in heads]
    assert len(page.all("//div[@class='paper']")) == len(plan.page_ends)
    widths = page.all("(//colgroup)[1]/col/@class")
    style = page.all("//style")[0].text
    shares = [float(style.split(f".{name}{{width:")[1].split("%")[0]) for name in widths]
    pixels = layout.column_widths
    assert shares == pytest.approx([100 * width / sum(pixels) for width in pixels], abs=0.06)


def test_a_layout_of_ones_own_is_drawn_likewise(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    xlgoals.write_template(path, TINY, 2025)
    book = openpyxl.load_workbook(path)
    book["项目1"]["E3"] = "阅览室"
    book.save(path)
    submission = xlgoals.read(path, layout=TINY)
    page = WebPage(check_html([submission]))
    page.assert_sound()
    cells = drawn_cells(page)
    assert value_of(cells[RangeRef(3, 5, 3, 6)]) == "阅览室"
    for locked in build_plan(TINY, 2025).form.locked:
        assert value_of(cells[locked.area]) == locked.text
    assert len(entries(page)) == len(submission.findings)


def test_what_was_typed_is_shown_even_where_it_was_refused(page: WebPage) -> None:
    cells = page.all("//div[@class='paper']//td")
    texts = {value_of(cell) for cell in cells}
    assert {"2020-02-30", "约65万", "=A8&A9", "#N/A", "-650000", "可能"} <= texts
    assert "上海市科学技术协会学会服务中心" in texts
    (refused,) = [cell for cell in cells if value_of(cell) == "约65万"]
    assert "has-error" in refused.get("class").split()
    assert "不是金额" in refused.text_content()


def test_the_unit_is_shown_on_every_sheet_that_repeats_it() -> None:
    page = WebPage(check_html([xlgoals.read(FILLED)]))
    units = [value_of(cell) for cell in page.all("//td[contains(@class, 'input_plain')]")]
    assert units == ["上海市科学技术协会学会服务中心"] * 3


def test_another_unit_is_shown_where_it_was_typed() -> None:
    submission = xlgoals.read(ROOT / "tests" / "corpus" / "unit-differs-openpyxl.xlsx")
    (finding,) = [found for found in submission.findings if found.code == "unit-differs"]
    page = WebPage(check_html([submission]))
    units = [value_of(cell) for cell in page.all("//td[contains(@class, 'input_plain')]")]
    assert finding.value in units
    assert len(set(units)) > 1


def test_amounts_are_shown_in_groups_of_three_digits() -> None:
    page = WebPage(check_html([xlgoals.read(FILLED)]))
    assert "650,000" in {value_of(cell) for cell in page.all("//div[@class='paper']//td")}


# --- findings -------------------------------------------------------------------------------------
def assert_every_finding_is_there_once(page: WebPage, number: int, submission: Submission) -> None:
    listed = {item.get("id"): item for item in entries(page, number)}
    placed = {item.get("id"): item for item in marks(page, number)}
    assert len(listed) == len(submission.findings)
    drawn = {visible(form.sheet) for form in submission.readings}
    for count, finding in enumerate(submission.findings, start=1):
        item = listed[f"f{number}-list{count}"]
        told = squeezed(item.text_content())
        for words in (SEVERITY_WORDS[finding.severity], finding.message, finding.hint):
            assert squeezed(words) in told
        mark = placed.pop(f"f{number}-mark{count}", None)
        assert (mark is not None) == (finding.sheet in drawn)
        if mark is not None:
            assert item.xpath(".//a[@class='place']/@href") == [f"#{mark.get('id')}"]
            assert mark.xpath("./a/@href") == [f"#{item.get('id')}"]
            assert squeezed(finding.message) in squeezed(mark.text_content())
            assert SEVERITY_WORDS[finding.severity] in mark.text_content()
    assert placed == {}


def test_every_finding_is_in_the_list_and_in_its_place(page: WebPage, mistakes: Submission) -> None:
    page.assert_sound()
    assert_every_finding_is_there_once(page, 1, mistakes)


def test_each_place_is_the_cell_that_the_finding_names(page: WebPage, mistakes: Submission) -> None:
    cells = {form.sheet: number for number, form in enumerate(mistakes.readings, start=1)}
    inside = 0
    for count, finding in enumerate(mistakes.findings, start=1):
        if finding.sheet in cells and finding.cell != "G7":
            cell = page.by_id(f"f1-mark{count}").xpath("ancestor::*[self::td or self::th][1]")[0]
            assert cell.get("id") == f"f1-{cells[finding.sheet]}-{finding.cell}"
            inside += 1
        elif finding.cell == "G7":
            apart = page.by_id(f"f1-mark{count}").xpath("ancestor::div[@class='apart']")
            assert "请领导审阅" in apart[0].text_content()
    assert inside > 40


def test_related_cells_are_linked(page: WebPage, mistakes: Submission) -> None:
    numbers = [n for n, f in enumerate(mistakes.findings, 1) if f.code == "current-over-total"]
    (related,) = page.by_id(f"f1-list{numbers[0]}").xpath("./p[@class='related']")
    (link,) = related.xpath("./a")
    assert link.text == "B14"
    assert value_of(page.by_id(link.get("href")[1:])) != ""


@pytest.mark.slow
def test_every_workbook_of_the_corpus_is_shown_whole() -> None:
    paths = sorted((ROOT / "tests" / "corpus").glob("*.xlsx"))
    submissions = [xlgoals.read(path) for path in paths]
    assert len(submissions) > 80
    page = WebPage(check_html(submissions))
    page.assert_sound()
    for number, submission in enumerate(submissions, start=1):
        assert_every_finding_is_there_once(page, number, submission)
        heading = page.by_id(f"f{number}").text_content()
        assert heading.startswith(submission.file)
        assert STATUS_NAMES[submission.status] in heading
    for table in page.all("//div[@class='paper']/table"):
        occupied(table)


def test_a_form_that_was_moved_is_drawn_by_its_plan(tmp_path: Path) -> None:
    path = ROOT / "tests" / "corpus" / "by-hand-offset-openpyxl.xlsx"
    submission = xlgoals.read(path)
    page = WebPage(check_html([submission]))
    texts = {value_of(cell) for cell in drawn_cells(page).values()}
    (form, *_) = submission.readings
    typed = {item.reading.shown for item in form.all_inputs() if item.reading.shown}
    assert typed
    assert {text.replace(",", "") for text in typed} <= {text.replace(",", "") for text in texts}


@pytest.mark.slow
def test_a_table_that_grew_beyond_measure_is_drawn_whole(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.load_workbook(ROOT / "tests" / "corpus" / "by-hand-openpyxl.xlsx")
    sheet = book.worksheets[0]
    (first,) = [cell.row for (cell,) in sheet["B1:B60"] if cell.value == "数量"]
    for merge in list(sheet.merged_cells.ranges):
        if merge.max_row >= first:
            sheet.unmerge_cells(str(merge))
    sheet.delete_rows(first, sheet.max_row)
    for number in range(600):
        sheet.append(["产出目标", "数量", f"指标{number}", f"≥{number}个"])
    book.save(path)
    submission = xlgoals.read(path)
    page = WebPage(check_html([submission]))
    page.assert_sound()
    assert_every_finding_is_there_once(page, 1, submission)
    texts = {value_of(cell) for cell in drawn_cells(page).values()}
    assert {f"指标{number}" for number in range(600)} <= texts
    # So is the workbook that goes back where the file itself cannot be marked.
    assert len(fresh_copy(submission).data) > 0


# --- files ----------------------------------------------------------------------------------------
def test_several_files_have_a_table_of_contents(mistakes: Submission, tmp_path: Path) -> None:
    (tmp_path / "说明.docx").write_bytes(b"PK\x03\x04")
    others = [xlgoals.read(FILLED), xlgoals.read(tmp_path / "说明.docx")]
    page = WebPage(check_html([mistakes, *others]))
    page.assert_sound()
    items = page.all("//nav//li")
    assert [item.xpath("./a/@href") for item in items] == [["#f1"], ["#f2"], ["#f3"]]
    for item, submission in zip(items, [mistakes, *others], strict=True):
        assert submission.file in item.text_content()
        assert STATUS_NAMES[submission.status] in item.text_content()
    assert len(page.all("//section[@aria-labelledby='f3']//table")) == 0
    assert len(entries(page, 3)) == 1
    assert "共3个文件、6张表" in page.text


def test_sheets_that_nobody_filled_in_are_named(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    layout = LAYOUTS[0]
    form = sound_form(layout)
    xlgoals.write_template(path, layout, form.fiscal_year, forms=[form], projects=3)
    page = WebPage(check_html([xlgoals.read(path)]))
    assert (
        "空白、没有填写的表：项目2、项目3。" in page.all("//p[@class='counts']")[0].text_content()
    )


# --- what a workbook cannot do --------------------------------------------------------------------
def hostile_workbook(folder: Path) -> Path:
    """Markup in every place that a workbook has for words."""
    path = folder / "<script>window.bent=1<!--&'\"\u202e.xlsx"
    book = openpyxl.load_workbook(MISTAKES)
    sheet = book["项目1"]
    for cell, typed in zip(("B4", "B5", "E6", "B7", "B8", "B9", "A10", "G9", "C28"), HOSTILE,
                           strict=True):  # fmt: skip
        sheet[cell] = "_x001B_".join(typed.split("\x1b"))
    sheet["D29"] = HOSTILE[0]
    sheet.title = "<svg onload=window.bent=1>\u202e"
    book["项目2"]["B3"] = HOSTILE[1]
    book.save(path)
    return path


def test_markup_in_a_workbook_is_words_on_the_page(tmp_path: Path) -> None:
    submission = xlgoals.read(hostile_workbook(tmp_path))
    page = WebPage(check_html([submission]))
    page.assert_sound()
    assert_every_finding_is_there_once(page, 1, submission)
    texts = {value_of(cell) for cell in page.all("//div[@class='paper']//*[self::td or self::th]")}
    for typed in (HOSTILE[0], HOSTILE[2], HOSTILE[3], HOSTILE[4], HOSTILE[5]):
        assert typed in texts
    assert "<svg onload=window.bent=1>\\u202e" in page.all("//h3/bdi[1]/text()")
    assert "window.bent=1<!--&'\"\\u202e.xlsx" in page.by_id("f1").text_content()
    assert "\u202e" not in page.text
    assert "\x1b" not in page.text


def test_markup_in_a_layout_is_words_on_the_page(mistakes: Submission) -> None:
    assert mistakes.plan is not None
    assert mistakes.layout is not None
    layout = replace(mistakes.layout, name="<b onclick=1>表")
    texts = {**layout.texts, "title": replace(layout.texts["title"], text=HOSTILE[0])}
    layout = replace(layout, texts=texts)
    bent = replace(mistakes, layout=layout, plan=replace(mistakes.plan, layout=layout))
    page = WebPage(check_html([bent]))
    page.assert_sound()
    assert "<b onclick=1>表" in page.all("//p[@class='counts']")[0].text_content()
    assert value_of(page.by_id("f1-1-A1")) == HOSTILE[0]


# --- the command ----------------------------------------------------------------------------------
def test_the_command_writes_the_page_and_ends_as_always(tmp_path: Path) -> None:
    target = tmp_path / "结果.html"
    arguments = ["check", str(MISTAKES), "--format", "html"]
    done = CliRunner().invoke(cli, [*arguments, "-o", str(target)])
    assert (done.exit_code, done.output) == (1, "")
    WebPage(target.read_text(encoding="utf-8")).assert_sound()
    printed = CliRunner().invoke(cli, arguments)
    assert (printed.exit_code, printed.stdout_bytes) == (1, target.read_bytes())
    fine = ["check", str(FILLED), "--format", "html", "-o", str(target)]
    assert CliRunner().invoke(cli, fine).exit_code == 0
    assert CliRunner().invoke(cli, [*fine, "--strict"]).exit_code == 1
    missing = CliRunner().invoke(cli, [*arguments, "-o", str(tmp_path / "无" / "结果.html")])
    assert missing.exit_code == 2
    assert "无法写入" in missing.output


def test_the_same_files_give_the_same_page_whatever_the_console_speaks() -> None:
    one, other = (
        run_process("check", MISTAKES, "--format", "html", PYTHONHASHSEED=seed, LANG=lang)
        for seed, lang in (("1", "C.UTF-8"), ("2", "en_US.UTF-8"))
    )
    assert "需要修改" in one.stdout
    assert one.stdout == other.stdout


@pytest.mark.parametrize("format_", ["text", "html"])
def test_checking_loads_only_what_its_report_needs(format_: str) -> None:
    code = (
        "import sys; from xlgoals.cli.main import cli;"
        f"cli.main(['check', {str(FILLED)!r}, '--format', {format_!r}, '-o', sys.argv[1]],"
        " standalone_mode=False);"
        "print(sorted({'jinja2', 'lxml', 'xlsxwriter', 'openpyxl', 'pydantic'} & set(sys.modules)))"
    )
    assert run_python("-c", code, "/dev/null").stdout.splitlines()[-1:] == (
        ["['jinja2']"] if format_ == "html" else ["[]"]
    )


# --- in a browser ---------------------------------------------------------------------------------
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


def test_every_weight_has_a_look_of_its_own(page: WebPage) -> None:
    looks = {item.get("class") for item in entries(page)}
    assert looks == {f"entry {severity.value}" for severity in Severity}
