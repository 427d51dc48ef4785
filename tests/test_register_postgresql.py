"""What only a register on a PostgreSQL server can meet: passwords, rights, a server that goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from postgres import PostgresServer
from raw_sql import run_sql
from returned import put, roster_row
from xlgoals import consolidate
from xlgoals.cli.main import cli
from xlgoals.register import RegisterError, engine, open_register
from xlgoals.register.engine import make_engine, parse_url, reading, writing
from xlgoals.register.register import Seen
from xlgoals.register.tables import files
from xlgoals.summary import write
from xlgoals.summary.write import write_summary

pytestmark = pytest.mark.slow

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    return postgresql.new_database()


@pytest.fixture
def inbox(tmp_path: Path, examples_dir: Path) -> Path:
    """Versions, units, mistakes, and a file that is none; names that databases sort otherwise."""
    folder = tmp_path / "inbox"
    put(folder, "a.xlsx", saved="2020-03-01T08:00:00Z")
    put(folder, "B.xlsx", saved="2020-03-02T08:00:00Z", projects={0: "=1+1"})
    put(folder, "阿/_.xlsx", unit="乙单位", saved="2020-03-01T08:00:00Z")
    put(folder, "Z/é.xlsx", unit="丙 单位", saved="2020-03-01T08:00:00Z")
    shutil.copy(examples_dir / "mistakes-2020.xlsx", folder / "中.xlsx")
    shutil.copy(folder / "a.xlsx", folder / "a (1).xlsx")
    (folder / "bad.xlsx").write_bytes(b"PK\3\4")
    return folder


# --- the same as in SQLite ------------------------------------------------------------------------
def test_both_databases_give_the_same_exports_and_the_same_summary(
    inbox: Path, tmp_path: Path, postgresql: PostgresServer, url: str
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("单位代码,单位名称,联系人,项目名称\n1,甲单位,,\n2,丁单位,,\n", "utf-8")
    told: list[dict[str, bytes]] = []
    for register in (str(tmp_path / "season.db"), url):
        summary = tmp_path / "summary.xlsx"
        asked = ("--register", register, "--roster", roster)
        results = {
            "consolidate": run("consolidate", inbox, "-o", summary, *asked),
            "status": run("status", *asked, "--format", "json"),
            **{
                f"{what} {format_} {' '.join(more)}": run(
                    *("export", "--register", register, "--what", what, "--format", format_, *more)
                )
                for what in ("forms", "indicators", "findings", "files")
                for format_, *more in (("csv",), ("jsonl", "--history"))
            },
        }
        assert {result.exit_code for result in results.values()} == {0, 1}
        assert not any(result.stderr for result in results.values())
        told.append({name: result.stdout_bytes for name, result in results.items()})
        told[-1]["summary"] = summary.read_bytes()
        assert not any(
            secret.encode() in output
            for secret in (postgresql.password, quote(postgresql.password, safe=""))
            for output in told[-1].values()
        )
    assert told[0] == told[1]
    assert consolidate([inbox], register=url) == consolidate([inbox])


def test_there_is_one_name_for_the_database_whether_or_not_its_driver_is_named(url: str) -> None:
    open_register(url).close()
    named = url.replace("postgresql:", "postgresql+psycopg:")
    with open_register(named, must_exist=True) as register:
        register.store(None, "rules", [Seen("a.xlsx", "", None, "p")])
        assert register.file is None
    with open_register(url) as register:
        assert [file.path for file in register.returned()] == ["a.xlsx"]


def test_a_schema_of_its_own_keeps_a_register_apart(url: str) -> None:
    run_sql(url, "CREATE SCHEMA year2020", "CREATE TABLE cats (name TEXT)")
    own = f"{url}&options=-csearch_path%3Dyear2020"
    with open_register(own) as register:
        register.store(None, "rules", [Seen("a.xlsx", "", None, "p")])
    with open_register(own, must_exist=True) as register:
        assert [file.path for file in register.returned()] == ["a.xlsx"]
    with pytest.raises(RegisterError, match="是别的数据库"):
        open_register(url)


def test_a_password_may_stand_in_the_environment(
    postgresql: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = url.replace(f":{quote(postgresql.password, safe='')}@", "@")
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(RegisterError, match="no password supplied"):
        open_register(without)
    monkeypatch.setenv("PGPASSWORD", postgresql.password)
    open_register(without).close()


# --- who may not enter ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("database", "password", "said"),
    [
        ("postgres", "wrong/geheim", "password authentication failed"),
        ("nowhere", None, "does not exist"),
    ],
)
@pytest.mark.parametrize("command", ["status", "export", "consolidate"])
def test_who_is_not_let_in_gets_a_clear_error_without_the_password(
    postgresql: PostgresServer,
    tmp_path: Path,
    command: str,
    database: str,
    password: str | None,
    said: str,
) -> None:
    register = postgresql.url(database, password)
    more = (tmp_path, "-o", tmp_path / "s.xlsx") if command == "consolidate" else ()
    result = run(command, "--register", register, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "登记库 postgresql://" in result.stderr
    for secret in ("geheim", postgresql.password, quote(postgresql.password, safe="")):
        assert secret not in result.stderr


def test_who_may_only_read_reads(postgresql: PostgresServer, url: str, inbox: Path) -> None:
    consolidate([inbox], register=url)
    run_sql(
        url,
        "CREATE ROLE analyst LOGIN PASSWORD 'look'",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst",
    )
    own = url.replace(url.partition("@")[0], "postgresql://analyst:look")
    result = run("export", "--register", own, "--format", "jsonl")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == run("export", "--register", url, "--format", "jsonl").stdout
    with open_register(own) as register, pytest.raises(RegisterError, match="permission denied"):
        register.store(None, "rules", [Seen("a.xlsx", "", None, "p")])


# --- a server that goes ---------------------------------------------------------------------------
def test_a_run_goes_on_when_its_connections_are_cut_in_between(inbox: Path, url: str) -> None:
    def cut_off(done: int, total: int) -> None:
        run_sql(url, CUT_OFF)

    season = consolidate([inbox], register=url, jobs=1, progress=cut_off)
    assert season == consolidate([inbox])


def test_a_transaction_that_is_cut_leaves_nothing(url: str) -> None:
    open_register(url).close()
    opened = make_engine(parse_url(url))

    def cut_in_the_middle() -> None:
        with writing(opened) as connection:
            row = {"round": "", "digest": "", "first_seen": ""}
            connection.execute(files.insert().values(path="a.xlsx", **row))
            run_sql(url, CUT_OFF)
            connection.execute(files.insert().values(path="b.xlsx", **row))

    with pytest.raises(RegisterError, match="无法使用"):
        cut_in_the_middle()
    opened.dispose()
    with open_register(url) as register:
        assert register.returned() == []


def test_a_server_that_goes_is_told_and_nothing_is_lost(
    inbox: Path, postgresql: PostgresServer, url: str
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            postgresql.stop()

    try:
        with pytest.raises(RegisterError, match=r"无法使用：连接不上数据库服务器.*connection"):
            consolidate([inbox], register=url, jobs=1, progress=stop)
        assert run("status", "--register", url).exit_code == 2
    finally:
        postgresql.start()
    roster = [roster_row("甲单位")]
    assert consolidate([inbox], register=url, roster=roster) == consolidate([inbox], roster=roster)


def test_a_server_that_goes_before_the_summary_is_written_is_told(
    inbox: Path,
    tmp_path: Path,
    postgresql: PostgresServer,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop_and_write(*arguments: Any) -> None:
        postgresql.stop()
        write_summary(*arguments)

    monkeypatch.setattr(write, "write_summary", stop_and_write)
    summary = tmp_path / "summary.xlsx"
    try:
        result = run("consolidate", inbox, "-o", summary, "--register", url)
    finally:
        postgresql.start()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "登记库 postgresql://" in result.stderr
    assert not summary.exists()
    monkeypatch.undo()
    assert run("consolidate", inbox, "-o", summary, "--register", url).exit_code == 1
    assert summary.exists()


# --- one writes at a time -------------------------------------------------------------------------
def test_who_waits_too_long_for_another_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_register(url) as register:
        opened = make_engine(parse_url(url))
        with writing(opened):
            monkeypatch.setattr(engine, "_PATIENCE", 1)
            with pytest.raises(RegisterError, match="别的程序一直在使用它"):
                register.store(None, "rules", [Seen("a.xlsx", "", None, "p")])
            assert register.returned() == []  # who only reads does not wait
        opened.dispose()


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_whatever_isolation_a_database_prefers(url: str, level: str) -> None:
    (name,) = run_sql(url, "SELECT current_database()")[0]
    run_sql(url, f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
    open_register(url).close()
    one, other = make_engine(parse_url(url)), make_engine(parse_url(url))
    with reading(one) as connection:
        count = "SELECT count(*) FROM files"
        assert connection.exec_driver_sql(count).scalar() == 0
        with open_register(url) as register:
            for path in ("a.xlsx", "b.xlsx"):
                register.store(None, "rules", [Seen(path, "", None, "p")])
        assert connection.exec_driver_sql(count).scalar() == 0  # one state throughout
    with writing(other) as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    for opened in (one, other):
        opened.dispose()


def test_texts_are_utf_8_whatever_the_surroundings_say(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    with open_register(url) as register:
        register.store("一上", "rules", [Seen("é🙂.xlsx", "", None, "p")])
        assert [file.path for file in register.returned("一上")] == ["é🙂.xlsx"]
