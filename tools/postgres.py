"""Find PostgreSQL's server programs, and run a server that nobody else sees.

Standard library only; the quoted annotations are for the same reason as in :mod:`bootstrap`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from bootstrap import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_DEBIAN = Path("/usr/lib/postgresql")  # which keeps the programs off the way, by version
_USER = "postgres"  # whom Debian's package makes: the server refuses to run as root
_SETTINGS = {
    "listen_addresses": "",  # only the socket in our own folder
    "fsync": "off",  # what a loss of power would do is not asked here
    "max_connections": "100",
}


def find_postgresql() -> "Path | None":
    """The folder of the server's programs, the newest where there are several.

    None also where they could not run: on Windows, and as root without another to run them as.
    """
    if sys.platform == "win32" or (os.geteuid() == 0 and not _has_user()):
        return None
    found = [path.parent for path in _DEBIAN.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_the_way = shutil.which("initdb")
    return Path(on_the_way).resolve().parent if on_the_way else None


def _has_user() -> bool:
    import pwd

    try:
        pwd.getpwnam(_USER)
    except KeyError:
        return False
    return True


class PostgresServer:
    """A server in a folder of its own, which is gone after :meth:`close`.

    Its texts are UTF-8 and sorted as Chinese dictionaries do, so that an order which a program
    leaves to the database is not that of the code points. Raises CommandError where it does not
    start.
    """

    user = "财政"
    password = "p@ss:w/o?r%d #密"  # noqa: S105 - with all that a URL may stumble over

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._databases = 0
        # Not where temporary files may be told to go: the path of a socket holds a hundred
        # characters, and the server's user must get there.
        self.folder = Path(tempfile.mkdtemp(prefix="xlgoals-pg-", dir="/tmp"))
        self._data = self.folder / "data"
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="utf-8")
        if os.geteuid() == 0:
            shutil.chown(str(self.folder), _USER)
            shutil.chown(str(secret), _USER)
        try:
            self._run(
                "initdb", "--pgdata", str(self._data), "--username", self.user,
                "--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "zh",
                "--no-sync",
            )  # fmt: skip
            self.start()
        except BaseException:
            shutil.rmtree(str(self.folder), ignore_errors=True)
            raise

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--wait", "-D", str(self._data), "-o", options, "-l", log)

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        self._run("pg_ctl", "stop", "--mode", "immediate", "-D", str(self._data))

    def close(self) -> None:
        """Stop the server and leave nothing of it."""
        try:
            self.stop()
        finally:
            shutil.rmtree(str(self.folder))

    def url(self, database: str, password: "str | None" = None) -> str:
        """The URL of a database, with the password unless another is given."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{quote(self.user)}:{secret}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._databases += 1
        name = f"season{self._databases}"
        self._run(
            "createdb", "--host", str(self.folder), "--username", self.user, name,
            env={"PGPASSWORD": self.password},
        )  # fmt: skip
        return self.url(name)

    def _run(self, name: str, *arguments: str, env: "Mapping[str, str] | None" = None) -> None:
        command = [str(self._programs / name), *arguments]
        as_other = os.geteuid() == 0
        # A file, because the server would hold on to a pipe.
        told = self.folder / "told"
        with told.open("wb") as file:
            done = subprocess.run(
                command,
                cwd=str(self.folder),
                env={**os.environ, **(env or {})},
                user=_USER if as_other else None,
                group=_USER if as_other else None,
                extra_groups=() if as_other else None,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise CommandError(command, done.returncode, _text(told) + _text(self.folder / "log"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
