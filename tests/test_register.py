"""The register: exact, content-addressed, migrated or refused, safe for several at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

import xlgoals
from raw_sql import engine_of, is_postgresql, make_version_1, run_sql
from xlgoals.register import Register, RegisterError, migrations, open_register
from xlgoals.register.migrations import SCHEMA_VERSION
from xlgoals.register.register import Seen
from xlgoals.register.rows import finding_of, submission_rows, to_fen, to_yuan
from xlgoals.register.tables import metadata
from xlgoals.submission import Submission

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
TOLD = datetime(2020, 3, 1, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "season.db"


@pytest.fixture
def register(register_url: str) -> Iterator[Register]:
    with open_register(register_url) as opened:
        yield opened


@pytest.fixture(scope="module", params=["filled-2020.xlsx", "mistakes-2020.xlsx"])
def submission(request: pytest.FixtureRequest, examples_dir: Path) -> Submission:
    return xlgoals.read(examples_dir / request.param)


def seen(path: str, digest: str, submission: Submission | None = None) -> Seen:
    return Seen(path, digest, TOLD, None, submission_rows(submission) if submission else None)


# --- exact data -----------------------------------------------------------------------------------
def test_what_goes_in_comes_out(register: Register, submission: Submission) -> None:
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    (file,) = register.returned()
    assert (file.status, file.fiscal_year, file.unit) == (
        submission.status,
        2020,
        "上海市科学技术协会学会服务中心",
    )
    (forms,) = register.forms([file.submission or 0])
    assert [(r.sheet, r.values) for r in submission.records] == list(forms)
    (rows,) = register.findings([file.submission or 0])
    assert tuple(finding_of(row, submission.file) for row in rows) == submission.findings


def test_heads_and_tallies_say_what_forms_and_findings_say(
    register: Register, examples_dir: Path
) -> None:
    submission = xlgoals.read(examples_dir / "mistakes-2020.xlsx")
    register.store("一上", "rules", [seen("a.xlsx", "d1", submission)])
    (key,) = register.form_heads("一上")
    for head, record in zip(register.form_heads("一上")[key], submission.records, strict=True):
        values = record.values
        amounts = {key: value for key, value in values.items() if isinstance(value, Decimal)}
        assert (head.sheet, head.project, head.category, head.amounts, head.indicators) == (
            record.sheet,
            values["project_name"],
            values["project_category"],
            amounts,
            len(values["indicators"]),
        )
    counted = Counter((f.sheet, f.code, f.severity) for f in submission.findings)
    assert {tally[:3]: tally.number for tally in register.tallies("一上")[key]} == counted
    assert not register.form_heads()
    assert not register.tallies()
    assert register.form_heads_of(list(register.form_heads("一上"))) == register.form_heads("一上")


def test_amounts_are_integers_in_fen(
    register: Register, register_url: str, examples_dir: Path
) -> None:
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    kind_of = "pg_typeof" if is_postgresql(register_url) else "typeof"
    query = f"SELECT CAST({kind_of}(total_budget) AS TEXT), total_budget FROM forms"
    kind, fen = run_sql(register_url, f"{query} ORDER BY position")[0]
    assert kind in ("integer", "bigint")
    assert fen == 65_000_000


@pytest.mark.parametrize("text", ["0", "0.01", "0.1", "0.29", "1.1", "650000", "999999999999.99"])
def test_an_amount_survives_to_the_fen(text: str) -> None:
    amount = Decimal(text)
    assert str(to_yuan(to_fen(amount))) == text


def test_less_than_a_fen_is_refused() -> None:
    with pytest.raises(ValueError, match="分以下"):
        to_fen(Decimal("0.005"))


def test_no_column_is_a_binary_float() -> None:
    ddl = "".join(str(CreateTable(t).compile(dialect=POSTGRESQL)) for t in metadata.sorted_tables)
    assert not any(word in ddl for word in ("FLOAT", "DOUBLE", "REAL", "NUMERIC"))


def test_half_characters_are_kept_as_escapes(register: Register, examples_dir: Path) -> None:
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    broken = replace(submission.findings[0], value="坏\ud800字", sheet="\udfff")
    submission = replace(submission, findings=(broken,))
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    ((row,),) = register.findings([1])
    assert (row["value"], row["sheet"]) == ("坏\\ud800字", "\\udfff")


def test_zeros_are_kept_as_escapes(register: Register, examples_dir: Path) -> None:
    submission = xlgoals.read(examples_dir / "filled-2020.xlsx")
    broken = replace(submission.findings[0], value="坏\0字", related=("\0\ud800!A1",))
    submission = replace(submission, findings=(broken,), modified="\0")
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    ((row,),) = register.findings([1])
    found = finding_of(row, "a.xlsx")
    assert (found.value, found.related) == ("坏\\x00字", ("\\x00\\ud800!A1",))


def test_texts_are_kept_however_long(register: Register, submission: Submission) -> None:
    rows = submission_rows(submission)
    rows.findings[0].update(code="很长" * 100, value="长" * 100_000)
    rows.submission.update(layout="a" * 200)
    register.store("轮" * 200, "rules", [Seen("a.xlsx", "d1", TOLD, None, rows)])
    register.store("轮" * 200, "rules", [Seen("b.xlsx", "", TOLD, "p" * 200)])
    one, other = register.returned("轮" * 200)
    assert (one.layout, other.problem) == ("a" * 200, "p" * 200)
    ((row, *_),) = register.findings([1])
    assert (row["code"], len(row["value"])) == ("很长" * 100, 100_000)


def test_order_is_that_of_code_points(register: Register) -> None:
    names = ["a", "B", "_", "中", "阿", "é", "Z", "b", "10", "9", "-1", "ａ"]
    register.store("二上", "rules", [Seen(name, "", TOLD, "p") for name in names])
    register.store("一上", "rules", [Seen(name, "", TOLD, "p") for name in names])
    found = [(file.round, file.path) for file in register.every_returned()]
    assert found == [(round_, name) for round_ in ("一上", "二上") for name in sorted(names)]


def test_what_no_database_takes_is_a_clear_error(register: Register) -> None:
    with pytest.raises(RegisterError, match="无法使用"):
        register.returned("\udcff")


# --- content-addressed ----------------------------------------------------------------------------
def test_the_same_bytes_under_the_same_rules_are_known(
    register: Register, submission: Submission
) -> None:
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    assert register.known(["d1", "d2"], "rules") == {"d1"}
    assert register.known(["d1"], "other rules") == frozenset()


def test_storing_again_changes_nothing(register: Register, submission: Submission) -> None:
    for _ in range(2):
        register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    assert len(register.returned()) == 1
    assert list(register.form_heads()) == [1]


def test_a_path_with_new_content_keeps_its_history(
    register: Register, submission: Submission
) -> None:
    register.store(None, "rules", [seen("a.xlsx", "d1", submission)])
    register.store(None, "rules", [seen("a.xlsx", "d2", submission)])
    assert [(f.digest, f.current) for f in register.returned()] == [("d1", False), ("d2", True)]
    register.store(None, "rules", [seen("a.xlsx", "d1")])
    assert [(f.digest, f.current) for f in register.returned()] == [("d2", False), ("d1", True)]


def test_rounds_are_kept_apart(register: Register, submission: Submission) -> None:
    register.store("一上", "rules", [seen("a.xlsx", "d1", submission)])
    register.store("二上", "rules", [seen("b.xlsx", "d1")])
    assert [f.path for f in register.returned("一上")] == ["a.xlsx"]
    assert [f.path for f in register.returned("二上")] == ["b.xlsx"]
    assert register.returned() == []
    assert len(list(register.every_returned())) == 2


def test_a_batch_that_fails_leaves_nothing(register: Register, submission: Submission) -> None:
    broken = seen("b.xlsx", "d2", submission)
    assert broken.rows
    broken.rows.findings.append({**broken.rows.findings[0], "message": None})
    with pytest.raises(RegisterError):
        register.store(None, "rules", [seen("a.xlsx", "d1", submission), broken])
    assert register.returned() == []
    assert register.known(["d1"], "rules") == frozenset()


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
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE meta SET value = ?", (str(SCHEMA_VERSION + 1),))
    before = place.read_bytes()
    with pytest.raises(RegisterError, match="由更新版本的程序写成"):
        open_register(str(place))
    assert place.read_bytes() == before


def columns(url: str) -> dict[str, set[str]]:
    """The names of the columns of each table."""
    engine = engine_of(url)
    found = inspect(engine)
    names = {
        table: {column["name"] for column in found.get_columns(table)}
        for table in found.get_table_names()
    }
    engine.dispose()
    return names


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
        register.store(
            None, "r", [seen("b", "d3", xlgoals.read(examples_dir / "filled-2020.xlsx"))]
        )
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
        with sqlite3.connect(path) as connection:
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


# --- several at once ------------------------------------------------------------------------------
_STORE = """\
import sys
import xlgoals
from xlgoals.register import open_register
from xlgoals.register.register import Seen
from xlgoals.register.rows import submission_rows
place, file, own = sys.argv[1:]
rows = submission_rows(xlgoals.read(file))
with open_register(place) as register:
    for number in range(30):
        shared = Seen("shared.xlsx", f"shared{number}", None, None, rows)
        register.store(None, "rules", [shared, Seen(own, f"{own}{number}", None, None, rows)])
"""


@pytest.mark.slow
def test_processes_that_write_at_once_do_not_hinder_each_other(
    register_url: str, examples_dir: Path
) -> None:
    # The register does not exist yet: they also make it at once.
    file = examples_dir / "filled-2020.xlsx"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _STORE, register_url, str(file), own], stderr=subprocess.PIPE
        )
        for own in ("a", "b", "c")
    ]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said.decode()
    with open_register(register_url) as register:
        heads = register.form_heads()
        assert len(heads) == 30 * 4  # each shared one once
        assert all(len(forms) == 3 for forms in heads.values())
        assert sum(f.current for f in register.returned()) == 4
    if not is_postgresql(register_url):
        assert run_sql(register_url, "PRAGMA integrity_check") == [("ok",)]
        assert run_sql(register_url, "PRAGMA foreign_key_check") == []
