"""Writes `docs/register.md`: what scripts need to know of the register, table by table.

python tools/make_register_page.py            writes the page
python tools/make_register_page.py --check    exits 1 where the page is out of date

Tables and columns come from the register's own description of itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table

from bootstrap import ROOT, run_main, say
from xlgoals.register.migrations import SCHEMA_VERSION
from xlgoals.register.tables import metadata

PAGE = ROOT / "docs" / "register.md"

_HEAD = """\
<!-- Written by tools/make_register_page.py; do not edit. -->

# The register

What `xlgoals consolidate --register URL` has read is kept in a database: every file ever seen, and
what was read from it. A file of the same bytes is not read twice under the same rules.

## Where it is

| `--register` | |
|---|---|
| `season.db`, `sqlite:///season.db` | a file of SQLite, made where there is none |
| `postgresql://USER:PASSWORD@HOST:PORT/DATABASE` | a database of PostgreSQL |

PostgreSQL needs `pip install 'xlgoals[postgres]'`; `postgresql+psycopg://` names the driver that is
used anyway. The tables are made in a database that has none, in the first schema of the search
path: `?options=-csearch_path%3DNAME` at the end of the URL chooses another. In user name and
password, `@ : / ? # %` are written `%40 %3A %2F %3F %23 %25`. A password that stands neither in the
URL nor in a list of processes is better: in `~/.pgpass`, or in the environment as `PGPASSWORD`. No
message shows a password.

Whoever fills the register must be allowed to make tables in it; to `export`, `status` and `diff`,
`SELECT` on the tables is enough. A database that cannot be reached or used is wrong usage: exit
status 2 and a message. What was stored before stays, and the same command goes on from there. In
PostgreSQL so is a path of more than some 2,600 bytes, since its indexes take no longer ones.

## Several at once

Readings are stored in batches, each wholly or not at all. One process writes at a time, others
wait up to two minutes; who only reads waits for nobody and sees one state throughout. Both kinds
of database give the same exports, byte for byte: texts are sorted by code points, whatever
language the database is set up for.

## Versions

These tables are version {version}. A program opens an older register and brings it up to date, all
at once or not at all; it refuses a newer one and leaves it as it is. Fields of new layouts become
new columns without a new version. `xlgoals export` stays the same across versions: prefer it where
it gives what you need, since which of several versions of a project counts is decided there.

Amounts are whole numbers in 分, days and times ISO texts, other numbers exact decimals as text.

```sql
SELECT files.path, forms.project_name, forms.total_budget AS fen
FROM files JOIN forms ON forms.submission = files.submission
WHERE files.current ORDER BY files.path, forms.position;
```
"""


def main(arguments: Sequence[str]) -> int:
    """Write the page, or compare it."""
    text = page()
    if not arguments:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    say(f"{PAGE.relative_to(ROOT)} is out of date; run tools/make_register_page.py.")
    return 1


def page() -> str:
    """The whole page."""
    return "\n".join(
        [_HEAD.format(version=SCHEMA_VERSION), *map(_section, metadata.tables.values())]
    )


def _section(table: Table) -> str:
    lines = [
        f"## `{table.name}`",
        "",
        f"{table.comment}",
        "",
        "| column | type | |",
        "|---|---|---|",
    ]
    lines += [f"| `{c.name}` | {', '.join(_type(c))} | {c.comment or ''} |" for c in table.columns]
    return "\n".join([*lines, ""])


def _type(column: Column[Any]) -> Iterator[str]:
    kinds = {BigInteger: "big integer", Integer: "integer", Boolean: "boolean"}
    yield next((name for kind, name in kinds.items() if isinstance(column.type, kind)), "text")
    if column.primary_key:
        yield "key"
    elif not column.nullable:
        yield "never null"
    yield from (f"of `{key.target_fullname}`" for key in column.foreign_keys)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    run_main(lambda: main(sys.argv[1:]))
