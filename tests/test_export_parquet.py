"""``xlgoals export --format parquet``: typed, exact, whole, whatever reads it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from command import run_python
from returned import put
from xlgoals import consolidate, load_layout, write_template
from xlgoals.cli.main import cli
from xlgoals.kinds.amount import MAX_AMOUNT
from xlgoals.models import form_class
from xlgoals.reports import tables
from xlgoals.reports.tables import write_parquet
from xlgoals.season.export import TIME, Column, Export, What
from xlgoals.vocabulary import KindName

TINY = Path(__file__).parent / "data" / "tiny.yaml"
SAVED = datetime(2020, 3, 1, 8, 30, tzinfo=UTC)


def run(*arguments: str | Path) -> bytes:
    """What ``xlgoals export`` prints, and nothing but that."""
    result = CliRunner().invoke(cli, ["export", *map(str, arguments)])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout_bytes


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two versions of the same forms, and a file that is none."""
    inbox = tmp_path_factory.mktemp("inbox")
    put(inbox, "a1.xlsx", saved="2020-03-01T08:00:00Z")
    os.utime(put(inbox, "a2.xlsx", saved="2020-03-02T08:00:00Z"), (SAVED.timestamp(),) * 2)
    (inbox / "bad.xlsx").write_bytes(b"PK\3\4")
    place = str(tmp_path_factory.mktemp("register") / "season.db")
    consolidate([inbox], register=place)
    return place


def parquet_of(register: str, what: str, folder: Path, *more: str) -> Path:
    target = folder / f"{what}.parquet"
    asked = ("--register", register, "--what", what, "--format", "parquet", *more)
    assert run(*asked, "-o", target) == b""
    return target


def as_json(register: str, what: str, *more: str) -> list[dict[str, Any]]:
    asked = ("--register", register, "--what", what, "--format", "jsonl", *more)
    return [json.loads(line) for line in run(*asked).splitlines()]


# --- what is written ------------------------------------------------------------------------------
@pytest.mark.parametrize("what", list(What))
def test_every_table_holds_what_the_lines_of_json_hold(
    register: str, tmp_path: Path, what: str
) -> None:
    table = parquet.read_table(parquet_of(register, what, tmp_path, "--history"))
    said = as_json(register, what, "--history")
    assert table.num_rows == len(said) > 0
    for row, record in zip(table.to_pylist(), said, strict=True):
        assert {key: spelt(value) for key, value in row.items()} == {
            key: record.get(key) for key in row
        }


