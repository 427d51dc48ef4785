"""``check --format html``: every form as it was filled in, with each finding in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import xlgoals
from check_pages import (
    FILLED,
    MISTAKES,
    ROOT,
    assert_every_finding_is_there_once,
    drawn_cells,
    entries,
    hostile_workbook,
    occupied,
    value_of,
)
from command import run_process, run_python
from each_layout import LAYOUTS, sound_form, write_sound
from tiny_layout import TINY
from web_page import HOSTILE, WebPage
from xlgoals.annotate.fresh import fresh_copy
from xlgoals.cli.main import cli
from xlgoals.findings import Severity
from xlgoals.grid import RangeRef
from xlgoals.html.check_page import check_html
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan
from xlgoals.reports.text_report import STATUS_NAMES
from xlgoals.submission import Submission


@pytest.fixture(scope="module")
def mistakes() -> Submission:
    return xlgoals.read(MISTAKES)


@pytest.fixture(scope="module")
def page(mistakes: Submission) -> WebPage:
    return WebPage(check_html([mistakes]))


# --- the form -------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_the_form_is_drawn_as_its_layout_says(layout: Layout, tmp_path: Path) -> None:
    path, year = tmp_path / "表.xlsx", layout.first_year
    write_sound(path, layout)
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


def test_every_weight_has_a_look_of_its_own(page: WebPage) -> None:
    looks = {item.get("class") for item in entries(page)}
    assert looks == {f"entry {severity.value}" for severity in Severity}
