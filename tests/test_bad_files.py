"""Files that are no workbook of ours: one finding that says what it is and what to do."""

from __future__ import annotations

import os
import zipfile
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest

import xlgoals
from command import run
from conftest import FORMATS_DIR
from xlgoals.findings import Finding, Layer, Severity
from xlgoals.reader import Reason
from xlgoals.submission import Status
from xlgoals.unreadable import UNREADABLE, too_large

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


def with_password() -> bytes:
    """A workbook with a password to open it, as msoffcrypto-tool makes it."""
    return (FORMATS_DIR / "password.xlsx").read_bytes()


def flat(folder: Path) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    return f'<?xml version="1.0"?><office:document xmlns:office="{space}"/>'.encode()


NAMES = {"lock-file": "~$报送.xlsx", "old-wps": "报送.et"}


def make(kind: str, folder: Path, filled: Path) -> Path:
    """A file of that kind, under the name an unlucky sender would give it."""
    path = folder / NAMES.get(kind, "报送.xlsx")
    whole = filled.read_bytes()
    contents = {
        "empty-file": b"",
        "lock-file": b"\x05Wang".ljust(165),
        "csv-text": "项目名称,金额\n甲,100\n".encode("gb18030"),
        "html": "<html><table><tr><td>项目</td></tr></table></html>".encode(),
        "damaged": whole[: len(whole) // 2],
        "encrypted": with_password(),
        "old-excel": bytes.fromhex("0900040002001000") + bytes(100),
        "old-wps": ole2("Workbook"),
        "opendocument": flat(folder),
        "image": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "not-spreadsheet": b"Rar!\x1a\x07\x00" + bytes(100),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "word": zipped(folder, "word/document.xml"),
        "other-zip": zipped(folder, "材料/说明.txt"),
        "not-our-form": another_workbook(folder),
    }
    if kind == "is-folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind != "missing-file":
        path.write_bytes(contents[kind])
    return path


KINDS = (
    *("missing-file", "is-folder", "empty-file", "lock-file", "csv-text", "html", "damaged"),
    *("encrypted", "old-excel", "pdf", "word", "other-zip", "not-our-form"),
    *("old-wps", "opendocument", "image", "not-spreadsheet", "pipe"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_one_finding_says_what_it_is_and_what_to_do(
    kind: str, tmp_path: Path, examples_dir: Path
) -> None:
    path = make(kind, tmp_path, examples_dir / "filled-2020.xlsx")
    submission = xlgoals.read(path)
    (finding,) = submission.findings
    assert finding.code == ("not-spreadsheet" if kind == "pipe" else kind)
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
    result = run("check", path)
    assert result.returncode == 1
    assert "[错误]" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xls", b"<html><table></table></html>", "html"),
        ("a.xls", "名称\t金额\n甲\t1\n".encode("gb18030"), "csv-text"),
        ("a.csv", "名称,金额\n甲,1\n".encode(), "csv-text"),
        ("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "html"),
        ("a.doc", ole2("WordDocument"), "word"),
        ("a.xls", ole2("EncryptedPackage"), "encrypted"),
        ("a.xls", OLE2 + bytes(2000), "damaged"),
        (".~lock.a.xlsx#", b",wang,pc,;", "lock-file"),
        ("a.et", b"", "empty-file"),
        ("a.xlsx", b"PK\x03\x04", "damaged"),
    ],
)
def test_what_it_is_counts_and_not_its_name(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [finding.code for finding in xlgoals.read(path).findings] == [code]


def test_a_workbook_with_macros_is_read(tmp_path: Path, examples_dir: Path) -> None:
    path = tmp_path / "a.xlsm"
    with (
        zipfile.ZipFile(examples_dir / "filled-2020.xlsx") as package,
        zipfile.ZipFile(path, "w") as copy,
    ):
        for name in package.namelist():
            data = package.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
            copy.writestr(name, data)
        copy.writestr("xl/vbaProject.bin", ole2("VBA"))
    submission = xlgoals.read(path)
    assert submission.forms == xlgoals.read(examples_dir / "filled-2020.xlsx").forms
    assert "other-format" not in {finding.code for finding in submission.findings}


@pytest.mark.parametrize("share", range(1, 20))
def test_no_truncation_is_read_as_a_form(share: int, tmp_path: Path, examples_dir: Path) -> None:
    whole = (examples_dir / "filled-2020.xlsx").read_bytes()
    path = tmp_path / "t.xlsx"
    path.write_bytes(whole[: len(whole) * share // 20])
    assert xlgoals.read(path).status is Status.REJECTED


def test_too_large_says_which_limit_and_how_to_raise_it(examples_dir: Path) -> None:
    path = examples_dir / "filled-2020.xlsx"
    (finding,) = xlgoals.read(path, limits=xlgoals.Limits(unpacked_bytes=256 * 1024)).findings
    assert finding.code == "too-large"
    assert finding.message == "文件解压后超过 262,144 字节的上限，没有读取。"
    assert "--limit unpacked_bytes=" in finding.hint
    (finding,) = xlgoals.read(path, limits=xlgoals.Limits(cells=500)).findings
    assert finding.message == "文件的单元格（含空白的格和行）超过 500 个的上限，没有读取。"


def test_more_projects_than_allowed_are_too_many(examples_dir: Path) -> None:
    path = examples_dir / "filled-2020.xlsx"
    assert xlgoals.read(path, limits=xlgoals.Limits(forms=3)).status is Status.WARNINGS
    (finding,) = xlgoals.read(path, limits=xlgoals.Limits(forms=2)).findings
    assert finding.message == "文件里的项目表超过 2 张的上限，没有读取。"


@pytest.mark.parametrize("limit", [field.name for field in fields(xlgoals.Limits)])
def test_every_limit_has_its_words(limit: str) -> None:
    (finding,) = [Finding.of(too_large(limit, 12_345), "a.xlsx")]
    assert "12,345" in finding.message
    assert finding.message.endswith("的上限，没有读取。")
    assert f"--limit {limit}=" in finding.hint


def test_every_reason_of_the_reader_has_its_words() -> None:
    assert set(UNREADABLE) == {reason.value for reason in Reason}
