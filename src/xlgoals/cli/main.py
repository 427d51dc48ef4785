"""The group of commands, and what every command promises: exit statuses and no traceback."""

from __future__ import annotations

import errno
import os
import sys
from gettext import gettext
from importlib import import_module

import click

from xlgoals import __version__
from xlgoals.cli.common import cannot_write
from xlgoals.cli.language import speaking
from xlgoals.language import _, chosen, speak

OK, FOUND_ERRORS, WRONG_USAGE, INTERNAL_FAULT = 0, 1, 2, 3
INTERRUPTED = 130  # what shells call the end by Ctrl-C

# Command → module and its line in --help; listing commands must not import them all.
_COMMANDS = {
    "layouts": ("xlgoals.cli.layouts", "List the layouts and the fiscal years they serve."),
    "cells": ("xlgoals.cli.cells", "List every input of a layout or of a workbook."),
    "template": ("xlgoals.cli.template", "Write a locked workbook to fill in."),
    "refresh": ("xlgoals.cli.refresh", "Write every unit's workbook for a fiscal year."),
    "campaign": ("xlgoals.cli.campaign", "Start the file of a collection from another one."),
    "import": ("xlgoals.cli.import_", "Read filled workbooks into typed forms as JSON."),
    "check": ("xlgoals.cli.check", "Check filled workbooks and say what is wrong, cell by cell."),
    "status": ("xlgoals.cli.status", "Say who has returned, what is wrong, what is missing."),
    "consolidate": ("xlgoals.cli.consolidate", "Bring returned workbooks together in a summary."),
    "export": ("xlgoals.cli.export", "Write what the register holds as a table for analysts."),
    "diff": ("xlgoals.cli.diff", "Say what a later version changed, field by field, row by row."),
    "migrate": ("xlgoals.cli.migrate", "Bring a filled workbook to another layout."),
    "schema": ("xlgoals.cli.schema", "Print the JSON Schema of a layout's typed form."),
}


class _LazyGroup(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(_("已中断。"), err=True)
            ctx.exit(INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = import_module(module).command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows for the type checker
        return speaking(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, gettext(line)) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xlgoals")
def cli() -> None:
    """Templates for 财政项目支出绩效目标表, and the reader of what comes back.

    Exit status: 0 nothing worse than a warning, 1 at least one error finding (or a warning under
    --strict), 2 wrong usage, 3 internal fault. Results go to standard output or -o, messages to
    standard error.
    """


speaking(cli)


def main() -> None:
    """The entry point of ``xlgoals``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot print a character still prints the rest.
            stream.reconfigure(errors="replace")
    speak(chosen(sys.argv[1:], os.environ))
    try:
        cli.main(prog_name="xlgoals")
    except BrokenPipeError:
        _print_no_more()  # whoever read our output has seen enough
        sys.exit(OK)
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
            # Commands tell it of files themselves: it was what they print that had no room.
            _print_no_more()
            cannot_write(None, fault).show()
            sys.exit(WRONG_USAGE)
        if os.environ.get("XLGOALS_DEBUG"):
            raise
        kind = type(fault).__name__
        click.echo(
            _("xlgoals：程序内部错误（{kind}：{fault}）。", kind=kind, fault=fault), err=True
        )
        click.echo(_("请把出错的文件和这段文字发给维护者；设 XLGOALS_DEBUG=1 可看详情。"), err=True)
        sys.exit(INTERNAL_FAULT)


def _print_no_more() -> None:
    """Python flushes standard output again at exit: give it a sink."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
