"""Dates without a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from xlgoals import codes
from xlgoals.cells import Cell, CellKind
from xlgoals.findings import Issue
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation, refuse
from xlgoals.kinds.live import (
    CLEAN,
    EMPTY_OR_ERROR,
    IS_ERROR,
    Cached,
    Live,
    Step,
    Watch,
    either,
    masked,
    one_of,
    quoted,
    refused_as,
    substituted,
)
from xlgoals.language import Message
from xlgoals.numerals import masked as mask_of
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
_SECONDS_A_DAY = 24 * 60 * 60
_COMPACT = range(1000_01_01, 9999_12_31 + 1)  # 20200101 typed as a number


@dataclass(frozen=True)
class DateKind(Kind):
    """A calendar day from ``first`` to ``last``; ``example`` shows how to write one."""

    first: date
    last: date
    example: str = EXAMPLE

    name = KindName.DATE
    takes_formula_result = True

    @property
    def number_format(self) -> str:
        """As the official form prints dates."""
        return "yyyy-mm-dd"

    @cached_property
    def expected(self) -> str:
        """What may be filled in."""
        return Message("日期，样式如 {example}", example=self.example)

    @property
    def requirement(self) -> str:
        """The same whatever the example."""
        return replace(self, example=EXAMPLE).expected

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read a date cell, a serial number, or any spelling of a day people use."""
        if cell.kind is CellKind.NUMBER and isinstance(cell.value, float):
            return self._from_number(cell, cell.value, date1904)
        if cell.kind is CellKind.DATE:
            return self._from_iso(stored(shown))
        if cell.kind is not CellKind.TEXT:
            return refuse(Issue(codes.DATE_INVALID, {"example": self.example}), shown)
        return self._from_text(stored(shown), shown)

    def _from_number(self, cell: Cell, number: float, date1904: bool) -> Reading:
        shown = f"{number:.15g}"
        if number != int(number):
            day = from_serial(int(number), date1904)
            shown = f"{day} {_clock(number)}" if cell.is_date and day else shown
            return refuse(Issue(codes.DATE_WITH_TIME, {"example": self.example}), shown)
        if int(number) in _COMPACT:
            return self._from_text(shown, shown)
        # Formulas cannot see a workbook's calendar: what is no day in one, is none in the other.
        day = from_serial(int(number), date1904) if _is_day_in_1900(int(number)) else None
        if day is None:
            return refuse(Issue(codes.DATE_INVALID, {"example": self.example}), shown)
        if not cell.is_date or date1904:
            return self._judge(day, shown, normalised=True)
        return self._judge(day, day.isoformat(), normalised=False)

    def _from_iso(self, text: str) -> Reading:
        """An ISO cell: some programs write a date as midnight of an instant."""
        day = day_of(text)
        if day is None:
            return refuse(Issue(codes.DATE_WITH_TIME, {"example": self.example}), text)
        return self._from_text(day, day)

    def _from_text(self, text: str, shown: str) -> Reading:
        written = hyphenated(text)
        if mask_of(written) not in MASKS:
            timed = any(sign in folded(text) for sign in TIME_SIGNS)
            code = codes.DATE_WITH_TIME if timed else codes.DATE_INVALID
            return refuse(Issue(code, {"example": self.example}), shown)
        year, month, day = (int(part) for part in written.split("-"))
        try:
            value = date(year, month, day)
        except ValueError:
            return refuse(Issue(codes.DATE_INVALID, {"example": self.example}), shown)
        return self._judge(value, text, normalised=not _AS_IS.match(shown))

    def _judge(self, day: date, shown: str, normalised: bool) -> Reading:
        if not self.first <= day <= self.last:
            details = {"first": self.first.isoformat(), "last": self.last.isoformat()}
            return refuse(Issue(codes.DATE_OUT_OF_RANGE, details), shown)
        if normalised:
            details = {"read": day.isoformat(), "example": self.example}
            return Reading(day, (Issue(codes.DATE_NORMALISED, details),), shown)
        return Reading(day, (), shown)

    def live(self) -> Live:
        """By masks; the value is the number yyyymmdd, which no calendar of any program bends."""
        separators = dict.fromkeys(SEPARATORS, "-")
        compact = f"AND({{raw}}=INT({{raw}}),{{raw}}>={_COMPACT.start},{{raw}}<{_COMPACT.stop})"
        written = substituted("{clean}", {" ": "", "日": "", **separators})
        steps = (
            CLEAN,
            # A real date is a number and needs no parsing; 20200101 is parsed as it is written.
            Step("typed", f'IF({EMPTY_OR_ERROR},"",IF(ISNUMBER({{raw}}),'
                          f'IF({compact},{{clean}},""),{written}))'),
            Step("parts", f'IF({masked("{typed}")}="{COMPACT_MASK}",LEFT({{typed}},4)&"-"&'
                          'MID({typed},5,2)&"-"&MID({typed},7,2),{typed})'),
            Step("mask", masked("{parts}")),
            Step("day", self._day_formula()),
            Step("state", self._state_formula()),
            Step("value", 'IF(OR({clean}="",{state}<>""),"",{day})'),
        )  # fmt: skip
        refusals = (codes.DATE_WITH_TIME, codes.DATE_INVALID, codes.DATE_OUT_OF_RANGE)
        details = {
            "example": quoted(self.example),
            "first": quoted(self.first.isoformat()),
            "last": quoted(self.last.isoformat()),
        }
        watches = (Watch(code, refused_as(code).fires, details) for code in refusals)
        return Live(steps, tuple(watches), "value")

    def _day_formula(self) -> str:
        """yyyymmdd of the cell; -1 for no date, -2 for a date with a time."""
        raw = "{raw}"
        serial = (
            f"IF({raw}<>INT({raw}),-2,IF(AND({raw}>={_FIRST_SERIAL},{raw}<={_LAST_SERIAL},"
            f"{raw}<>{_NO_SUCH_DAY}),YEAR({raw})*10000+MONTH({raw})*100+DAY({raw}),-1))"
        )
        hyphen = 'FIND("-",{parts},6)'
        year, month, day = (
            "VALUE(LEFT({parts},4))",
            f"VALUE(MID({{parts}},6,{hyphen}-6))",
            f"VALUE(MID({{parts}},{hyphen}+1,2))",
        )
        # The calendar repeats every 400 years; the year itself is judged with the range.
        last = f"DAY(DATE(2000+MOD({year},400),{month}+1,0))"
        whole = f"AND({year}>0,{month}>=1,{month}<=12,{day}>=1,{day}<={last})"
        number = f"IF({whole},{year}*10000+{month}*100+{day},-1)"
        timed = either([f"ISNUMBER(FIND({quoted(sign)},{{clean}}))" for sign in TIME_SIGNS])
        text = f"IF({one_of('{mask}', MASKS)},{number},IF({timed},-2,-1))"
        return (
            f'IF({EMPTY_OR_ERROR},"",IF(ISNUMBER({raw}),IF({{typed}}="",{serial},{text}),{text}))'
        )

    def _state_formula(self) -> str:
        first, last = (f"{d.year}{d.month:02d}{d.day:02d}" for d in (self.first, self.last))
        return (
            f'IF({IS_ERROR},"{codes.ERROR_VALUE.id}",IF({{clean}}="","",'
            f'IF({{day}}=-2,"{codes.DATE_WITH_TIME.id}",IF({{day}}=-1,"{codes.DATE_INVALID.id}",'
            f'IF(OR({{day}}<{first},{{day}}>{last}),"{codes.DATE_OUT_OF_RANGE.id}","")))))'
        )

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """Of a real date the steps of parsing are blank."""
        if not isinstance(content, date):
            return "", "", "", "", "", "", ""
        day = content.year * 10000 + content.month * 100 + content.day
        serial = (content - date(1899, 12, 30)).days
        return str(serial), "", "", "", day, "", day

    def write(self, value: Any) -> CellContent:
        """The day itself."""
        return value if isinstance(value, date) else None

    def validation(self, cell: str) -> Validation:
        """Refuse anything but a whole day inside the range."""
        first, last = (f"DATE({d.year},{d.month},{d.day})" for d in (self.first, self.last))
        return Validation(
            formula=f"AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}>={first},{cell}<={last})",
            refusal=(
                f"请填写{self.first.year}年至{self.last.year}年之间的日期，样式如 {self.example}。"
            ),
        )


