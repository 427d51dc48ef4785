"""The register as its users know it: put readings in, get submissions out."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from sys import intern
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, func, or_, select

from xlgoals.language import Message
from xlgoals.register.engine import (
    RegisterError,
    insert,
    local_file,
    make_engine,
    parse_url,
    reading,
    require_file,
    writing,
)
from xlgoals.register.migrations import prepare
from xlgoals.register.rows import AMOUNTS, Row, SubmissionRows, form_amounts, form_values
from xlgoals.register.tables import files, findings, forms, indicators, submissions
from xlgoals.vocabulary import KindName

_CHUNK = 500  # values that one query asks for: databases limit them
_FEW = 50  # files whose content is in memory at a time

_ORDER = (files.c.round, files.c.path, files.c.current, files.c.digest)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was found, and what was read from it unless that is known already."""

    path: str
    digest: str  # empty where its bytes were not to be had
    modified: datetime | None
    problem: str | None = None  # a finding's code: there was nothing to be read
    rows: SubmissionRows | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that the register knows, and the head of what was read from it."""

    round: str | None
    path: str
    digest: str
    modified: datetime | None  # by the file system
    problem: str | None
    submission: int | None
    status: str | None
    layout: str | None
    fiscal_year: int | None
    unit: str | None
    saved: str | None  # as the document says it
    current: bool  # whether this is what the path held when last seen


@dataclass(frozen=True, slots=True)
class FormHead:
    """What tells one form from others, and what forms are grouped and summed by."""

    submission: int
    position: int
    sheet: str
    unit: str | None
    project: str | None
    category: str | None
    amounts: Mapping[str, Decimal]  # in 元, by field; without those that are blank or refused
    indicators: int  # how many


class Tally(NamedTuple):
    """How many findings of a code a sheet has."""

    sheet: str | None  # None: they speak of the whole file
    code: str
    severity: str
    number: int


Forms = tuple[tuple[str, Row], ...]
"""The forms of one file: sheet and record."""
Findings = tuple[Mapping[str, Any], ...]
"""The findings of one file, as rows."""


def open_register(url: str, *, must_exist: bool = False) -> Register:
    """Open a register by URL or by the path of its SQLite file; a new one is made.

    Raises RegisterError where that cannot be done, where ``must_exist`` and there is none, and
    for a register of a newer program.
    """
    parsed = parse_url(url)
    require_file(parsed)
    file = local_file(parsed)
    if must_exist and file is not None and not file.is_file():
        raise RegisterError(Message("没有登记库 {file}", file=file))
    engine = make_engine(parsed)
    try:
        prepare(engine, must_exist=must_exist)
    except BaseException:
        engine.dispose()
        raise
    return Register(engine)


class Register:
    """An open register. Every method raises RegisterError where the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # A season goes on asking a register that is closed, which then connects again.
        weakref.finalize(self, engine.dispose)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    @property
    def file(self) -> str | None:
        """The path of the register's file, if it is one."""
        file = local_file(self._engine.url)
        return str(file) if file else None

    # --- in ---------------------------------------------------------------------------------------
    def known(self, digests: Sequence[str], rules: str) -> frozenset[str]:
        """Those of the digests whose bytes were read under the same rules already."""
        with reading(self._engine) as connection:
            return frozenset(_ids(connection, digests, rules))

    def store(self, round_: str | None, rules: str, batch: Sequence[Seen]) -> None:
        """Put a batch of files in, all of it or nothing. What is there already stays as it is."""
        batch = sorted(batch, key=lambda seen: seen.path)
        digests = [seen.digest for seen in batch]
        with writing(self._engine) as connection:
            # Nobody else writes now, but another process may have been quicker.
            known = _ids(connection, digests, rules)
            new = {s.digest: s.rows for s in batch if s.rows and s.digest not in known}
            heads = [{"digest": d, "rules": rules, **rows.submission} for d, rows in new.items()]
            if heads:
                connection.execute(submissions.insert(), heads)
            ids = _ids(connection, digests, rules)
            for table in (forms, indicators, findings):
                found = [
                    {"submission": ids[digest], **row}
                    for digest, rows in new.items()
                    for row in getattr(rows, table.name)
                ]
                if found:
                    connection.execute(table.insert(), found)
            _note_files(connection, round_ or "", batch, ids)

    # --- out --------------------------------------------------------------------------------------
    def returned(self, round_: str | None = None) -> list[Returned]:
        """Every file of a round, by path; older contents first."""
        return self._returned(files.c.round == (round_ or ""))

    def every_returned(self) -> Iterator[Returned]:
        """Every file of every round, by round, then likewise; a few are in memory at a time."""
        with reading(self._engine) as connection:
            ids = connection.scalars(select(files.c.id).order_by(*_ORDER)).all()
        for start in range(0, len(ids), _CHUNK):
            yield from self._returned(files.c.id.in_(ids[start : start + _CHUNK]))

    def returned_units(self) -> list[str | None]:
        """The units whose files were read, in whatever round, each as it was filled in."""
        query = select(submissions.c.unit).distinct().order_by(submissions.c.unit)
        with reading(self._engine) as connection:
            return list(connection.scalars(query))

    def returned_by(self, units: Sequence[str | None]) -> list[Returned]:
        """The files of such units in all rounds, by round and path."""
        named = submissions.c.unit.in_([unit for unit in units if unit is not None])
        return self._returned(or_(named, submissions.c.unit.is_(None)) if None in units else named)

    def _returned(self, which: ColumnElement[bool]) -> list[Returned]:
        query = (
            select(
                files.c.round,
                files.c.path,
                files.c.digest,
                files.c.modified,
                files.c.problem,
                files.c.submission,
                submissions.c.status,
                submissions.c.layout,
                submissions.c.fiscal_year,
                submissions.c.unit,
                submissions.c.modified,
                files.c.current,
            )
            .select_from(files.outerjoin(submissions, files.c.submission == submissions.c.id))
            .where(which)
            .order_by(*_ORDER)
        )
        with reading(self._engine) as connection:
            return [
                Returned(name or None, path, digest, _time(modified), *rest)
                for name, path, digest, modified, *rest in connection.execute(query)
            ]

    def form_heads(self, round_: str | None = None) -> dict[int, list[FormHead]]:
        """The heads of all forms of a round by submission, in sheet order."""
        return self._form_heads(forms.c.submission.in_(_of_round(round_)))

    def form_heads_of(self, ids: Sequence[int]) -> dict[int, list[FormHead]]:
        """The heads of the forms of some submissions, likewise."""
        found: dict[int, list[FormHead]] = {}
        for start in range(0, len(ids), _CHUNK):
            found |= self._form_heads(forms.c.submission.in_(ids[start : start + _CHUNK]))
        return found

    def _form_heads(self, which: ColumnElement[bool]) -> dict[int, list[FormHead]]:
        columns = (forms.c.submission, forms.c.position, forms.c.sheet, forms.c.unit)
        grouped = (forms.c.project_name, forms.c.project_category)
        counted = and_(
            indicators.c.submission == forms.c.submission, indicators.c.form == forms.c.position
        )
        count = select(func.count()).select_from(indicators).where(counted).scalar_subquery()
        amounts = (forms.c[key] for key in AMOUNTS)
        said = select(*columns, *grouped, count, forms.c.own, *amounts)
        query = said.where(which).order_by(*columns[:2])
        with reading(self._engine) as connection:
            heads = [_head(*row) for row in connection.execute(query)]
        return {key: list(group) for key, group in groupby(heads, lambda head: head.submission)}

    def tallies(self, round_: str | None = None) -> dict[int, list[Tally]]:
        """How many findings the files of a round have, by submission."""
        columns = (findings.c.sheet, findings.c.code, findings.c.severity)
        query = (
            select(findings.c.submission, *columns, func.count())
            .where(findings.c.submission.in_(_of_round(round_)))
            .group_by(findings.c.submission, *columns)
        )
        found: dict[int, list[Tally]] = {}
        with reading(self._engine) as connection:
            for submission, sheet, code, *counted in connection.execute(query):
                tally = Tally(sheet and intern(sheet), intern(code), *counted)
                found.setdefault(submission, []).append(tally)
        return found

    def rounds(self) -> list[str]:
        """The rounds that files were stored under, without the nameless one."""
        named = select(files.c.round).where(files.c.round != "").distinct()
        with reading(self._engine) as connection:
            return sorted(connection.scalars(named))

    def own_kinds(self) -> dict[str, str]:
        """The kinds of all fields that only some layouts have; text where they differ on one."""
        alike = forms.c.fields, submissions.c.rules  # what has the same fields of the same kinds
        one_each = select(func.max(forms.c.own)).select_from(forms.join(submissions))
        kinds: dict[str, str] = {}
        with reading(self._engine) as connection:
            for own in connection.scalars(one_each.group_by(*alike).order_by(*alike)):
                for key, (kind, _) in json.loads(own).items():
                    kinds[key] = kind if kinds.get(key, kind) == kind else KindName.TEXT
        return kinds

    def forms(self, ids: Sequence[int]) -> Iterator[Forms]:
        """The forms of each submission, in the order asked for; a few are read at a time."""
        return self._by_chunks(_forms, ids)

    def findings(self, ids: Sequence[int]) -> Iterator[Findings]:
        """The findings of each submission, likewise."""
        return self._by_chunks(_findings, ids)

    def _by_chunks(
        self, read: Callable[[Connection, Sequence[int]], Mapping[int, T]], ids: Sequence[int]
    ) -> Iterator[T]:
        for start in range(0, len(ids), _FEW):
            chunk = ids[start : start + _FEW]
            with reading(self._engine) as connection:
                found = read(connection, chunk)
            yield from (found[key] for key in chunk)


