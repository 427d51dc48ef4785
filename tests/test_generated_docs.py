"""The pages that are made are what their tool makes today, and all their words are plain."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import make_docs
import xlgoals
from bootstrap import ROOT, SetUpError
from command import run
from few_and_many import mostly_slow
from xlgoals import codes
from xlgoals.cli.main import cli
from xlgoals.findings import Code
from xlgoals.layouts import layout_ids

PAGE = (make_docs.DOCS / make_docs.PAGE).read_text(encoding="utf-8")
COMMANDS = (make_docs.DOCS / "commands.md").read_text(encoding="utf-8")
RULES = {name: [rule.code for rule in xlgoals.load_layout(name).rules] for name in layout_ids()}
# By the section of the page: layouts may word the same rule otherwise.
SECTIONS = {
    "各表样共有的检查项目": [*codes.SHARED.values()],
    **{f"表样 {name}：": rules for name, rules in RULES.items()},
}
EVERY_CODE = [(section, code) for section, found in SECTIONS.items() for code in found]
each_code = pytest.mark.parametrize(
    ("section", "code"), EVERY_CODE, ids=[f"{section} {code.id}" for section, code in EVERY_CODE]
)

# What a filler or finance reads on the screen in these very letters.
KNOWN_WORDS = {
    *("Excel", "WPS", "Word", "PDF"),
    *(".et", ".fods", ".ods", ".xls", ".xlsb", ".xlsx"),
    *("--as", "--limit", "--year", "#N/A"),
}
INTERNAL = ("xlgoals", "None", "null", "True", "False", "NaN", "错误码", "异常", "字段", "正则")


def row_of(section: str, code: Code) -> list[str]:
    (part,) = [part for part in PAGE.split("\n## ") if part.startswith(section)]
    (line,) = [line for line in part.splitlines() if line.startswith(f"| `{code.id}` |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_pages_are_what_the_tool_makes() -> None:
    # In a process of its own: help that was asked for in another language stays in it.
    tool = [sys.executable, str(ROOT / "tools" / "make_docs.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("api.md", "for-units.md"):
        shutil.copy(make_docs.DOCS / name, folder)
    monkeypatch.setattr(make_docs, "DOCS", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "made"),
    mostly_slow(
        [
            ("finding-codes.md", "# 检查项目一览"),
            ("commands.md", "# Commands"),
            ("api.md", "#### annotated_copy"),
            ("for-units.md", "| 不接受 |"),
        ]
    ),
)
def test_check_tells_a_page_that_is_out_of_date(
    name: str, made: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_docs.main([]) == 0
    assert make_docs.main(["--check"]) == 0
    page = copied / name
    text = page.read_text(encoding="utf-8")
    assert made in text
    page.write_text(text.replace(made, "changed", 1), encoding="utf-8")
    assert make_docs.main(["--check"]) == 1
    assert f"docs/{name} is out of date" in capsys.readouterr().err
    assert make_docs.main([]) == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_a_place_for_its_part_is_a_fault(copied: Path) -> None:
    (copied / "api.md").write_text("# API\n", encoding="utf-8")
    with pytest.raises(SetUpError, match=r"api\.md has no place for the part reference"):
        make_docs.pages()


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_is_told_with_all_its_options(name: str) -> None:
    (part,) = [part for part in COMMANDS.split("\n## ") if part.startswith(f"xlgoals {name}\n")]
    help_ = run(name, "--help").stdout
    spelled = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", help_, re.MULTILINE))
    spelled.remove("--help")
    told = set(re.findall(r"^\| `[^`]*?(--[a-z-]+)", part, re.MULTILINE))
    assert spelled <= told
    assert f"```\nxlgoals {name} [OPTIONS]" in part


@each_code
def test_every_code_has_its_row(section: str, code: Code) -> None:
    severity = {"error": "错误", "warning": "提醒", "info": "说明"}[code.severity]
    _, shown, live, message, hint, *_ = row_of(section, code)
    assert shown == severity
    assert live[0] in "是否"
    assert not re.search(r"[{}]", message + hint)
    for told, text in ((message, code.message), (hint, code.hint)):
        for part in re.split(r"\{\w+\}", text):
            assert part in told


def test_every_code_of_the_examples_is_on_the_page(examples_dir: Path) -> None:
    mistakes = json.loads((examples_dir / "mistakes-2020.json").read_text(encoding="utf-8"))
    for code in {code for _, _, code in mistakes}:
        assert f"| `{code}` |" in PAGE


def test_what_is_live_is_told_as_the_workbooks_have_it() -> None:
    live = {
        code for name in layout_ids() for code in make_docs.live_codes(xlgoals.load_layout(name))
    }
    assert {"required", "date-invalid", "group-empty", "current-over-total"} <= live
    excused = PAGE.split("## 不在表内实时检查的项目\n")[1]
    for section, code in EVERY_CODE:
        assert (row_of(section, code)[2] != "否") == (code.id in live)
        assert (f"`{code.id}`" in excused) == (code.id not in live)


def test_a_code_without_a_word_for_its_place_is_a_fault() -> None:
    code = codes.REQUIRED
    with pytest.raises(SetUpError, match=r"no word for \{colour\} of required"):
        make_docs.readable(code, "“{label}”应为{colour}。")


def test_every_rule_is_shown_as_its_layout_has_it() -> None:
    assert '`contains(project_category, "一次性")` 时，须 `blank(prior_budget)`' in PAGE
    source = (ROOT / "src/xlgoals/layouts/shanghai-2020.yaml").read_text(encoding="utf-8")
    checks = re.findall(r"^    check: (.*)$", source, re.MULTILINE)
    assert len(checks) == len(RULES["shanghai-2020"])
    for check in checks:
        assert f"须 `{check}`" in PAGE


@pytest.mark.parametrize("name", layout_ids())
def test_every_field_says_what_may_be_filled_in(name: str) -> None:
    layout = xlgoals.load_layout(name)
    for field in layout.fields.values():
        lines = [line for line in PAGE.splitlines() if f"{field.title} `{field.key}`" in line]
        assert any(f"| {field.kind.expected}。 |" in line for line in lines)


@each_code
def test_words_are_plain_chinese_sentences(section: str, code: Code) -> None:
    for text in (code.message, code.hint):
        assert text.endswith("。")
        assert not text.startswith("。")
        words = re.findall(r"[-.#]*[A-Za-z][A-Za-z/]*", re.sub(r"\{\w+\}", "", text))
        assert set(words) <= KNOWN_WORDS
        assert not any(term in text for term in INTERNAL)
        # Chinese punctuation in Chinese sentences.
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", text)
        assert "\n" not in text
        assert "  " not in text


def test_no_two_codes_of_a_form_have_the_same_message() -> None:
    for rules in RULES.values():
        messages = [code.message for code in (*codes.SHARED.values(), *rules)]
        assert len(messages) == len(set(messages))
