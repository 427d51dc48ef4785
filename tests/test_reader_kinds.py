"""Every file that is no readable workbook gets the answer that names it."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest

from reader_zip import OFFICE, book_xml, links, parts, refusal, write
from xlgoals.reader import Reason, Unreadable, read_workbook

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")


def ole2(*streams: str) -> bytes:
    """The head of an OLE2 container and a directory of these streams."""
    entries = b""
    for name, kind in (("Root Entry", 5), *((stream, 2) for stream in streams)):
        text = name.encode("utf-16-le") + b"\0\0"
        entries += (text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)).ljust(
            128, b"\0"
        )
    return OLE2.ljust(512, b"\0") + entries


def reason(folder: Path, data: bytes, name: str = "file.xlsx") -> Reason:
    path = folder / name
    path.write_bytes(data)
    return refusal(path).reason


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Reason.EMPTY_FILE),
        (ole2("EncryptionInfo", "EncryptedPackage"), Reason.ENCRYPTED),
        # An old workbook as its directory says, but nothing that can be read.
        (ole2("Workbook", "WordDocument"), Reason.DAMAGED),
        (ole2("Book"), Reason.DAMAGED),
        (ole2("WordDocument", "Workbook"), Reason.WORD),
        (ole2("Workbooks"), Reason.NOT_SPREADSHEET),
        (OLE2, Reason.NOT_SPREADSHEET),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(16), Reason.OLD_EXCEL),
        (b"{\\rtf1\\ansi hello}", Reason.WORD),
        ("名称,金额\n甲,1\n".encode(), Reason.CSV_TEXT),
        ("名称,金额\n甲,1\n".encode("gbk"), Reason.CSV_TEXT),
        ("名称\t金额\n".encode("utf-16"), Reason.CSV_TEXT),
        ("\ufeff名称;金额\r\n".encode(), Reason.CSV_TEXT),
        (("中" * 40_000).encode(), Reason.CSV_TEXT),
        (b"<html><table></table></html>", Reason.HTML),
        (b"\xef\xbb\xbf \n<!-- x --><!DOCTYPE HTML>\n", Reason.HTML),
        (b'<?xml version="1.0"?><html xmlns="x">', Reason.HTML),
        (b'<table border="1">', Reason.HTML),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", Reason.HTML),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
         b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">', Reason.HTML),
        (b'<?xml version="1.0"?><office:document '
         b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">', Reason.OPENDOCUMENT),
        (b"<?xml version='1.0'?><other/>", Reason.NOT_SPREADSHEET),
        (b"%PDF-1.7\n%\xe2\xe3", Reason.PDF),
        (b"\n\x00%PDF-1.4", Reason.PDF),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), Reason.IMAGE),
        (b"\xff\xd8\xff\xe0" + bytes(9), Reason.IMAGE),
        (b"GIF89a" + bytes(9), Reason.IMAGE),
        (b"RIFF\x00\x01\x00\x00WEBP", Reason.IMAGE),
        (b"\x00\x00\x00\x18ftypheic", Reason.IMAGE),
        (b"<svg xmlns='x'/>", Reason.IMAGE),
        (b"Rar!\x1a\x07\x01\x00", Reason.NOT_SPREADSHEET),
        (bytes(1000), Reason.NOT_SPREADSHEET),
        (bytes(range(256)), Reason.NOT_SPREADSHEET),
        (b"\xff\xfe\x00\xd8\x41\x00", Reason.NOT_SPREADSHEET),
        (b"PK\x03\x04" + bytes(60), Reason.DAMAGED),
        (b"PK\x05\x06" + bytes(18), Reason.OTHER_ZIP),
    ],
)  # fmt: skip
def test_content_tells_the_kind(tmp_path: Path, data: bytes, expected: Reason) -> None:
    assert reason(tmp_path, data) is expected


@pytest.mark.parametrize("name", ["a.et", "A.ET", "a.ett"])
def test_old_wps_is_told_from_old_excel_by_its_suffix(tmp_path: Path, name: str) -> None:
    assert reason(tmp_path, ole2("Workbook"), name) is Reason.OLD_WPS


def test_an_encrypted_wps_file_is_encrypted(tmp_path: Path) -> None:
    assert reason(tmp_path, ole2("EncryptedPackage"), "a.et") is Reason.ENCRYPTED


@pytest.mark.parametrize("name", ["~$form.xlsx", ".~lock.form.xlsx#"])
@pytest.mark.parametrize("data", [b"", b"\x05user" + b" " * 160, b"PK\x03\x04", ole2("Workbook")])
def test_lock_files(tmp_path: Path, name: str, data: bytes) -> None:
    assert reason(tmp_path, data, name) is Reason.LOCK_FILE


def test_a_wps_file_of_which_nothing_else_is_known(tmp_path: Path) -> None:
    assert reason(tmp_path, bytes(300), "a.et") is Reason.OLD_WPS
    assert reason(tmp_path, bytes(300), "a.xlsx") is Reason.NOT_SPREADSHEET


def test_a_text_in_the_alphabet_of_another_country(tmp_path: Path) -> None:
    assert reason(tmp_path, "Beträge,é".encode("cp1252"), "a.csv") is Reason.CSV_TEXT


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a", "a.et", "a.xlsm"])
def test_a_workbook_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert read_workbook(write(tmp_path / name, parts())).sheets


@pytest.mark.parametrize("name", ["none.xlsx", "file.xlsx/inner.xlsx", "a\0b", "x" * 5000])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.xlsx").write_bytes(b"")
    assert refusal(tmp_path / name).reason is Reason.MISSING_FILE


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a.xlsx"
    folder.mkdir()
    assert refusal(folder).reason is Reason.IS_FOLDER


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").reason is Reason.NOT_SPREADSHEET


@pytest.mark.parametrize(
    ("name", "expected"), [("a.xlsx", Reason.NO_PERMISSION), ("~$a.xlsx", Reason.LOCK_FILE)]
)
def test_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: Reason
) -> None:
    # Root reads what it likes, so the refusal is played.
    def refuse(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(tmp_path / name).reason is expected


def document(target: str, data: str) -> dict[str, str | bytes]:
    return {"_rels/.rels": links(("r1", "officeDocument", target)), target: data}


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (document("word/document.xml", f'<document xmlns="{WORD}"/>'), Reason.WORD),
        (document("x.xml", f'<w:document xmlns:w="{WORD}">cut'), Reason.WORD),
        ({"word/document.xml": ""}, Reason.WORD),
        (document("ppt/p.xml", f'<presentation xmlns="{SLIDES}"/>'), Reason.OTHER_ZIP),
        (document("xl/workbook.bin", "\x83\x01"), Reason.DAMAGED),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""},
         Reason.DAMAGED),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, Reason.WORD),
        ({"mimetype": "application/vnd.oasis.opendocument.graphics"}, Reason.OTHER_ZIP),
        ({"forms/a.xlsx": b"PK"}, Reason.OTHER_ZIP),
        ({"_rels/.rels": links(("r1", "other", "a"))}, Reason.OTHER_ZIP),
        ({"xl/workbook.xml": book_xml()}, Reason.DAMAGED),
    ],
)  # fmt: skip
def test_zips_that_are_no_workbook(
    tmp_path: Path, content: dict[str, str | bytes], expected: Reason
) -> None:
    assert refusal(write(tmp_path / "a.xlsx", content)).reason is expected


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "a.xlsx", parts()).read_bytes())
    # The flag of the last entry of the directory that is read: set it everywhere.
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    assert reason(tmp_path, bytes(data)) is Reason.ENCRYPTED


def test_a_zip_cut_off_anywhere_is_damaged(tmp_path: Path) -> None:
    data = write(tmp_path / "a.xlsx", parts()).read_bytes()
    for length in range(4, len(data) - 1, 37):
        assert reason(tmp_path, data[:length]) is Reason.DAMAGED


def test_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "a.xlsx", parts()).read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 16] ^= 1
    assert reason(tmp_path, bytes(data)) is Reason.DAMAGED


def test_another_compression_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_BZIP2) as package:
        for name, data in parts().items():
            package.writestr(name, data)
    error = refusal(tmp_path / "a.xlsx")
    assert (error.reason, "method 12" in error.detail) == (Reason.DAMAGED, True)


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?><!DOCTYPE x>',
    ],
)
def test_document_types_are_unsafe(tmp_path: Path, name: str, prolog: str) -> None:
    content = parts()
    content[name] = prolog + str(content[name])
    assert refusal(write(tmp_path / "a.xlsx", content)).reason is Reason.UNSAFE_XML


def test_document_types_are_unsafe_even_in_properties(tmp_path: Path) -> None:
    content = parts()
    content["_rels/.rels"] = links(
        ("r1", "officeDocument", "xl/workbook.xml"), ("r2", "core-properties", "core.xml")
    )
    content["core.xml"] = "<!DOCTYPE x><x/>"
    assert refusal(write(tmp_path / "a.xlsx", content)).reason is Reason.UNSAFE_XML


def test_the_message_names_reason_and_detail() -> None:
    error = Unreadable(Reason.DAMAGED, "xl/styles.xml: missing")
    assert str(error) == "damaged: xl/styles.xml: missing"
    assert str(Unreadable(Reason.PDF)) == "pdf"


def test_an_unreadable_survives_pickling() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(Unreadable(Reason.WORD, OFFICE)))
    assert (error.reason, error.detail) == (Reason.WORD, OFFICE)
