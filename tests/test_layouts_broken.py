"""A broken layout is told with its file, line, column and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from broken_layout import MARK, YAML, broken, complaint


def test_the_error_names_file_line_column_and_key(tmp_path: Path) -> None:
    text = broken("amount_unit: 元", "amount_unit: ¶斤")
    error, (line, column) = complaint(tmp_path, text)
    assert str(error) == (
        f"{tmp_path / 'broken.yaml'}，第{line}行第{column}列，amount_unit："
        "不认识“斤”；这里可用：元、万元"
    )


# --- keys -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        # unknown: the key is where the mistake is
        ("authority: 上", "¶autority: 上", "autority",
         "不认识的键“autority”，是否想写“authority”？"),
        ("unit_field: d", "¶unitfield: d", "unitfield",
         "不认识的键“unitfield”，是否想写“unit_field”？"),
        ("texts:\n", "¶text:\n", "text", "不认识的键“text”，是否想写“texts”？"),
        ("guide:\n", "¶guides:\n", "guides", "不认识的键“guides”，是否想写“guide”？"),
        ("    lines: 7", "    ¶line: 7", "fields.overview.line",
         "不认识的键“line”，是否想写“lines”？"),
        (", at_least: 1}\n    - {level1: 产出目标, level2: 质量",
         ", ¶atleast: 1}\n    - {level1: 产出目标, level2: 质量",
         "indicators.groups[4].atleast", "不认识的键“atleast”，是否想写“at_least”？"),
        ("{name: 预算编制合理性, target: 合理}", "{name: 预算编制合理性, target: 合理, ¶note: 无}",
         "indicators.groups[1].fixed[1].note",
         "不认识的键“note”；这里可用：name、target、editable"),
        # said twice
        ("language: zh-CN", "language: zh-CN\n¶id: again", "id", "“id”重复出现"),
        ("  basis:\n", "  ¶overview:\n", "fields.overview", "“overview”重复出现"),
        ("    lines: 7\n", "    lines: 7\n    ¶lines: 8\n", "fields.overview.lines",
         "“lines”重复出现"),
        # missing
        ("label: 项目概况：\n    max_length: 500", "¶max_length: 500", "fields.overview",
         "缺少“label”"),
        ("label: 项目概况：\n    max_length: 500", "¶label: 项目概况：", "fields.overview",
         "缺少“max_length”"),
        ("options:  # unsettled but for the first\n      open: true\n      values: [其他一次性项"
         "目, 其他经常性项目, 经常性专项业务费, 市级专项资金]",
         "options:\n      ¶open: true", "fields.project_category.options", "缺少“values”"),
        ("{first: 2020, last: 2025}", "¶{first: 2020}", "edition", "缺少“last”"),
        ("{name: 预算编制合理性, target: 合理}", "¶{name: 预算编制合理性}",
         "indicators.groups[1].fixed[1]", "缺少“target”"),
        ("- code: dates-reversed\n    severity: error", "- ¶code: dates-reversed", "rules[1]",
         "缺少“severity”"),
        ("    name: {label: 三级目标, max", "    ¶nam: {label: 三级目标, max",
         "indicators.columns.nam", "不认识的列“nam”，是否想写“name”？"),
    ],
)  # fmt: skip
def test_keys(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    error, (line, _) = complaint(tmp_path, broken(old, new))
    assert (error.line, error.key, error.problem) == (line, key, problem)


@pytest.mark.parametrize(
    "key",
    ["id", "name", "authority", "language", "edition", "amount_unit", "dates", "unit_field"],
)
def test_a_missing_key_of_the_layout(tmp_path: Path, key: str) -> None:
    lines = YAML.splitlines(keepends=True)
    (gone,) = [line for line in lines if line.startswith(f"{key}:")]
    lines.remove(gone)
    first = next(number for number, line in enumerate(lines) if line[0].isalpha())
    lines.insert(first, MARK)
    error, place = complaint(tmp_path, "".join(lines))
    assert (error.line, error.column) == place
    assert (error.key, error.problem) == ("", f"缺少“{key}”")


# --- values ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        # of the wrong type
        ("id: shanghai-2020", "id: ¶[shanghai]", "id", "这里应是一段文字"),
        ("name: 财政项目支出绩效目标表\n", "name: ¶''\n", "name", "这里不能为空"),
        ("first: 2020, ", "first: ¶二〇二〇, ", "edition.first", "这里应是整数，而不是“二〇二〇”"),
        ("first: 2020, ", "first: ¶-1, ", "edition.first", "这里不能是负数“-1”"),
        ("first: 2020, ", "first: ¶２０２０, ", "edition.first", "这里应是整数，而不是“２０２０”"),
        ("lines: 7", "lines: ¶1.5", "fields.overview.lines", "这里应是整数，而不是“1.5”"),
        ("label: 项目概况：\n    max_length: 500", "label: 项目概况：\n    max_length: ¶0",
         "fields.overview.max_length", "这里应大于 0"),
        ("framed: false", "framed: ¶no", "fields.declaring_unit.framed",
         "这里应是 true 或 false，而不是“no”"),
        ("dates: {first: 2000-01-01, last: 2099-12-31}", "dates: ¶2000-01-01", "dates",
         "这里应是“键: 值”的形式"),
        ("last: 2099-12-31", "last: ¶2099-02-30", "dates.last", "这里应是日期，样式如 2020-01-01"),
        ("  overview:\n    label: 项目概况：\n    max_length: 500\n    lines: 7\n    help: 说",
         "  overview: ¶说", "fields.overview", "这里应是“键: 值”的形式"),
        ("columns: [136, 110, 171, 148, 142]", "columns: ¶five", "columns", "这里应是一个列表"),
        ("columns: [136, ", "columns: [¶wide, ", "columns[1]", "这里应是整数，而不是“wide”"),
        ("无, 目标]", "¶[无], 目标]", "placeholders[6]", "这里应是一段文字"),
        # that contradict each other
        ("{first: 2020, last: 2025}", "{first: 2020, last: ¶2019}", "edition.last",
         "last 不能早于 first"),
        ("last: 2099-12-31", "last: ¶1999-12-31", "dates.last", "last 不能早于 first"),
        ("unit_field: declaring_unit", "unit_field: ¶unit", "unit_field", "应是 fields 中的一个键"),
        ("values: [事业/专业类, 其他类]", "values: ¶[其他类, 其他类]",
         "fields.performance_type.options.values", "选项重复：其他类"),
        ("values: [事业/专业类, 其他类]", "values: ¶[]",
         "fields.performance_type.options.values", "至少要有一个选项"),
        ("values: [事业/专业类, 其他类]",
         "values: [事业/专业类, 其他类]\n      aliases: {其它类: ¶其他}",
         "fields.performance_type.options.aliases.其它类", "不认识“其他”，是否想写“其他类”？"),
        ("year: {text: \"（{fiscal_year}年度）\", style: subtitle}",
         "year: {text: \"（{fiscal_year}年度）\", style: ¶subtitel}",
         "texts.year.style", "不认识“subtitel”，是否想写“subtitle”？"),
        # fields
        ("label: 计划开始日期：", "label: 计划开始日期：\n    type: ¶date",
         "fields.start_date.type",
         "“start_date”是标准项，类型已定为 date，请删去 type"),
        ("  project_name:\n    label", "  projectname:\n    ¶label", "fields.projectname",
         "“projectname”不是标准项，请用 type 说明类型：text、choice、yes_no、date、amount"),
        ("  project_name:\n    label", "  projectname:\n    type: ¶txt\n    label",
         "fields.projectname.type", "不认识“txt”，是否想写“text”？"),
        ("  project_name:\n    label", "  项目名称:\n    type: text\n    label",
         "fields.项目名称", "键只能用小写英文字母、数字和下划线"),
        ("label: 计划开始日期：", "label: 计划开始日期：\n    max_length: ¶10",
         "fields.start_date.max_length", "类型 date 没有“max_length”"),
        ("label: 立项依据：", "label: 立项依据：\n    plausible_from: ¶10",
         "fields.basis.plausible_from", "类型 text 没有“plausible_from”"),
        ("  basis:\n    label: 立项依据：", "  basis:\n    ¶label: 项目概况", "fields.basis",
         "与“overview”同名，都是“项目概况”：请用 called 写明消息怎样称呼它"),
        # the indicator table
        ("{level1: 产出目标, level2: 质量, ", "¶{level1: 产出目标, level2: 质量, "
         "options: {values: [甲]}, ",
         "indicators.groups[5]", "应有 level2（固定）或 options（供选择），二者取一"),
        ("{level1: 产出目标, level2: 质量, ", "¶{level1: 产出目标, ",
         "indicators.groups[5]", "应有 level2（固定）或 options（供选择），二者取一"),
        ("{level1: 产出目标, level2: 质量, rows: 2, ", "¶{level1: 产出目标, level2: 质量, ",
         "indicators.groups[5]", "这一组没有任何行：请给出 fixed 或 rows"),
        ("      rows: 2\n      at_least: 1\n\n", "      fixed: [{name: 甲, target: 乙}]\n\n",
         "indicators.groups[8]", "二级目标供选择的一组不能有固定行"),
        ("{level1: 产出目标, level2: 质量, ", "¶{level1: 产出目标, level2: 数量, ",
         "indicators.groups[5]", "“数量”出现了两次"),
        ("level2: 质量, rows: 2", "level2: 质量, rows: ¶1001", "indicators.groups[5].rows",
         "“质量”的行数应不多于1000"),
        ("target: {label: 指标目标值, ", "targets: ¶{label: 指标目标值, ",
         "indicators.columns.targets",
         "不认识的列“targets”，是否想写“target”？"),
        ("target: {label: 指标目标值, ", "unit: {label: 指标目标值, ", "indicators.columns",
         "应有 target，或者有 value（可带 operator、unit），二者取一"),
        ("    level1: {label: 一级目标}\n", "", "indicators.columns", "缺少“level1”"),
    ],
)  # fmt: skip
def test_values(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    text = broken(old, new)
    if MARK not in text:  # told at the mapping or list as a whole: at its first line
        text = _marked(text, key)
    error, place = complaint(tmp_path, text)
    assert (error.key, error.problem) == (key, problem)
    assert (error.line, error.column) == place


def _marked(text: str, key: str) -> str:
    """Mark the first entry below a key that is written on a line of its own."""
    first = {
        "fields.项目名称": "  项目名称:\n    ",
        "indicators.groups[8]": "    - level1: 影响力目标",
        "indicators.groups": "  groups:\n    ",
        "indicators.columns": "  columns:\n    ",
    }[key]
    end = text.index(first) + (6 if "- level1" in first else len(first))
    return text[:end] + MARK + text[end:]


# --- the grid -------------------------------------------------------------------------------------
(START,) = [line.strip() for line in YAML.splitlines() if line.startswith("    start_date: ")]
(OVERVIEW,) = [line.strip() for line in YAML.splitlines() if line.startswith("    overview: ")]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (START, START.replace("end_date:", "¶end_dat: "),
         "不认识“end_dat:”，是否想写“end_date:”？"),
        (START, START.replace("start_date:", "¶strt_date:"),
         "不认识“strt_date:”，是否想写“start_date:”？"),
        (START, START + "x", "不认识“end_datex”，是否想写“end_date”？"),
        (OVERVIEW, OVERVIEW[:26] + "¶overvie " + OVERVIEW[34:],
         "不认识“overvie”，是否想写“overview”？"),
        ("level1   level2   name   target   target", "level1   level2   name   target   ¶targt",
         "不认识“targt”，是否想写“target”？"),
    ],
)  # fmt: skip
def test_an_unknown_word_of_the_grid(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = broken(old, new).replace(" end_datex", f" {MARK}end_datex")
    error, place = complaint(tmp_path, text)
    assert error.problem == problem
    assert (error.line, error.column) == place
    assert error.key.startswith("pages[")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (START, START[: START.rindex("end_date")], "这一行应有5格，现有4格"),
        (START, START + " .", "这一行应有5格，现有6格"),
        ("level1   level2   name   target   target", "level1 level2 name target",
         "这一行应有5格，现有4格"),
    ],
)  # fmt: skip
def test_a_row_with_another_number_of_cells(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    error, (line, _) = complaint(tmp_path, broken(old, MARK + new))
    assert (error.line, error.problem) == (line, problem)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (START, START.replace("end_date: ", ".         "), "表样中没有安排“end_date:”的位置"),
        (START, START[: -len("end_date")] + "end_date:", "表样中没有安排“end_date”的位置"),
        (OVERVIEW + "\n", "", "表样中没有安排“overview”的位置"),
        ("level1:  level2:  name:  target:  target:", ".  level2:  name:  target:  target:",
         "表样中没有安排“level1:”的位置"),
        ("level1   level2   name   target   target", "level1   level2   name   .   .",
         "表样中没有安排“target”的位置"),
        ("level1   level2   name   target   target",
         "level1 level2 name . .\n    . . . target target",
         "指标表的各列应写在同一行，且只写一行"),
    ],
)  # fmt: skip
def test_what_is_not_placed(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = broken(old, new).replace("pages:\n  -", f"pages:\n  {MARK}-")
    error, place = complaint(tmp_path, text)
    assert (error.key, error.problem) == ("pages", problem)
    assert (error.line, error.column) == place


def test_a_table_that_is_placed_twice(tmp_path: Path) -> None:
    rows = f"    {MARK}level1 level2 name target target\n    level1 level2 name target target\n"
    text = broken(f"    {OVERVIEW}\n", rows)
    error, _ = complaint(tmp_path, text)
    assert text.splitlines()[error.line - 1].split()[0] == "level1"
    assert "level1" in error.problem


def test_a_control_character(tmp_path: Path) -> None:
    text = broken("help: 说明项目做什么", "help: ¶\x01说明项目做什么")
    error, place = complaint(tmp_path, text)
    assert (error.line, error.column) == place
    assert error.problem == "含有不可见的控制字符"


def test_a_field_that_is_placed_twice(tmp_path: Path) -> None:
    text = broken("  - |\n    goals", f"    {MARK}{OVERVIEW}\n  - |\n    goals")
    error, (line, _) = complaint(tmp_path, text)
    assert error.line == line
    assert "overview" in error.problem


# --- rules ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("check: start_date <= end_date", "check: start_date <= ¶end_dat", "rules[1].check",
         "没有名为“end_dat”的填写项"),
        ("check: start_date <= end_date", "check: start_date ¶<= 5", "rules[1].check",
         "不能比较日期和数值"),
        ("check: start_date <= end_date", 'check: "start_date <= ¶end_dat"', "rules[1].check",
         "没有名为“end_dat”的填写项"),
        ("check: start_date <= end_date", "check: ¶start_date", "rules[1].check",
         "规则应是一个判断，例如 a <= b"),
        ("check: current_budget <= total_budget", "check: (current_budget <= total_budget¶",
         "rules[3].check", "这里应是“)”"),
        ("when: target.unit = \"%\"", "when: ¶target.", "rules[15].when",
         "没有名为“target.”的填写项"),
        ("check: not repeated(name)", "check: not ¶repeat(name)", "rules[11].check",
         "没有名为“repeat”的函数"),
        ("each: indicator\n    check: not repeated(name)", "check: not repeated(¶name)",
         "rules[11].check", "没有名为“name”的填写项"),
        # the rule around its expression
        ("code: current-over-total\n    severity: error",
         "code: current-over-total\n    severity: ¶fatal",
         "rules[3].severity", "不认识“fatal”；这里可用：error、warning、info"),
        ("- code: current-over-total", "- ¶code: dates-reversed", "rules[3]",
         "规则“dates-reversed”重复出现"),
        ("each: indicator\n    check: not repeated(name)",
         "each: ¶row\n    check: not repeated(name)",
         "rules[11].each", "不认识“row”；这里可用：indicator"),
        ("- code: dates-reversed\n    severity: error\n    check: start_date <= end_date",
         "- ¶code: dates-reversed\n    severity: error\n    check: 1 <= 2",
         "rules[1]", "请用 at 说明问题标在哪一项"),
        ("check: target.number <= 100\n    at: target",
         "check: target.number <= 100\n    at: ¶targt",
         "rules[15].at", "不认识“targt”，是否想写“target”？"),
    ],
)  # fmt: skip
def test_rules(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    error, place = complaint(tmp_path, broken(old, new))
    assert (error.key, error.problem) == (key, problem)
    assert (error.line, error.column) == place


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("message: 计划开始日期晚于", "message: ¶计划开始日期{start}晚于", "rules[1].message"),
        ("hint: 请核对两个日期", "hint: ¶请核对{两个日期", "rules[1].hint"),
    ],
)
def test_words_that_could_not_be_filled_in(tmp_path: Path, old: str, new: str, key: str) -> None:
    error, (line, _) = complaint(tmp_path, broken(old, new))
    assert (error.line, error.key) == (line, key)
