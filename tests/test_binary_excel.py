"""Workbooks in .xlsb, made by hand: every kind of cell, what is refused."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from reader_zip import contents, links, refusal, write
from xlgoals.cells import CellKind
from xlgoals.reader import Limits, Reason, read_workbook


def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length > 0x7F:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + size + bytes([length]) + data


def wide(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + data)


def binary_sheet(cells: bytes, after: bytes = b"", first_row: int = 0) -> bytes:
    start = record(129) + record(145) + record(0, struct.pack("<I", first_row))
    return start + cells + record(146) + after + record(130)


def xlsb(folder: Path, sheet: bytes, more: Mapping[str, bytes | str] | None = None) -> Path:
    tab = record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("S"))
    parts: dict[str, str | bytes] = {
        "_rels/.rels": links(("r1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + record(153, struct.pack("<I", 1)) + tab + record(132),
        "xl/_rels/workbook.bin.rels": links(
            ("r1", "worksheet", "sheet1.bin"),
            ("r2", "sharedStrings", "strings.bin"),
            ("r3", "styles", "styles.bin"),
        ),
        "xl/sheet1.bin": sheet,
        "xl/strings.bin": record(159) + record(19, b"\0" + wide("共享")) + record(160),
        "xl/styles.bin": record(44, struct.pack("<H", 170) + wide("0.0%"))
        + record(617) + record(47, struct.pack("<HH", 0, 0))
        + record(47, struct.pack("<HH", 0, 170)) + record(618),
        **(more or {}),
    }  # fmt: skip
    return write(folder / "book.xlsb", parts)


def test_every_kind_of_binary_cell(tmp_path: Path) -> None:
    formula = struct.pack("<HI", 0, 4) + b"\x1e\x64\x00\x14"  # 100%
    other = struct.pack("<HI", 0, 1) + b"\x01"
    cells = (
        cell(1, 0, b"")
        + cell(2, 1, struct.pack("<I", 650000 << 2 | 2))
        + cell(2, 2, struct.pack("<I", 95 << 2 | 3), style=1)
        + cell(3, 3, b"\x07")
        + cell(4, 4, b"\x01")
        + cell(5, 5, struct.pack("<d", 1.5))
        + cell(6, 6, wide("甲"))
        + cell(7, 7, struct.pack("<I", 0))
        + cell(8, 8, wide("r") + other)
        + cell(9, 9, struct.pack("<d", 1.0) + formula, style=1)
        + cell(10, 10, b"\0" + other)
        + cell(11, 11, b"\x2a" + other)
        + record(12, struct.pack("<I", 0))
        + record(13, struct.pack("<II", 0, 7 << 2 | 2))
        + record(17, struct.pack("<I", 0) + wide("短"))
        + record(18, struct.pack("<II", 0, 0))
        + cell(62, 20, b"\0" + wide("富"))
    )
    merge = record(176, struct.pack("<4I", 0, 1, 0, 1))
    book = read_workbook(xlsb(tmp_path, binary_sheet(cells, merge)))
    (sheet,) = book.sheets
    assert contents(sheet) == {
        "B1": (CellKind.NUMBER, 650000.0),
        "C1": (CellKind.NUMBER, 0.95),
        "D1": (CellKind.ERROR, "#DIV/0!"),
        "E1": (CellKind.BOOLEAN, True),
        "F1": (CellKind.NUMBER, 1.5),
        "G1": (CellKind.TEXT, "甲"),
        "H1": (CellKind.TEXT, "共享"),
        "I1": (CellKind.TEXT, "r"),
        "J1": (CellKind.NUMBER, 1.0),
        "K1": (CellKind.BOOLEAN, False),
        "L1": (CellKind.ERROR, "#N/A"),
        "N1": (CellKind.NUMBER, 7.0),
        "O1": (CellKind.TEXT, "短"),
        "P1": (CellKind.TEXT, "共享"),
        "U1": (CellKind.TEXT, "富"),
    }
    formulas = {c.ref.a1: c.formula for c in sheet.cells.values() if c.formula is not None}
    assert formulas == {"I1": "", "J1": "100%", "K1": "", "L1": ""}
    assert [c.ref.a1 for c in sheet.cells.values() if c.is_percent] == ["C1", "J1"]
    assert [area.a1 for area in sheet.merges] == ["A1:B2"]
    assert (book.format, book.date1904) == ("xlsb", True)


A1 = cell(2, 0, struct.pack("<I", 2))


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (binary_sheet(A1)[:-3], "cut off"),
        (binary_sheet(A1)[:-10], "cut off"),
        (record(129) + record(130), "cut off"),
        (b"", "cut off"),
        (binary_sheet(cell(7, 0, struct.pack("<I", 1))), "shared string 1 of 1"),
        (binary_sheet(cell(2, 0, struct.pack("<I", 2), style=2)), "style 2 of 2"),
        (binary_sheet(record(2, b"\0\0")), "too short"),
        (binary_sheet(cell(6, 0, struct.pack("<I", 99))), "too short"),
        (binary_sheet(cell(6, 0, b"\xff" * 4)), "a missing text"),
        (binary_sheet(cell(5, 0, struct.pack("<d", float("nan")))), "a number that is none"),
        (binary_sheet(A1 + A1), "cell A1 twice"),
        (binary_sheet(A1, first_row=1_048_576), "off the grid"),
        (binary_sheet(cell(2, 16_384, bytes(4))), "off the grid"),
        (binary_sheet(A1, record(176, struct.pack("<4I", 5, 1, 0, 1))), "off the grid"),
    ],
)
def test_binary_parts_against_the_rules_are_damaged(
    tmp_path: Path, sheet: bytes, said: str
) -> None:
    error = refusal(xlsb(tmp_path, sheet))
    assert error.reason is Reason.DAMAGED
    assert said in error.detail


@pytest.mark.parametrize("part", ["xl/sheet1.bin", "xl/strings.bin", "xl/styles.bin"])
def test_a_binary_part_that_is_missing_is_damaged(tmp_path: Path, part: str) -> None:
    path = xlsb(tmp_path, binary_sheet(cell(7, 0, struct.pack("<I", 0))))
    with zipfile.ZipFile(path) as package:
        kept = {name: package.read(name) for name in package.namelist() if name != part}
    assert refusal(write(tmp_path / "less.xlsb", kept)).detail == f"{part}: missing"


@pytest.mark.parametrize(
    ("sheet", "limits", "limit"),
    [
        (binary_sheet(A1), Limits(cells=1), "cells"),
        (binary_sheet(cell(6, 0, wide("123456"))), Limits(string_length=5), "string_length"),
        (binary_sheet(b"", record(176, bytes(16)) * 3), Limits(merges=2), "merges"),
        (binary_sheet(record(1000, bytes(5000))), Limits(unpacked_bytes=5000), "unpacked_bytes"),
        (binary_sheet(record(1000, bytes(9_000_000))), Limits(), "compression_ratio"),
    ],
)
def test_binary_workbooks_meet_the_same_limits(
    tmp_path: Path, sheet: bytes, limits: Limits, limit: str
) -> None:
    error = refusal(xlsb(tmp_path, sheet), limits)
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)
