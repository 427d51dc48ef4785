"""``xlgoals export``."""

from __future__ import annotations

import sys

import click

from xlgoals.cli.common import cannot_write, refuse_loss
from xlgoals.cli.listings import get_roster, roster_option
from xlgoals.cli.register import register_option, using_register
from xlgoals.language import _, reason

_BINARY = ("xlsx", "parquet")  # nothing for a terminal


@click.command()
@register_option(required=True)
@click.option("--format", "format_", type=click.Choice(["csv", "jsonl", *_BINARY]), default="csv")
@click.option(
    "--what",
    type=click.Choice(["forms", "indicators", "findings", "files"]),
    default="forms",
    help="What a row stands for.",
)
@roster_option
@click.option("--history", is_flag=True, help="Add versions that no longer count.")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to standard output.")
def command(
    register: str, format_: str, what: str, roster: str | None, history: bool, output: str | None
) -> None:
    """Write what the register holds as a table for analysts.

    Rows are those of the versions that count; give the roster that the files were consolidated
    with, since units are told apart by it. CSV is UTF-8 with a byte order mark, so that Excel
    shows Chinese. Texts that a spreadsheet could take for a formula get an apostrophe before them
    there; numbers stay numbers. Parquet has typed columns and needs pip install 'xlgoals[parquet]'.
    """
    from xlgoals.grid import TooManyRowsError
    from xlgoals.output import whole_file
    from xlgoals.reports.tables import WRITERS, TableError
    from xlgoals.season.export import What, export

    if format_ in _BINARY and output is None:
        raise click.UsageError(_("{format} 格式请用 -o 指定文件。", format=format_))
    refuse_loss(output, register, roster)
    listed = get_roster(roster)
    with using_register(register) as opened:
        table = export(opened, What(what), history=history, roster=listed)
        try:
            if output is None:
                sys.stdout.flush()
                WRITERS[format_](table, sys.stdout.buffer)
            else:
                with whole_file(output) as file:
                    WRITERS[format_](table, file)
        except (TableError, TooManyRowsError) as error:
            raise click.UsageError(reason(error)) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise cannot_write(output, error) from error
