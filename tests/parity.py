"""Workbooks filled in every way that people fill them, to hold live checks against the importer.

Filling takes a written template apart once and puts contents straight into its sheets' XML:
hundreds of workbooks are needed, and openpyxl takes nearly as long for each as LibreOffice does.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import xlgoals
from xlgoals.cells import CellKind
from xlgoals.grid import CellRef
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, NumberKind, TargetKind, YesNoKind
from xlgoals.live.build import build_live
from xlgoals.live.model import LiveCheck
from xlgoals.plan.model import Input
from xlgoals.reader import read_workbook


# --- what is typed into cells ---------------------------------------------------------------------
@dataclass(frozen=True)
class ErrorValue:
    """``#N/A`` and the like."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula, where its result is taken."""

    text: str


Typed = str | int | float | bool | ErrorValue | Formula
Contents = Mapping[tuple[int, str], Typed | None]  # by project sheet, counted from 0, and input

# XML cannot hold these as they are; workbooks spell them _x000D_.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


def _cell_xml(address: str, style: str, typed: Typed | None) -> str:
    """A cell with its old style: what people type keeps the format of the cell."""
    head = f'<c r="{address}" s="{style}"'
    match typed:
        case None:
            return f"{head}/>"
        case bool():
            return f'{head} t="b"><v>{int(typed)}</v></c>'
        case int() | float():
            return f"{head}><v>{typed!r}</v></c>"
        case ErrorValue(text):
            return f'{head} t="e"><v>{text}</v></c>'
        case Formula(text):
            return f"{head}><f>{escape(text)}</f></c>"
        case str():
            text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", typed)
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


class Base:
    """A written template, taken apart so that its inputs can be filled again and again."""

    def __init__(self, path: Path, layout: str, date1904: bool = False) -> None:
        self.layout = xlgoals.load_layout(layout)
        with zipfile.ZipFile(path) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        if date1904:
            book = self._parts["xl/workbook.xml"]
            assert b"<workbookPr " in book
            book = book.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
            self._parts["xl/workbook.xml"] = book
        plan = xlgoals.read(path, layout=self.layout).plan
        assert plan
        self.plan = plan
        # The guide is the first sheet, the projects follow.
        self._names = [f"xl/worksheets/sheet{index + 2}.xml" for index in range(plan.projects)]

    @cached_property
    def checks(self) -> tuple[tuple[LiveCheck, CellRef], ...]:
        """Each live check, and where its result stands."""
        table = build_live(self.plan)
        return tuple((check, check.result) for check in table.checks)

    @cached_property
    def live_codes(self) -> frozenset[str]:
        """The codes that the workbook can tell of."""
        return frozenset(check.code.id for check, _ in self.checks)

    def fill(self, path: Path, contents: Contents) -> None:
        """Write the workbook with contents put into its inputs; None empties one."""
        parts = dict(self._parts)
        for index, name in enumerate(self._names):
            text = parts[name].decode()
            for (sheet, key), typed in contents.items():
                if sheet == index:
                    text = self._put(text, self.plan.form.by_name[key].area.first.a1, typed)
            parts[name] = text.encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in parts.items():
                package.writestr(name, data)

    @staticmethod
    def _put(sheet: str, address: str, typed: Typed | None) -> str:
        pattern = rf'<c r="{address}" s="(\d+)"[^>]*?(?:/>|>.*?</c>)'
        found = re.search(pattern, sheet)
        assert found, address
        return sheet[: found.start()] + _cell_xml(address, found[1], typed) + sheet[found.end() :]


# --- spellings ------------------------------------------------------------------------------------
# What no formula can see, or programs tell otherwise, is left out on purpose:
# - number formats (1 shown as 100%, or as a date, in a cell for amounts or targets);
# - formulas in cells whose results are not taken (ISFORMULA is younger than Excel 2010);
# - True and False in cells of text format, which LibreOffice turns into formulas;
# - numbers in texts that programs write as powers of ten, each from another size on;
# - characters beyond the basic plane near a limit of length: some count two for one;
# - control characters that nobody can type, and letters with more than one way of telling
#   their case (ß, İ, ς).
def _spelled(texts: str) -> list[str]:
    return texts.split("|")


