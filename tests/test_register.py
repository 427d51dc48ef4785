"""The register: exact, content-addressed, safe for several at once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

import xlgoals
from raw_sql import is_postgresql, run_sql
from xlgoals.register import Register, RegisterError, open_register
from xlgoals.register.register import Seen
from xlgoals.register.rows import finding_of, submission_rows, to_fen, to_yuan
from xlgoals.register.tables import metadata
from xlgoals.submission import Submission

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
TOLD = datetime(2020, 3, 1, tzinfo=UTC)


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
