"""``--roster`` and ``--waivers``: the lists that finance keeps, for all commands that take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlgoals.cli.common import cannot_read
from xlgoals.language import reason

if TYPE_CHECKING:
    from xlgoals.season.model import RosterRow, Waiver

F = TypeVar("F", bound=Callable[..., Any])
Item = TypeVar("Item")


def roster_option(command: F) -> F:
    """Who must return what."""
    help_text = "Who must return what, as CSV or .xlsx."
    return click.option("--roster", metavar="FILE", help=help_text)(command)


def waivers_option(command: F) -> F:
    """What is accepted all the same."""
    help_text = "Findings that are accepted, as CSV or .xlsx."
    return click.option("--waivers", metavar="FILE", help=help_text)(command)


def get_roster(path: str | None) -> tuple[RosterRow, ...]:
    """The roster where one is named; wrong usage where it is none or cannot be read."""
    from xlgoals.season.roster import read_roster

    return _listed(read_roster, path)


def get_waivers(path: str | None) -> tuple[Waiver, ...]:
    """The waivers where they are named; wrong usage where they are none or cannot be read."""
    from xlgoals.season.waiver_list import read_waivers

    return _listed(read_waivers, path)


def _listed(read: Callable[[str], tuple[Item, ...]], path: str | None) -> tuple[Item, ...]:
    if path is None:
        return ()
    from xlgoals.season.listing import ListingError

    try:
        return read(path)
    except ListingError as error:
        raise click.UsageError(reason(error)) from error
    except OSError as error:
        raise cannot_read(path, error) from error