_BLANKS = ("", " ", "\u3000", "\u00a0", "\t", "\n", "  ", "\r\n")

# fmt: off

DATES: tuple[Typed, ...] = (
    *_spelled("2020-01-01|2020-02-29|2019-12-31|2020-12-31|2021-01-01"),
    43831, 43890, 44196, 43830, 44197, 43831.0,
    *_spelled("2020/1/1|2020.1.1|2020年1月1日|2020年01月01日|2020年1月1|20200101"),
    *_spelled("2020-1-1|2020-01-1|2020-1-01|2020/12/31|2020.12.31|2020年12月31日"),
    *_spelled(
        "２０２０-０１-０１|２０２０年１月１日|２０２０／１／１|２０２０．１．１|2020－01－01|"
        "２０２００１０１"
    ),
    *_spelled(
        " 2020-01-01 |\u30002020-01-01|2020-01-01\n|2020 年 1 月 1 日|2020 - 01 - 01|"
        "2020-01-01\t"
    ),
    *_spelled("2020/1.1|2020年1-1|2020-1/1日|日2020-1-1|2020-1-1日日"),
    20200101, 20200101.0, 20201231, 20200230, 20201301, 20200100, 10000101, 99991231,
    9999999,
    *_spelled("2020-02-30|2019-02-29|2020-13-01|2020-00-01|2020-01-00|2020-01-32|2020-04-31"),
    *_spelled(
        "1900-02-29|1900-02-28|2000-02-29|2100-02-29|2100-01-01|2099-12-31|2000-01-01|"
        "1999-12-31"
    ),
    *_spelled("0000-01-01|0001-01-01|9999-12-31|1600-02-29|0400-02-29|1700-02-29"),
    *_spelled("待定|无|-|/|*|?|2020|2020年|2020年1月|1月1日|2020-01|2020年底|1/1/2020"),
    *_spelled(
        "2020-01-01 00:00|2020-01-01 08:30:00|2020-01-01T00:00:00|8:30|8时|2020年1月1日8时|"
        "2020-01-01 ８：３０"
    ),
    *_spelled(
        "20-1-1|020-1-1|2020-001-1|2020-1-1-1|2020--1-1|-2020-1-1|2020-1-|2020-1-1.|2020010|"
        "202001011"
    ),
    *_spelled(
        "2020.01.01.|Jan 1, 2020|二〇二〇年一月一日|2020-O1-01|2020-01-01止|约2020-01-01|"
        "2020-01-01至2020-12-31"
    ),
    *_spelled("2020+1+1|2020-1 1-1|20 20-1-1|1E3-1-1|2020-1-1e|2020-０1-0１"),
    43831.5, 43831.000001, 0.5, 0, 1, 59, 60, 61, -1, 2, 2958465, 2958466, 36526, 36525,
    73050, 73051, 100000, 999999, 10000000000.0, 1000000000000000.0, 1e+20,
    True, False, ErrorValue("#N/A"), ErrorValue("#VALUE!"), ErrorValue("#REF!"),
    ErrorValue("#DIV/0!"), ErrorValue("#NAME?"), ErrorValue("#NUM!"), ErrorValue("#NULL!"),
    Formula("DATE(2020,1,1)"), Formula("43831+1"), Formula("43831/2"), Formula("1/0"),
    Formula("20200100+1"),
    *_BLANKS,
)

