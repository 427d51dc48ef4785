"""``xlgoals import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import (
    deliver_utf8,
    exit_status,
    files_argument,
    limit_option,
    output_option,
    read_all,
    refuse_loss,
    wanted_options,
)
from xlgoals.language import _, counted

if TYPE_CHECKING:
    from xlgoals.reader.limits import Limits


@click.command("import")
@files_argument
@output_option
@click.option("--with-source", is_flag=True, help="Add the file and sheet of each form.")
@wanted_options
@limit_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    output: str | None,
    with_source: bool,
    layout_name: str | None,
    year: int | None,
    limits: Limits,
) -> None:
    """Read filled workbooks into typed forms as JSON.

    An array, or one form a line where the output's name ends in .jsonl. Every form found is
    written, also where there are errors: a refused value is null.
    """
    from xlgoals.findings import Severity
    from xlgoals.records import dump_forms, is_lines, with_sources
    from xlgoals.text import visible

    refuse_loss(output, layout_name, *files)
    submissions = read_all(files, layout_name, year, limits)
    records = []
    for submission in submissions:
        name = visible(submission.file)
        sheets = [(name, record.sheet) for record in submission.records]
        sources = sheets if with_source else [None] * len(sheets)
        records += with_sources(submission.forms, sources)
        errors = [f for f in submission.findings if f.severity is Severity.ERROR]
        if errors:
            first = errors[0].message
            told = counted(
                "{file}：{count}处错误，首个：{message}", len(errors), file=name, message=first
            )
            click.echo(told, err=True)
    deliver_utf8(dump_forms(records, lines=bool(output and is_lines(Path(output)))), output)
    status = exit_status(submissions)
    if status:
        click.echo(_("用 xlgoals check 查看全部问题。"), err=True)
    ctx.exit(status)
