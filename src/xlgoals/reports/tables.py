"""Tables as files that other programs read: CSV, lines of JSON, a plain workbook, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from xlgoals.grid import MAX_ROWS, TooManyRowsError
from xlgoals.kinds import YesNoKind
from xlgoals.language import Message
from xlgoals.numerals import plain_number
from xlgoals.season.export import INTEGER, TIME, Export
from xlgoals.vocabulary import KindName

_BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the system's own encoding
# What a spreadsheet takes for the beginning of a formula, full-width signs included, and the
# apostrophe itself: so every apostrophe at the front of a text is one too many, none is in doubt.
_ACTIVE = tuple("=+-@＝＋－＠\t\r\n'")
ROW_GROUP = 5_000  # rows of Parquet that are in memory at a time
_YES_NO = YesNoKind()


class TableError(ValueError):
    """A table that cannot be written so; the text says why."""


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

    Raises TableError for more rows than a worksheet holds.
    """
    from xlsxwriter import Workbook

    from xlgoals.book import streaming

    # Packed it is small; XlsxWriter leaves a packer behind that complains where a disk is full.
    packed = io.BytesIO()
    with streaming(Workbook, packed, {}) as workbook:
        _fill(workbook, export)
        workbook.close()
    file.write(packed.getbuffer())


def _fill(workbook: Any, export: Export) -> None:
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    head = workbook.add_format({"bold": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for column, item in enumerate(export.columns):
        sheet.write_string(0, column, item.title, head)
    for row, record in enumerate(export.records, start=1):
        if row >= MAX_ROWS:
            raise TooManyRowsError(
                Message("超过了一张工作表的{most}行，请改用 csv 或 jsonl", most=MAX_ROWS)
            )
        for column, item in enumerate(export.columns):
            _write(sheet, row, column, record.get(item.key), day)


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


def write_parquet(export: Export, file: BinaryIO) -> None:
    """Typed columns under their keys, each with its title as metadata; amounts are exact.

    Raises TableError where pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise TableError(
            Message(
                "没有安装写 Parquet 的组件，请先运行 {command}",
                command="pip install 'xlgoals[parquet]'",
            )
        ) from error

    types = {
        KindName.AMOUNT: pyarrow.decimal128(18, 2),
        # Spreadsheets keep 15 digits of a number, which may all stand behind the point.
        KindName.NUMBER: pyarrow.decimal128(38, 15),
        KindName.DATE: pyarrow.date32(),
        KindName.YES_NO: pyarrow.bool_(),
        INTEGER: pyarrow.int32(),
        TIME: pyarrow.timestamp("us", "UTC"),
    }
    schema = pyarrow.schema(
        pyarrow.field(
            column.key,
            types.get(column.kind, pyarrow.string()),
            metadata={"title": column.title},
        )
        for column in export.columns
    )
    records = iter(export.records)
    with ParquetWriter(file, schema) as writer:
        while group := list(islice(records, ROW_GROUP)):
            rows = [
                {column.key: _typed(row.get(column.key), column.kind) for column in export.columns}
                for row in group
            ]
            writer.write_batch(pyarrow.RecordBatch.from_pylist(rows, schema))


def _typed(value: Any, kind: str) -> Any:
    if value is None or kind in _TYPED:
        return value
    if kind == TIME:
        return datetime.fromisoformat(value)
    # Text where layouts differ on what a field is.
    return value if isinstance(value, str) else _as_text(value)


_TYPED = (KindName.AMOUNT, KindName.NUMBER, KindName.DATE, KindName.YES_NO, INTEGER)

WRITERS: Mapping[str, Callable[[Export, BinaryIO], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