AMOUNTS: tuple[Typed, ...] = (
    650000, 650000.0, 650000.5, 650000.55, 655000, 0, 0.01, 1000, 999.99, 999, 1, 100, 99.99,
    1000000, 65,
    *_spelled("650000|650,000|650,000.50|650000.5|1,600.55|0|0.00|00650000|0,650,000"),
    *_spelled(
        "６５０，０００|６５００００|650000元|65万元|65万|６５万元|65.5万元|0.065万元|"
        "65.00001万元|65.000001万元|65.0000001万"
    ),
    *_spelled(
        "￥650,000|¥650000|￥ 650,000.00 元|￥65万|￥|¥元|￥￥1000|650000 元|650 000|650, 000|"
        " 650000 |\u3000650000\n"
    ),
    *_spelled(
        "6,50,000|650,00|65,0000|,650,000|650,000,|650,000,0|1,234567|1234,567|1,23|0,000|"
        "000,000|1,000,000,000,000|9,999,999,999,999.99|10,000,000,000,000|999,999,999,999,999|"
        "1,000,000,000,000,000"
    ),
    *_spelled(
        "650000.123|650000.001|0.001|0.005|650000.120|650000.|.5|1.2.3|1,000.5,0|1,000.123,456|"
        "."
    ),
    *_spelled("-650000|-1|－650000|-0|-0.00|-65万元|￥-650000|-￥650000|--1|- 1|-|+650000"),
    "(650000)",
    *_spelled(
        "约65万|65万左右|六十五万|65万余元|待定|无|*|?|~1|N/A|65w|6.5e5|6.5E5|650000元整|"
        "人民币650000元|650000.00RMB|65亿|1百万"
    ),
    *_spelled(
        "万元|万|元|0万元|65元万|65万万|65万元元|650,000万元|999999999万元|"
        "999999999.999999万元|1000000000万元|10000000000万元"
    ),
    *_spelled(
        "650000．５０|６５０，０００．５０元|650000%|65%|1/2|2020-01-01|=650000|'650000|"
        "650'000|650_000|１,０００"
    ),
    -1, -0.01, -650000, 650000.123, 650000.001, 0.001, 0.005, 0.1 + 0.2, 1.1 + 2.2, 650000.3,
    1e-09, 1e-07, 1e-06, 9.99e-07,
    9999999999999.99, 9999999999999.98, 10000000000000.0, 99999999999999, 1000000000000000.0,
    1e+16, 1e+20, 1e+300, 9007199254740993, 123456789012.34, 1234567890123.45,
    123456789012.345, 1234567890123.456, 999999999999.99, 999999999999.98, 1000000000000,
    "1,000,000,000,000", "999,999,999,999.99", "100000000万元", "99999999.999999万元",
    *_spelled(
        "12345678901234567890|9999999999999.99|9999999999999.991|10000000000000|"
        "0.10000000000000000"
    ),
    "0." + "0" * 20 + "1", "1" * 40, "0" * 30 + "5", "1" + "0" * 120,
    "1" * 320, "0" * 320 + "5", "￥" + "1" * 150,
    True, False, ErrorValue("#N/A"), ErrorValue("#VALUE!"), ErrorValue("#DIV/0!"),
    Formula("600000+50000"), Formula("1/3"), Formula("0.1+0.2"), Formula("-5"),
    Formula("1/0"), Formula("1=1"),
    *_BLANKS,
)

