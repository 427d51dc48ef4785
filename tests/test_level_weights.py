"""What the levels of a form weigh: sums by level 1, and what national-2021 says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import xlgoals
from conftest import Recalculate
from each_layout import sound_form
from parity import Disagreement, disagreements, live_side, told
from typed_workbooks import Base, Contents, Typed
from xlgoals import LayoutError, load_layout
from xlgoals.identity import HIDDEN_SHEET
from xlgoals.models import form_class
from xlgoals.plan.build import build_plan
from xlgoals.reader import read_workbook
from xlgoals.rules.evaluate import WRONG, Environment, holds
from xlgoals.rules.expression import NUMBER, ExpressionError, parse, under

LAYOUT, YEAR = load_layout("national-2021"), 2021
PLAN = build_plan(LAYOUT, YEAR)
COST, OUTPUT, BENEFIT, SATISFACTION = "成本指标", "产出指标", "效益指标", "满意度指标"
LEVELS = (COST, OUTPUT, BENEFIT, SATISFACTION)
SUMS = {"weight": NUMBER, **{under("weight", level1): NUMBER for level1 in LEVELS}}


def first_weight(level1: str) -> str:
    rows = [row.number for row in PLAN.form.indicator_rows if row.group.level1 == level1]
    return PLAN.form.by_name[f"indicator_{rows[0]:02d}_weight"].area.first.a1


# --- the language ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outputs", "costs", "result"),
    [
        ([Decimal(30), Decimal(10)], [Decimal(20)], True),
        ([Decimal(30), None, Decimal("10.5")], [Decimal(20)], False),
        ([Decimal(50)], [], False),
        ([Decimal(40)], [WRONG], None),
        ([WRONG], [Decimal(20)], None),
    ],
)
def test_a_sum_by_level_is_of_its_rows(
    outputs: list[Any], costs: list[Any], result: bool | None
) -> None:
    node = parse('sum(weight, "产出指标") = 40 and sum(weight, "成本指标") > 0', {}, SUMS)
    columns = {under("weight", OUTPUT): outputs, under("weight", COST): [Decimal(0), *costs]}
    assert holds(node, Environment({}, columns)) is result


@pytest.mark.parametrize(
    ("source", "offset", "problem"),
    [
        ('sum(weight, "产出") = 40', 13, '"成本指标"、"产出指标"、"效益指标"、"满意度指标"'),
        ("sum(weight, weight) = 40", 12, "这里应是一级指标"),
        ("sum(weight, 40) = 40", 12, "这里应是一级指标"),
        ('sum(weight, "产出指标" = 40', 19, "这里应是“)”"),
        ('sum(weight, "产出指标", "成本指标") = 40', 18, "这里应是“)”"),
        ('sum("产出指标") = 40', 0, "“sum”的参数应是填写项的名称"),
    ],
)
def test_what_is_no_level_is_told(source: str, offset: int, problem: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(source, {}, SUMS)
    assert raised.value.offset == offset
    assert problem in raised.value.problem


def changed(folder: Path, old: str, new: str, more: str = "") -> Path:
    """A layout like the shipped one, with one place of its file changed."""
    assert LAYOUT.source
    text = LAYOUT.source.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "own.yaml"
    text = text.replace(old, new).replace("id: national-2021", "id: own")
    path.write_text(text + more, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        # on the second line of a check, and on its first
        ('or sum(weight, "产出指标") = 50', 'or sum(weight, "¶产出") = 50', "check"),
        ('  sum(weight, "产出指标") = 40', "  ¶total(weight) = 40", "check"),
        # only a sum can be quoted
        (
            "财政拨款与其他资金之和。\n  - code: current-not",
            "{sum}。\n  - code: current-not",
            "message",
        ),
    ],
)
def test_a_layout_with_a_wrong_sum_is_told_where(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    path = changed(tmp_path, old, new)
    before, mark, after = path.read_text(encoding="utf-8").partition("¶")
    path.write_text(before + after, encoding="utf-8")
    with pytest.raises(LayoutError) as raised:
        load_layout(str(path))
    assert re.fullmatch(rf"rules\[\d+\]\.{key}", raised.value.key)
    if mark:
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert (raised.value.line, raised.value.column) == (line, column)
    else:
        assert "不认识“{sum}”" in raised.value.problem


def test_a_level_taken_away_is_told_by_the_rule_that_speaks_of_it(tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    text = "extends: national-2021\nid: next\nindicators:\n  groups:\n"
    path.write_text(f"{text}    - {{level1: 成本指标, remove: true}}\n", encoding="utf-8")
    with pytest.raises(LayoutError, match='这里应是一级指标，写成 "产出指标"、') as raised:
        load_layout(str(path))
    assert raised.value.file == str(path)


# --- the rules of national-2021 -------------------------------------------------------------------
def weighed(folder: Path, *by_level: Sequence[str | None]) -> Path:
    """A sound form whose rows weigh so much; a level without weights has no rows."""
    record = sound_form(LAYOUT).record()
    rows: list[dict[str, Any]] = []
    for level1, weights in zip(LEVELS, by_level, strict=True):
        like = next(row for row in record["indicators"] if row["level1"] == level1)
        rows += [
            {**like, "name": f"{level1}{number}", "weight": weight}
            for number, weight in enumerate(weights)
        ]
    path = folder / "weighed.xlsx"
    form = form_class(LAYOUT).model_validate({**record, "indicators": rows})
    xlgoals.write_template(path, LAYOUT, YEAR, projects=1, forms=[form])
    return path


def found(path: Path) -> dict[str, str]:
    """The findings of rules about weights, each with its message."""
    findings = xlgoals.read(path).findings
    return {
        f.code: f.message for f in findings if f.code.startswith("weights-") or "-weight-" in f.code
    }


USUAL = "成本指标的权重合计为 {}，一般为 20。"


@pytest.mark.parametrize(
    ("weights", "told_of"),
    [
        ((["20"], ["20", "10", "10"], ["20"], ["10"]), {}),
        (([], ["20", "20", "10"], ["30"], ["10"]), {}),
        (([], ["50"], ["40"], []), {}),
        ((["20"], ["40"], ["30"], []), {}),
        ((["0"], ["50"], ["30"], ["10"]), {}),
        ((["6.67", "6.67", "6.66"], ["33.34", "3.33", "3.33"], ["19.99", "0.01"], ["10"]), {}),
        # of 100, and of what is not whole, nobody knows what is usual
        ((["20"], ["50"], ["20"], ["10"]), {}),
        ((["5"], ["5"], ["5"], ["5"]), {
            "weights-not-whole": "各行权重合计为 20，既不是 90，也不是 100。",
        }),
        ((["15", "15"], ["10.5", "20", "9.5"], ["10"], ["10"]), {
            "cost-weight-unusual": "成本指标的权重合计为 30，一般为 20。",
            "benefit-weight-unusual":
                "效益指标的权重合计为 10，一般连同满意度指标为 30，没有成本指标的为 40。",
        }),
        (([], ["40.5"], ["39.5"], ["10"]), {
            "output-weight-unusual": "产出指标的权重合计为 40.5，一般为 40，没有成本指标的为 50。",
            "benefit-weight-unusual":
                "效益指标的权重合计为 39.5，一般连同满意度指标为 30，没有成本指标的为 40。",
        }),
        ((["20"], ["40"], ["15"], ["15"]), {
            "satisfaction-weight-unusual": "满意度指标的权重合计为 15，一般为 10。",
        }),
    ],
)  # fmt: skip
def test_what_the_levels_weigh_unusually_is_told(
    tmp_path: Path, weights: Sequence[Sequence[str]], told_of: Mapping[str, str]
) -> None:
    assert found(weighed(tmp_path, *weights)) == told_of


def test_it_is_a_warning_at_the_first_row_of_the_level(tmp_path: Path) -> None:
    path = weighed(tmp_path, ["25"], ["30", "20"], ["10"], ["5"])
    findings = [f for f in xlgoals.read(path).findings if f.layer == "rule" and f.field == "weight"]
    assert [(f.code, f.severity, f.cell) for f in findings] == [
        ("cost-weight-unusual", "warning", first_weight(COST)),
        ("output-weight-unusual", "warning", first_weight(OUTPUT)),
        ("benefit-weight-unusual", "warning", first_weight(BENEFIT)),
        ("satisfaction-weight-unusual", "warning", first_weight(SATISFACTION)),
    ]
    assert {f.label for f in findings} == {"权重"}


def test_the_workbook_says_it_in_the_same_words(tmp_path: Path) -> None:
    path = weighed(tmp_path, ["25"], ["30.25", "20"], ["9.75"], ["5"])
    shown = {str(cell.value) for cell in read_workbook(path).sheet(HIDDEN_SHEET).cells.values()}  # type: ignore[union-attr]
    for code, message in found(path).items():
        assert f"{code} {message}" in shown


@pytest.mark.parametrize("odd", ["约20", "101", None])
def test_while_a_weight_is_wrong_or_lacking_no_sum_is_told(tmp_path: Path, odd: str | None) -> None:
    path = weighed(tmp_path, ["25"], ["30", "20", "1"], ["10"], ["5"])
    assert found(path).keys() == {"weights-not-whole"}
    base = Base(path, LAYOUT.id)
    rows = [row.number for row in base.plan.form.indicator_rows if row.group.level1 == OUTPUT]
    base.fill(path, {(0, f"indicator_{rows[2]:02d}_weight"): odd})
    assert found(path) == {}


# --- as a spreadsheet program works it out --------------------------------------------------------
SHARES: Sequence[Sequence[Typed | None]] = (
    (20, 30, 20, 10, 10),
    (25, 30, 20, 10, 5),
    (None, 30, 30, 10, 20),
    (20, 30, 30, None, 10),
    (20, "30", 20, "约10", 10),
    (20, 33.33, 19.99, 10, 6.68),
    (20, 30, 20, 10, 20),
    (20, 30, 15, 15, 10),
    (20, 30, 20, 10, 15),
    (20, 30, 20, 10, None),
)


@pytest.mark.slow
def test_levels_that_take_turns_are_added_up_alike(
    recalculate: Recalculate, tmp_path: Path
) -> None:
    # The rows of 产出指标 stand in two places, and one of them is prescribed.
    options = "values: [经济效益指标, 社会效益指标, 生态效益指标, 可持续影响指标]\n"
    group = """\
    - level1: 产出指标
      level2: 成本控制
      fixed: [{name: 成本控制率, target: ≤100%}]
      rows: 2
