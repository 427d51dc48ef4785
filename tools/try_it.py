"""Install the project into ``.venv`` and run the commands of ``examples/commands``, one by one.

python3 tools/try_it.py
"""

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import ROOT, SetUpError, child_environment, prepare, program, run_main, say, shown

COMMANDS = ROOT / "examples" / "commands"
FOUND_ERRORS = 1
# These may end with status 1 and have done their work: they found errors in a workbook.
_READERS = {"cells", "check", "consolidate", "import"}


def main() -> int:
    """Run the commands; 1 where one did anything but its work."""
    command_files = sorted(COMMANDS.glob("*/cmd.txt"))
    if not command_files:
        raise SetUpError(f"There are no commands to try in {COMMANDS}.")
    prepare()
    folder = Path(tempfile.mkdtemp(prefix="xlgoals-"))
    surprises = [file.parent.name for file in command_files if not _works(file, folder)]
    if any(folder.iterdir()):
        print(f"The files written are in {folder}")
    else:
        folder.rmdir()
    if surprises:
        sys.stdout.flush()
        say("Not as it should be: " + ", ".join(surprises))
    return 1 if surprises else 0


def _works(command_file: Path, folder: Path) -> bool:
    """Show one command and its output; whether it did its work."""
    arguments = _arguments(command_file, folder)
    print("$ " + shown(arguments), flush=True)
    done = subprocess.run(
        [str(program("xlgoals")), *arguments[1:]],
        cwd=str(ROOT),
        env=child_environment(PYTHONIOENCODING="utf-8:replace"),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = done.stdout.decode("utf-8", "replace")
    print(output, end="" if output.endswith("\n") or not output else "\n")
    if done.returncode:
        print(f"(exit status {done.returncode})")
    print(flush=True)
    found_errors = done.returncode == FOUND_ERRORS and not _READERS.isdisjoint(arguments[1:2])
    return (done.returncode == 0 or found_errors) and "Traceback (most recent" not in output


def _arguments(command_file: Path, folder: Path) -> "list[str]":
    line = command_file.read_text(encoding="utf-8").strip()
    arguments = [part.replace("{tmp}", str(folder)) for part in shlex.split(line)]
    if "\n" in line or arguments[:1] != ["xlgoals"]:
        raise SetUpError(f"{command_file} should hold one line that starts with xlgoals.")
    return arguments


if __name__ == "__main__":
    run_main(main)
