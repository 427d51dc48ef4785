"""Keeps a filled workbook as what a released layout must go on being read from.

python tools/freeze_sample.py FILLED.xlsx NAME

The workbook is copied as it is to `tests/released/NAME.xlsx`, and what is read from it today is
written beside it. Neither is ever made anew: a later version of the program must read the same.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlgoals
from xlgoals.output import write_whole

ROOT = Path(__file__).resolve().parent.parent
RELEASED = ROOT / "tests" / "released"


def facts(path: Path) -> dict[str, Any]:
    """What a workbook is, and how much is read from it."""
    submission = xlgoals.read(path)
    records = [record.values for record in submission.records]
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "layout": submission.layout.id if submission.layout else None,
        "fiscal_year": submission.fiscal_year,
        "status": submission.status,
        "forms": len(records),
        "indicators": sum(len(record["indicators"]) for record in records),
        "values": sum(_count(record) for record in records),
        "findings": dict(sorted(Counter(f.code for f in submission.findings).items())),
    }


def _count(values: Mapping[str, Any]) -> int:
    """The values that are not blank, those of the rows included."""
    rows = values.get("indicators", ())
    own = sum(value is not None for key, value in values.items() if key != "indicators")
    return own + sum(_count(row) for row in rows)


def main(arguments: list[str]) -> int:
    """Copy the workbook and write its facts; 1 where it has none, or the name is taken."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    source, target = Path(arguments[0]), RELEASED / f"{arguments[1]}.xlsx"
    found = facts(source)
    if not found["forms"]:
        print(f"No form is read from {source}.")
        return 1
    if target.exists():
        print(f"{target} is kept already, and stays as it is.")
        return 1
    write_whole(target, source.read_bytes())
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    write_whole(target.with_suffix(".json"), text.encode("utf-8"))
    print(f"{target}: {found['forms']} forms, {found['values']} values")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