TARGETS: tuple[Typed, ...] = (
    *_spelled("≥95%|≥10场|=100%|≤3天|>5|<5|≥ 95 %|100%|10场|10|1,600人次|≥1,600.5人次"),
    *_spelled(
        ">=95%|≧95%|≦95%|＞=95%|＞＝95%|<=5|=>5|=<5|＜＝5|＝100％|≥９５％|＞5|＜5|＝5|==5|≥≥5|"
        ">>5|<>5|> =5|≥=5"
    ),
    *_spelled(
        "90%以上|90%及以上|90%（含）以上|90%(含)以上|90 % 以上|3天以内|5以下|5及以下|"
        "5%(含)以下|以上|及以上|90以上%"
    ),
    *_spelled(
        "不低于90%|不少于10场|不小于1|至少10场|大于等于5|大于或等于5|小于或等于5|不高于5|"
        "不超过5天|不多于5|不大于5|至多5|高于5|超过5%|大于5|多于5|低于5|少于5|小于5|等于5"
    ),
    *_spelled("=90%以上|≥90%以上|不低于90%以上|≤90%以上|不超过3天以内|>90%以上|<3天以内|=3天以内"),
    *_spelled(
        "12月底前完成|12月底前|12月|3年|3年内|5日|5号|5日前|100%完成|5‰|5‰以上|95%以上满意|"
        "达到95%以上|全年10场以上"
    ),
    *_spelled(
        "=100.00%|=100.00|=100(%)|≥95(%)|≥10(场)|≥10（场）|≥10(场|≥10场)|≥10()|≥10(|≥10)(|"
        "≥10((场))|90%~95%|90%～95%|90-95%|90—95%|90%至95%|5,6|5.6.7|1,60|0,000|1,2345"
    ),
    *_spelled("-5%|≥-5%|－5%|- 5%|--5|-|−5|±5%|+5%|-5%以上|=-0|-0%|≥-1,000元"),
    *_spelled(
        "101%|=200%|≥100.01%|100.0000%|≥1000%|150％|100.00000000000001%|99.999999999%|=0%|0.5%|"
        "000100%|000101%"
    ),
    *_spelled(
        "健全|合理|按时完成|提高市民满意度|优|无|*|/|-|—|——|目标| 无 |\u3000无|无\n|*?|~*|略|?|"
        "定性"
    ),
    *_spelled(
        "第一行\n第二行|≥10\n场|\n≥10场|≥10场\n|≥\n10场|10场；20次|10场,20次|10场。|10场、|"
        "10 场 次|10场 次|≥10 场|10 000人"
    ),
    *_spelled(
        "123456789012345|1234567890123456|≥123456789012345人|≥12345678901234567890123人|"
        "0.1234567890123456|≥0.123456789012345|123,456,789,012,345|1,234,567,890,123,456|"
        "99999999999999999999|0.00000000000000001|00000000000000001"
    ),
    *_spelled(
        "≥10一二三四五六七八九十|≥10一二三四五六七八九十甲|≥10m2|≥10kg|≥10KM|≥10 km/h|10ML|"
        "10%场|10元/人|≥5A级|10<|10=|10≥|≥|%|≥%|场"
    ),
    *_spelled(
        "=1+1|=SUM(A1)|@x|1/2|1:2|１：２|10:30|2020-12-31|2020年12月31日前|2020年|12.31|≥10。5|"
        "≥１０．５％|≥10．5|≥10，000|≥10 ，000"
    ),
    *_spelled(
        "≤100%|合规|≥90%|=90%|大于|不低于|超过|大于0|大于等于|大于等|不低于约90%|不 低于90%|"
        "至少 10 场|10场 以上|10以上(含)|不少于10场(含)以上"
    ),
    "x" * 200, "x" * 201, "长" * 199 + " ", "长" * 200 + " ", " " + "长" * 200,
    "长" * 200 + "\n", "长" * 60, "长" * 61, "长" * 150 + "  " + "长" * 49, "长" * 1000,
    1, 0.95, 10, 100, 0, -5, 1.5, 200, 0.1 + 0.2, 0.0001, 123456789012345,
    ErrorValue("#N/A"), ErrorValue("#NAME?"), ErrorValue("#REF!"),
    *_spelled(
        "_x000D_|≥10_x000D_场|≥10\r\n场|_x005F_x000D_|≥\u200b10场|≥10\u200b场|≥\u200310场|"
        "\u2003≥10场|\ufeff≥10场|≥10\u2028场|≥10\x0b场"
    ),
    *_spelled("①|Ⅲ级|10㎡|≥10㎡|½|10²|٣|१०|＋5|﹥5|⩾5|≥5︰|é5|ß"),
    *_BLANKS,
)

