"""Workbooks with anything typed into their inputs, as people do it.

Filling takes a written template apart once and puts contents straight into its sheets' XML:
hundreds of workbooks are needed, and openpyxl takes nearly as long for each as LibreOffice does.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape

import xlgoals
from xlgoals.grid import CellRef
from xlgoals.live.build import build_live
from xlgoals.live.model import LiveCheck


@dataclass(frozen=True)
class ErrorValue:
    """``#N/A`` and the like."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula, where its result is taken."""

    text: str


Typed = str | int | float | bool | ErrorValue | Formula
Contents = Mapping[tuple[int, str], Typed | None]  # by project sheet, counted from 0, and input

# XML cannot hold these as they are; workbooks spell them _x000D_.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


def _cell_xml(address: str, style: str, typed: Typed | None) -> str:
    """A cell with its old style: what people type keeps the format of the cell."""
    head = f'<c r="{address}" s="{style}"'
    match typed:
        case None:
            return f"{head}/>"
        case bool():
            return f'{head} t="b"><v>{int(typed)}</v></c>'
        case int() | float():
            return f"{head}><v>{typed!r}</v></c>"
        case ErrorValue(text):
            return f'{head} t="e"><v>{text}</v></c>'
        case Formula(text):
            return f"{head}><f>{escape(text)}</f></c>"
        case str():
            text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", typed)
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


class Base:
    """A written template, taken apart so that its inputs can be filled again and again."""

    def __init__(self, path: Path, layout: str, date1904: bool = False) -> None:
        self.layout = xlgoals.load_layout(layout)
        with zipfile.ZipFile(path) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        if date1904:
            book = self._parts["xl/workbook.xml"]
            assert b"<workbookPr " in book
            book = book.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
            self._parts["xl/workbook.xml"] = book
        plan = xlgoals.read(path, layout=self.layout).plan
        assert plan
        self.plan = plan
        # The guide is the first sheet, the projects follow.
        self._names = [f"xl/worksheets/sheet{index + 2}.xml" for index in range(plan.projects)]

    @cached_property
    def checks(self) -> tuple[tuple[LiveCheck, CellRef], ...]:
        """Each live check, and where its result stands."""
        table = build_live(self.plan)
        return tuple((check, check.result) for check in table.checks)

    @cached_property
    def live_codes(self) -> frozenset[str]:
        """The codes that the workbook can tell of."""
        return frozenset(check.code.id for check, _ in self.checks)

    def fill(self, path: Path, contents: Contents) -> None:
        """Write the workbook with contents put into its inputs; None empties one."""
        parts = dict(self._parts)
        for index, name in enumerate(self._names):
            text = parts[name].decode()
            for (sheet, key), typed in contents.items():
                if sheet == index:
                    text = self._put(text, self.plan.form.by_name[key].area.first.a1, typed)
            parts[name] = text.encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in parts.items():
                package.writestr(name, data)

    @staticmethod
    def _put(sheet: str, address: str, typed: Typed | None) -> str:
        pattern = rf'<c r="{address}" s="(\d+)"[^>]*?(?:/>|>.*?</c>)'
        found = re.search(pattern, sheet)
        assert found, address
        return sheet[: found.start()] + _cell_xml(address, found[1], typed) + sheet[found.end() :]
