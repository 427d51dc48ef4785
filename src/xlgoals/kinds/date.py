"""Dates without a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, refuse
from xlgoals.numerals import masked
from xlgoals.text import folded, stored
from xlgoals.vocabulary import KindName

EXAMPLE = "2020-01-01"
_AS_IS = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
# What a written date may look like with every digit as 0, once its separators are hyphens.
MASKS = ("0000-0-0", "0000-0-00", "0000-00-0", "0000-00-00")
COMPACT_MASK = "00000000"
SEPARATORS = "年月/."
TIME_SIGNS = (":", "时")
_FIRST_SERIAL, _LAST_SERIAL = 1, 2_958_465  # 1900-01-01 … 9999-12-31
_NO_SUCH_DAY = 60  # "1900-02-29"
_COMPACT = range(1000_01_01, 9999_12_31 + 1)  # 20200101 typed as a number


@dataclass(frozen=True)
class DateKind(Kind):
    """A calendar day from ``first`` to ``last``."""

    first: date
    last: date

    name = KindName.DATE
    takes_formula_result = True

    @property
    def number_format(self) -> str:
        """As the official form prints dates."""
        return "yyyy-mm-dd"

    @property
    def expected(self) -> str:
        """What may be filled in."""
        return f"日期，样式如 {EXAMPLE}"

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read a date cell, a serial number, or any spelling of a day people use."""
        if cell.kind is CellKind.NUMBER and isinstance(cell.value, float):
            return self._from_number(cell, cell.value, date1904)
        if cell.kind is CellKind.DATE:
            return self._from_iso(stored(shown))
        if cell.kind is not CellKind.TEXT:
            return refuse(Issue(codes.DATE_INVALID, {"example": EXAMPLE}), shown)
        return self._from_text(stored(shown), shown)

    def _from_number(self, cell: Cell, number: float, date1904: bool) -> Reading:
        shown = f"{number:.15g}"
        if number != int(number):
            day = from_serial(int(number), date1904)
            shown = f"{day}（带钟点）" if cell.is_date and day else shown
            return refuse(Issue(codes.DATE_WITH_TIME, {"example": EXAMPLE}), shown)
        if int(number) in _COMPACT:
            return self._from_text(shown, shown)
        day = from_serial(int(number), date1904)
        if day is None:
            return refuse(Issue(codes.DATE_INVALID, {"example": EXAMPLE}), shown)
        if not cell.is_date or date1904:
            return self._judge(day, shown, normalised=True)
        return self._judge(day, day.isoformat(), normalised=False)

    def _from_iso(self, text: str) -> Reading:
        """An ISO cell: some programs write a date as midnight of an instant."""
        day, _, time = text.partition("T")
        if time.rstrip("Z").strip("0:.") and time:
            return refuse(Issue(codes.DATE_WITH_TIME, {"example": EXAMPLE}), text)
        return self._from_text(day, day)

    def _from_text(self, text: str, shown: str) -> Reading:
        written = hyphenated(text)
        if masked(written) not in MASKS:
            timed = any(sign in folded(text) for sign in TIME_SIGNS)
            code = codes.DATE_WITH_TIME if timed else codes.DATE_INVALID
            return refuse(Issue(code, {"example": EXAMPLE}), shown)
        year, month, day = (int(part) for part in written.split("-"))
        try:
            value = date(year, month, day)
        except ValueError:
            return refuse(Issue(codes.DATE_INVALID, {"example": EXAMPLE}), shown)
        return self._judge(value, text, normalised=not _AS_IS.match(shown))

    def _judge(self, day: date, shown: str, normalised: bool) -> Reading:
        if not self.first <= day <= self.last:
            details = {"first": self.first.isoformat(), "last": self.last.isoformat()}
            return refuse(Issue(codes.DATE_OUT_OF_RANGE, details), shown)
        if normalised:
            details = {"read": day.isoformat(), "example": EXAMPLE}
            return Reading(day, (Issue(codes.DATE_NORMALISED, details),), shown)
        return Reading(day, (), shown)

    def write(self, value: Any) -> CellContent:
        """The day itself."""
        return value if isinstance(value, date) else None

    def validation(self, cell: str) -> Validation:
        """Refuse anything but a whole day inside the range."""
        first, last = (f"DATE({d.year},{d.month},{d.day})" for d in (self.first, self.last))
        return Validation(
            formula=f"AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}>={first},{cell}<={last})",
            refusal=f"请填写{self.first.year}年至{self.last.year}年之间的日期，样式如 {EXAMPLE}。",
        )


def hyphenated(text: str) -> str:
    """A written date with hyphens between its parts: ``2020年1月1日`` → ``2020-1-1``."""
    written = folded(text).replace(" ", "").replace("日", "")
    for separator in SEPARATORS:
        written = written.replace(separator, "-")
    if masked(written) == COMPACT_MASK:
        return f"{written[:4]}-{written[4:6]}-{written[6:]}"
    return written


def from_serial(serial: int, date1904: bool) -> date | None:
    """The day of a spreadsheet's serial number; None off its calendar.

    The 1900 calendar counts a 29th of February 1900 that never was, hence two bases and a gap.
    """
    if date1904:
        serial += 1462
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL or serial == _NO_SUCH_DAY:
        return None
    base = date(1899, 12, 31) if serial < _NO_SUCH_DAY else date(1899, 12, 30)
    return base + timedelta(days=serial)
