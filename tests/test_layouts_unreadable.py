"""What is no layout at all, or more than a spreadsheet holds, is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from broken_layout import YAML, broken, complaint
from xlgoals import LayoutError, UnknownLayoutError, load_layout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("¶", "文件是空的"),
        ("¶# nothing but a comment\n", "文件是空的"),
        ("¶just words", "这里应是“键: 值”的形式"),
        ("¶- a\n- list\n", "这里应是“键: 值”的形式"),
    ],
)
def test_a_file_without_a_layout(tmp_path: Path, text: str, problem: str) -> None:
    error, place = complaint(tmp_path, text)
    assert (error.key, error.problem) == ("", problem)
    assert (error.line, error.column) == place


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("    label: 项目概况：", "¶\tlabel: 项目概况：", id="tab"),
        pytest.param("at_least: 1}\n    - {level1: 产出目标, level2: 质量",
                     "at_least: 1\n    ¶- {level1: 产出目标, level2: 质量",
                     id="bracket not closed"),
        pytest.param("check: not repeated(name)", "check: not¶: repeated(name)",
                     id="colon in a text"),
        pytest.param("    label: 项目概况：\n", "   label: 项目概况：\n¶",
                     id="indented otherwise"),
        pytest.param("help: 说明项目做什么", "help: ¶@说明项目做什么", id="reserved character"),
        pytest.param("help: 说明项目做什么", "help: ¶*说明", id="alias of nothing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_yaml(tmp_path: Path, old: str, new: str) -> None:
    error, (line, _) = complaint(tmp_path, broken(old, new))
    assert error.problem.startswith("不是有效的 YAML")
    assert error.line == line


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_that_is_not_utf_8(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(YAML.encode(encoding))
    with pytest.raises(LayoutError) as raised:
        load_layout(str(path))
    assert str(raised.value) == f"{path}，第1行第1列：文件不是 UTF-8 编码；请另存为 UTF-8"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    label: 项目概况：", "\tlabel: 项目概况：", "缩进要用空格，不能用制表符（Tab）"),
        ("language: zh-CN", "language：zh-CN", "不能用“：”"),
        ("language: zh-CN", "---\nlanguage: zh-CN", "请删去“---”"),
        ("language: zh-CN", "language: [zh-CN", "请检查这里和上一行的缩进、引号、括号"),
    ],
)
def test_what_to_look_for_is_told_in_plain_words(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(YAML.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LayoutError) as raised:
        load_layout(str(path))
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("language: zh-CN", "¶[a]: b", "", "键应是一个词"),
        ("max_length: 20", "max_length: ¶40000", None, "一个单元格最多放 32767 字"),
        ("lines: 7", "lines: ¶" + "9" * 5000, "fields.overview.lines", "这个数太大"),
        ("help: 说明项目做什么", "help: ¶" + "长" * 40000, None, "太长：一个单元格最多放 32767 字"),
        ("code: dates-reversed", "code: ¶A B", "rules[1].code", "只能用小写英文字母"),
        ("check: start_date <= end_date", f"check: ¶{'(' * 500}start_date <= end_date{')' * 500}",
         "rules[1].check", "请拆成几条规则"),
        ("check: start_date <= end_date", "check: ¶" + " and ".join(["blank(basis)"] * 60),
         "rules[1].check", "请拆成几条规则"),
    ],
)  # fmt: skip
def test_what_no_spreadsheet_could_hold(
    tmp_path: Path, old: str, new: str, key: str | None, problem: str
) -> None:
    error, place = complaint(tmp_path, broken(old, new))
    assert problem in error.problem
    assert (error.line, error.column) == place
    assert key is None or error.key == key


@pytest.mark.parametrize(
    ("name", "told"),
    [("gone.yaml", "没有“"), ("folder.yaml", "”是文件夹"), ("form.txt", "的名称以 .yaml 结尾")],
)
def test_a_path_that_is_no_layout(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "form.txt").write_text(YAML, encoding="utf-8")
    with pytest.raises(UnknownLayoutError, match=told):
        load_layout(str(tmp_path / name))
