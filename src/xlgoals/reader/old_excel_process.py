"""A process of its own: an .xls file on standard input, its contents as JSON on standard output.

The library that reads these files bounds neither memory nor time, so that this process must.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import TextIOBase
from typing import Any

SUCCESS, DAMAGED, ENCRYPTED, TOO_MANY_CELLS, TOO_MUCH_MEMORY = 0, 10, 11, 12, 13

# By xlrd's type of cell; 0 and 6 are blank.
_KINDS = {1: "text", 2: "number", 3: "number", 4: "boolean", 5: "error"}
# Records of a sheet.
_END, _FORMULAS, _BEFORE_TOKENS = 0x000A, (0x0006, 0x0206, 0x0406), 2 + 8 + 2 + 4
_BIFF5 = 50
_TEXT_RESULT, _AREA_RESULT = 1, -1


class _TooManyCellsError(Exception):
    pass


class _Silence(TextIOBase):
    """Where the library's warnings go."""

    def write(self, text: str) -> int:
        return len(text)


def contents(data: bytes, max_cells: int) -> dict[str, Any]:
    """All that is wanted of a workbook, as plain values; texts and formats stand in tables."""
    import xlrd

    book = xlrd.open_workbook(
        file_contents=data,
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
        ignore_workbook_corruption=True,  # of its container; what it holds is read or refused
        logfile=_Silence(),
    )
    texts: dict[str, int] = {}
    formats: dict[str, int] = {}
    sheets = []
    left = max_cells
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        cells = list(_cells(book, sheet, texts, formats, left))
        left -= len(cells)
        sheets.append(
            {
                "name": sheet.name,
                "visibility": sheet.visibility,
                "merges": [
                    [top + 1, left + 1, bottom, right]
                    for top, bottom, left, right in sheet.merged_cells
                ],
                "cells": cells,
            }
        )
        book.unload_sheet(index)
    return {
        "date1904": bool(book.datemode),
        "names": list(_names(book)),
        "sheets": sheets,
        "texts": list(texts),
        "formats": list(formats),
    }


def _cells(
    book: Any, sheet: Any, texts: dict[str, int], formats: dict[str, int], most: int
) -> Iterator[tuple[int, int, str, Any, int, str | None]]:
    import xlrd

    found = 0
    formulas = _formulas(book, sheet)
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            kind = _KINDS.get(cell.ctype)
            if kind is None:
                continue
            found += 1
            if found > most:
                raise _TooManyCellsError
            value = cell.value
            if kind == "error":
                value = xlrd.error_text_from_code.get(value, "#VALUE!")
            if isinstance(value, str):
                value = texts.setdefault(value, len(texts))
            code = _format_code(book, cell.xf_index)
            style = formats.setdefault(code, len(formats))
            yield row + 1, column + 1, kind, value, style, formulas.get((row, column))


def _formulas(book: Any, sheet: Any) -> dict[tuple[int, int], str]:
    """The cells that are formulas, with the text where it is only a number.

    The library tells a formula's result like a value that was typed, so its records are looked
    through once more.
    """
    from xlgoals.reader.fields import Fields

    found: dict[tuple[int, int], str] = {}
    at = book._sh_abs_posn[sheet.number]
    kind = None
    while kind != _END:
        head = Fields(book.mem, at, len(book.mem))
        kind, size = head.u16(), head.u16()
        fields = Fields(book.mem, head.at, head.at + size)
        if kind in _FORMULAS and book.biff_version >= _BIFF5:
            place = fields.u16(), fields.u16()
            fields.take(_BEFORE_TOKENS)
            found[place] = fields.number_formula(fields.u16())
        at = head.at + size
    return found


def _format_code(book: Any, style: int) -> str:
    from xlgoals.number_formats import BUILTIN_FORMATS, GENERAL

    key = book.xf_list[style].format_key
    code = book.format_map[key].format_str if key in book.format_map else GENERAL
    # The library knows no format that only Chinese programs leave unsaid.
    return BUILTIN_FORMATS.get(key, code) if code == GENERAL else code


def _names(book: Any) -> Iterator[tuple[str, str | None, str, bool]]:
    """Names of one range or one text; as workbooks of today spell what they refer to."""
    for name in book.name_obj_list:
        result = name.result
        if result is None or name.scope < -1:
            continue
        sheet = book.sheet_names()[name.scope] if name.scope >= 0 else None
        if result.kind == _TEXT_RESULT and isinstance(result.value, str):
            text = result.value.replace('"', '""')
            yield name.name, sheet, f'"{text}"', bool(name.hidden)
        elif result.kind == _AREA_RESULT and result.value and len(result.value) == 1:
            address = _address(book, result.value[0].coords)
            if address:
                yield name.name, sheet, address, bool(name.hidden)


def _address(book: Any, coords: tuple[int, ...]) -> str | None:
    from xlgoals.grid import RangeRef

    sheet, after, top, bottom, left, right = coords
    if after != sheet + 1 or not 0 <= sheet < book.nsheets:
        return None
    name = book.sheet_names()[sheet].replace("'", "''")
    return f"'{name}'!{RangeRef(top + 1, left + 1, bottom, right).a1}"


def _bound(memory_bytes: int, seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        # At the first the system ends the process and says why; at the second, without a word.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read the file; the exit status says what became of it."""
    # Before the bounds: what it takes to load these is not the file's doing.
    import xlrd  # noqa: F401

    from xlgoals.grid import RangeRef  # noqa: F401
    from xlgoals.number_formats import BUILTIN_FORMATS  # noqa: F401
    from xlgoals.reader.fields import Fields  # noqa: F401

    memory_bytes, seconds, max_cells = (int(argument) for argument in sys.argv[1:])
    _bound(memory_bytes, seconds)
    try:
        found = contents(sys.stdin.buffer.read(), max_cells)
        sys.stdout.buffer.write(json.dumps(found).encode())
    except _TooManyCellsError:
        return TOO_MANY_CELLS
    except MemoryError:
        return TOO_MUCH_MEMORY
    except Exception as error:  # whatever a library says of bytes that are no workbook
        return ENCRYPTED if "encrypted" in str(error) else DAMAGED
    return SUCCESS


if __name__ == "__main__":
    sys.exit(main())
