"""The console speaks Chinese or English; files and data are the same whoever runs the program."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

import xlgoals
from command import run, run_process, run_python
from xlgoals.language import Language, Message, chosen, enumerated

CHINESE = re.compile("[\u4e00-\u9fff]")
QUOTED = re.compile("“[^”]*”")


@pytest.fixture(scope="module")
def mistakes(examples_dir: Path) -> Path:
    return examples_dir / "mistakes-2020.xlsx"


@pytest.fixture(scope="module")
def inbox(examples_dir: Path) -> Path:
    return examples_dir / "inbox"


# --- which language -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "en-GB"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LANGUAGE": "en:zh", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANGUAGE": "fr:zh_CN", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "en"}, "en"),
        ({"LANGUAGE": "en", "LC_ALL": "C"}, "zh"),
    ],
)
def test_the_locale_says_the_language(environment: dict[str, str], language: str) -> None:
    assert chosen([], environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "en", "check"], "en"),
        (["check", "--lang=en", "x.xlsx"], "en"),
        (["--lang", "en", "check", "--lang", "zh"], "zh"),
        (["check", "--", "--lang", "en"], "zh"),
        (["check", "--lang"], "zh"),
        (["--lang", "fr", "check"], "zh"),
    ],
)
def test_the_option_says_the_language(arguments: list[str], language: str) -> None:
    assert chosen(arguments, {"LANG": "C"}) == language
    assert {*Language} == {"zh", "en"}


# --- what is said ---------------------------------------------------------------------------------
def test_check_speaks_english(mistakes: Path) -> None:
    chinese, english = run("check", mistakes), run("--lang", "en", "check", mistakes)
    assert chinese.returncode == english.returncode == 1
    assert "[错误] B5 “计划开始日期”的“2020-02-30”不是有效的日期。" in chinese.stdout
    said = "[error] B5 “计划开始日期”: “2020-02-30” is not a valid date."
    assert said in english.stdout
    assert "“2020-12-31 17:30” has a time of day" in " ".join(english.stdout.split())
    assert "to be mended (3 forms, 18 errors, 29 warnings, 2 notes)" in english.stdout
    assert english.stdout.endswith("0 files unreadable.\n")


def test_english_has_no_chinese_but_what_it_quotes(mistakes: Path, examples_dir: Path) -> None:
    """Names of sheets and of inputs stand alone, before a message."""
    own = [finding.label for finding in xlgoals.read(mistakes).findings if finding.label]
    output = run("--lang", "en", "check", mistakes, examples_dir / "inbox" / "没有.xlsx").stdout
    text = QUOTED.sub("", re.sub(r"\s+", " ", output))
    for word in sorted({*own, "项目1", "项目2", "项目3", "自检"}, key=len, reverse=True):
        text = text.replace(word, "")
    assert set(CHINESE.findall(text)) <= set("没有是否，事业/专业类其他")


@pytest.mark.parametrize(
    ("arguments", "environment", "english"),
    [
        ([], {"LC_ALL": "en_US.UTF-8"}, True),
        ([], {"LC_ALL": "C"}, False),
        ([], {"LANG": ""}, False),
        (["--lang", "zh"], {"LC_ALL": "en_US.UTF-8"}, False),
        (["--lang", "en"], {"LC_ALL": "zh_CN.UTF-8"}, True),
    ],
)
def test_the_option_goes_before_the_locale(
    mistakes: Path, arguments: list[str], environment: dict[str, str], english: bool
) -> None:
    before = run(*arguments, "check", mistakes, **environment)
    for result in (before, run("check", mistakes, *arguments, **environment)):
        assert result.returncode == 1
        assert ("[error]" in result.stdout) is english
        assert ("[错误]" in result.stdout) is not english


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (["check", "--nonsense"], "错误：没有选项", "Error: No such option"),
        (["chek"], "错误：没有命令", "Error: No such command"),
        (["check"], "错误：缺少参数", "Error: Missing argument"),
        (["export"], "错误：缺少选项", "Error: Missing option"),
        (
            ["check", "--format", "xml", "x"],
            "'--format' 的取值有误",
            "Invalid value for '--format'",
        ),
        (["check", "--as", "x", "y"], "没有名为“x”的表样", "There is no layout named “x”"),
        (["check", "--limit", "x=1", "y"], "没有“x”这项上限", "There is no limit “x”"),
        (["status", "--register", "/no/such.db"], "没有登记库", "There is no register"),
        (["diff", "x"], "请给出两个文件", "Please give two files"),
    ],
)
def test_wrong_usage_is_told_in_both(arguments: list[str], chinese: str, english: str) -> None:
    for language, words, usage in (("zh", chinese, "用法: "), ("en", english, "Usage: ")):
        result = run("--lang", language, *arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith(usage)
        assert words in result.stderr


def test_an_unknown_language_is_wrong_usage(mistakes: Path) -> None:
    before = run("--lang", "fr", "check", mistakes)
    for result in (before, run("check", mistakes, "--lang", "fr")):
        assert (result.returncode, result.stdout) == (2, "")
        assert "'--lang' 的取值有误：'fr'" in result.stderr


def test_help_follows_the_language() -> None:
    asked = ("consolidate", "--help")
    chinese, english = run_process(*asked), run_process(*asked, "--lang", "en")
    assert chinese.returncode == english.returncode == 0
    assert "  -o, --output SUMMARY.xlsx  汇总工作簿。  [必填]\n" in chinese.stdout
    assert "  -o, --output SUMMARY.xlsx  The summary workbook.  [required]\n" in english.stdout
    assert "--lang [zh|en]" in english.stdout
    assert "把交回的工作簿汇总成一个工作簿。" in run_process("--help").stdout
    assert (
        "Bring returned workbooks together in a summary."
        in run_process("--lang", "en", "-h").stdout
    )
    assert "显示表样的全文，包括继承的内容。" in run_process("layouts", "--help").stdout
    assert "显示表样的全文，包括继承的内容。" in run_process("layouts", "show", "--help").stdout
    english = run_process("layouts", "show", "--help", "--lang", "en")
    assert "Print a layout in full, whatever it extends." in english.stdout


def test_a_broken_layout_is_told_in_both(tmp_path: Path) -> None:
    layout = tmp_path / "broken.yaml"
    layout.write_text("id: x\nnam: y\n", encoding="utf-8")
    chinese, english = (
        run("layouts", "check", layout),
        run("--lang", "en", "layouts", "check", layout),
    )
    assert chinese.returncode == english.returncode == 1
    assert chinese.stdout.startswith(f"{layout}，第2行第1列")
    assert english.stdout == (
        f"{layout}, line 2, column 1, nam: unknown key “nam”; did you mean “name”?\n"
    )


def test_the_season_is_told_in_english(inbox: Path, examples_dir: Path, tmp_path: Path) -> None:
    roster, register = examples_dir / "roster.csv", tmp_path / "register.db"
    done = run(
        *("--lang", "en", "consolidate", inbox, "--roster", roster),
        *("--register", register, "-o", tmp_path / "summary.xlsx"),
    )
    assert done.returncode == 1
    assert done.stdout.startswith("Files: 9 (passed: 5, to be mended: 1, unreadable: 1, ")
    status = run("--lang", "en", "status", "--register", register, "--roster", roster)
    assert status.returncode == 0
    # Where a line breaks depends on how long the paths are.
    told = "".join(status.stdout.split())
    for said in (
        "Units: 7 (complete: 3, to be mended: 2, not returned: 1, unlisted: 1).",
        # What the register keeps in Chinese is said anew, too.
        "This is a text file, not a spreadsheet",
        "By its file name it is counted with “上海市静安区科技馆（示例）”.",
        "was also returned by other units: “上海市杨浦区科技人才服务中心（示例）”",
        "; the closest name is “上海市徐汇区科技人才服务中心（示例）”. Please check",
    ):
        assert "".join(said.split()) in told
    for line in status.stdout.splitlines():
        assert len(line) <= 80


def test_a_refresh_is_told_in_english_also_by_what_it_remembers(
    examples_dir: Path, tmp_path: Path
) -> None:
    asked = ("refresh", examples_dir / "campaign-2021.toml", "--outbox", tmp_path / "out")
    first, again = (run("--lang", "en", *asked).stdout for _ in range(2))
    for told in (first, again):
        assert "科技社团党建工作: 同名项目上年预算执行数（元） is not filled in" in told
    assert "unchanged 1." in again
    check = run("--lang", "en", *asked[:2], "--outbox", tmp_path / "other", "--check").stdout
    assert "there is no such file yet" in check


def test_a_fault_of_the_program_is_told_in_english() -> None:
    code = (
        "import xlgoals.cli, xlgoals.cli.layouts as layouts\n"
        "def fail(*_): raise RuntimeError('broken')\n"
        "layouts._list = fail\n"
        "xlgoals.cli.main()\n"
    )
    result = run_python("-c", code, "--lang", "en", "layouts")
    assert result.returncode == 3
    assert "internal fault of the program (RuntimeError: broken)" in result.stderr


# --- what stays -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "examples/mistakes-2020.xlsx", "--format", "json"],
        ["import", "examples/mistakes-2020.xlsx"],
        ["cells", "shanghai-2020", "--format", "json"],
        ["layouts", "--format", "json"],
        ["schema", "shanghai-2026"],
        ["diff", "examples/filled-2020.xlsx", "examples/mistakes-2020.xlsx", "--format", "json"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_data_is_the_same_in_both(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    chinese, english = (run("--lang", language, *arguments) for language in ("zh", "en"))
    assert chinese.stdout == english.stdout
    assert chinese.returncode == english.returncode
    assert CHINESE.search(english.stdout)


@pytest.mark.slow
def test_files_are_the_same_in_both(
    mistakes: Path, inbox: Path, examples_dir: Path, tmp_path: Path
) -> None:
    for language in ("zh", "en"):
        folder = tmp_path / language
        folder.mkdir()
        speak = ("--lang", language)
        run(*speak, "template", "shanghai-2020", "--year", "2020", "-o", folder / "blank.xlsx")
        run(*speak, "check", mistakes, "--annotate", folder)
        register = folder / "register.db"
        run(
            *(*speak, "consolidate", inbox, "--roster", examples_dir / "roster.csv"),
            *("--register", register, "-o", tmp_path / "summary.xlsx"),
        )
        for what in ("findings", "files"):
            table = folder / f"{what}.csv"
            run(*speak, "export", "--register", register, "--what", what, "-o", table)
        data = run(*speak, "status", "--register", register, "--format", "json")
        (folder / "status.json").write_text(data.stdout, encoding="utf-8")
    written = [path.name for path in (tmp_path / "zh").iterdir()]
    names = [name for name in written if not name.startswith(register.name)]
    assert len(names) == 5
    for name in names:
        assert (tmp_path / "zh" / name).read_bytes() == (tmp_path / "en" / name).read_bytes(), name


# --- texts that remember --------------------------------------------------------------------------
def test_a_message_is_a_plain_text_for_all_others() -> None:
    message = Message("“{label}”的{count}处：{why}", label="甲", count=2, why=Message("没有算出"))
    assert message == "“甲”的2处：没有算出"
    assert {str(message), message} == {message}
    again = pickle.loads(pickle.dumps(message))
    assert isinstance(again, Message)
    assert again == message


def test_a_message_cannot_harm_a_terminal() -> None:
    assert Message("{name}", name="a\x1b[31m\nb\u202e") == "a\\x1b[31m b\\u202e"


@pytest.mark.parametrize(
    ("template", "text", "recalled"),
    [
        ("“{label}”没有填写。", "“名称”没有填写。", True),
        ("请在{cell}填写“{label}”。", "请在B4填写“名称”。", True),
        ("{a}和{a}", "甲和甲", True),
        ("{a}和{a}", "甲和乙", False),
        ("不需要处理。", "不需要处理。", True),
        ("不需要处理。", "请核对。", False),
    ],
)
def test_a_message_can_be_recalled(template: str, text: str, recalled: bool) -> None:
    found = Message.recalled(template, text)
    assert found == text
    assert isinstance(found, Message) is recalled


def test_items_are_enumerated() -> None:
    assert enumerated(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert enumerated([]) == ""
