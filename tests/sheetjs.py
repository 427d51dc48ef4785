"""SheetJS, the library that writes workbooks in web pages, and through it binary workbooks."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from bootstrap import SetUpError
from npm import installed

PACKAGE, VERSION = "xlsx", "0.18.5"

_SCRIPT = """
const xlsx = require(process.argv[1]);
const [source, targets] = JSON.parse(process.argv[2]);
const book = xlsx.readFile(source, {cellNF: true, cellStyles: true, cellFormula: true});
for (const [path, type] of targets) xlsx.writeFile(book, path, {bookType: type});
"""
_TYPES = {"xls": "biff8"}


def convert_with_sheetjs(source: Path, targets: list[Path]) -> None:
    """Read a workbook and write it again; the suffixes say as what. Raises SetUpError."""
    node = shutil.which("node")
    if node is None:
        raise SetUpError("SheetJS needs Node.js")
    module = installed(PACKAGE, VERSION)
    named = [(str(path), _TYPES.get(path.suffix[1:], path.suffix[1:])) for path in targets]
    arguments = json.dumps([str(source), named])
    command = [node, "-e", _SCRIPT, str(module), arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
