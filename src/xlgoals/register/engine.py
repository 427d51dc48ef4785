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

from xlgoals.language import Message, enumerated, noted

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_INSERTS: dict[str, Any] = {_SQLITE: sqlite.insert, _POSTGRESQL: postgresql.insert}
_DRIVERS = {_POSTGRESQL: "postgresql+psycopg"}  # where a URL names none
_OPTIONS: dict[str, dict[str, Any]] = {
    # A long run outlives a restart of the server; whatever is said elsewhere, texts are UTF-8.
    _POSTGRESQL: {"pool_pre_ping": True, "connect_args": {"client_encoding": "utf8"}},
}
_PATIENCE = 120  # seconds that one process waits for another
_WRITES = "xlgoals_writes"
_LOCK = 0x786C676F616C73  # "xlgoals"; other programs in the same database use other numbers
_FOLDER_TOO = noted("没有写入的权限；登记库所在的文件夹也要能写入")
_NOT_YOUR_TURN = noted("别的程序一直在使用它，请稍后再试")
_SQLITE_WORDS = {
    sqlite3.SQLITE_CANTOPEN: noted(
        "打不开：它是文件夹，所在的文件夹不存在，或者没有权限；登记库所在的文件夹也要能写入"
    ),
    sqlite3.SQLITE_NOTADB: noted("这个文件不是登记库"),
    sqlite3.SQLITE_CORRUPT: noted("文件已损坏，请换成备份，或另用一个登记库重新汇总"),
    sqlite3.SQLITE_READONLY: _FOLDER_TOO,
    sqlite3.SQLITE_PERM: _FOLDER_TOO,
    sqlite3.SQLITE_FULL: noted("磁盘空间不够"),
    sqlite3.SQLITE_IOERR: noted("磁盘读写出错，或空间不够"),
    sqlite3.SQLITE_BUSY: _NOT_YOUR_TURN,
    sqlite3.SQLITE_LOCKED: _NOT_YOUR_TURN,
}
_LOCK_TIMEOUT = "55P03"  # of PostgreSQL
_SECRETS = ("password", "sslpassword")  # options of a URL that nobody is to see


class RegisterError(Exception):
    """The register cannot be used; the text says why."""


def parse_url(text: str) -> URL:
    """The URL of a register; a plain path is one of SQLite. Raises RegisterError."""
    scheme, is_url, _ = text.partition("://")
    if not is_url:
        return URL.create(_SQLITE, database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise RegisterError(
            Message("登记库的地址“{text}”无法理解", text=f"{scheme}://…")
        ) from error
    backend = url.get_backend_name()
    if backend not in _INSERTS:
        names = enumerated(_INSERTS)
        raise RegisterError(
            Message("登记库不支持 {backend}；可用：{names}", backend=backend, names=names)
        )
    if backend != _SQLITE and "@" in f"{url.host}{url.database}":
        # Part of a password was taken for the server's name: it must not be told to anybody.
        raise RegisterError(
            Message(
                "登记库的地址“{text}”无法理解：用户名和密码里的 @ 要写成 %40", text=f"{scheme}://…"
            )
        )
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def require_file(url: URL) -> None:
    """Raise RegisterError for a register of SQLite that would be gone with the connection."""
    if url.get_backend_name() == _SQLITE and (url.database or "").strip() in ("", ":memory:"):
        raise RegisterError(Message("没有写明登记库的文件名"))


def shown(url: URL) -> str:
    """A register as anybody may read it: its file, or its URL without the password."""
    if file := local_file(url):
        return str(file)
    told = url.difference_update_query(_SECRETS).set(drivername=url.get_backend_name())
    return told.render_as_string(hide_password=True)


def local_file(url: URL) -> Path | None:
    """The file that a register is, if it is one."""
    if url.get_backend_name() != _SQLITE or not url.database:
        return None
    return Path(url.database)


def make_engine(url: URL) -> Engine:
    """An engine for the URL. Raises RegisterError where its driver is not installed."""
    backend = url.get_backend_name()
    try:
        engine = create_engine(url, **_OPTIONS.get(backend, {}))
    except (ImportError, NoSuchModuleError) as error:
        told: object = error
        if backend == _POSTGRESQL:
            told = Message("请先运行 {command}", command="pip install 'xlgoals[postgres]'")
        raise RegisterError(
            Message("没有安装 {driver} 的驱动程序：{error}", driver=url.drivername, error=told)
        ) from error
    except (ArgumentError, ValueError) as error:
        raise RegisterError(Message("登记库 {where} 的地址无法理解", where=shown(url))) from error
    if backend == _SQLITE:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
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


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        # One writes at a time, as in SQLite: nobody overwrites what another has just seen, two
        # that make the tables make them once, and no two wait for each other. What others wrote
        # while this one waited is seen, since each statement looks anew.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


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
    except (SQLAlchemyError, UnicodeEncodeError) as error:
        cause = _cause(getattr(error, "orig", None) or error)
        raise RegisterError(
            Message("登记库 {where} 无法使用：{cause}", where=shown(engine.url), cause=cause)
        ) from error


def _cause(error: BaseException) -> str:
    """What is the matter, as far as known in words that say what to do."""
    said = " ".join(str(error).split())
    if isinstance(error, sqlite3.Error):
        # The lowest byte is the kind, what stands above it a refinement.
        words = _SQLITE_WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return Message(words) if words else said
    state = getattr(error, "sqlstate", said)
    if state == _LOCK_TIMEOUT:
        return Message(_NOT_YOUR_TURN)
    if state is None:  # the server had nothing to say
        return Message(
            "连接不上数据库服务器，请核对地址、数据库名、用户名和密码，并确认服务器在运行（{said}）",
            said=said,
        )
    return said


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return _INSERTS[connection.dialect.name](table)
