"""The page of commands: each as it explains itself, out of the program."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from markdown_table import table
from xlgoals.cli.main import cli

_HEAD = """\
<!-- Written by tools/make_docs.py; do not edit. -->

# Commands

Made from the program itself; `xlgoals COMMAND --help` says the same. What the commands are for is
told in [the README](../README.md), a season from end to end in
[the guide for finance](for-finance.md) (in Chinese), and the JSON of `check`, `import` and `cells`
on [the API page](api.md#json).
"""


def page() -> str:
    """The command reference."""
    context = click.Context(cli, info_name="xlgoals")
    return "\n".join([_HEAD, *_of_group(cli, context)])


def _of_group(group: click.Group, context: click.Context) -> Iterator[str]:
    yield from _told(group, context)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        within = click.Context(command, info_name=name, parent=context)
        yield f"{'#' * (2 + _depth(context))} {within.command_path}\n"
        if isinstance(command, click.Group):
            yield from _of_group(command, within)
        else:
            yield from _told(command, within)


def _depth(context: click.Context) -> int:
    return 0 if context.parent is None else 1 + _depth(context.parent)


def _told(command: click.Command, context: click.Context) -> Iterator[str]:
    """How it is called, what it does, its options."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```\n{usage}\n```\n"
    yield cleandoc(command.help or "") + "\n"
    options = [item for item in command.params if isinstance(item, click.Option)]
    if options:
        yield table(("option", "meaning"), [_option(item, context) for item in options])


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    spelled, _ = option.get_help_record(context) or ("", "")
    told = [option.help or "", *_bounds(option)]
    return f"`{spelled}`", " ".join(text for text in told if text)


def _bounds(option: click.Option) -> Iterator[str]:
    if option.required:
        yield "Required."
    if isinstance(option.type, click.IntRange):
        low, high = option.type.min, option.type.max
        yield f"At least {low}." if high is None else f"From {low} to {high}."
    if isinstance(option.default, str):
        yield f"Default: `{option.default}`."
