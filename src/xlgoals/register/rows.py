"""What a file says, as rows of the register and back, without losing a 分."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xlgoals.findings import Finding, Layer, Severity
from xlgoals.language import Message
from xlgoals.submission import FormRecord, Submission
from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, KindName

Row = dict[str, Any]

AMOUNTS = tuple(key for key, term in FORM_TERMS.items() if term.kind == KindName.AMOUNT)
_FEN = 100  # of an amount in 元
_TARGET = ("operator", "number", "unit")
_FINDING = tuple(field.name for field in fields(Finding) if field.name not in ("file", "related"))


@dataclass(frozen=True)
class SubmissionRows:
    """A submission as rows that know nothing of each other's ids; small enough to be sent."""

    submission: Row
    forms: list[Row]
    indicators: list[Row]
    findings: list[Row]


def submission_rows(submission: Submission) -> SubmissionRows:
    """All rows of a submission but what tells its bytes and its rules."""
    layout = submission.layout
    unit_field = layout.unit_field if layout else ""
    units = [record.values[unit_field] for record in submission.records]
    if not units and submission.plan:
        units = [submission.plan.unit]  # a blank template still tells whose it is
    kinds = {key: term.kind for key, term in FORM_TERMS.items()} | dict(
        layout.own_kinds if layout else {}
    )
    return SubmissionRows(
        submission={
            "status": submission.status.value,
            "layout": layout.id if layout else None,
            "fiscal_year": submission.fiscal_year,
            "unit": _clean(units[0] if units else None),
            "modified": _clean(submission.modified),
        },
        forms=[
            _form(position, record, record.values[unit_field], kinds)
            for position, record in enumerate(submission.records)
        ],
        indicators=[
            _indicator(form, position, indicator)
            for form, record in enumerate(submission.records)
            for position, indicator in enumerate(record.values["indicators"])
        ],
        findings=[_finding(*numbered) for numbered in enumerate(submission.findings)],
    )


def _form(position: int, record: FormRecord, unit: Any, kinds: Mapping[str, str]) -> Row:
    keys = [key for key in record.values if key in kinds]
    stored = {key: _stored(record.values[key], kinds[key]) for key in keys}
    own = {key: [kinds[key], stored[key]] for key in keys if key not in FORM_TERMS}
    return {
        "position": position,
        "sheet": _clean(record.sheet),
        "unit": unit,
        "fields": _json(keys),
        "own": _json(own),
        **{key: stored.get(key) for key in FORM_TERMS},
    }


def _stored(value: Any, kind: str) -> Any:
    if value is None:
        return None
    match kind:
        case KindName.AMOUNT:
            return to_fen(value)
        case KindName.DATE:
            return value.isoformat()
    return value


def _read(value: Any, kind: str) -> Any:
    if value is None:
        return None
    match kind:
        case KindName.AMOUNT:
            return to_yuan(value)
        case KindName.DATE:
            return date.fromisoformat(value)
    return value


def to_fen(amount: Decimal) -> int:
    """An amount in 元 as 分. Raises ValueError for one that is not exact to the 分."""
    fen = amount * _FEN
    if fen != int(fen):
        raise ValueError(Message("{amount} 元精确到了分以下", amount=amount))
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """An amount in 分 as 元, without needless zeros."""
    yuan, rest = divmod(fen, _FEN)
    return Decimal(f"{yuan}.{rest:02d}".rstrip("0")) if rest else Decimal(yuan)


def _indicator(form: int, position: int, indicator: Mapping[str, Any]) -> Row:
    target = indicator["target"] or {}
    number = target.get("number")
    return {
        "form": form,
        "position": position,
        **{key: indicator[key] for key in INDICATOR_TERMS},
        **{key: _spelt(indicator[key]) if key in indicator else None for key in COLUMN_TERMS},
        "target": target.get("text"),
        "operator": target.get("operator"),
        "number": None if number is None else str(number),
        "unit": target.get("unit"),
    }


def _spelt(number: Decimal | None) -> str:
    return "" if number is None else str(number)


def _finding(position: int, finding: Finding) -> Row:
    texts = {key: getattr(finding, key) for key in _FINDING}
    texts = {key: text if text is None else _clean(str(text)) for key, text in texts.items()}
    related = [_clean(place) for place in finding.related]
    return {"position": position, **texts, "related": _json(related)}


def _clean(text: str | None) -> str | None:
    """Half characters and zeros, which a damaged workbook may hold, spelt out.

    No database takes the ones, PostgreSQL not the others.
    """
    if text is None or text.isprintable():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- and back -------------------------------------------------------------------------------------
# Forms of a layout have the same keys, and most findings no related cells.
@lru_cache(256)
def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def form_values(
    layout: str | None, fiscal_year: int | None, form: Mapping[str, Any], rows: Sequence[Row]
) -> Row:
    """The record of a form out of its row and those of its indicators."""
    own = json.loads(form["own"])
    values = {
        key: _read(own[key][1], own[key][0])
        if key in own
        else _read(form[key], FORM_TERMS[key].kind)
        for key in _texts(form["fields"])
    }
    return {
        "layout": layout,
        "fiscal_year": fiscal_year,
        **values,
        "indicators": [_indicator_values(row) for row in rows],
    }


def form_amounts(own: str, fen: Sequence[int | None]) -> dict[str, Decimal]:
    """A form's amounts in 元 out of its row: those that have a column, and those it has alone."""
    said = zip(AMOUNTS, fen, strict=True)
    found = {key: to_yuan(amount) for key, amount in said if amount is not None}
    for key, (kind, amount) in json.loads(own).items():
        if kind == KindName.AMOUNT and amount is not None:
            found[key] = to_yuan(amount)
    return found


def _indicator_values(row: Mapping[str, Any]) -> Row:
    target = None
    if row["target"] is not None:
        number = row["number"]
        parts = {key: row[key] for key in _TARGET}
        parts["number"] = None if number is None else Decimal(number)
        target = {"text": row["target"], **parts}
    columns = {key: row[key] for key in COLUMN_TERMS if row[key] is not None}
    return {
        **{key: row[key] for key in INDICATOR_TERMS},
        "target": target,
        **{key: Decimal(text) if text else None for key, text in columns.items()},
    }


def finding_of(row: Mapping[str, Any], file: str) -> Finding:
    """A finding out of its row, for a file that holds these bytes."""
    values = {key: row[key] for key in _FINDING}
    values["severity"] = Severity(row["severity"])
    values["layer"] = Layer(row["layer"])
    return Finding(**values, file=file, related=_texts(row["related"]))