TEXTS: tuple[Typed, ...] = (
    *_spelled("项目|保障运行|举办讲座|第一行\n第二行|=1+1|=100%|00123|@x|*|?|~|*目标*|项目?"),
    *_spelled(" 项目|项目 |\u3000项目\u3000|项  目|项\u3000目|\n项目\n|项\t目"),
    *_spelled("无|*|/|-|—|——|目标| 无 |\u3000无\u3000|－|／|无\n|＊|略| 略|无。|--"),
    *("字" * n for n in (20, 21, 30, 31, 40, 41, 50, 51, 60, 61)),
    *("字" * n for n in (100, 101, 200, 201, 500, 501, 1000)),
    *("字" * n + " " for n in (20, 30, 40, 50, 100, 200, 500)),
    *(" " + "字" * n for n in (20, 30, 40, 50, 100, 200, 500)),
    *("字" * 10 + "\n\n" + "字" * n for n in (8, 9, 18, 19, 38, 39, 88, 89, 188, 189, 488, 489)),
    1, 12345, 0, 1.5, 0.1 + 0.2, 0.0001, -3, 43831, 123456789012345,
    ErrorValue("#N/A"), ErrorValue("#VALUE!"), ErrorValue("#REF!"),
    *_spelled(
        "_x000D_|甲_x000D_乙|甲\r\n乙|\u200b|甲\u200b乙|\u2003|\u2003甲|\ufeff甲|"
        "\u2028|甲\u2028乙|\x0b|甲\u200e|_x005F_x0041_"
    ),
    *_spelled("<b>&amp;|\"引号\"|'单引号|\"|\"\"|a,b|{value}|{0}|甲&乙"),
    *_BLANKS,
)

NAMES: tuple[Typed, ...] = (
    *_spelled(
        "举办讲座场次|参观人数|观众满意度|Coverage|COVERAGE|coverage | Coverage|Ｃoverage|"
        "覆盖率|覆盖 率|覆盖\u3000率|覆盖率\n"
    ),
    *_spelled(
        "数量目标|质量目标|时效目标| 数量目标|数量目标 |满意度目标|长效管理目标|目标|指标|"
        "指标 |满意度|服务对象满意度（%）|满意 度|不满意度"
    ),
    *_spelled("预算执行率|预算编制合理性| 预算执行率|合同管理完备性|预算控制率|支出合规性"),
    *_spelled("Ω|ω|Σ|σ|é|É|ⅷ|Ⅷ|Ａ|ａ|Я|я"),
    *_spelled("*|?|~|*率|覆盖?|=1|>1|<>|\"|1|1.0|01|TRUE"),
    1,
    *_spelled("无|略|-"),
    "字" * 50, "字" * 51, "字" * 50 + " ", "字" * 30, "字" * 31,
    *_spelled("甲\u200b|甲|\u2003甲"),
    ErrorValue("#N/A"), 12, 0.5,
    *_BLANKS,
)

CHOICES: tuple[Typed, ...] = (
    *_spelled(
        "*|?|~*|*项目|其他*|社会*|社会效益?|??|????|≥*|~|其他|无|待定|/|是是|不是|否。|对|yes|"
        "YES|Y|√|1|0|TRUE"
    ),
    *_spelled("其他一次性|一次性|专项（一次性）|数量|≧|>=|=|＝|<|＞"),
    1, 0, 1.5, ErrorValue("#N/A"), ErrorValue("#REF!"), "字" * 50, "字" * 51,
    "字" * 50 + " ", "字" * 40,
    *_spelled(
        "新增|延续性项目|环境效益| 环境效益 |新 增|定性|是\n|是\u3000|\u2003是|是\u200b|Ａ|"
        "满意度 |满意度\u3000"
    ),
    *_BLANKS,
)
# fmt: on

