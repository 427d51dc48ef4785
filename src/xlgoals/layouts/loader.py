"""YAML → Layout. Whatever is wrong is a LayoutError with file, line and key."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlgoals.grid import CELL_CAPACITY
from xlgoals.kinds import (
    AmountKind,
    ChoiceKind,
    DateKind,
    Kind,
    NumberKind,
    TargetKind,
    TextKind,
    YesNoKind,
)
from xlgoals.kinds.amount import UNITS
from xlgoals.language import Message, enumerated
from xlgoals.layouts.correspondence import correspondences_of, layout_id
from xlgoals.layouts.extend import Extended, lineage, resolved
from xlgoals.layouts.grid import pages_of
from xlgoals.layouts.model import Column, Field, FixedRow, Group, IndicatorTable, Layout, Text
from xlgoals.layouts.rules import rules_of
from xlgoals.layouts.source import LayoutError, Record, Source, one_of, suggestion, worded
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, KindName

STYLES = ("title", "subtitle", "heading", "note")
# The columns an indicator table may have, and the kind of each.
COLUMN_KINDS: dict[str, str] = {
    "level1": KindName.CHOICE,
    "level2": KindName.CHOICE,
    "name": KindName.TEXT,
    "target": KindName.TARGET,
    "operator": KindName.CHOICE,
    "value": KindName.TARGET,
    "unit": KindName.TEXT,
    **{key: term.kind for key, term in COLUMN_TERMS.items()},
}
# A row that states a target in parts may leave these blank: words have no sign and no unit.
OPTIONAL_COLUMNS = ("operator", "unit")
KINDS = (
    KindName.TEXT,
    KindName.CHOICE,
    KindName.YES_NO,
    KindName.DATE,
    KindName.AMOUNT,
)
_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
# What spreadsheets take for a cell, in either way of writing references, or for a constant.
_LIKE_A_CELL = re.compile(r"(?:[a-z]{1,3}[0-9]+|r[0-9]*(?:c[0-9]*)?|c[0-9]*|true|false)\Z")
MAX_NAME = 255  # characters of a defined name
_ID = re.compile(r"[a-z][a-z0-9-]*\Z")
_BOUNDS = ("plausible_from", "plausible_to")  # either may be left out
_OPTION_KEYS = ("options", "max_length", *_BOUNDS)


class _Shared:
    """What the whole layout says and every field may need."""

    def __init__(self, record: Record) -> None:
        self.amount_unit = one_of(record["amount_unit"], tuple(UNITS))
        self.first_date, self.last_date = _dates(record["dates"])
        self.placeholders = record.texts("placeholders")
        self.first_year, self.last_year = _years(record["edition"])


def read_layout(path: Path) -> Layout:
    """Read a layout file. Raises LayoutError for a broken one, OSError for an unreadable one."""
    source = resolved(path)
    try:
        return _layout(source, path)
    except LayoutError as error:
        if not isinstance(source, Extended):
            raise
        read_layout(source.base_path)  # broken by itself: told as such
        raise source.blame(error) from error


def _layout(source: Source, path: Path) -> Layout:
    record = source.record(
        required=(
            "id", "name", "authority", "language", "edition", "amount_unit", "dates", "fields",
            "indicators", "columns", "pages", "unit_field",
        ),
        optional=("texts", "placeholders", "rules", "guide", "migration"),
    )  # fmt: skip
    shared = _Shared(record)
    own_kinds: dict[str, str] = {}
    fields = {
        key: _field(key, value, shared, own_kinds) for key, value in record["fields"].entries()
    }
    if record["unit_field"].text not in fields:
        raise record["unit_field"].error(Message("应是 fields 中的一个键"))
    texts_source = record.get("texts")
    texts = {k: _text(k, v) for k, v in texts_source.entries()} if texts_source else {}
    indicators = _indicators(record["indicators"], shared)
    widths = tuple(_positive(item) for item in record["columns"].items())
    kinds = {key: own_kinds.get(key) or FORM_TERMS[key].kind for key in fields}
    rules_source, migration = record.get("rules"), record.get("migration")
    return Layout(
        id=_id(record["id"]),
        name=record["name"].text,
        authority=record["authority"].text,
        language=record["language"].text,
        first_year=shared.first_year,
        last_year=shared.last_year,
        amount_unit=shared.amount_unit,
        first_date=shared.first_date,
        last_date=shared.last_date,
        fields=fields,
        unit_field=record["unit_field"].text,
        texts=texts,
        indicators=indicators,
        column_widths=widths,
        pages=pages_of(record["pages"], len(widths), fields, texts, indicators.columns),
        rules=rules_of(rules_source, kinds, indicators) if rules_source else (),
        guide=record.texts("guide"),
        placeholders=shared.placeholders,
        own_kinds=own_kinds,
        earlier=correspondences_of(migration, source) if migration else {},
        lineage=tuple(layout_id(each) for each in lineage(source)),
        source=path,
    )


# --- head -----------------------------------------------------------------------------------------
def _id(source: Source) -> str:
    """Ids stand in file names and in every template's identity."""
    if not _ID.match(source.text):
        raise source.error(Message("只能用小写英文字母、数字和连字符"))
    return source.text


