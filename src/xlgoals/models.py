"""The typed forms: pydantic models with the keys of the JSON that scripts exchange.

``GoalForm`` has the fields of every shipped layout. :func:`form_class` gives the class of one
layout: it adds the layout's own fields and knows which fields its records carry.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    create_model,
    field_validator,
    model_validator,
)

from xlgoals.grid import CELL_CAPACITY
from xlgoals.kinds.amount import CENT, MAX_AMOUNT
from xlgoals.language import Message
from xlgoals.layouts.model import Layout
from xlgoals.numerals import plain_number
from xlgoals.targets import Quantity, parse_quantity
from xlgoals.text import stored
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, FormFields, IndicatorFields, KindName

__all__ = ["GoalForm", "Indicator", "Target", "form_class"]


def _plain(number: Decimal | None) -> Decimal | None:
    """Numbers without needless zeros, so that 650000 and 650000.00 are one record."""
    return None if number is None else Decimal(plain_number(number))


def _amount(number: Decimal | None) -> Decimal | None:
    """Amounts that a form can hold: from zero up, exact to the 分."""
    if number is not None and not (number.is_finite() and 0 <= number <= MAX_AMOUNT):
        raise ValueError(Message("金额应在 0 至 {most} 元之间", most=MAX_AMOUNT))
    if number is not None and number % CENT:
        raise ValueError(Message("金额最多精确到分"))
    return _plain(number)


class _Record(BaseModel):
    """What all records share: known keys only, unchangeable, texts as they are stored."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_max_length=CELL_CAPACITY,
        json_schema_serialization_defaults_required=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _stored(cls, value: Any) -> Any:
        return stored(value) or None if isinstance(value, str) else value


def _parts(text: str) -> dict[str, Any]:
    """What a target's text says, by part; all None for words."""
    quantity = parse_quantity(text)
    return quantity._asdict() if quantity else dict.fromkeys(Quantity._fields)


class Target(_Record):
    """指标目标值: the text as filled in, and the quantity it states, if any."""

    text: str
    operator: str | None = None
    number: Annotated[Decimal | None, AfterValidator(_plain)] = None
    unit: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a target in any spelling people use; words have text alone.

        ``不低于90%`` → operator ``≥``, number 90, unit ``%``; ``合理`` → text alone.
        """
        return cls(text=text)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, values: Any) -> Any:
        """Operator, number and unit follow from the text; where none is given, all are."""
        if not isinstance(values, dict) or not isinstance(values.get("text"), str):
            return values
        if any(values.get(part) is not None for part in Quantity._fields):
            return values
        return {**values, **_parts(stored(values["text"]))}

    @model_validator(mode="after")
    def _agrees_with_its_text(self) -> Self:
        if {part: getattr(self, part) for part in Quantity._fields} != _parts(self.text):
            problem = Message("operator、number、unit 与 text“{text}”不一致", text=self.text)
            raise ValueError(problem)
        return self


class Indicator(_Record, IndicatorFields):
    """One row of the indicator table; None: blank or refused."""

    target: Target | None = None


class GoalForm(_Record, FormFields):
    """One project's form. Each field is None where it is blank, refused, or not of its layout."""

    layout: str
    fiscal_year: int
    indicators: tuple[Indicator, ...] = ()

    record_keys: ClassVar[tuple[str, ...]] = ("layout", "fiscal_year", *FORM_TERMS, "indicators")

    def record(self) -> dict[str, Any]:
        """The form as plain JSON data, with every key of its layout and in its order."""
        data = self.model_dump(mode="json")
        return {key: data[key] for key in self.record_keys}

    @field_validator(*(key for key, term in FORM_TERMS.items() if term.kind == KindName.AMOUNT))
    @classmethod
    def _amounts(cls, value: Decimal | None) -> Decimal | None:
        return _amount(value)


_TYPES: dict[str, Any] = {
    KindName.TEXT: str | None,
    KindName.CHOICE: str | None,
    KindName.YES_NO: bool | None,
    KindName.DATE: date | None,
    KindName.AMOUNT: Annotated[Decimal | None, AfterValidator(_amount)],
    KindName.NUMBER: Annotated[Decimal | None, AfterValidator(_plain)],
}


def form_class(layout: Layout) -> type[GoalForm]:
    """The model of a layout's forms: GoalForm with the layout's own fields, typed."""
    return _form_class(
        layout.id,
        tuple((item.key, item.title) for item in layout.fields.values()),
        tuple(layout.own_kinds.items()),
        tuple(key for key in layout.indicators.columns if key in COLUMN_TERMS),
    )


@lru_cache
def _form_class(
    layout_id: str,
    titles: tuple[tuple[str, str], ...],
    own_kinds: tuple[tuple[str, str], ...],
    columns: tuple[str, ...],
) -> type[GoalForm]:
    own: dict[str, Any] = {
        key: (_TYPES[kind], Field(default=None, title=dict(titles)[key])) for key, kind in own_kinds
    }
    if columns:
        own["indicators"] = (GenericAlias(tuple, (_indicator_class(columns), ...)), ())
    cls = create_model("GoalForm", __base__=GoalForm, __doc__=GoalForm.__doc__, **own)
    cls.record_keys = ("layout", "fiscal_year", *(key for key, _ in titles), "indicators")
    return cls


def _indicator_class(columns: tuple[str, ...]) -> Any:
    """The rows of a table that has further columns."""
    own: dict[str, Any] = {
        key: (_TYPES[term.kind], Field(default=None, title=term.zh))
        for key, term in COLUMN_TERMS.items()
        if key in columns
    }
    return create_model("Indicator", __base__=Indicator, __doc__=Indicator.__doc__, **own)
