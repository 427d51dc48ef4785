"""A register's database asked by itself, past the register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, select

from xlgoals.register.engine import parse_url

_VERSION_1 = Path(__file__).parent / "data" / "register-1.sql"


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """An engine that leaves transactions to its database; in the end it lets that go."""
    engine = create_engine(parse_url(url))
    try:
        yield engine
    finally:
        engine.dispose()


def run_sql(url: str, *statements: str) -> list[Any]:
    """Run statements; the rows of the last, if it has any."""
    with engine_of(url) as engine, engine.begin() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        return list(results[-1]) if results[-1].returns_rows else []


def make_version_1(url: str) -> None:
    """A register as the first version of its schema had it."""
    old = ":memory:" if is_postgresql(url) else url
    with engine_of(old) as engine, engine.begin() as connection:
        script = _VERSION_1.read_text(encoding="utf-8")
        connection.connection.driver_connection.executescript(script)  # type: ignore[union-attr]
        if is_postgresql(url):
            _copy(connection, url)


def _copy(source: Any, url: str) -> None:
    """The same tables with the same rows, their numbers as the database itself gives them."""
    tables = MetaData()
    tables.reflect(source)
    with engine_of(url) as new, new.begin() as target:
        tables.create_all(target)
        for table in tables.sorted_tables:
            found = source.execute(select(table).order_by(*table.primary_key.columns))
            rows = [{key: row[key] for key in row if key != "id"} for row in found.mappings()]
            target.execute(table.insert(), rows)


def is_postgresql(url: str) -> bool:
    """Whether a register is one of PostgreSQL."""
    return url.startswith("postgresql")
