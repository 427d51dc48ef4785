"""Connections to the register's database, and what only one kind of database needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

_SQLITE = "sqlite"
_INSERTS: dict[str, Any] = {_SQLITE: sqlite.insert, "postgresql": postgresql.insert}
_PATIENCE = 120  # seconds that one process waits for another
_WRITES = "xlgoals_writes"


class RegisterError(Exception):
    """The register cannot be used; the text says why."""


def parse_url(text: str) -> URL:
    """The URL of a register; a plain path is one of SQLite. Raises RegisterError."""
    try:
        url = make_url(text) if "://" in text else URL.create(_SQLITE, database=text)
    except ArgumentError as error:
        raise RegisterError(f"登记库的地址“{text}”无法理解") from error
    if url.get_backend_name() not in _INSERTS:
        raise RegisterError(f"登记库不支持 {url.get_backend_name()}；可用：{'、'.join(_INSERTS)}")
    return url


def local_file(url: URL) -> Path | None:
    """The file that a register is, if it is one."""
    if url.get_backend_name() != _SQLITE or not url.database:
        return None
    return Path(url.database)


def make_engine(url: URL) -> Engine:
    """An engine for the URL. Raises RegisterError where its driver is not installed."""
    try:
        engine = create_engine(url)
    except (ImportError, NoSuchModuleError) as error:
        raise RegisterError(f"没有安装 {url.drivername} 的驱动程序：{error}") from error
    if engine.dialect.name == _SQLITE:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions begin where we say so, not where the driver guesses.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE * 1000}")
    connection.execute("PRAGMA foreign_keys=ON")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        # Then readers and the writer do not wait for each other. A folder on a network may not
        # allow it, and another process may be just there: it works without, too.
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise


def _begin_sqlite(connection: Connection) -> None:
    # Who means to write waits at once: two that read first and then write would refuse each other.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database. Raises RegisterError."""
    with _told(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction: all of it or nothing. Raises RegisterError."""
    with (
        _told(engine),
        engine.execution_options(**{_WRITES: True}).begin() as connection,
    ):
        yield connection


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        where = engine.url.render_as_string(hide_password=True)
        raise RegisterError(f"登记库 {where} 无法使用：{cause}") from error


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return _INSERTS[connection.dialect.name](table)