def _ids(connection: Connection, digests: Sequence[str], rules: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(digests), _CHUNK):
        chosen = submissions.c.digest.in_(digests[start : start + _CHUNK])
        query = select(submissions.c.digest, submissions.c.id).where(
            and_(submissions.c.rules == rules, chosen)
        )
        found.update((digest, key) for digest, key in connection.execute(query))
    return found


def _note_files(
    connection: Connection, round_: str, batch: Sequence[Seen], ids: Mapping[str, int]
) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    noted = [
        {
            "round": round_,
            "path": seen.path,
            "digest": seen.digest,
            "submission": None if seen.problem else ids[seen.digest],
            "problem": seen.problem,
            "modified": seen.modified.isoformat() if seen.modified else None,
            "first_seen": now,
            "current": True,
        }
        for seen in batch
    ]
    if not noted:
        return
    same = and_(files.c.round == round_, files.c.path.in_([seen.path for seen in batch]))
    connection.execute(files.update().where(same, files.c.current).values(current=False))
    query = insert(connection, files)
    news = {key: query.excluded[key] for key in ("submission", "problem", "modified", "current")}
    unique = ("round", "path", "digest")
    connection.execute(query.on_conflict_do_update(index_elements=unique, set_=news), noted)


def _head(
    submission: int, position: int, sheet: str, unit: str | None, project: str | None,
    category: str | None, count: int, own: str, *fen: int | None,
) -> FormHead:  # fmt: skip
    amounts = form_amounts(own, fen)
    return FormHead(submission, position, sheet, unit, project, category, amounts, count)


