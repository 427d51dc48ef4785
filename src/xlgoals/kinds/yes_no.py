"""是 or 否."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from xlgoals.cells import Cell
from xlgoals.kinds.base import CellContent, Kind, Reading, Validation
from xlgoals.kinds.choice import ChoiceKind
from xlgoals.kinds.live import Cached, Live
from xlgoals.vocabulary import KindName


@dataclass(frozen=True)
class YesNoKind(Kind):
    """A closed choice of two words that stand for True and False."""

    yes: str = "是"
    no: str = "否"

    name = KindName.YES_NO

    @cached_property
    def _words(self) -> ChoiceKind:
        return ChoiceKind((self.yes, self.no))

    @property
    def expected(self) -> str:
        """What may be filled in."""
        return self._words.expected

    def parse(self, cell: Cell, shown: str, date1904: bool) -> Reading:
        """Read one of the two words as a truth value."""
        reading = self._words.parse(cell, shown, date1904)
        return reading if reading.refused else replace(reading, value=reading.value == self.yes)

    def live(self) -> Live:
        """As the choice of two words."""
        return self._words.live()

    def live_cache(self, content: CellContent) -> tuple[Cached, ...]:
        """As the choice of two words."""
        return self._words.live_cache(content)

    def write(self, value: Any) -> CellContent:
        """The word for a truth value."""
        return self.yes if value else self.no

    def validation(self, cell: str) -> Validation:
        """A drop-down of the two words."""
        return self._words.validation(cell)
