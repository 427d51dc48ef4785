"""Writes what is made in `docs/`: finding codes, commands, parts of the API page and of the guide.

python tools/make_docs.py            writes the pages
python tools/make_docs.py --check    exits 1 where a page is out of date

This module holds the page of finding codes. Nothing on it is said here again: words come from the
codes, the layouts and the kinds, and what is checked inside the workbook comes from the live checks
themselves. Only why a code is not checked there is told here, and a code without a reason is a
fault.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

import yaml

import api_reference
import command_reference
import spellings
import xlgoals
from bootstrap import ROOT, SetUpError, run_main, say
from markdown_table import table
from xlgoals import codes
from xlgoals.findings import SEVERITY_WORDS, Code, Layer, Severity
from xlgoals.kinds import Kind
from xlgoals.kinds.date import EXAMPLE
from xlgoals.layouts import layout_ids, layout_text
from xlgoals.layouts.model import Layout
from xlgoals.live.build import build_live
from xlgoals.plan.build import build_plan
from xlgoals.vocabulary import KindName

DOCS = ROOT / "docs"
PAGE = "finding-codes.md"
# Parts of pages that are written by hand: where they stand between marks of their name.
_PART = "<!-- made: {name} -->\n{text}<!-- end -->\n"

_LAYERS = {
    Layer.FILE: "整个文件",
    Layer.STRUCTURE: "表样",
    Layer.CELL: "单个单元格",
    Layer.RULE: "几个单元格之间",
    Layer.BATCH: "几个文件之间",
}
_KINDS = {
    KindName.TEXT: "文字",
    KindName.CHOICE: "选项",
    KindName.YES_NO: "是或否",
    KindName.DATE: "日期",
    KindName.AMOUNT: "金额",
    KindName.TARGET: "目标值",
    KindName.NUMBER: "数字",
}
# What stands for the places of a message, of any code or of one.
_WORDS = {
    "amount-above-peers.count": "项目数",
    "amount-below-peers.count": "项目数",
    "at_least": "最少行数",
    "cell": "单元格",
    "closest": "；最接近的名称",
    "count": "项数",
    "decimals": "小数位数",
    "expected": "应有的文字",
    "first": "最早日期",
    "fiscal_year": "年度",
    "amount-above-peers.group": "类别或单位",
    "amount-below-peers.group": "类别或单位",
    "group": "指标类别",
    "label": "填写项",
    "last": "最晚日期",
    "layout": "表样",
    "length": "实际字数",
    "limit": "字数上限",
    "line": "行号",
    "listed": "名册上的单位",
    "median": "中间值",
    "missing": "缺少的项",
    "now": "检查的结论",
    "old": "原金额",
    "options": "选项",
    "other": "另一张工作表",
    "others": "其余单元格",
    "planned": "原位置",
    "previous": "上一版文件",
    "project": "项目名称",
    "project-in-other-unit.others": "其他单位",
    "project-named-otherwise.listed": "名册上的项目",
    "read": "读取的结果",
    "sheet": "工作表",
    "sheet-of-other-year.wanted": "应有的年度",
    "sum": "合计",
    "told": "表内的结论",
    "unit": "金额单位",
    "unit-differs.unit": "第一张表的单位",
    "value": "所填内容",
    "waiver-project-unknown.unit": "单位",
    "waiver-unused.code": "问题代码",
    "waiver-unused.unit": "单位",
    "version-tie.count": "文件数",
    "version-tie.others": "其余文件",
    "other-format.format": "格式",
    "too-large.limit": "上限名称",
    "too-large.met": "超出的一项",
    "sheet-of-other-layout.wanted": "文件的表样",
    "wrong-layout.wanted": "应有的表样",
    "wrong-year.wanted": "应有的年度",
    "year": "年度",
}
# Why a code is not checked inside the workbook: by code, else by severity, else by layer.
_BY_CODE = {
    codes.FORMULA.id: "表内的公式只看得到计算结果，看不出结果来自公式。",
    codes.FORMULA_RESULT.id: "表内的公式只看得到计算结果，看不出结果来自公式。",
}
_BY_SEVERITY = {
    Severity.INFO: "只说明内容是怎样读取的，不需要填报人处理。",
}
_BY_LAYER = {
    Layer.FILE: "说的是整个文件，要在文件交回以后才能检查。",
    Layer.STRUCTURE: "表样由锁定保护；锁定被解除或文件被其他软件改写后，要在读取时才能检查。",
    Layer.BATCH: "要把几个文件放在一起才能检查。",
}

_ABOUT_RULES = """\
规则涉及的单元格空白或者本身有误时，规则不起作用。最后一列是表样里的原文，
写法见[表样语言](layout-language.md#rules)。
"""
_HEAD = """\
<!-- Written by tools/make_docs.py; do not edit. -->

# 检查项目一览

> For scripts: the `code` of a finding in `xlgoals check --format json` is one of the codes below;
> codes and severities are stable, wordings are not.

每一处问题都有一个代码、一个级别、一句说明和一句处理办法。

| 级别 | 含义 |
|---|---|
| 错误 | 必须修改，否则退回 |
| 提醒 | 请核对；确实无误的不必修改 |
| 说明 | 只说明内容是怎样读取的，一般不需要处理 |

“在表内实时检查”为“是”的，填写时就会在表格右侧和“自检”表中提示；为“否”的，在文件交回后检查，
原因见[最后一节](#不在表内实时检查的项目)。尖括号〈〉里的字代表具体的内容，例如〈填写项〉代表填写项的名称。
"""


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or compare them."""
    outdated = False
    for name, text in pages().items():
        path = DOCS / name
        if not arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            outdated = True
            say(f"docs/{name} is out of date; run tools/make_docs.py.")
    return int(outdated)


def pages() -> dict[str, str]:
    """Every page that is made, in whole or in part, as it should be."""
    return {
        PAGE: page(),
        "commands.md": command_reference.page(),
        "api.md": _with_part("api.md", "reference", api_reference.reference()),
        "for-units.md": _with_part("for-units.md", "spellings", spellings.tables()),
    }


def _with_part(page: str, name: str, text: str) -> str:
    """A page with one part of it made anew."""
    path = DOCS / page
    kept = path.read_text(encoding="utf-8")
    before, mark, rest = kept.partition(f"<!-- made: {name} -->\n")
    _, end, after = rest.partition("<!-- end -->\n")
    if not (mark and end):
        raise SetUpError(f"{path} has no place for the part {name}.")
    return before + _PART.format(name=name, text=text) + after


def page() -> str:
    """The page of finding codes."""
    layouts = [xlgoals.load_layout(name) for name in layout_ids()]
    live = {layout.id: live_codes(layout) for layout in layouts}
    parts = [_HEAD, *_shared(live)]
    for layout in layouts:
        parts += _of_layout(layout, live[layout.id])
    parts.append(_not_live(layouts, live))
    return "\n".join(parts)


def live_codes(layout: Layout) -> frozenset[str]:
    """The codes that a workbook of a layout checks by itself."""
    plan = build_plan(layout, layout.first_year, projects=1)
    return frozenset(check.code.id for check in build_live(plan).checks)


def _shared(live: Mapping[str, frozenset[str]]) -> Iterator[str]:
    yield "## 各表样共有的检查项目\n"
    for layer, title in _LAYERS.items():
        found = [code for code in codes.SHARED.values() if code.layer is layer]
        if found:
            yield f"### {title}\n"
            head = ("代码", "级别", "在表内实时检查", "说明", "怎么办")
            yield table(head, [(*_named(code, live), *_told(code)) for code in found])


def _of_layout(layout: Layout, live: frozenset[str]) -> Iterator[str]:
    yield f"## 表样 {layout.id}：{layout.name}\n"
    yield f"{layout.authority}，适用于{layout.years}年度。\n"
    if layout.rules:
        yield "### 规则\n"
        yield _ABOUT_RULES
        head = ("代码", "级别", "在表内实时检查", "说明", "怎么办", "规则")
        sources = _rule_sources(layout)
        yield table(
            head,
            [
                (*_named(code, {layout.id: live}), *_told(code), _expression(sources[code.id]))
                for code in (rule.code for rule in layout.rules)
            ],
        )
    yield "### 填写项\n"
    yield table(("类型", "可以填写的内容", "填写项"), _kinds(layout))


def _named(code: Code, live: Mapping[str, frozenset[str]]) -> tuple[str, str, str]:
    within = [name for name, found in live.items() if code.id in found]
    shown = "是" if within else "否"
    if 0 < len(within) < len(live):
        shown = f"是（{'、'.join(within)}）"
    return f"`{code.id}`", SEVERITY_WORDS[code.severity], shown


def _told(code: Code) -> tuple[str, str]:
    return readable(code, code.message), readable(code, code.hint)


def readable(code: Code, text: str) -> str:
    """A code's message or hint with its places as words."""

    def word(place: re.Match[str]) -> str:
        name = place[1]
        if name == "example":
            return EXAMPLE
        shown = _WORDS.get(f"{code.id}.{name}") or _WORDS.get(name)
        if shown is None:
            raise SetUpError(f"tools/make_docs.py has no word for {{{name}}} of {code.id}.")
        # A finding puts the filler's own words into quotes.
        return f"“〈{shown}〉”" if name == "value" else f"〈{shown}〉"

    return re.sub(r"\{(\w+)\}", word, text)


def _rule_sources(layout: Layout) -> dict[str, dict[str, str]]:
    raw = yaml.safe_load(layout_text(layout.id))
    return {rule["code"]: rule for rule in raw["rules"]}


def _expression(rule: Mapping[str, str]) -> str:
    parts = []
    if "each" in rule:
        parts.append("每一行指标：")
    if "when" in rule:
        parts.append(f"当 {_code(rule['when'])} 时，")
    parts.append(f"须 {_code(rule['check'])}")
    return "".join(parts)


def _code(text: str) -> str:
    return f"`{' '.join(text.split())}`"


def _kinds(layout: Layout) -> list[tuple[str, str, str]]:
    """One line for each thing that may be filled in; the fields that take it side by side."""
    lines: dict[tuple[str, str], list[str]] = {}
    for title, key, kind in _inputs(layout):
        shown = f"{title} `{key}`"
        fields = lines.setdefault((_KINDS[kind.name], f"{kind.expected}。"), [])
        if shown not in fields:
            fields.append(shown)
    order = list(_KINDS.values())
    ordered = sorted(lines.items(), key=lambda line: order.index(line[0][0]))
    return [(name, expected, "<br>".join(fields)) for (name, expected), fields in ordered]


def _inputs(layout: Layout) -> Iterator[tuple[str, str, Kind]]:
    for field in layout.fields.values():
        yield field.title, field.key, field.kind
    columns = layout.indicators.columns
    for group in layout.indicators.groups:
        if group.level2_kind:
            yield f"{columns['level2'].title}（{group.name}）", "level2", group.level2_kind
    for column in columns.values():
        if column.kind:
            yield column.title, column.key, column.kind


def _not_live(layouts: Sequence[Layout], live: Mapping[str, frozenset[str]]) -> str:
    """The codes that no workbook checks by itself, by the reason."""
    everywhere = frozenset[str]().union(*live.values())
    rules = [rule.code for layout in layouts for rule in layout.rules]
    by_reason: dict[str, list[str]] = {}
    for code in (*codes.SHARED.values(), *rules):
        if code.id not in everywhere:
            by_reason.setdefault(_reason(code), []).append(f"`{code.id}`")
    if idle := [f"`{code}`" for code in _BY_CODE if code in everywhere]:
        raise SetUpError(f"tools/make_docs.py excuses codes that are live: {'、'.join(idle)}")
    lines = [(reason, " ".join(found)) for reason, found in by_reason.items()]
    return "## 不在表内实时检查的项目\n\n" + table(("原因", "代码"), lines)


def _reason(code: Code) -> str:
    reason = _BY_CODE.get(code.id) or _BY_SEVERITY.get(code.severity) or _BY_LAYER.get(code.layer)
    if reason is None:
        raise SetUpError(f"tools/make_docs.py does not say why {code.id} is not a live check.")
    return reason


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    run_main(lambda: main(sys.argv[1:]))
