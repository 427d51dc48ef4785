"""What kind of file this is, told by its content and not by its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from xlgoals.reader.errors import Reason, Unreadable, shown
from xlgoals.reader.limits import Limits
from xlgoals.reader.package import Package

_HEAD_SIZE = 64 * 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = b"%PDF-"
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_WPS_SUFFIXES = (".et", ".ett")

_BINARY = (
    # A BIFF stream without its OLE2 container: Excel 2 to 4, and some exporting programs.
    (re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00"), Reason.OLD_EXCEL, "BIFF"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Reason.IMAGE, "PNG"),
    (re.compile(rb"\xff\xd8\xff"), Reason.IMAGE, "JPEG"),
    (re.compile(rb"GIF8[79]a"), Reason.IMAGE, "GIF"),
    (re.compile(rb"BM.{4}\x00{4}", re.DOTALL), Reason.IMAGE, "BMP"),
    (re.compile(rb"II\x2a\x00|MM\x00\x2a"), Reason.IMAGE, "TIFF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Reason.IMAGE, "WebP"),
    (re.compile(rb".{4}ftyp(?:hei|hev|mif|avi)", re.DOTALL), Reason.IMAGE, "HEIF"),
    (re.compile(rb"Rar!\x1a\x07"), Reason.NOT_SPREADSHEET, "RAR archive"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), Reason.NOT_SPREADSHEET, "7-Zip archive"),
    (re.compile(rb"\x1f\x8b"), Reason.NOT_SPREADSHEET, "gzip archive"),
)

# Matched where the text begins, after white space and comments.
_TEXT = (
    (re.compile(r"\{\\rtf"), Reason.WORD, "RTF"),
    (re.compile(r"<\?xml.*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL),
     Reason.HTML, "XML Spreadsheet 2003"),
    (re.compile(r"<\?xml.*urn:oasis:names:tc:opendocument:", re.DOTALL),
     Reason.OPENDOCUMENT, "flat XML"),
    (re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<(?:html|head|meta|body|table|style|div)\b)",
                re.IGNORECASE), Reason.HTML, "HTML"),
    (re.compile(r"mime-version:", re.IGNORECASE), Reason.HTML, "web archive"),
    (re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+svg|<svg)\b", re.IGNORECASE),
     Reason.IMAGE, "SVG"),
    (re.compile(r"<\?xml"), Reason.NOT_SPREADSHEET, "XML"),
)  # fmt: skip
_PREAMBLE = re.compile(r"(?:\s|<!--.*?-->)*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")

_OLE2_SCAN = 1024 * 1024
_OLE2_ENTRY = 128
_OLE2_NAMES = (
    ("Workbook", Reason.OLD_EXCEL),
    ("Book", Reason.OLD_EXCEL),
    ("WordDocument", Reason.WORD),
)
_ENCRYPTED = "EncryptedPackage"


def is_lock_file(name: str) -> bool:
    """Whether a file of this name is what Office or LibreOffice puts beside an open file."""
    return name.startswith(("~$", ".~lock.", ".~"))


def is_zip(file: IO[bytes], size: int, name: str, limits: Limits) -> bool:
    """Whether it is a zip file; else it is an .xls in its container.

    Raises Unreadable, saying what it is, for everything else.
    """
    try:
        # Its name alone tells it: nobody fills in what goes when the program is closed.
        if is_lock_file(name):
            raise Unreadable(Reason.LOCK_FILE)
        head = file.read(8)
        if head.startswith(_ZIP):
            return True
        if not size:
            raise Unreadable(Reason.EMPTY_FILE)
        if head == _OLE2:
            _refuse_unless_xls(file, name, limits)
            return False
        head += file.read(_HEAD_SIZE)
    except OSError as error:
        raise Unreadable(Reason.NO_PERMISSION, error.strerror or "") from None
    raise _by_head(head, name)


def refuse_other_document(root: str) -> None:
    """Raise Unreadable if the main part of a package has the root element of something else."""
    space, _, local = root.rpartition(" ")
    if "wordprocessingml" in space:
        raise Unreadable(Reason.WORD, shown(local))
    if "spreadsheetml" not in space:
        raise Unreadable(Reason.OTHER_ZIP, shown(local))


def is_opendocument(package: Package) -> bool:
    """Whether the zip says of itself that it is an OpenDocument spreadsheet."""
    return package.has("mimetype") and _mimetype(package).startswith(_SPREADSHEET)


def _mimetype(package: Package) -> str:
    return package.start_of("mimetype", 100).decode("ascii", "replace").strip()


def refuse_other_zip(package: Package) -> None:
    """Raise Unreadable for a zip that is no workbook; return if it is a damaged one."""
    if package.has("mimetype"):
        kind = _mimetype(package)
        text = kind.startswith("application/vnd.oasis.opendocument.text")
        raise Unreadable(Reason.WORD if text else Reason.OTHER_ZIP, shown(kind))
    folders = {name.partition("/")[0] for name in package.names()}
    if "xl" in folders:
        return
    if "word" in folders:
        raise Unreadable(Reason.WORD, "no main part")
    raise Unreadable(Reason.OTHER_ZIP, "no Office document")


def _by_head(head: bytes, name: str) -> Unreadable:
    for pattern, reason, what in _BINARY:
        if pattern.match(head):
            return Unreadable(reason, what)
    # The PDF rules allow other bytes before the mark.
    if _PDF in head[:1024]:
        return Unreadable(Reason.PDF)
    text = _decoded(head)
    if text is None:
        reason = Reason.OLD_WPS if _is_wps(name) else Reason.NOT_SPREADSHEET
        return Unreadable(reason, f"begins with {head[:8].hex(' ')}")
    preamble = _PREAMBLE.match(text)
    start = text[preamble.end() :] if preamble else text
    for text_pattern, reason, what in _TEXT:
        if text_pattern.match(start):
            return Unreadable(reason, what)
    return Unreadable(Reason.CSV_TEXT)


def _is_wps(name: str) -> bool:
    return PurePath(name).suffix.lower() in _WPS_SUFFIXES


def _decoded(head: bytes) -> str | None:
    """The text of the head, in an encoding that programs write here; None for no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030", "cp1252")
    for encoding in encodings:
        try:
            # Incremental: the head may end amid a character.
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _refuse_unless_xls(file: IO[bytes], name: str, limits: Limits) -> None:
    found = Reason.NOT_SPREADSHEET
    for stream in _ole2_streams(file, limits):
        if stream == _ENCRYPTED:
            raise Unreadable(Reason.ENCRYPTED, stream)
        if found is Reason.NOT_SPREADSHEET:
            # The first one counts: what follows are embedded documents.
            found = dict(_OLE2_NAMES)[stream]
    if _is_wps(name):
        found = Reason.OLD_WPS
    if found is Reason.NOT_SPREADSHEET and PurePath(name).suffix.lower() == ".xls":
        raise Unreadable(Reason.DAMAGED, "OLE2 without a workbook")
    if found is not Reason.OLD_EXCEL:
        raise Unreadable(found, "OLE2")


def _ole2_streams(file: IO[bytes], limits: Limits) -> Iterator[str]:
    """The streams of interest in an OLE2 container, in the order of its directory.

    Directory entries always lie at multiples of their size, so all are found without following
    the sector chains, which a damaged or hostile file may have bent into loops. Where no whole
    entry is left, the bare names tell what the container was.
    """
    file.seek(0)
    names = {
        text.lower().encode("utf-16-le") + b"\0\0": text
        for text in (_ENCRYPTED, *dict(_OLE2_NAMES))
    }
    # Some programs write WORKBOOK.
    pattern = re.compile(b"|".join(re.escape(name) for name in names), re.IGNORECASE)
    bare: list[str] = []
    whole = False
    done = 0
    while done < limits.packed_bytes and (chunk := file.read(_OLE2_SCAN)):
        done += len(chunk)
        for found in pattern.finditer(chunk):
            at, name = found.start(), names[found[0].lower()]
            # The length of the name, then the type of the entry: 2 is a stream.
            tail = chunk[at + 64 : at + 67]
            if at % _OLE2_ENTRY == 0 and tail == bytes([len(found[0]), 0, 2]):
                yield name
                whole = True
            else:
                bare.append(name)
    if not whole:
        yield from bare
