"""The tables of the register, in words that every database knows.

Amounts are integers in 分, dates and times ISO texts, numbers of targets exact decimals as text:
nothing passes through a binary float.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.dialects import postgresql

from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, KindName

metadata = MetaData()

# Sorted by code points everywhere, whatever language a database is set up for; and PostgreSQL
# takes texts of any length, as SQLite does whatever length is named.
_SORTED = postgresql.TEXT(collation="C")
_TEXT = Text().with_variant(_SORTED, "postgresql")
_NAME = String(80).with_variant(_SORTED, "postgresql")

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", _TEXT, nullable=False),
)

# One reading of some bytes under some rules. Files of the same bytes share it.
submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),  # sha256 of the bytes
    Column("rules", String(64), nullable=False),  # of all that decides how they are read
    Column("status", String(20), nullable=False),
    Column("layout", _NAME),
    Column("fiscal_year", Integer),
    Column("unit", _TEXT),
    Column("modified", _TEXT),  # as the document says it
    UniqueConstraint("digest", "rules"),
)

# Every file ever seen, by round and path; a path whose content changed has a row for each.
files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", _NAME, nullable=False),  # empty where rounds are not told apart
    Column("path", _TEXT, nullable=False),
    Column("digest", String(64), nullable=False),  # empty where its bytes were not to be had
    Column("submission", ForeignKey("submissions.id")),
    Column("problem", _NAME),  # the finding's code where there is no submission
    Column("modified", String(40)),  # by the file system
    Column("first_seen", String(40), nullable=False),
    # Whether this is what the path held when it was last seen.
    Column("current", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("round", "path", "digest"),
)

_TYPES: dict[str, Any] = {
    KindName.AMOUNT: BigInteger,
    KindName.YES_NO: Boolean,
    KindName.DATE: String(10),
}


def _term_columns(terms: dict[str, Any]) -> list[Column[Any]]:
    return [Column(key, _TYPES.get(term.kind, _TEXT)) for key, term in terms.items()]


forms = Table(
    "forms",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sheet", _TEXT, nullable=False),
    Column("unit", _TEXT),
    Column("fields", _TEXT, nullable=False),  # the keys of its layout as JSON, in order
    Column("own", _TEXT, nullable=False),  # fields that only its layout has, as JSON
    *_term_columns(FORM_TERMS),
)

indicators = Table(
    "indicators",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("form", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    *_term_columns(INDICATOR_TERMS),
    *_term_columns(COLUMN_TERMS),  # exact numbers as text; empty: the form has it, and it is blank
    Column("target", _TEXT),
    Column("operator", _TEXT),
    Column("number", _TEXT),
    Column("unit", _TEXT),
)

findings = Table(
    "findings",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", _NAME, nullable=False),
    Column("severity", String(20), nullable=False),
    Column("layer", String(20), nullable=False),
    *(Column(key, _TEXT) for key in ("sheet", "cell", "field", "label")),
    Column("message", _TEXT, nullable=False),
    Column("value", _TEXT),
    Column("expected", _TEXT),
    Column("hint", _TEXT, nullable=False),
    Column("related", _TEXT, nullable=False),  # as JSON
)

Index("files_by_digest", files.c.digest)
