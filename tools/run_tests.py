"""Install the project into ``.venv`` and run its tests there.

python3 tools/run_tests.py                all tests: the fast ones, then the slow ones
python3 tools/run_tests.py ARGUMENT...    pytest with these arguments
"""

import subprocess
import sys

from bootstrap import ROOT, child_environment, in_ci, prepare, run_main, say
from office import ensure_libreoffice, missing_packages

_NO_TESTS = 5


def main() -> int:
    """Run pytest; its exit status."""
    python = str(prepare(["dev"]))
    soffice = ensure_libreoffice()
    if in_ci() and missing_packages():
        say("In continuous integration no test may be left out, so this ends here.")
        return 1
    if soffice is None:
        say("The tests that need LibreOffice are skipped.")
        env = child_environment(XLGOALS_WITHOUT_LIBREOFFICE="1")
    else:
        env = child_environment(XLGOALS_SOFFICE=soffice)

    def pytest(arguments: "list[str]") -> int:
        command = [python, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=str(ROOT), env=env, check=False).returncode

    if sys.argv[1:]:
        return pytest(sys.argv[1:])
    status = pytest([])
    if status == 0:
        # A few files hold most of the slow ones, which are therefore shared out one by one.
        status = pytest(["-m", "slow", "--dist", "load"])
        status = 0 if status == _NO_TESTS else status
    return status


if __name__ == "__main__":
    run_main(main)
