"""The command line. Each command is a module of its own, imported when it is called."""

from xlgoals.cli.main import main

__all__ = ["main"]