NUMBERS: tuple[Typed, ...] = (
    *(0, 10, 12.5, 33.33, 100, 100.01, 101, -1, 0.001, 10.005, 1e-9, 1e300),
    *_spelled("10|１０| 10 |10.0|10.50|10.005|100|100.01|1,0|010|1e1|十|10%|10分|-5|.5|5.|+5"),
)
_GOOD: Mapping[str, tuple[Typed, ...]] = {
    "date": (43831, 43890, 44196, "2020-01-01", "2020年6月1日", "2020/12/31", 45700, "2025-03-01"),
    "amount": (650000, 650000.5, 1000000, "650,000", "65万元", 600000, 1000, 500, 0, 12.5),
    "number": (10, 20, "15", 12.5, "7.25", 0.1, 33.33),
    "target": ("≥95%", "=100%", "≥10场", "10", "按时完成", "90%以上", "=90%", "120%", "≥10"),
    "value": ("95", "100", "3", "10,000", "按时", "150", "250"),
    "unit": ("%", "%", "场", "天"),
    "text": ("甲", "乙", "保障运行", "展览经费"),
}


def spellings(item: Input) -> tuple[Typed, ...]:
    """Everything that may be typed into one input."""
    match item.kind:
        case DateKind():
            return DATES
        case AmountKind():
            return AMOUNTS
        case TargetKind():
            return TARGETS
        case NumberKind():
            return (*NUMBERS, *AMOUNTS)
        case ChoiceKind() | YesNoKind() as kind:
            return (*(word for option in _options(kind) for word in _wordings(option)), *CHOICES)
    if item.key == "name":
        return NAMES
    return (*TARGETS, *TEXTS) if item.row else TEXTS


def _options(kind: ChoiceKind | YesNoKind) -> tuple[str, ...]:
    return kind.options if isinstance(kind, ChoiceKind) else (kind.yes, kind.no)


def _wordings(option: str) -> Iterator[str]:
    yield from (option, option, f" {option}\u3000", f"{option}\n", option.replace("/", "／"))
    yield from (f"{option[0]} {option[1:]}", option[:-1], option * 2, f"{option}、")


# --- the generator --------------------------------------------------------------------------------
class Deck:
    """Draws at random, but everything once before anything twice."""

    def __init__(self, rng: random.Random, cards: Sequence[Typed]) -> None:
        self._rng, self._cards = rng, cards
        self._left: list[Typed] = []

    def draw(self) -> Typed:
        """One more card."""
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


_SUMS = {
    "total_budget": ("total_fiscal_funds", "total_other_funds"),
    "current_budget": ("current_appropriation", "carried_over_funds", "current_other_funds"),
}


