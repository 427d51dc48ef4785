"""总览: the sentence to disclose, how far the collection is, and that all of it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.chart import Chart

from xlgoals.book import quoted, strict
from xlgoals.findings import SEVERITY_WORDS, Severity
from xlgoals.season.figures import CATEGORY, WAN, Coverage, amount_field, disclosure
from xlgoals.season.model import UnitState
from xlgoals.season.words import FILE_WORDS, UNIT_WORDS
from xlgoals.summary import problems, projects, returns, subtotals
from xlgoals.summary.book import BAD, GOOD, ROW, TITLE_ROW, TOTAL
from xlgoals.summary.returns import Returns
from xlgoals.summary.sheets import Sheets
from xlgoals.summary.subtotals import Subtotals
from xlgoals.summary.table import Cells, Formula, Table

SHEET = "总览"
COLOUR = "#C00000"
AGREES, DIFFERS = "相符", "不符"
_WIDTHS = (216, 116, 116, 116, 92, 92, 20, 220, 220)  # pixels; the charts stand right of the gap
_LAST = 5  # the last column of the blocks, counted from 0
_CHART_COLUMN = 7
_MOST_CATEGORIES = 8
_FIRST_BLOCK = 6  # its row, counted from 0
_COLOURS = {
    UnitState.ACCEPTED: "#70AD47",
    UnitState.ERRORS: "#C00000",
    UnitState.INCOMPLETE: "#ED7D31",
    UnitState.MISSING: "#FFC000",
    UnitState.UNLISTED: "#A5A5A5",
}


@dataclass(frozen=True)
class Tables:
    """Where the other sheets' tables stand."""

    projects: Table
    subtotals: Subtotals
    indicators: Table
    problems: Table
    returns: Returns


