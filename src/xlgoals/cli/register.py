"""``--register URL``: what all commands that know a register share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlgoals.language import _, enumerated, reason, sentences

if TYPE_CHECKING:
    from xlgoals.register import Register

F = TypeVar("F", bound=Callable[..., Any])


def register_option(*, required: bool = False) -> Callable[[F], F]:
    """Where the register is."""
    return click.option(
        "--register",
        metavar="URL",
        required=required,
        help="The register: the path of its file, or the URL of a database.",
    )


def round_option(command: F) -> F:
    """Which round of the collection."""
    return click.option(
        "--round",
        "round_",
        metavar="NAME",
        help="The round of the collection, such as 一上; rounds are kept apart.",
    )(command)


def with_other_rounds(told: str, register: Register, round_: str | None) -> str:
    """What there is not in a round, and in which others something may be."""
    others = [name for name in register.rounds() if name != round_]
    if not others:
        return told
    there = _("登记库里有这些轮次：{rounds}，请用 --round 指明。", rounds=enumerated(others))
    return sentences(told, there)


@contextmanager
def using_register(url: str) -> Iterator[Register]:
    """A register that is there; whatever is wrong with it is wrong usage."""
    from xlgoals.register import open_register

    with register_errors(), open_register(url, must_exist=True) as register:
        yield register


@contextmanager
def register_errors() -> Iterator[None]:
    """Whatever is wrong with a register is wrong usage, also where it is read later on."""
    from xlgoals.register import RegisterError

    try:
        yield
    except RegisterError as error:
        raise click.UsageError(reason(error)) from error
