"""总览: the sentence to disclose, how far the collection is, and that all of it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest

from xlgoals.book import strict
from xlgoals.findings import SEVERITY_WORDS
from xlgoals.season.figures import WAN, Coverage, amount_field, disclosure
from xlgoals.season.model import FormEntry
from xlgoals.season.roster import HEADERS, PRIOR_EXECUTION
from xlgoals.season.words import FILE_WORDS, WAIVED
from xlgoals.summary import files as files_sheet
from xlgoals.summary import problems, projects, returns, subtotals
from xlgoals.summary.book import BAD, GOOD, ROW, TITLE_ROW, TOTAL
from xlgoals.summary.charts import Charts, Frame
from xlgoals.summary.checks import Tables, checks_of
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.table import Cells, Formula, Table

SHEET = "总览"
COLOUR = "#C00000"
AGREES, DIFFERS = "相符", "不符"
_WIDTHS = (216, 116, 116, 116, 92, 92, 20, 220, 220)  # pixels; the charts stand right of the gap
_LAST = 5  # the last column of the blocks, counted from 0
_MOST_CATEGORIES = 8
_CHARTS = Frame(row=6, column=7, width=sum(_WIDTHS[7:]), gap=ROW)


def write_overview(sheets: Sheets, tables: Tables) -> None:
    """Write the sheet, which was added before the others."""
    _Overview(sheets, tables).write()


class _Overview:
    def __init__(self, sheets: Sheets, tables: Tables) -> None:
        self._sheets, self._tables = sheets, tables
        self._figures = sheets.figures
        self._season = sheets.figures.season
        self._cells: Cells = sheets.sheet(SHEET, COLOUR)
        self._row = 0
        self._numerals = iter("一二三四五六")

    def write(self) -> None:
        for column, width in enumerate(_WIDTHS):
            self._cells.sheet.set_column_pixels(column, column, width)
        self._write_head()
        self._write_totals()
        self._write_coverage()
        states = self._write_units()
        categories = self._write_categories()
        self._write_files()
        self._write_checks()
        charts = Charts(self._sheets, self._cells.sheet, _CHARTS)
        charts.draw_units(states)
        if categories:
            charts.draw_categories(*categories)
        self._cells.sheet.fit_to_pages(1, 1)
        self._cells.sheet.set_portrait()
        self._cells.sheet.print_area(0, 0, self._row - 1, len(_WIDTHS) - 1)
        self._cells.sheet.activate()

    # --- the head ---------------------------------------------------------------------------------
    def _write_head(self) -> None:
        season = self._season
        round_ = f"（{season.round}）" if season.round else ""
        self._merged(f"{season.fiscal_year}年度项目支出绩效目标汇总{round_}", "title", TITLE_ROW)
        deadline = f"，截止时间{season.deadline:%Y-%m-%d %H:%M}" if season.deadline else ""
        layout = season.layout
        self._merged(f"表样：{layout.authority}《{layout.name}》{deadline}", "subtitle", ROW)
        self._row += 1
        self._merged(disclosure(self._figures), "sentence", 66, len(_WIDTHS) - 1)
        self._merged(self._note(), "note", ROW, len(_WIDTHS) - 1)

    def _note(self) -> str:
        key = amount_field(self._season.layout)
        if key is None:
            return "表样没有金额。"
        title = projects.money_title(self._season.layout.fields[key])
        blank = sum(key not in form.amounts for form in self._season.forms)
        left_out = f"其中{blank}个项目的金额空白或无法读取，按零计。" if blank else ""
        place = "上面一句可直接用于公开，“本区”请按实际改为“本市”“本县”。"
        return f"{place}金额为“{title}”之和。{left_out}"

    def _merged(self, text: str, style: str, height: int, last: int = _LAST) -> None:
        sheet = self._cells.sheet
        strict(sheet.set_row_pixels(self._row, height))
        # The text is written apart: merging would look for a formula or a link in it.
        strict(sheet.merge_range(self._row, 0, self._row, last, "", self._sheets.book.style(style)))
        self._cells.write(self._row, 0, text, style)
        self._row += 1

    # --- blocks -----------------------------------------------------------------------------------
    def _heading(self, text: str, *columns: str) -> None:
        self._row += 1
        self._cells.sheet.set_row_pixels(self._row, ROW + 4)
        self._cells.write(self._row, 0, f"{next(self._numerals)}、{text}", "heading")
        self._row += 1
        for column, title in enumerate(columns):
            self._cells.write(self._row, column, title, "header")
        self._row += 1

    def _line(self, values: Sequence[object], styles: Sequence[str], total: bool = False) -> None:
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            self._cells.write(self._row, column, value, style, TOTAL if total else None)
        self._row += 1

    def _write_totals(self) -> None:
        figures, tables, total = self._figures, self._tables, self._figures.total
        files, listed = tables.files, tables.problems.area(problems.SEVERITY)
        waived = tables.problems.area(problems.IS_WAIVED)
        main = amount_field(self._season.layout)
        self._heading("总量", "内容", "数量", "内容", "数量")
        left: list[tuple[str, Formula, str]] = [
            (
                "编报单位",
                _count(tables.subtotals.by_unit, subtotals.NUMBER, figures.declaring),
                "count",
            ),
            ("项目", _count(tables.projects, projects.UNIT_NUMBER, total.forms), "count"),
            ("绩效指标", _count(tables.indicators, "number", total.indicators), "count"),
        ]
        if main:
            amount = Formula(f"SUM({tables.projects.area(main)})", total.amount)
            wan = Formula(f"SUM({tables.projects.area(main)})/{WAN}", total.amount / WAN)
            left += [("资金（元）", amount, "amount"), ("资金（万元）", wan, "amount")]
        right: list[tuple[str, Formula]] = [
            ("收到文件", _count(files, files_sheet.NUMBER, len(self._season.files))),
            ("其中逾期", Formula(f"COUNTA({files.area(files_sheet.IS_LATE)})", figures.late_files)),
            *(
                (
                    f"问题：{word}",
                    Formula(
                        f'COUNTIF({listed},"{word}")'
                        f'-COUNTIFS({listed},"{word}",{waived},"{WAIVED}")',
                        figures.counts.of(severity),
                    ),
                )
                for severity, word in SEVERITY_WORDS.items()
            ),
            (
                f"问题：{WAIVED}",
                Formula(f'COUNTIF({waived},"{WAIVED}")', figures.counts.waived),
            ),
        ]
        for one, other in zip_longest(left, right, fillvalue=(None, None, "count")):
            self._line((*one[:2], *other[:2]), ("label", one[-1], "label", "count"))

    def _write_coverage(self) -> None:
        self._heading("覆盖率和通过率", "口径", "应报", "已报", "覆盖率", "检查通过", "通过率")
        figures = self._figures
        self._coverage("单位（个）", figures.unit_coverage, "count")
        self._coverage("项目（个）", figures.project_coverage, "count")
        if amount_field(self._season.layout):
            self._coverage("资金（元）", figures.amount_coverage, "amount")
        if spent := figures.spent_coverage:
            self._coverage(f"{HEADERS[PRIOR_EXECUTION]}（元）", spent, "amount")

    def _coverage(self, name: str, coverage: Coverage, style: str) -> None:
        row = self._row + 1
        due = coverage.due
        rate = Formula(f"IF(B{row}=0,0,C{row}/B{row})", coverage.rate or 0)
        passed = Formula(f"IF(C{row}=0,0,E{row}/C{row})", coverage.passed_rate or 0)
        self._line(
            (
                *(name, "—" if due is None else due, coverage.returned),
                *("—" if due is None else rate, coverage.passed, passed),
            ),
            ("label", style, style, "rate", style, "rate"),
        )

    def _write_units(self) -> range:
        self._heading("单位报送情况", "状态", "单位数", "占比")
        area = self._tables.units.area(returns.STATE)
        whole = len(self._season.units)
        first = self._row
        for state, count in self._figures.units.items():
            word = self._figures.unit_words[state]
            share = Decimal(count) / whole if whole else Decimal(0)
            self._line(
                (
                    word,
                    Formula(f'COUNTIF({area},"{word}")', count),
                    Formula(f"IF(COUNTA({area})=0,0,B{self._row + 1}/COUNTA({area}))", share),
                ),
                ("label", "count", "rate"),
            )
        return range(first, self._row)

    def _write_categories(self) -> tuple[range, list[tuple[str, Decimal]]] | None:
        """The rows of the block, and the money of each category there, in 万元."""
        source, main = self._tables.subtotals.by_category, amount_field(self._season.layout)
        groups = self._tables.subtotals.categories
        if not (source and main and groups):
            return None
        self._heading("按项目类别", "项目类别", "项目数", "资金（元）", "资金（万元）", "占比")
        first = self._row
        told = []
        for index, group in enumerate(groups[:_MOST_CATEGORIES]):
            row = source.head + 1 + index
            name = Formula(source.cell(subtotals.NAME, row), group.name)
            formulas = (source.cell(subtotals.FORMS, row), source.cell(main, row))
            told.append((group.name, self._category(name, group.forms, formulas)))
        if others := groups[_MOST_CATEGORIES:]:
            forms, amount = (f"SUM({letter}{first + 1}:{letter}{self._row})" for letter in "BC")
            formulas = (
                f"SUM({source.area(subtotals.FORMS)})-{forms}",
                f"SUM({source.area(main)})-{amount}",
            )
            rest = [form for group in others for form in group.forms]
            name_ = f"其余{len(others)}类"
            told.append((name_, self._category(name_, rest, formulas)))
        rows = range(first, self._row)
        sums = (f"SUM(B{first + 1}:B{self._row})", f"SUM(C{first + 1}:C{self._row})")
        self._category("合计", self._season.forms, sums, total=True)
        return rows, told

    def _category(
        self,
        name: Formula | str,
        forms: Sequence[FormEntry],
        formulas: tuple[str, str],
        total: bool = False,
    ) -> Decimal:
        """A line of the block; returns its money in 万元."""
        sums, whole = self._figures.sums(forms), self._figures.total.amount
        main = self._tables.projects.area(amount_field(self._season.layout) or "")
        row = self._row + 1
        cells = (
            name,
            Formula(formulas[0], sums.forms),
            Formula(formulas[1], sums.amount),
            Formula(f"C{row}/{WAN}", sums.amount / WAN),
            Formula(
                f"IF(SUM({main})=0,0,C{row}/SUM({main}))",
                sums.amount / whole if whole else Decimal(0),
            ),
        )
        self._line(cells, ("label", "count", "amount", "amount", "rate"), total)
        return sums.amount / WAN

    def _write_files(self) -> None:
        self._heading("收到的文件", "状态", "文件数")
        area = self._tables.files.area(files_sheet.STATE)
        first = self._row + 1
        for state, count in self._figures.files.items():
            word = FILE_WORDS[state]
            self._line((word, Formula(f'COUNTIF({area},"{word}")', count)), ("label", "count"))
        whole = Formula(f"SUM(B{first}:B{self._row})", len(self._season.files))
        self._files = f"B{self._row + 1}"
        self._line(("合计", whole), ("label", "count"), total=True)

    def _write_checks(self) -> None:
        self._heading("核对", "内容", "一方", "另一方", "差额", "结果")
        for check in checks_of(self._figures, self._tables, self._files):
            row = self._row + 1
            difference = check.difference
            result = Formula(
                f'IF(ROUND(D{row},2)=0,"{AGREES}","{DIFFERS}")', DIFFERS if difference else AGREES
            )
            apart = Formula(f"B{row}-C{row}", difference)
            styles = ("label", check.style, check.style, check.style)
            self._line((check.what, check.one, check.other, apart), styles)
            self._cells.write(row - 1, 4, result, "centre", BAD if difference else GOOD)


def _count(table: Table, key: str, result: int) -> Formula:
    """The rows of a table, by a column of numbers that is never blank."""
    return Formula(f"COUNT({table.area(key)})", result)