def _of_round(round_: str | None) -> Select[tuple[int | None]]:
    """The submissions of a round."""
    known = and_(files.c.round == (round_ or ""), files.c.submission.is_not(None))
    return select(files.c.submission).where(known)


def _forms(connection: Connection, ids: Sequence[int]) -> dict[int, Forms]:
    heads = select(submissions.c.id, submissions.c.layout, submissions.c.fiscal_year)
    said = {row.id: row for row in connection.execute(heads.where(submissions.c.id.in_(ids)))}
    rows_of_forms = _by_submission(connection, forms, ids)
    rows_of_indicators = _by_submission(connection, indicators, ids)
    return {
        key: tuple(
            (
                form["sheet"],
                form_values(
                    said[key].layout,
                    said[key].fiscal_year,
                    form,
                    [r for r in rows_of_indicators[key] if r["form"] == form["position"]],
                ),
            )
            for form in rows_of_forms[key]
        )
        for key in ids
    }


def _findings(connection: Connection, ids: Sequence[int]) -> dict[int, Findings]:
    return {key: tuple(rows) for key, rows in _by_submission(connection, findings, ids).items()}


def _by_submission(
    connection: Connection, table: Table, ids: Sequence[int]
) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {key: [] for key in ids}
    query = select(table).where(table.c.submission.in_(ids)).order_by(*table.primary_key.columns)
    keys = [column.name for column in table.columns]
    at = keys.index("submission")
    for row in connection.execute(query).all():
        found[row[at]].append(dict(zip(keys, row, strict=True)))
    return found


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
