"""Workbooks in .xls, .xlsb and .ods: the same cells, and no blank in place of what is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import FORMATS_DIR
from reader_zip import contents, refusal
from xlgoals.cells import CellKind, Workbook
from xlgoals.reader import Limits, Reason, read_workbook

WRITTEN = ["values.xls", "values.ods", "values.xlsb", "values-sheetjs.xls"]


# --- what programs write --------------------------------------------------------------------------
@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_values_out_of_every_format(name: str) -> None:
    book = read_workbook(FORMATS_DIR / name)
    assert book.format == name.rpartition(".")[2]
    found = contents(book.sheets[0])
    assert found["A1"] == (CellKind.ERROR, "#DIV/0!")
    assert found["A2"] == (CellKind.ERROR, "#N/A")
    assert found["A5"] == (CellKind.NUMBER, 43831.0)
    assert found["A9"] == (CellKind.TEXT, " 甲\n乙_x000D_ ")
    assert found["A11"] == (CellKind.TEXT, "r")
    assert found["B12"] == (CellKind.NUMBER, pytest.approx(12345678901234567890))
    assert len(found) == 13


@pytest.mark.parametrize("name", WRITTEN)
def test_per_cent_and_dates_are_known_as_such(name: str) -> None:
    cells = {
        cell.ref.a1: cell for cell in read_workbook(FORMATS_DIR / name).sheets[0].cells.values()
    }
    assert (cells["A3"].value, cells["A3"].is_percent) == (0.95, True)
    assert not cells["A5"].is_percent
    assert not cells["A5"].is_date
    assert cells["A4"].is_date
    assert cells["A4"].value in (43831.0, "2020-01-01")


@pytest.mark.parametrize("name", ["values.xls", "values.ods"])
def test_a_formula_that_is_only_a_number_keeps_its_text(name: str) -> None:
    sheet = read_workbook(FORMATS_DIR / name).sheets[0]
    assert sheet.cells[10, 1].formula == "100%"
    assert sheet.cells[11, 1].formula is not None
    assert sheet.cells[3, 1].formula is None


def test_a_workbook_of_excel_5_is_read() -> None:
    found = contents(read_workbook(FORMATS_DIR / "values-biff5.xls").sheets[0])
    assert found["A3"] == (CellKind.NUMBER, 0.95)
    assert found["A1"] == (CellKind.ERROR, "#DIV/0!")


# --- .xls -----------------------------------------------------------------------------------------
def outcome(path: Path) -> Workbook | Reason:
    from xlgoals.reader import Unreadable

    try:
        return read_workbook(path)
    except Unreadable as error:
        return error.reason


def all_contents(book: Workbook) -> dict[str, dict[str, tuple[CellKind, object]]]:
    return {sheet.name: contents(sheet) for sheet in book.sheets}


@pytest.mark.parametrize("name", ["values.xls", "values.xlsb", "values.ods"])
def test_a_file_cut_off_is_never_read_as_blanks(tmp_path: Path, name: str) -> None:
    path = FORMATS_DIR / name
    whole = all_contents(read_workbook(path))
    data = path.read_bytes()
    refused = 0
    for share in range(1, 16):
        cut = tmp_path / name
        cut.write_bytes(data[: len(data) * share // 16])
        found = outcome(cut)
        if isinstance(found, Workbook):
            assert all_contents(found) == whole
        else:
            assert found is Reason.DAMAGED
            refused += 1
    assert refused >= 10


@pytest.mark.parametrize("spoil", [lambda d: d[:512] + bytes(len(d) - 512), lambda d: d[:600]])
def test_garbage_in_an_old_container_is_damaged(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "a.xls"
    names = "Workbook".encode("utf-16-le") + b"\0\0"
    path.write_bytes(spoil((FORMATS_DIR / "values.xls").read_bytes()) + names + bytes(200))
    assert refusal(path).reason is Reason.DAMAGED


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(packed_bytes=100), "packed_bytes"),
        (Limits(cells=5), "cells"),
        (Limits(string_length=3), "string_length"),
    ],
)
def test_an_xls_meets_the_limits(limits: Limits, limit: str) -> None:
    error = refusal(FORMATS_DIR / "values.xls", limits)
    assert (error.reason, error.limit) == (Reason.TOO_LARGE, limit)


@pytest.mark.slow
def test_an_xls_cannot_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes((FORMATS_DIR / "values.xls").read_bytes() + bytes(60_000_000))
    assert refusal(path, Limits(memory_bytes=50_000_000)).limit == "memory_bytes"


def test_an_xls_is_read_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file of the folder must not be taken for the library.
    (tmp_path / "xlrd.py").write_text("raise SystemExit(0)")
    monkeypatch.chdir(tmp_path)
    assert read_workbook(FORMATS_DIR / "values.xls").sheets
