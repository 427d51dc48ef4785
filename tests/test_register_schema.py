"""What a register is made of: of this program, an older or a newer one, or no register at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

import xlgoals
from raw_sql import engine_of, is_postgresql, make_version_1, run_sql
from xlgoals.register import RegisterError, migrations, open_register
from xlgoals.register.migrations import SCHEMA_VERSION
from xlgoals.register.register import Seen
from xlgoals.register.rows import submission_rows
from xlgoals.register.tables import metadata


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "season.db"


# --- versions of the schema -----------------------------------------------------------------------
def test_a_register_of_a_newer_program_is_refused(register_url: str) -> None:
    open_register(register_url).close()
    run_sql(
        register_url,
        f"UPDATE meta SET value = '{SCHEMA_VERSION + 1}'",
        "ALTER TABLE forms DROP COLUMN basis",
    )
    with pytest.raises(RegisterError, match="由更新版本的程序写成"):
        open_register(register_url)
    assert "basis" not in columns(register_url)["forms"]


def test_a_file_of_a_newer_program_stays_as_it_is(place: Path) -> None:
    open_register(str(place)).close()
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE meta SET value = ?", (str(SCHEMA_VERSION + 1),))
    before = place.read_bytes()
    with pytest.raises(RegisterError, match="由更新版本的程序写成"):
        open_register(str(place))
    assert place.read_bytes() == before


def columns(url: str) -> dict[str, set[str]]:
    """The names of the columns of each table."""
    with engine_of(url) as engine:
        found = inspect(engine)
        return {
            table: {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
        }


def test_a_register_of_version_1_is_migrated(register_url: str, examples_dir: Path) -> None:
    make_version_1(register_url)
    with open_register(register_url) as register:
        files = register.returned()
        assert [(f.path, f.digest[:2], f.current) for f in files] == [
            ("a.xlsx", "d1", False),
            ("a.xlsx", "d2", True),
        ]
        (forms,) = register.forms([1])
        assert forms[0][1]["total_budget"] == Decimal("650000")
        rows = submission_rows(xlgoals.read(examples_dir / "filled-2020.xlsx"))
        register.store(None, "r", [Seen("b", "d3", None, None, rows)])
    assert run_sql(register_url, "SELECT value FROM meta") == [(str(SCHEMA_VERSION),)]


def test_a_migrated_register_has_the_columns_of_a_new_one(
    new_register: Callable[[], str],
) -> None:
    old, new = new_register(), new_register()
    make_version_1(old)
    for url in (old, new):
        open_register(url).close()
    assert columns(old) == columns(new)


def test_a_migration_that_fails_leaves_the_register_as_it_was(
    register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_version_1(register_url)
    before = columns(register_url)

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT nothing")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, fail))
    with pytest.raises(RegisterError):
        open_register(register_url)
    assert columns(register_url) == before
    monkeypatch.undo()
    with open_register(register_url) as register:
        assert [file.current for file in register.returned()] == [False, True]


def test_a_migrated_file_has_the_schema_of_a_new_one(place: Path, tmp_path: Path) -> None:
    make_version_1(str(place))
    open_register(str(place)).close()
    new = tmp_path / "new.db"
    open_register(str(new)).close()

    def described(path: Path) -> set[tuple[str, str, str, int]]:
        with closing(sqlite3.connect(path)) as connection:
            return {
                (table, name, kind, notnull)
                for table in metadata.tables
                for _, name, kind, notnull, *_ in connection.execute(f"PRAGMA table_info({table})")
            }

    assert described(place) == described(new)


def test_fields_that_the_vocabulary_got_since_are_added(register_url: str) -> None:
    open_register(register_url).close()
    run_sql(register_url, "ALTER TABLE forms DROP COLUMN basis")
    with open_register(register_url) as register:
        assert register.form_heads() == {}
    assert "basis" in columns(register_url)["forms"]


# --- what is no register --------------------------------------------------------------------------
def no_database(place: Path) -> str:
    place.write_bytes(b"PK\3\4 no database" * 100)
    return str(place)


def test_another_database_is_told_as_such(register_url: str) -> None:
    run_sql(register_url, "CREATE TABLE cats (name TEXT)")
    with pytest.raises(RegisterError, match="是别的数据库，不是登记库"):
        open_register(register_url)
    assert columns(register_url) == {"cats": {"name"}}


def test_an_empty_database_is_no_register_yet(register_url: str, place: Path) -> None:
    if not is_postgresql(register_url):
        Path(register_url).touch()
    with pytest.raises(RegisterError, match="还没有登记库"):
        open_register(register_url, must_exist=True)
    assert columns(register_url) == {}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_database, "无法使用"),
        (lambda place: str(place.parent / "nowhere" / "season.db"), "无法使用"),
        (lambda place: "oracle://there/season", "登记库不支持 oracle"),
        (lambda place: "://", "无法理解"),
        (
            lambda place: "postgresql+nothing://there/season",
            "没有安装 postgresql.nothing 的驱动",
        ),
    ],
)
def test_what_is_no_register_gets_a_clear_error(
    place: Path, make: Callable[[Path], str], said: str
) -> None:
    with pytest.raises(RegisterError, match=said):
        open_register(make(place))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://me:secret@127.0.0.1:1/s",
            "登记库 postgresql://me:***@127.0.0.1:1/s 无法",
        ),
        (
            "postgresql://me@127.0.0.1:1/s?password=secret",
            "登记库 postgresql://me@127.0.0.1:1/s 无",
        ),
        ("postgresql://me:se@secret@127.0.0.1:1/s", "密码里的 @ 要写成 %40"),
        ("postgresql://me:se@x/secret@127.0.0.1:1/s", "密码里的 @ 要写成 %40"),
        ("postgresql://me:se@a:secret@127.0.0.1:1/s", "无法理解"),
        ("postgresql://me:secret@127.0.0.1:port/season", "无法理解"),
        ("mysql://me:secret@127.0.0.1:1/s", "不支持 mysql"),
    ],
)
def test_a_password_is_not_shown(url: str, said: str) -> None:
    with pytest.raises(RegisterError) as caught:
        open_register(url)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_without_its_driver_a_database_says_what_to_install() -> None:
    code = "import sys; sys.modules['psycopg'] = None\nfrom xlgoals.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "status", "--register", "postgresql://me:secret@h/x"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'xlgoals[postgres]'" in done.stderr
    assert "secret" not in done.stderr
