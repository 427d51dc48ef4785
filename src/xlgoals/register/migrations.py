"""The schema of a register: made, brought up to date, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, inspect, select
from sqlalchemy.schema import CreateColumn

from xlgoals.language import Message
from xlgoals.register.engine import RegisterError, reading, shown, writing
from xlgoals.register.tables import files, forms, indicators, meta, metadata

_VERSION = "schema_version"


def _tell_what_is_current(connection: Connection) -> None:
    """1 → 2: of a path whose content changed, the register did not tell which came last."""
    _add_column(connection, files, files.c.current)
    last = select(func.max(files.c.id)).group_by(files.c.round, files.c.path)
    connection.execute(files.update().where(files.c.id.not_in(last)).values(current=False))


# The step at index n leads from version n + 1 to the next.
MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_tell_what_is_current,)
SCHEMA_VERSION = len(MIGRATIONS) + 1


def prepare(engine: Engine, *, must_exist: bool = False) -> None:
    """Make the tables of an empty database, or bring those of an older program up to date.

    Raises RegisterError for a database of a newer program, or of another one, and where
    ``must_exist`` for an empty one.
    """
    with reading(engine) as connection:
        version = _version(connection)
        if version is None and must_exist:
            raise RegisterError(Message("{where} 里还没有登记库", where=_shown(connection)))
        if version == SCHEMA_VERSION and not _lacking(connection):
            return
    with writing(engine) as connection:
        version = _version(connection)
        if version is None:
            metadata.create_all(connection)
            connection.execute(meta.insert().values(key=_VERSION, value=str(SCHEMA_VERSION)))
            return
        for step in MIGRATIONS[version - 1 :]:
            step(connection)
        connection.execute(
            meta.update().where(meta.c.key == _VERSION).values(value=str(SCHEMA_VERSION))
        )
        for table, column in _lacking(connection):
            _add_column(connection, table, column)


def _version(connection: Connection) -> int | None:
    """The version of the schema; None for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    said = None
    if meta.name in tables:
        said = connection.scalar(select(meta.c.value).where(meta.c.key == _VERSION))
    if said is None or not said.isdigit():
        raise RegisterError(Message("{where} 是别的数据库，不是登记库", where=_shown(connection)))
    if int(said) > SCHEMA_VERSION:
        raise RegisterError(
            Message(
                "登记库 {where} 由更新版本的程序写成"
                "（第{said}版，本程序只认识到第{known}版），请升级程序后再用",
                where=_shown(connection),
                said=said,
                known=SCHEMA_VERSION,
            )
        )
    return int(said)


def _shown(connection: Connection) -> str:
    return shown(connection.engine.url)


def _lacking(connection: Connection) -> list[tuple[Table, Column[Any]]]:
    """Fields that the vocabulary got since; they need no version, since none is required."""
    found = []
    for table in (forms, indicators):
        names = {column["name"] for column in inspect(connection).get_columns(table.name)}
        found += [(table, column) for column in table.columns if column.name not in names]
    return found


def _add_column(connection: Connection, table: Table, column: Column[Any]) -> None:
    name = connection.dialect.identifier_preparer.format_table(table)
    words = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {words}")