def _years(source: Source) -> tuple[int, int]:
    record = source.record(required=("first", "last"))
    first, last = record["first"].integer, record["last"].integer
    if first > last:
        raise record["last"].error(Message("last 不能早于 first"))
    return first, last


def _dates(source: Source) -> tuple[date, date]:
    record = source.record(required=("first", "last"))
    days = []
    for key in ("first", "last"):
        try:
            days.append(date.fromisoformat(record[key].text))
        except ValueError as error:
            raise record[key].error(Message("这里应是日期，样式如 2020-01-01")) from error
    if days[0] > days[1]:
        raise record["last"].error(Message("last 不能早于 first"))
    return days[0], days[1]


# --- fields and texts -----------------------------------------------------------------------------
def _field(key: str, source: Source, shared: _Shared, own_kinds: dict[str, str]) -> Field:
    record = source.record(
        required=("label",),
        optional=(
            "type",
            "required",
            "aliases",
            "help",
            "lines",
            "framed",
            "called",
            *_OPTION_KEYS,
        ),
    )
    if not _KEY.match(key):
        raise source.error(Message("键只能用小写英文字母、数字和下划线"))
    if _LIKE_A_CELL.match(key) or len(key) > MAX_NAME:
        problem = Message("这个键不能用作单元格的名称（像单元格地址、是保留字或太长），请换一个")
        raise source.error(problem)
    kind_name = _kind_name(key, source, record)
    if key not in FORM_TERMS:
        own_kinds[key] = kind_name
    return Field(
        key=key,
        label=record["label"].text,
        kind=_kind(kind_name, source, record, shared),
        required=record.boolean("required", True),
        aliases=record.texts("aliases"),
        help=record.text("help"),
        lines=_positive(record["lines"]) if record.get("lines") else 2,
        framed=record.boolean("framed", True),
        called=record.text("called"),
    )


def _kind_name(key: str, source: Source, record: Record) -> str:
    """The kind the vocabulary gives a standard field; a layout's own field must say it."""
    given = record.get("type")
    if key in FORM_TERMS:
        if given:
            kind = FORM_TERMS[key].kind
            problem = Message("“{key}”是标准项，类型已定为 {kind}，请删去 type", key=key, kind=kind)
            raise given.error(problem)
        return FORM_TERMS[key].kind
    if given is None:
        names = enumerated(KINDS)
        problem = Message("“{key}”不是标准项，请用 type 说明类型：{names}", key=key, names=names)
        raise source.error(problem)
    return one_of(given, KINDS)


def _kind(name: str, source: Source, record: Record, shared: _Shared) -> Kind:
    """Build the kind and refuse options that mean nothing to it."""
    uses = {
        KindName.TEXT: ("max_length",),
        KindName.TARGET: ("max_length",),
        KindName.CHOICE: ("options",),
        KindName.AMOUNT: _BOUNDS,
    }.get(name, ())
    for key in _OPTION_KEYS:
        given = record.get(key)
        if given and key not in uses:
            raise given.error(Message("类型 {name} 没有“{key}”", name=name, key=key))
        if not given and key in uses and key not in _BOUNDS:
            raise source.error(Message("缺少“{key}”", key=key))
    match name:
        case KindName.TEXT:
            return TextKind(_length(record["max_length"]), shared.placeholders)
        case KindName.TARGET:
            return TargetKind(_length(record["max_length"]), shared.placeholders)
        case KindName.CHOICE:
            return _choice(record["options"])
        case KindName.DATE:
            example = f"{shared.first_year}-01-01"
            return DateKind(shared.first_date, shared.last_date, example)
        case KindName.AMOUNT:
            return _amount(record, shared.amount_unit)
        case KindName.NUMBER:
            return NumberKind()
        case _:
            return YesNoKind()


