"""The register: a database of all that was imported. SQLite by default, any other by its URL."""

from xlgoals.register.engine import RegisterError
from xlgoals.register.register import Register, open_register

__all__ = ["Register", "RegisterError", "open_register"]
