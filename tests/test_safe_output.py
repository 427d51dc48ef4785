"""Whatever a file or its name holds, what is shown of it does no harm, and all of it is shown."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from command import run
from few_and_many import mostly_slow
from xlgoals import codes
from xlgoals.findings import Finding, Issue, Place
from xlgoals.text import visible

HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
NASTY = "甲\x1b[31m红\x07\u202e乙\ud800\x9b2J\u2066丙\x00"


def check(
    *arguments: str | Path | bytes, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "xlgoals", "check", *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )


@pytest.fixture(scope="module")
def wrong(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with an emoji and escapes that a terminal would obey in refused values."""
    path = tmp_path_factory.mktemp("wrong") / "填报😀.xlsx"
    book = openpyxl.load_workbook(examples_dir / "filled-2020.xlsx")
    book["项目1"]["B5"] = "明天😀_x001B_[31m\u202e_x0007_\n后天"
    book["项目1"]["B14"] = "约65万_x009B_2J"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("普通 text，😀𠮷", "普通 text，😀𠮷"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b2J\x7f", "\\x9b2J\\x7f"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("\udcff\ud800", "\\xff\\ud800"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_finding_holds_nothing_harmful_in_any_place() -> None:
    place = Place(NASTY, "B6", "field", NASTY, (f"{NASTY}!B6",))
    finding = Finding.of(Issue(codes.LOCKED_TEXT_CHANGED), NASTY, place, f"a\n{NASTY}", NASTY)
    texts = [finding.file, finding.sheet, finding.label, finding.message, finding.value]
    for text in [*texts, finding.expected, finding.hint, *finding.related]:
        assert text is not None
        assert not HARMFUL.search(text)
    assert "\n" not in finding.message
    assert finding.value == f"a\n{visible(NASTY)}"
    assert "红" in finding.message


def test_values_of_a_workbook_are_shown_safely(wrong: Path) -> None:
    by_cell = {f.cell: f for f in xlgoals.read(wrong).findings if f.sheet == "项目1"}
    assert by_cell["B5"].code == codes.DATE_INVALID.id
    assert by_cell["B14"].code == codes.AMOUNT_INVALID.id
    for finding in by_cell.values():
        assert not HARMFUL.search(finding.message + (finding.value or "") + finding.hint)
    assert "明天😀" in by_cell["B5"].message


@pytest.mark.parametrize("format_", ["text", "json"])
def test_reports_are_safe_to_print(wrong: Path, format_: str) -> None:
    result = check(wrong, "--format", format_)
    assert result.returncode == 1
    text = result.stdout.decode("utf-8")
    assert not HARMFUL.search(text)
    assert "明天😀" in text
    if format_ == "json":
        (file,) = json.loads(text)["files"]
        assert file["file"] == str(wrong)


@pytest.mark.parametrize(
    "encoding",
    mostly_slow(["gbk", "ascii", "cp1252", "utf-8"]),
)
def test_a_console_that_cannot_print_a_character_prints_the_rest(
    wrong: Path, encoding: str
) -> None:
    result = check(wrong, encoding=encoding)
    assert (result.returncode, result.stderr) == (1, b"")
    # ASCII is what nobody set up says: it gets UTF-8.
    text = result.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    assert "B14" in text
    assert text.count("\n") > 10
    if encoding == "gbk":
        assert "“明天?" in text
        assert "计划开始日期" in text


@pytest.mark.parametrize("encoding", mostly_slow(["gbk", "ascii"]))
def test_json_is_utf8_whatever_the_console(wrong: Path, encoding: str) -> None:
    result = check(wrong, "--format", "json", encoding=encoding)
    assert json.loads(result.stdout.decode("utf-8"))["files"][0]["status"] == "errors"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("name", [b"a\x1b[31m\nb.xlsx", b"\xff\xfe.xlsx", "\u202eb.xlsx".encode()])
@pytest.mark.parametrize("command", ["check", "import"])
def test_file_names_are_shown_safely(
    examples_dir: Path, tmp_path: Path, name: bytes, command: str
) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - a path of bytes
    shutil.copy(os.fsencode(examples_dir / "mistakes-2020.xlsx"), path)
    options = ["--format", "json"] if command == "check" else ["--with-source"]
    for extra in (options, []):
        result = run(command, path, *extra)
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        assert "\x1b" not in result.stdout + result.stderr
        assert not HARMFUL.search(result.stdout)
        if extra or command == "check":
            assert ".xlsx" in result.stdout
