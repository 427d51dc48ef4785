"""A layout: one official form in one edition, with everything that may differ between forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xlgoals.kinds import Kind
from xlgoals.rules.rule import Rule

# Of an indicator table that is read, so also of a group: a workbook's own word on its rows may be
# anything.
MOST_ROWS = 1000


@dataclass(frozen=True)
class Field:
    """One input of the form, outside the indicator table."""

    key: str
    label: str  # as printed, line breaks included
    kind: Kind
    required: bool = True
    aliases: tuple[str, ...] = ()  # other printings of the label
    help: str = ""
    lines: int = 1  # lines of text the row keeps room for
    framed: bool = True
    called: str = ""  # where another field has the same label

    @property
    def title(self) -> str:
        """The label as findings quote it: one line, no colon."""
        return self.called or self.label.replace("\n", "").rstrip("：:")


@dataclass(frozen=True)
class Text:
    """A locked text of the form that is no label: titles, headings."""

    key: str
    text: str
    style: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of the indicator table."""

    key: str
    label: str
    kind: Kind | None  # None: never typed, only printed
    required: bool = True  # within a row that is filled at all
    aliases: tuple[str, ...] = ()
    help: str = ""

    @property
    def title(self) -> str:
        """The heading as findings quote it."""
        return self.label.replace("\n", "").rstrip("：:")


@dataclass(frozen=True)
class FixedRow:
    """An indicator that the form prescribes."""

    name: str
    target: str
    editable: bool = False  # whether the unit may set another target


@dataclass(frozen=True)
class Group:
    """Rows of the indicator table under one 一级目标 and one 二级目标 (or a choice of them)."""

    level1: str
    level2: str | None  # None: chosen in each row by ``level2_kind``
    level2_kind: Kind | None = None
    fixed: tuple[FixedRow, ...] = ()
    rows: int = 0  # free rows of a blank form
    at_least: int = 0

    @property
    def name(self) -> str:
        """What people call the group: its 二级目标, or the 一级目标 where that is chosen."""
        return self.level2 or self.level1


@dataclass(frozen=True)
class IndicatorTable:
    """The indicator table: its columns and its groups, top to bottom."""

    columns: Mapping[str, Column]
    groups: tuple[Group, ...]
    row_lines: int = 2


@dataclass(frozen=True)
class GridRow:
    """One row of the form: what stands in each column of the grid.

    An entry is a field's key, a label (the key and a colon) or a text's key; equal neighbours are
    one merged cell. The row of bare column keys of the indicator table stands for all its rows.
    """

    cells: tuple[str, ...]


Levels = tuple[str, str]  # 一级目标 and 二级目标 of an indicator row


@dataclass(frozen=True)
class Correspondence:
    """Where the contents of one form go in another; what is called the same goes by itself.

    It is one to one. A choice that has ``wordings`` goes over in these alone.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by the first's field
    levels: Mapping[Levels, Levels] = field(default_factory=dict)

    def inverse(self) -> Correspondence:
        """The way back."""
        return Correspondence(
            {new: old for old, new in self.fields.items()},
            {
                self.fields[key]: {new: old for old, new in words.items()}
                for key, words in self.wordings.items()
            },
            {new: old for old, new in self.levels.items()},
        )


@dataclass(frozen=True)
class Layout:
    """One official form in one edition, as data."""

    id: str
    name: str
    authority: str
    language: str
    first_year: int
    last_year: int
    amount_unit: str
    first_date: date
    last_date: date
    fields: Mapping[str, Field]
    unit_field: str  # the field that names the declaring unit
    texts: Mapping[str, Text]
    indicators: IndicatorTable
    column_widths: tuple[int, ...]  # pixels
    pages: tuple[tuple[GridRow, ...], ...]
    rules: tuple[Rule, ...]
    guide: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()  # texts that stand for nothing
    own_kinds: Mapping[str, str] = field(default_factory=dict)  # kinds of the layout's own fields
    earlier: Mapping[str, Correspondence] = field(default_factory=dict)  # other layouts, by id
    # Its own id, that of the layout it extends, and so on; a copy in full knows only itself.
    lineage: tuple[str, ...] = field(default=(), compare=False)
    source: Path | None = None

    def __hash__(self) -> int:
        # Its mappings cannot be hashed; equal layouts have equal ids.
        return hash(self.id)

    @property
    def title(self) -> str:
        """What tells it from every other layout: the name alone is that of several editions."""
        return f"{self.name}（{self.authority}，{self.id}）"

    def serves(self, year: int) -> bool:
        """Whether the edition is official for a fiscal year."""
        return self.first_year <= year <= self.last_year

    @property
    def years(self) -> str:
        """The edition's years as people write them."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}-{self.last_year}"
