"""Tables as files that other programs read: CSV, lines of JSON, a plain workbook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from xlgoals.grid import MAX_ROWS, TooManyRowsError
from xlgoals.kinds import YesNoKind
from xlgoals.numerals import plain_number
from xlgoals.season.export import Export

_BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the system's own encoding
# What a spreadsheet takes for the beginning of a formula, full-width signs included, and the
# apostrophe itself: so every apostrophe at the front of a text is one too many, none is in doubt.
_ACTIVE = tuple("=+-@＝＋－＠\t\r\n'")
_YES_NO = YesNoKind()


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula: ``=100%`` → ``'=100%``.

    What begins with ``= + - @``, narrow or full-width, a tab, a line end or an apostrophe gets
    an apostrophe before it; to undo it, take one apostrophe off each text that begins with one.
    """
    return f"'{text}" if text.startswith(_ACTIVE) else text


def write_csv(export: Export, file: BinaryIO) -> None:
    """CSV in UTF-8 with a byte order mark; amounts in 元, texts as :func:`harmless` gives them."""
    file.write(_BOM)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.title for column in export.columns])
    for record in export.records:
        writer.writerow([_as_text(record.get(column.key)) for column in export.columns])
    text.detach()


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _YES_NO.yes if value else _YES_NO.no
        case Decimal():
            return plain_number(value)
        case int():
            return str(value)
        case date():
            return value.isoformat()
    return harmless(value)


def write_jsonl(export: Export, file: BinaryIO) -> None:
    """One JSON object a line with every key of its record; exact decimals are strings."""
    for record in export.records:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_as_json)
        file.write(line.encode("utf-8") + b"\n")


def _as_json(value: Any) -> str:
    return plain_number(value) if isinstance(value, Decimal) else str(value.isoformat())


def write_xlsx(export: Export, file: BinaryIO) -> None:
    """One worksheet with a frozen head; texts are texts, whatever they begin with.

    Raises TooManyRowsError.
    """
    from xlsxwriter import Workbook

    workbook = Workbook(file, {"constant_memory": True})
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    head = workbook.add_format({"bold": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for column, item in enumerate(export.columns):
        sheet.write_string(0, column, item.title, head)
    for row, record in enumerate(export.records, start=1):
        if row >= MAX_ROWS:
            raise TooManyRowsError(f"超过了一张工作表的{MAX_ROWS}行，请改用 csv 或 jsonl")
        for column, item in enumerate(export.columns):
            _write(sheet, row, column, record.get(item.key), day)
    workbook.close()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, column, _as_text(value))
        case Decimal() | int():
            sheet.write_number(row, column, value)
        case date():
            sheet.write_datetime(row, column, value, day)
        case _:
            sheet.write_string(row, column, value)


WRITERS: Mapping[str, Callable[[Export, BinaryIO], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "xlsx": write_xlsx,
}
