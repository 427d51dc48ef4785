"""What a new form takes over from an earlier one: ``carry`` in the file of a campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlgoals.kinds import AmountKind, ChoiceKind, DateKind, TextKind, YesNoKind
from xlgoals.language import Message, enumerated
from xlgoals.layouts import Layout
from xlgoals.layouts.model import Field
from xlgoals.season.units import closest
from xlgoals.text import label_key

PROJECT, PRIOR_BUDGET, PRIOR_EXECUTION = "project_name", "prior_budget", "prior_execution"
CURRENT_BUDGET = "current_budget"

NAMES, TEXTS, CHOICES, INDICATORS, DATES, AMOUNTS, EVERYTHING = (
    "名称",
    "文字",
    "选项",
    "指标",
    "日期",
    "金额",
    "全部",
)
GROUPS: Mapping[str, str] = {  # in English, too
    "names": NAMES,
    "texts": TEXTS,
    "choices": CHOICES,
    "indicators": INDICATORS,
    "dates": DATES,
    "amounts": AMOUNTS,
    "all": EVERYTHING,
}


class CarryError(ValueError):
    """A word that names nothing which could be carried over."""


@dataclass(frozen=True)
class Carry:
    """The fields, by key, and whether the indicators: names are always carried over."""

    fields: frozenset[str] = frozenset()
    indicators: bool = False

    @property
    def nothing(self) -> bool:
        """Whether only names and last year's amounts come from earlier forms."""
        return not self.fields and not self.indicators

    @classmethod
    def of(cls, words: Sequence[str], layout: Layout) -> Carry:
        """What these words mean: groups, keys of fields, or their labels. Raises CarryError."""
        fields: set[str] = set()
        indicators = False
        for word in words:
            group = GROUPS.get(word.lower(), word)
            indicators = indicators or group in (INDICATORS, EVERYTHING)
            if group != INDICATORS:
                fields |= _meant(group, layout)
        return cls(frozenset(fields), indicators)


NAMES_ONLY = Carry()


def _meant(word: str, layout: Layout) -> set[str]:
    if word == NAMES:
        return set()  # they are on the roster
    open_fields = {key: item for key, item in layout.fields.items() if _may_be_carried(key, layout)}
    if word == EVERYTHING:
        return set(open_fields)
    if word in GROUPS.values():
        return {key for key, item in open_fields.items() if _group(item) == word}
    for key, item in layout.fields.items():
        if word == key or label_key(word) == label_key(item.title):
            return _named(key, item, layout)
    known = [*GROUPS.values(), *(item.title for item in open_fields.values())]
    like = closest(word, known)
    if like:
        raise CarryError(Message("没有可以沿用的“{word}”，是不是“{like}”", word=word, like=like))
    told = Message(
        "没有可以沿用的“{word}”；可用：{usable}，或填写项的名称",
        word=word,
        usable=enumerated(GROUPS.values()),
    )
    raise CarryError(told)


def _named(key: str, item: Field, layout: Layout) -> set[str]:
    if _may_be_carried(key, layout):
        return {key}
    if key in (PRIOR_BUDGET, PRIOR_EXECUTION):
        told = Message(
            "“{title}”从不沿用：上年预算额取自上年的当年预算，上年预算执行数取自名册；请去掉",
            title=item.title,
        )
        raise CarryError(told)
    return set()


def _may_be_carried(key: str, layout: Layout) -> bool:
    """Names come from the roster; what a form says of the year before is never true of its own."""
    return key not in (layout.unit_field, PROJECT, PRIOR_BUDGET, PRIOR_EXECUTION)


def _group(item: Field) -> str:
    match item.kind:
        case TextKind():
            return TEXTS
        case ChoiceKind() | YesNoKind():
            return CHOICES
        case DateKind():
            return DATES
        case AmountKind():
            return AMOUNTS
    return EVERYTHING