class Filler:
    """Fills a base in ever new ways."""

    def __init__(self, rng: random.Random, base: Base) -> None:
        self._rng, self._plan = rng, base.plan
        self._decks: dict[str, Deck] = {}

    def contents(self) -> dict[tuple[int, str], Typed | None]:
        """What is typed into one more workbook."""
        found: dict[tuple[int, str], Typed | None] = {}
        ways = (self._wild, self._careful, self._sparse, self._spare)
        for index in range(self._plan.projects):
            (fill,) = self._rng.choices(ways, (6, 4, 2, 1))
            found.update({(index, name): typed for name, typed in fill(index).items()})
        return found

    def _odd(self, item: Input) -> Typed:
        cards = spellings(item)
        # Inputs for the same things share a deck, so that the workbooks of a run see every card.
        return self._decks.setdefault(repr(cards), Deck(self._rng, cards)).draw()

    def _good(self, item: Input) -> Typed:
        match item.kind:
            case ChoiceKind() | YesNoKind() as kind:
                return self._rng.choice(_options(kind))
            case DateKind() | AmountKind() | TargetKind() | NumberKind():
                return self._rng.choice(_GOOD[item.kind.name])
        if item.key == "name":
            return f"指标{self._rng.randrange(12)}"
        return self._rng.choice(_GOOD.get(item.key, _GOOD["text"]))

    def _wild(self, index: int) -> dict[str, Typed | None]:
        """More than half of the cells hold anything."""
        found: dict[str, Typed | None] = {}
        for item in self._plan.inputs(index):
            chance = self._rng.random()
            if chance < 0.6:
                found[item.name] = self._odd(item)
            elif chance < 0.8:
                found[item.name] = self._good(item)
            elif chance < 0.9:
                found[item.name] = None
        self._copies(found)
        return found

    def _careful(self, index: int) -> dict[str, Typed | None]:
        """All is filled in well, but for a few things."""
        inputs = self._plan.inputs(index)
        found: dict[str, Typed | None] = {item.name: self._good(item) for item in inputs}
        for item in self._rng.sample(inputs, self._rng.randrange(8)):
            found[item.name] = self._odd(item)
        for item in inputs:
            if item.row is None and not item.required and self._rng.random() < 0.4:
                found[item.name] = None
        if self._rng.random() < 0.5:
            self._empty_group(found)
        self._add_up(found)
        self._weigh(found)
        self._copies(found)
        return found

    def _weigh(self, found: dict[str, Typed | None]) -> None:
        """Weights that add up, or all but so."""
        names = [name for name in found if name.endswith("_weight") and found[name] is not None]
        if names and self._rng.random() < 0.7:
            each = round(90 / len(names), 2)
            found |= dict.fromkeys(names, each)
            found[names[-1]] = round(90 - each * (len(names) - 1) + self._rng.choice((0, 0, 1)), 2)

    def _add_up(self, found: dict[str, Typed | None]) -> None:
        """Totals that are the sum of their parts, or all but so."""
        for total, parts in _SUMS.items():
            if found.keys() >= {total, *parts} and self._rng.random() < 0.7:
                hundredths = [self._rng.choice((0, 10, 20, 70, 123456789)) for _ in parts]
                found |= {part: n / 100 for part, n in zip(parts, hundredths, strict=True)}
                found[total] = (sum(hundredths) + self._rng.choice((0, 0, 1))) / 100

    def _sparse(self, index: int) -> dict[str, Typed | None]:
        """Here and there a cell: rows filled in by half, groups left empty."""
        inputs = self._plan.inputs(index)
        chosen = self._rng.sample(inputs, self._rng.randrange(1, 10))
        return {item.name: self._rng.choice((self._odd, self._good))(item) for item in chosen}

    def _spare(self, index: int) -> dict[str, Typed | None]:
        """Nothing at all, or as good as nothing."""
        inputs = self._plan.inputs(index)
        found: dict[str, Typed | None] = {item.name: None for item in inputs}
        if self._rng.random() < 0.4:
            found[self._rng.choice(inputs).name] = self._rng.choice(_BLANKS)
        unit = self._plan.layout.unit_field
        if unit in found and self._rng.random() < 0.5:
            found[unit] = self._odd(self._plan.unit_input)
        return found

    def _empty_group(self, found: dict[str, Typed | None]) -> None:
        rows = self._rng.choice(list(self._plan.form.rows_by_group.values()))
        for row in rows[self._rng.randrange(len(rows)) :]:
            for item in self._plan.form.by_row[row.number]:
                found[item.name] = None

    def _copies(self, found: dict[str, Typed | None]) -> None:
        """What says the same as another cell, or all but the same."""
        names = [name for name in found if name.endswith("_name")]
        for _ in range(self._rng.randrange(3)):
            if len(names) > 1:
                one, other = self._rng.sample(names, 2)
                found[one] = self._nearly(found[other])
        if "annual_goal" in found and self._rng.random() < 0.6:
            found["annual_goal"] = self._nearly(found.get("overall_goal"))
        if "necessity" in found and self._rng.random() < 0.5:
            length = self._rng.choice((30, 59, 60, 61, 90))
            text = "".join(self._rng.choices("甲乙 丙\n丁　戊Ａa，,", k=length))
            found[self._rng.choice(("overview", "basis"))] = text
            found["necessity"] = self._rng.choice(("", "另起")) + str(self._nearly(text))

    def _nearly(self, typed: Typed | None) -> Typed | None:
        if not isinstance(typed, str) or not typed:
            return typed
        ways = (typed, f" {typed}", f"{typed}\u3000", typed.swapcase(), f"{typed[:1]} {typed[1:]}")
        return self._rng.choice((*ways, typed.replace(",", "，"), f"{typed}。"))


