"""What rules add up in a workbook: columns of the indicator table, whole and by level 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xlgoals.live.model import Reader
from xlgoals.plan.model import Plan
from xlgoals.rules.excel import TRUE, Operand
from xlgoals.rules.expression import under
from xlgoals.vocabulary import COLUMN_TERMS

Names = Mapping[int | None, Reader]  # by the number of their row; prescribed rows have none to fill


def summed(plan: Plan, readers: Sequence[Reader]) -> dict[str, tuple[Operand, Reader]]:
    """Of the inputs of one sheet: what ``sum`` sees of each column, and its first input."""
    level1 = {row.number: row.group.level1 for row in plan.form.indicator_rows}
    names = {reader.input.row: reader for reader in readers if reader.input.key == "name"}
    columns: dict[str, list[Reader]] = {}
    for reader in readers:
        key, row = reader.input.key, reader.input.row
        if key in COLUMN_TERMS and row is not None:
            columns.setdefault(key, []).append(reader)
            columns.setdefault(under(key, level1[row]), []).append(reader)
    return {key: (_operand(key, column, names), column[0]) for key, column in columns.items()}


def _operand(key: str, column: Sequence[Reader], names: Names) -> Operand:
    """Of a level 1 there need be no row; the whole column is not all blank."""
    runs = list(_runs(column, names))
    values = ",".join(_range(run, column[0].live.value) for run in runs)
    filled = f"COUNT({values})>0" if key in COLUMN_TERMS else TRUE
    return Operand(values, filled, f"{'+'.join(_faults(run, names) for run in runs)}=0")


def _runs(column: Sequence[Reader], names: Names) -> Iterator[list[Reader]]:
    """Inputs below one another whose names are, too: one run, but where levels take turns."""

    def start(pair: tuple[int, Reader]) -> tuple[int, int | None]:
        position, reader = pair
        name = names.get(reader.input.row)
        return reader.row - position, name.row - position if name else None

    for _, run in groupby(enumerate(column), start):
        yield [reader for _, reader in run]


def _faults(run: Sequence[Reader], names: Names) -> str:
    """How many are refused, or missing in a row that has a name."""
    refused = f'SUMPRODUCT(({_range(run, "state")}<>"")*1)'
    named = [names[reader.input.row] for reader in run if reader.input.row in names]
    has_name = f'({_range(named, "clean")}<>"")' if named else "1"
    return f'{refused}+SUMPRODUCT(({_range(run, "clean")}="")*{has_name})'


def _range(run: Sequence[Reader], step: str) -> str:
    return f"{run[0].steps[step]}:{run[-1].steps[step]}"
