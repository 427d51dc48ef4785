"""``xlgoals check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import (
    deliver,
    deliver_json,
    exit_status,
    files_argument,
    limit_option,
    output_option,
    read_all,
    wanted_options,
)

if TYPE_CHECKING:
    from xlgoals.reader.limits import Limits


@click.command()
@files_argument
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@output_option
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@wanted_options
@limit_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    format_: str,
    output: str | None,
    strict: bool,
    layout_name: str | None,
    year: int | None,
    limits: Limits,
) -> None:
    """Check filled workbooks and say what is wrong, cell by cell."""
    submissions = read_all(files, layout_name, year, limits)
    if format_ == "json":
        from xlgoals.reports.json_report import json_report

        deliver_json(json_report(submissions), output)
    else:
        from xlgoals.reports.text_report import text_report

        deliver(text_report(submissions), output)
    ctx.exit(exit_status(submissions, strict=strict))