# --- both sides -----------------------------------------------------------------------------------
Side = Literal["workbook", "importer"]
Place = tuple[str, str, str]  # sheet, cell, code


def live_side(base: Base, path: Path) -> frozenset[Place]:
    """What the workbook itself says; a check that cannot be worked out says so."""
    hidden = read_workbook(path).sheet(HIDDEN_SHEET)
    assert hidden
    found = set()
    for check, place in base.checks:
        cell = hidden.cells.get(place)
        if cell is None or cell.value in (None, ""):
            continue
        code = check.code.id
        if cell.kind is CellKind.ERROR or not str(cell.value).startswith(f"{code} "):
            code = f"{code}?{cell.value}"
        found.add((check.sheet, check.cell, code))
    return frozenset(found)


def importer_side(base: Base, path: Path) -> frozenset[Place]:
    """What the importer says, as far as the workbook can tell of it."""
    findings = xlgoals.read(path, layout=base.layout).findings
    return frozenset(
        (f.sheet, f.cell, f.code)
        for f in findings
        if f.sheet and f.cell and f.code in base.live_codes
    )


@dataclass(frozen=True)
class Disagreement:
    """A code at a cell that only one side tells."""

    workbook: str  # its name, so that it can be looked at
    place: Place
    side: Side
    typed: Mapping[str, Typed | None]  # in the cells that the check speaks of, the place first

    @property
    def kind(self) -> tuple[str, str, str]:
        """What it is about: equal ones are told once."""
        code, _, fault = self.place[2].partition("?")
        first = next(iter(self.typed.values()), None)
        return code, self.side, f"?{fault}" if fault else repr(first)

    def __str__(self) -> str:
        sheet, cell, code = self.place
        typed = ", ".join(f"{name}={_brief(value)}" for name, value in self.typed.items())
        return f"{code}: only the {self.side} says so at {self.workbook} {sheet}!{cell}; {typed}"


def _brief(typed: Typed | None) -> str:
    text = repr(typed)
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]} ({len(text)})"


def disagreements(base: Base, path: Path, contents: Contents) -> Iterator[Disagreement]:
    """Everything that workbook and importer do not both say of a recalculated workbook."""
    live, read = live_side(base, path), importer_side(base, path)
    checks = {(check.sheet, check.cell, check.code.id): check for check, _ in base.checks}
    for place in sorted(live ^ read):
        side: Side = "workbook" if place in live else "importer"
        check = checks.get((place[0], place[1], place[2].partition("?")[0]))
        spoken = (check.input, *check.related) if check else ()
        index = base.plan.sheet_names.index(place[0])
        typed = {item.name: contents.get((index, item.name), "(as written)") for item in spoken}
        yield Disagreement(path.name, place, side, typed)


MOST_TOLD = 80


def told(found: Sequence[Disagreement]) -> str:
    """One line for each kind of disagreement."""
    by_kind: dict[tuple[str, str, str], list[Disagreement]] = {}
    for item in found:
        by_kind.setdefault(item.kind, []).append(item)
    lines = [f"{same[0]} (×{len(same)})" for _, same in sorted(by_kind.items())]
    return "\n".join([f"{len(found)} disagreements", *lines[:MOST_TOLD]])
