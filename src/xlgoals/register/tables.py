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

from xlgoals.vocabulary import COLUMN_TERMS, FORM_TERMS, INDICATOR_TERMS, KindName, Term

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
    comment="The version of these tables, under the key schema_version.",
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, comment="sha256 of the bytes"),
    Column(
        "rules", String(64), nullable=False, comment="digest of all that decides how they are read"
    ),
    Column("status", String(20), nullable=False, comment="ok, warnings, errors or rejected"),
    Column("layout", _NAME),
    Column("fiscal_year", Integer),
    Column("unit", _TEXT, comment="as filled in"),
    Column("modified", _TEXT, comment="when it was saved, as the document says it"),
    UniqueConstraint("digest", "rules"),
    comment="One reading of some bytes under some rules. Files of the same bytes share it.",
)

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", _NAME, nullable=False, comment="empty where rounds are not told apart"),
    Column("path", _TEXT, nullable=False),
    Column(
        "digest", String(64), nullable=False, comment="empty where its bytes were not to be had"
    ),
    Column("submission", ForeignKey("submissions.id")),
    Column("problem", _NAME, comment="a finding's code where there is no submission"),
    Column("modified", String(40), comment="by the file system"),
    Column("first_seen", String(40), nullable=False),
    Column(
        "current",
        Boolean,
        nullable=False,
        server_default=true(),
        comment="whether this is what the path held when it was last seen",
    ),
    UniqueConstraint("round", "path", "digest"),
    comment=(
        "Every file ever seen, by round and path; a path whose content changed has a row for each."
    ),
)

_TYPES: dict[str, Any] = {
    KindName.AMOUNT: BigInteger,
    KindName.YES_NO: Boolean,
    KindName.DATE: String(10),
}


def _term_columns(terms: dict[str, Term]) -> list[Column[Any]]:
    return [
        Column(key, _TYPES.get(term.kind, _TEXT), comment=_meaning(term))
        for key, term in terms.items()
    ]


def _meaning(term: Term) -> str:
    return f"{term.zh}, in 分" if term.kind == KindName.AMOUNT else term.zh


forms = Table(
    "forms",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("position", Integer, primary_key=True, comment="from 0, in the order of the sheets"),
    Column("sheet", _TEXT, nullable=False),
    Column("unit", _TEXT),
    Column("fields", _TEXT, nullable=False, comment="the keys of its layout as JSON, in order"),
    Column("own", _TEXT, nullable=False, comment="fields that only its layout has, as JSON"),
    *_term_columns(FORM_TERMS),
    comment="One project's form; what its layout does not have is null.",
)

indicators = Table(
    "indicators",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("form", Integer, primary_key=True, comment="the form's position"),
    Column("position", Integer, primary_key=True, comment="from 0, down the form"),
    *_term_columns(INDICATOR_TERMS),
    # Empty where the form has the column and it is blank.
    *_term_columns(COLUMN_TERMS),
    Column("target", _TEXT, comment="as filled in"),
    Column("operator", _TEXT),
    Column("number", _TEXT, comment="an exact decimal"),
    Column("unit", _TEXT),
    comment="One row of a form's indicators.",
)

findings = Table(
    "findings",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("position", Integer, primary_key=True, comment="from 0"),
    Column("code", _NAME, nullable=False),
    Column("severity", String(20), nullable=False, comment="error, warning or info"),
    Column("layer", String(20), nullable=False, comment="file, structure, cell or rule"),
    *(Column(key, _TEXT) for key in ("sheet", "cell", "field", "label")),
    Column("message", _TEXT, nullable=False),
    Column("value", _TEXT),
    Column("expected", _TEXT),
    Column("hint", _TEXT, nullable=False),
    Column("related", _TEXT, nullable=False, comment="further cells as JSON"),
    comment="One problem at one place.",
)

Index("files_by_digest", files.c.digest)
