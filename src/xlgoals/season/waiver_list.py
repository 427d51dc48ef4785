"""The waivers: which findings finance accepts, out of a CSV file or a workbook."""

from __future__ import annotations

from datetime import date
from os import PathLike

from xlgoals.kinds.date import EXAMPLE
from xlgoals.language import Message
from xlgoals.season.days import read_day
from xlgoals.season.listing import Line, Listing, ListingError
from xlgoals.season.model import Waiver

PROJECT, CODE, REASON, WHO, WHEN = "project", "code", "reason", "who", "when"
UNIT_CODE, UNIT = "unit_code", "unit"
# Each column under its two names; the first five must be there and filled in.
HEADERS = {
    PROJECT: "项目名称",
    CODE: "代码",
    REASON: "理由",
    WHO: "批准人",
    WHEN: "日期",
    UNIT_CODE: "单位代码",
    UNIT: "单位名称",
}
_REQUIRED = (PROJECT, CODE, REASON, WHO, WHEN)


class WaiversError(ListingError):
    """A file that is no list of waivers; the text says where and why."""


def read_waivers(path: str | PathLike[str]) -> tuple[Waiver, ...]:
    """Read waivers: a workbook by its first sheet that holds anything, all else as CSV.

    Raises WaiversError, which names line and column, and OSError where the file cannot be read.
    """
    listing = Listing(path, HEADERS, _REQUIRED, WaiversError)
    return tuple(_waiver(listing, line) for line in listing.lines)


def _waiver(listing: Listing, line: Line) -> Waiver:
    texts = listing.texts(line)
    for key in _REQUIRED:
        if not texts[key]:
            raise listing.problem(line, key, Message("“{name}”没有填写", name=HEADERS[key]))
    return Waiver(
        project=texts[PROJECT],
        code=texts[CODE],
        reason=texts[REASON],
        who=texts[WHO],
        when=_day(listing, line, texts[WHEN]),
        unit_code=texts.get(UNIT_CODE) or None,
        unit=texts.get(UNIT) or None,
        file=str(listing.file),
        line=line.number,
    )


def _day(listing: Listing, line: Line, text: str) -> date:
    day = read_day(text)
    if day is None:
        problem = Message("“{text}”不是有效的日期，样式如 {example}", text=text, example=EXAMPLE)
        raise listing.problem(line, WHEN, problem)
    return day