def day_of(text: str) -> str | None:
    """The day of an ISO instant that is midnight, or of a day alone; None where it is neither."""
    day, _, time = text.partition("T")
    return None if time.rstrip("Z").strip("0:.") else day


def hyphenated(text: str) -> str:
    """A written date with hyphens between its parts: ``2020年1月1日`` → ``2020-1-1``."""
    written = folded(text).replace(" ", "").replace("日", "")
    for separator in SEPARATORS:
        written = written.replace(separator, "-")
    if mask_of(written) == COMPACT_MASK:
        return f"{written[:4]}-{written[4:6]}-{written[6:]}"
    return written


def _is_day_in_1900(serial: int) -> bool:
    return _FIRST_SERIAL <= serial <= _LAST_SERIAL and serial != _NO_SUCH_DAY


def _clock(serial: float) -> str:
    """The time of day that a serial number tells, to the second."""
    second = min(round(serial % 1 * _SECONDS_A_DAY), _SECONDS_A_DAY - 1)
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def from_serial(serial: int, date1904: bool) -> date | None:
    """The day of a spreadsheet's serial number; None off its calendar.

    The 1900 calendar counts a 29th of February 1900 that never was, hence two bases and a gap.
    """
    if date1904:
        serial += 1462
    if not _is_day_in_1900(serial):
        return None
    base = date(1899, 12, 31) if serial < _NO_SUCH_DAY else date(1899, 12, 30)
    return base + timedelta(days=serial)
