"""The one verdict of a workbook on itself: where it stands and what it says.

Written by the template, compared by the importer.
"""

from __future__ import annotations

from enum import StrEnum

SHEET = "自检"
CELL = "A3"


class Verdict(StrEnum):
    """What a workbook may say of itself; the words of ``MEND`` hold the number of errors."""

    READY = "可以提交"
    MEND = "还有 {errors} 处需要修改"
    NOTHING_YET = "还没有填写任何项目"

    def told(self, errors: int = 0) -> str:
        """The words for a person."""
        return self.value.format(errors=errors)

    @classmethod
    def of(cls, blank: bool, errors: int) -> Verdict:
        """The verdict on a workbook; ``blank``: no project is filled in."""
        if blank:
            return cls.NOTHING_YET
        return cls.MEND if errors else cls.READY

    @classmethod
    def read(cls, text: str) -> Verdict | None:
        """The verdict that a text tells; None for any other text."""
        for verdict in cls:
            before, _, after = verdict.value.partition("{errors}")
            middle = text.removeprefix(before).removesuffix(after)
            if text == verdict.value or (after and text == f"{before}{middle}{after}"):
                return verdict
        return None