def spelt(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
    return value


def test_columns_are_typed_and_titled(register: str, tmp_path: Path) -> None:
    schema = parquet.read_schema(parquet_of(register, "forms", tmp_path))
    kinds = {field.name: str(field.type) for field in schema}
    assert kinds["total_budget"] == "decimal128(18, 2)"
    assert kinds["start_date"] == "date32[day]"
    assert kinds["has_government_purchase"] == kinds["counts"] == "bool"
    assert kinds["fiscal_year"] == "int32"
    assert kinds["project_name"] == "string"
    assert schema.field("total_budget").metadata[b"title"].decode() == "项目总预算"
    schema = parquet.read_schema(parquet_of(register, "indicators", tmp_path))
    assert {str(schema.field(key).type) for key in ("number", "weight")} == {"decimal128(38, 15)"}
    schema = parquet.read_schema(parquet_of(register, "files", tmp_path))
    assert str(schema.field("modified").type) == "timestamp[us, tz=UTC]"


def test_another_program_reckons_with_it(register: str, tmp_path: Path) -> None:
    forms, rows, files = (
        str(parquet_of(register, what, tmp_path)) for what in ("forms", "indicators", "files")
    )
    ask = duckdb.connect().execute
    query = "SELECT sum(total_budget), min(start_date) FROM read_parquet(?)"
    total = sum(Decimal(form["total_budget"]) for form in as_json(register, "forms"))
    assert ask(query, [forms]).fetchone() == (total, date(2020, 1, 1))
    query = "SELECT DISTINCT number FROM read_parquet(?) WHERE target = '=100%'"
    assert ask(query, [rows]).fetchall() == [(Decimal(100),)]
    query = "SELECT epoch(modified) FROM read_parquet(?) WHERE suffix(file, 'a2.xlsx')"
    assert ask(query, [files]).fetchall() == [(SAVED.timestamp(),)]


def test_the_same_register_gives_the_same_bytes(register: str, tmp_path: Path) -> None:
    one, other = (parquet_of(register, "forms", tmp_path).read_bytes() for _ in range(2))
    assert one == other


def test_own_fields_of_a_layout_have_their_types(tmp_path: Path) -> None:
    layout = load_layout(str(TINY))
    own = {"declaring_unit": "馆", "shared": True, "own_funds": "600000.01", "manager": "张三"}
    record = {"layout": "tiny", "fiscal_year": 2025, "approved_on": "2024-12-20", **own}
    forms = [form_class(layout).model_validate(record)]
    write_template(tmp_path / "a.xlsx", layout, 2025, forms=forms)
    url = str(tmp_path / "season.db")
    consolidate([tmp_path / "a.xlsx"], register=url, layout=layout)
    (row,) = parquet.read_table(parquet_of(url, "forms", tmp_path)).to_pylist()
    assert (row["own_funds"], row["shared"]) == (Decimal("600000.01"), True)
    assert (row["approved_on"], row["manager"]) == (date(2024, 12, 20), "张三")


# --- values ---------------------------------------------------------------------------------------
def written(column: Column, *values: Any) -> parquet.ParquetFile:
    file = io.BytesIO()
    write_parquet(Export((column,), iter([{column.key: value} for value in values])), file)
    return parquet.ParquetFile(io.BytesIO(file.getvalue()))


def read_back(column: Column, *values: Any) -> list[Any]:
    return [row[column.key] for row in written(column, *values).read().to_pylist()]


@pytest.mark.parametrize("kind", [KindName.AMOUNT, KindName.NUMBER])
@pytest.mark.parametrize("number", ["0", "0.01", "0.1", "12.3", "1E+2", str(MAX_AMOUNT)])
def test_numbers_are_exact(kind: str, number: str) -> None:
    values = [Decimal(number), None]
    assert read_back(Column("n", "数", kind), *values) == values


@pytest.mark.parametrize("number", ["999999999999999", "-0.00000000000001", "0.123456789012345"])
def test_the_numbers_of_targets_are_exact(number: str) -> None:
    value = Decimal(number)
    assert read_back(Column("n", "数", KindName.NUMBER), value) == [value]


def test_a_field_on_which_layouts_differ_is_text() -> None:
    values = ["text", True, Decimal("1.50"), date(2020, 1, 1), None]
    found = read_back(Column("own", "own"), *values)
    assert found == ["text", "是", "1.5", "2020-01-01", None]


def test_a_text_is_as_it_was_typed() -> None:
    assert read_back(Column("own", "own"), "=100%", "'a") == ["=100%", "'a"]


# --- large ones and empty ones --------------------------------------------------------------------
def test_rows_are_written_by_groups_while_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROW_GROUP", 100)
    file, sizes = io.BytesIO(), []

    def records() -> Iterator[dict[str, Any]]:
        for number in range(1000):
            sizes.append(file.tell())
            yield {"n": f"{number}"}

    write_parquet(Export((Column("n", "数"),), records()), file)
    found = parquet.ParquetFile(io.BytesIO(file.getvalue()))
    assert (found.num_row_groups, found.metadata.num_rows) == (10, 1000)
    assert len({*sizes}) == 10  # no more than one group is ever waiting


def test_a_table_without_rows_has_its_columns() -> None:
    file = written(Column("when", "时间", TIME))
    assert (file.metadata.num_rows, file.schema_arrow.names) == (0, ["when"])


# --- whole or absent ------------------------------------------------------------------------------
def test_without_its_extra_it_says_what_to_install(register: str, tmp_path: Path) -> None:
    target = tmp_path / "forms.parquet"
    target.write_bytes(b"earlier")
    code = "import sys; sys.modules['pyarrow'] = None; from xlgoals.cli import main; main()"
    asked = ("export", "--register", register, "--format", "parquet", "-o", str(target))
    result = run_python("-c", code, *asked)
    assert result.returncode == 2
    assert "pip install 'xlgoals[parquet]'" in result.stderr
    assert target.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [target]