"""
    layout = changed(tmp_path, options, options + group)
    blank = tmp_path / "blank.xlsx"
    xlgoals.write_template(blank, str(layout), YEAR, projects=1)
    base = Base(blank, str(layout))
    paths: list[Path] = []
    contents: list[Contents] = []
    for number, shares in enumerate(SHARES):
        for named in (True, False):
            paths.append(tmp_path / f"{number}-{named}.xlsx")
            contents.append(_shared(base, shares, named))
            base.fill(paths[-1], contents[-1])
    seen: set[str] = set()
    wrong: list[Disagreement] = []
    for path, typed in zip(recalculate(paths, tmp_path / "again"), contents, strict=True):
        wrong += disagreements(base, path, typed)
        seen |= {code for _, _, code in live_side(base, path)}
    assert not wrong, told(wrong)
    assert seen >= {"weights-not-whole", *(f"{name}-weight-unusual" for name in UNUSUAL)}


UNUSUAL = ("cost", "output", "benefit", "satisfaction")


def _shared(base: Base, shares: Sequence[Typed | None], named: bool) -> Contents:
    """One row of each level with its share, the prescribed row with the last but one."""
    first: dict[str, int] = {}
    for row in base.plan.form.indicator_rows:
        first.setdefault("prescribed" if row.fixed else row.group.level1, row.number)
    places = (COST, OUTPUT, BENEFIT, SATISFACTION, "prescribed")
    rows = [first[place] for place in places]
    typed: dict[tuple[int, str], Typed | None] = {(0, "project_name"): "阅览室改造"}
    for number, share in zip(rows, shares, strict=True):
        typed[0, f"indicator_{number:02d}_weight"] = share
        if named and f"indicator_{number:02d}_name" in base.plan.form.by_name:
            typed[0, f"indicator_{number:02d}_name"] = f"指标{number}"
    return typed