@dataclass(frozen=True)
class _Check:
    """Two numbers that must be equal, each worked out in its own way."""

    what: str
    one: Formula
    other: Formula
    style: str = "count"


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
        self._draw_units(states)
        if categories:
            self._draw_categories(categories)
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
        blank = sum(form.values.get(key) is None for form in self._season.forms)
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
        self._cells.write(self._row, 0, text, "heading")
        self._row += 1
        for column, title in enumerate(columns):
            self._cells.write(self._row, column, title, "header")
        self._row += 1

    def _line(self, values: Sequence[object], styles: Sequence[str], total: bool = False) -> None:
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            self._cells.write(self._row, column, value, style, TOTAL if total else None)
        self._row += 1

    def _write_totals(self) -> None:
        figures, tables = self._figures, self._tables
        total = figures.total
        main = amount_field(self._season.layout)
        self._heading("一、总量", "内容", "数量", "内容", "数量")
        severities = tables.problems.area(problems.SEVERITY)
        words = {
            severity: f'COUNTIF({severities},"{SEVERITY_WORDS[severity]}")' for severity in Severity
        }
        files = Formula(
            f"COUNTA({tables.returns.files.area(returns.STATE)})", len(self._season.files)
        )
        late = Formula(f"COUNTA({tables.returns.files.area('late')})", figures.late_files)
        units = Formula(
            f"COUNT({tables.subtotals.by_unit.area(subtotals.NUMBER)})", figures.declaring
        )
        counts = [
            ("编报单位", units),
            ("项目", Formula(f"COUNT({tables.projects.area(projects.UNIT_NUMBER)})", total.forms)),
            ("绩效指标", Formula(f"COUNT({tables.indicators.area('number')})", total.indicators)),
            ("收到文件", files),
            ("其中逾期", late),
            *(
                (
                    f"问题：{SEVERITY_WORDS[severity]}",
                    Formula(words[severity], figures.severities[severity]),
                )
                for severity in (Severity.ERROR, Severity.WARNING)
            ),
        ]
        for left, right in zip(counts[:3], counts[3:6], strict=True):
            self._line((*left, *right), ("label", "count", "label", "count"))
        last = counts[6]
        if main:
            amount = Formula(f"SUM({tables.projects.area(main)})", total.amount)
            self._line(("资金（元）", amount, *last), ("label", "amount", "label", "count"))
            wan = Formula(f"B{self._row}/{WAN}", total.amount / WAN)
            self._line(("资金（万元）", wan, None, None), ("label", "amount", "label", "count"))
        else:
            self._line((*last, None, None), ("label", "count", "label", "count"))

    def _write_coverage(self) -> None:
        self._heading("二、覆盖率和通过率", "口径", "应报", "已报", "覆盖率", "检查通过", "通过率")
        figures = self._figures
        self._coverage("单位（个）", figures.unit_coverage, "count")
        self._coverage("项目（个）", figures.project_coverage, "count")
        if amount_field(self._season.layout):
            self._coverage("资金（元）", figures.amount_coverage, "amount")

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

    def _write_units(self) -> tuple[int, int]:
        self._heading("三、单位报送情况", "状态", "单位数", "占比")
        area = self._tables.returns.units.area(returns.STATE)
        whole = len(self._season.units)
        first = self._row
        for state, count in self._figures.units.items():
            word = UNIT_WORDS[state]
            share = Decimal(count) / whole if whole else Decimal(0)
            self._line(
                (
                    word,
                    Formula(f'COUNTIF({area},"{word}")', count),
                    Formula(f"IF(COUNTA({area})=0,0,B{self._row + 1}/COUNTA({area}))", share),
                ),
                ("label", "count", "rate"),
            )
        return first, self._row - 1

    def _write_categories(self) -> tuple[int, int] | None:
        main = amount_field(self._season.layout)
        groups = self._tables.subtotals.categories
        if not main or CATEGORY not in self._season.layout.fields:
            return None
        self._heading("四、按项目类别", "项目类别", "项目数", "资金（元）", "资金（万元）", "占比")
        source, whole = self._tables.subtotals.by_category, self._figures.total
        first = self._row
        shown = [
            (f"{source.cell(subtotals.NAME, source.head + 1 + n)}", g) for n, g in enumerate(groups)
        ]
        for index, (name, group) in enumerate(shown[:_MOST_CATEGORIES]):
            row = source.head + 1 + index
            sums = self._figures.sums(group.forms)
            cells = (Formula(name, group.name), sums.forms, sums.amount)
            self._category(cells, (source.cell(subtotals.FORMS, row), source.cell(main, row)))
        if len(groups) > _MOST_CATEGORIES:
            self._other_categories(first, source, main)
        last = self._row - 1
        self._category(
            ("合计", whole.forms, whole.amount),
            (f"SUM(B{first + 1}:B{last + 1})", f"SUM(C{first + 1}:C{last + 1})"),
            total=True,
        )
        return (first, last) if groups else None

    def _other_categories(self, first: int, source: Table, main: str) -> None:
        groups = self._tables.subtotals.categories[_MOST_CATEGORIES:]
        sums = self._figures.sums(form for group in groups for form in group.forms)
        span = f"{first + 1}:{{0}}{self._row}"
        forms, amount = (f"SUM({c}{span.format(c)})" for c in "BC")
        self._category(
            (f"其余{len(groups)}类", sums.forms, sums.amount),
            (
                f"SUM({source.area(subtotals.FORMS)})-{forms}",
                f"SUM({source.area(main)})-{amount}",
            ),
        )

    def _category(
        self,
        values: tuple[Formula | str, int, Decimal],
        formulas: tuple[str, str],
        total: bool = False,
    ) -> None:
        name, forms, amount = values
        whole = self._figures.total.amount
        main = amount_field(self._season.layout) or ""
        row = self._row + 1
        share = Formula(
            f"IF(SUM({self._tables.projects.area(main)})=0,0,"
            f"C{row}/SUM({self._tables.projects.area(main)}))",
            amount / whole if whole else Decimal(0),
        )
        cells = (
            name,
            Formula(formulas[0], forms),
            Formula(formulas[1], amount),
            Formula(f"C{row}/{WAN}", amount / WAN),
            share,
        )
        self._line(cells, ("label", "count", "amount", "amount", "rate"), total)

    def _write_files(self) -> None:
        self._heading("五、收到的文件", "状态", "文件数")
        area = self._tables.returns.files.area(returns.STATE)
        first = self._row + 1
        for state, count in self._figures.files.items():
            word = FILE_WORDS[state]
            self._line((word, Formula(f'COUNTIF({area},"{word}")', count)), ("label", "count"))
        whole = Formula(f"SUM(B{first}:B{self._row})", len(self._season.files))
        self._files = f"B{self._row + 1}"
        self._line(("合计", whole), ("label", "count"), total=True)

    # --- that it adds up --------------------------------------------------------------------------
    def _write_checks(self) -> None:
        self._heading("六、核对", "内容", "一方", "另一方", "差额", "结果")
        for check in self._checks():
            row = self._row + 1
            one, other = Decimal(check.one.result), Decimal(check.other.result)
            agrees = one == other
            result = Formula(
                f'IF(ROUND(D{row},2)=0,"{AGREES}","{DIFFERS}")', AGREES if agrees else DIFFERS
            )
            styles = ("label", check.style, check.style, check.style)
            self._line(
                (check.what, check.one, check.other, Formula(f"B{row}-C{row}", one - other)), styles
            )
            self._cells.write(row - 1, 4, result, "centre", GOOD if agrees else BAD)

    def _checks(self) -> list[_Check]:
        tables, figures = self._tables, self._figures
        all_projects, subs, total = tables.projects, tables.subtotals, figures.total
        files = tables.returns.files
        forms = Formula(f"COUNT({all_projects.area(projects.UNIT_NUMBER)})", total.forms)
        checks = [
            _Check(
                "文件：各状态之和＝文件清单行数",
                Formula(self._files, sum(figures.files.values())),
                Formula(f"COUNT({files.area('number')})", len(self._season.files)),
            ),
            _Check(
                "项目数：汇总＝各文件之和",
                forms,
                _sum(files, "forms", sum(file.forms for file in self._season.files)),
            ),
            *(
                _Check(f"项目数：汇总＝{name}", forms, _sum(table, subtotals.FORMS, total.forms))
                for name, table in (("按类别小计", subs.by_category), ("按单位小计", subs.by_unit))
            ),
            _Check(
                "指标数：汇总＝明细行数",
                _sum(all_projects, projects.INDICATORS, total.indicators),
                Formula(f"COUNT({tables.indicators.area('number')})", total.indicators),
            ),
            self._findings_check(),
        ]
        main = amount_field(self._season.layout)
        if main:
            amount = _sum(all_projects, main, total.amount)
            checks += [
                _Check(f"资金：汇总＝{name}", amount, _sum(table, main, total.amount), "amount")
                for name, table in (("按类别小计", subs.by_category), ("按单位小计", subs.by_unit))
            ]
        return checks

    def _findings_check(self) -> _Check:
        files, listed = self._tables.returns.files, self._tables.problems
        count = len(self._figures.findings) - len(self._season.findings)
        parts = "+".join(f"SUM({files.area(key)})" for key in returns.OF_FILES.values())
        scope = listed.area(problems.SCOPE)
        return _Check(
            "问题数：各文件之和＝问题清单",
            Formula(parts, count),
            Formula(f'COUNTIF({scope},"{problems.OF_ONE_FILE}")', count),
        )

    # --- charts -----------------------------------------------------------------------------------
    def _draw_units(self, rows: tuple[int, int]) -> None:
        states = self._figures.units
        chart = self._sheets.book.add_chart("doughnut")
        chart.add_series(
            {
                **_series(rows, 1, [UNIT_WORDS[state] for state in states], list(states.values())),
                "points": [{"fill": {"color": _COLOURS[state]}} for state in states],
                "data_labels": {
                    "value": True,
                    "num_format": "#,##0;;",  # says nothing of none
                    "font": {**_font(10), "color": "#FFFFFF"},
                },
            }
        )
        chart.set_hole_size(55)
        self._place(chart, "单位报送情况（个）", 0, 330)

    def _draw_categories(self, rows: tuple[int, int]) -> None:
        groups = self._tables.subtotals.categories
        names = [group.name for group in groups[:_MOST_CATEGORIES]]
        amounts = [self._figures.sums(group.forms).amount / WAN for group in groups]
        values = amounts[:_MOST_CATEGORIES]
        if len(groups) > _MOST_CATEGORIES:
            names.append(f"其余{len(groups) - _MOST_CATEGORIES}类")
            values.append(sum(amounts[_MOST_CATEGORIES:], Decimal(0)))
        chart = self._sheets.book.add_chart("bar")
        chart.add_series(
            {
                **_series(rows, 3, names, [float(value) for value in values]),
                "fill": {"color": "#2F5597"},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0.00", "font": _font(9)},
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis(
            {"reverse": True, "num_font": _font(9), "major_gridlines": {"visible": False}}
        )
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        self._place(chart, "各类别项目资金（万元）", 330 + ROW, 400)

    def _place(self, chart: Chart, title: str, below: int, height: int) -> None:
        """Put a chart beside the blocks, so many pixels below where they begin."""
        font = {"name": "黑体", "size": 12, "bold": True, "color": "#1F3864"}
        chart.set_title({"name": title, "name_font": font, "overlay": False})
        chart.set_chartarea({"border": {"color": "#A6A6A6"}})
        chart.set_size({"width": sum(_WIDTHS[_CHART_COLUMN:]), "height": height})
        options = {"object_position": 2, "description": title, "y_offset": below}
        strict(self._cells.sheet.insert_chart(_FIRST_BLOCK, _CHART_COLUMN, chart, options))


def _sum(table: Table, key: str, result: Decimal | int) -> Formula:
    return Formula(f"SUM({table.area(key)})", result)


def _series(
    rows: tuple[int, int], column: int, names: list[str], values: Sequence[float]
) -> dict[str, object]:
    """A series over a block, and the values that a viewer shows who does not look them up."""
    letter = "ABCDEF"[column]
    first, last = rows[0] + 1, rows[1] + 1
    return {
        "categories": f"={quoted(SHEET)}!$A${first}:$A${last}",
        "values": f"={quoted(SHEET)}!${letter}${first}:${letter}${last}",
        "categories_data": names,
        "values_data": values,
    }


def _font(size: int) -> dict[str, object]:
    return {"name": "宋体", "size": size}
