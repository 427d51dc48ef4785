"""``xlgoals migrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import (
    YEAR,
    cannot_write,
    deliver,
    deliver_utf8,
    exit_status,
    get_layout,
    limit_option,
    not_served,
    read_all,
    refuse_loss,
)
from xlgoals.cli.main import FOUND_ERRORS
from xlgoals.language import _, reason

if TYPE_CHECKING:
    from xlgoals.layouts import Layout
    from xlgoals.migration import Migrated
    from xlgoals.reader.limits import Limits
    from xlgoals.reports.migration_report import Moved
    from xlgoals.submission import Submission


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--to", "to_name", metavar="LAYOUT", required=True, help="The layout to bring it to.")
@click.option("-o", "--output", metavar="FILE", required=True, help="The workbook to write.")
@click.option(
    "--year",
    type=YEAR,
    help="The fiscal year of the new workbook; without it that of FILE, or the nearest the layout "
    "is official for.",
)
@click.option("--as", "layout_name", metavar="LAYOUT", help="The layout that FILE must be of.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@limit_option
@click.pass_context
def command(
    ctx: click.Context,
    file: str,
    to_name: str,
    output: str,
    year: int | None,
    layout_name: str | None,
    format_: str,
    limits: Limits,
) -> None:
    """Bring a filled workbook to another layout.

    Values go where the new form has a place for them; what has none is listed. A value of FILE
    that could not be read is listed, too, and makes the exit status 1.
    """
    from xlgoals.layouts import related_layouts

    target = get_layout(to_name)
    refuse_loss(output, file, to_name, layout_name)
    (submission,) = read_all([file], layout_name, None, limits, related_layouts(target))
    source, read_year = submission.layout, submission.fiscal_year
    if source is None or read_year is None or not submission.records:
        from xlgoals.reports.text_report import text_report

        click.echo(text_report([submission]), err=True, nl=False)
        ctx.exit(FOUND_ERRORS)
    from xlgoals.migration import migrate_form
    from xlgoals.reports.migration_report import migration_json, migration_text

    forms = [migrate_form(record.values, source, target) for record in submission.records]
    new_year = year or min(max(read_year, target.first_year), target.last_year)
    _write(forms, target, new_year, output)
    _tell(source, target, new_year, read_year)
    moved = _moved(submission, forms)
    if format_ == "json":
        deliver_utf8(migration_json(file, (source.id, target.id), new_year, moved), None)
    else:
        deliver(migration_text(moved), None)
    if status := exit_status([submission]):
        click.echo(_("原文件有错误，用 xlgoals check 查看全部问题。"), err=True)
    ctx.exit(status)


def _write(forms: list[Migrated], target: Layout, year: int, output: str) -> None:
    from xlgoals.models import form_class
    from xlgoals.plan.build import CapacityError
    from xlgoals.template.prefill import DataError
    from xlgoals.template.write import write_template

    cls = form_class(target)
    models = [cls.model_validate({**form.values, "fiscal_year": year}) for form in forms]
    try:
        write_template(output, target, year, forms=models)
    except (DataError, CapacityError) as error:
        raise click.UsageError(reason(error)) from error
    except OSError as error:
        raise cannot_write(output, error) from error


def _moved(submission: Submission, forms: list[Migrated]) -> list[Moved]:
    """What is left of each form: what its own layout could not take, and what the new one."""
    from xlgoals.migration.refused import refused_values
    from xlgoals.reports.migration_report import Moved

    readings = {reading.sheet: reading for reading in submission.readings}
    return [
        Moved(
            record.values.get("project_name"),
            record.sheet,
            (*refused_values(readings[record.sheet]), *form.left),
        )
        for record, form in zip(submission.records, forms, strict=True)
    ]


def _tell(source: Layout, target: Layout, year: int, read_year: int) -> None:
    """What a person should know of the years."""
    if year != read_year:
        told = _(
            "原文件是{old_year}年度的 {old}，新表是{new_year}年度的 {new}。",
            old_year=read_year,
            old=source.id,
            new_year=year,
            new=target.id,
        )
        click.echo(told, err=True)
    if not target.serves(year):
        click.echo(not_served(target, year), err=True)