def _amount(record: Record, unit: str) -> AmountKind:
    kind = AmountKind(unit, Decimal(record.integer("plausible_from", 0)))
    highest = record.get("plausible_to")
    if highest is None:
        return kind
    if highest.integer < kind.plausible_from:
        raise highest.error(Message("plausible_to 不能小于 plausible_from"))
    return replace(kind, plausible_to=Decimal(highest.integer))


def _length(source: Source) -> int:
    """How many characters a cell to fill in takes."""
    if source.integer > CELL_CAPACITY:
        raise source.error(Message("太大：一个单元格最多放 {most} 字", most=CELL_CAPACITY))
    return _positive(source)


def _positive(source: Source) -> int:
    if source.integer < 1:
        raise source.error(Message("这里应大于 0"))
    return source.integer


def _choice(source: Source) -> ChoiceKind:
    record = source.record(required=("values",), optional=("open", "aliases"))
    options = record.texts("values")
    if not options:
        raise record["values"].error(Message("至少要有一个选项"))
    if len(set(options)) < len(options):
        raise record["values"].error(Message("选项重复"))
    aliases_source = record.get("aliases")
    aliases = {}
    for old, new in aliases_source.entries() if aliases_source else ():
        aliases[old] = one_of(new, options)
    return ChoiceKind(options, record.boolean("open", False), aliases)


def _text(key: str, source: Source) -> Text:
    record = source.record(required=("text", "style"), optional=("aliases",))
    style = one_of(record["style"], STYLES)
    return Text(key, worded(record["text"], ("fiscal_year",)), style, record.texts("aliases"))


# --- the indicator table --------------------------------------------------------------------------
def _indicators(source: Source, shared: _Shared) -> IndicatorTable:
    record = source.record(required=("columns", "groups"), optional=("lines",))
    columns = {key: _column(key, value, shared) for key, value in record["columns"].entries()}
    whole, parts = "target" in columns, "value" in columns
    for key in ("level1", "level2", "name"):
        if key not in columns:
            raise record["columns"].error(Message("缺少“{key}”", key=key))
    if whole == parts:
        problem = Message("应有 target，或者有 value（可带 operator、unit），二者取一")
        raise record["columns"].error(problem)
    groups = tuple(_group(item) for item in record["groups"].items())
    names = [group.name for group in groups]
    for name in names:
        if names.count(name) > 1:
            raise record["groups"].error(Message("“{name}”出现了两次", name=name))
    return IndicatorTable(columns, groups, record.integer("lines", 2))


def _column(key: str, source: Source, shared: _Shared) -> Column:
    if key not in COLUMN_KINDS:
        closest = suggestion(key, tuple(COLUMN_KINDS))
        raise source.error(Message("不认识的列“{key}”{closest}", key=key, closest=closest))
    record = source.record(required=("label",), optional=("aliases", "help", *_OPTION_KEYS))
    printed_only = key in ("level1", "level2")  # a group says what may stand there
    kind = None if printed_only else _kind(COLUMN_KINDS[key], source, record, shared)
    if isinstance(kind, TargetKind):
        kind = replace(kind, apart=key == "value")
    return Column(
        key=key,
        label=record["label"].text,
        kind=kind,
        required=key not in OPTIONAL_COLUMNS,
        aliases=record.texts("aliases"),
        help=record.text("help"),
    )


def _group(source: Source) -> Group:
    record = source.record(
        required=("level1",), optional=("level2", "options", "fixed", "rows", "at_least")
    )
    options, fixed_source = record.get("options"), record.get("fixed")
    if (record.get("level2") is None) == (options is None):
        raise source.error(Message("应有 level2（固定）或 options（供选择），二者取一"))
    fixed = tuple(_fixed_row(item) for item in fixed_source.items()) if fixed_source else ()
    if options and fixed:
        raise source.error(Message("二级目标供选择的一组不能有固定行"))
    group = Group(
        level1=record["level1"].text,
        level2=record.text("level2") or None,
        level2_kind=_choice(options) if options else None,
        fixed=fixed,
        rows=record.integer("rows", 0),
        at_least=record.integer("at_least", 0),
    )
    rows = len(group.fixed) + group.rows
    if not rows:
        raise source.error(Message("这一组没有任何行：请给出 fixed 或 rows"))
    if group.at_least > rows:
        raise record["at_least"].error(Message("这一组只有{rows}行", rows=rows))
    return group


def _fixed_row(source: Source) -> FixedRow:
    record = source.record(required=("name", "target"), optional=("editable",))
    return FixedRow(record["name"].text, record["target"].text, record.boolean("editable", False))
