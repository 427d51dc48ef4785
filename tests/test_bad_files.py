"""Files that are no workbook of ours: one finding that says what it is and what to do."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from xlgoals import codes
from xlgoals.findings import Layer, Severity
from xlgoals.reader import Reason
from xlgoals.submission import Status

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")


def ole2(stream: str) -> bytes:
    """The least that is left of an old Office container."""
    return OLE2 + bytes(504) + stream.encode("utf-16-le") + bytes(1024)


def zipped(folder: Path, member: str) -> bytes:
    path = folder / "zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(member, "<document/>")
    return path.read_bytes()


def another_workbook(folder: Path) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "通讯录"
    book.save(folder / "other")
    return (folder / "other").read_bytes()


def make(kind: str, folder: Path, filled: Path) -> Path:
    """A file of that kind, under the name an unlucky sender would give it."""
    path = folder / ("~$报送.xlsx" if kind == "lock-file" else "报送.xlsx")
    whole = filled.read_bytes()
    contents = {
        "empty-file": b"",
        "lock-file": b"\x05Wang".ljust(165),
        "csv-text": "项目名称,金额\n甲,100\n".encode("gb18030"),
        "html": "<html><table><tr><td>项目</td></tr></table></html>".encode(),
        "damaged": whole[: len(whole) // 2],
        "encrypted": ole2("EncryptedPackage"),
        "old-excel": ole2("Workbook"),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "word": zipped(folder, "word/document.xml"),
        "other-zip": zipped(folder, "材料/说明.txt"),
        "not-our-form": another_workbook(folder),
    }
    if kind == "is-folder":
        path.mkdir()
    elif kind != "missing-file":
        path.write_bytes(contents[kind])
    return path


KINDS = (
    *("missing-file", "is-folder", "empty-file", "lock-file", "csv-text", "html", "damaged"),
    *("encrypted", "old-excel", "pdf", "word", "other-zip", "not-our-form"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_one_finding_says_what_it_is_and_what_to_do(
    kind: str, tmp_path: Path, examples_dir: Path
) -> None:
    path = make(kind, tmp_path, examples_dir / "filled-2020.xlsx")
    submission = xlgoals.read(path)
    (finding,) = submission.findings
    assert finding.code == kind
    assert (finding.severity, finding.layer) == (Severity.ERROR, Layer.FILE)
    assert finding.file == str(path)
    assert finding.message.endswith("。")
    assert "请" in finding.hint
    assert submission.status is Status.REJECTED
    assert submission.forms == ()


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_exits_with_1_and_no_traceback(
    kind: str, tmp_path: Path, examples_dir: Path
) -> None:
    path = make(kind, tmp_path, examples_dir / "filled-2020.xlsx")
    result = subprocess.run(
        [sys.executable, "-m", "xlgoals", "check", str(path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1
    assert "[错误]" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("share", range(1, 20))
def test_no_truncation_is_read_as_a_form(share: int, tmp_path: Path, examples_dir: Path) -> None:
    whole = (examples_dir / "filled-2020.xlsx").read_bytes()
    path = tmp_path / "t.xlsx"
    path.write_bytes(whole[: len(whole) * share // 20])
    assert xlgoals.read(path).status is Status.REJECTED


def test_every_reason_of_the_reader_has_its_words() -> None:
    assert set(codes.UNREADABLE) == {reason.value for reason in Reason}
