"""``xlgoals check``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import (
    deliver,
    deliver_utf8,
    exit_status,
    files_argument,
    limit_option,
    output_option,
    read_all,
    refuse_loss,
    wanted_options,
)

if TYPE_CHECKING:
    from xlgoals.reader.limits import Limits


@click.command()
@files_argument
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text")
@output_option
@click.option(
    "--annotate",
    "folder",
    metavar="DIR",
    help="Write there a copy of each file with its problems marked and listed.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@wanted_options
@limit_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    format_: str,
    output: str | None,
    folder: str | None,
    strict: bool,
    layout_name: str | None,
    year: int | None,
    limits: Limits,
) -> None:
    """Check filled workbooks and say what is wrong, cell by cell."""
    refuse_loss(output, layout_name, *files)
    if folder is not None:
        from xlgoals.cli.annotate import refuse_own_folder, write_copies

        refuse_own_folder(files, folder)
    submissions = read_all(files, layout_name, year, limits)
    if folder is not None:
        write_copies(submissions, folder, limits)
    if format_ == "json":
        from xlgoals.reports.json_report import json_report

        deliver_utf8(json_report(submissions), output)
    elif format_ == "html":
        from xlgoals.html.check_page import check_html

        deliver_utf8(check_html(submissions), output)
    else:
        from xlgoals.reports.text_report import text_report

        on_screen = output is None and sys.stdout.isatty()
        colours = on_screen and not os.environ.get("NO_COLOR")
        deliver(text_report(submissions, colours=colours), output)
    ctx.exit(exit_status(submissions, strict=strict))
