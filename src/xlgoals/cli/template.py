"""``xlgoals template``."""

from __future__ import annotations

import os

import click

from xlgoals.cli.common import YEAR, get_layout


@click.command()
@click.argument("layout_name", metavar="LAYOUT")
@click.option("--year", type=YEAR, required=True, help="The fiscal year.")
@click.option("--unit", metavar="NAME", help="The declaring unit, then locked on every sheet.")
@click.option(
    "--projects",
    type=click.IntRange(1, 200),
    help="Project sheets; without it one for each form of --data, else three.",
)
@click.option(
    "--rows",
    "rows",
    multiple=True,
    metavar="GROUP=N",
    help="Free indicator rows of a group, such as 数量=5; may be repeated.",
)
@click.option("--data", metavar="FILE", help="Forms (.json or .jsonl) to prefill, one a sheet.")
@click.option(
    "--password-env",
    metavar="VAR",
    help="Environment variable with the password of the locks; without it they have none.",
)
@click.option("-o", "--output", metavar="FILE", required=True, help="The workbook to write.")
def command(
    layout_name: str,
    year: int,
    unit: str | None,
    projects: int | None,
    rows: tuple[str, ...],
    data: str | None,
    password_env: str | None,
    output: str,
) -> None:
    """Write a locked workbook to fill in."""
    layout = get_layout(layout_name)
    capacity = dict(_rows(item) for item in rows)
    password = get_password(password_env)
    from xlgoals.plan.build import CapacityError
    from xlgoals.records import RecordError, load_forms
    from xlgoals.template.prefill import DataError
    from xlgoals.template.write import write_template

    try:
        forms = load_forms(data, layout) if data else []
        write_template(
            output,
            layout,
            year,
            unit=unit,
            projects=projects,
            rows=capacity,
            forms=forms,
            password=password,
        )
    except (RecordError, DataError, CapacityError) as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        name = error.filename or output
        raise click.UsageError(f"无法读写 {name}：{error.strerror or error}") from error
    if not layout.serves(year):
        click.echo(
            f"注意：表样 {layout.id} 适用于 {layout.years} 年度，不含 {year} 年度。", err=True
        )


def _rows(item: str) -> tuple[str, int]:
    name, _, count = item.rpartition("=")
    if not name or not count.isdecimal() or not 1 <= int(count) <= 200:
        raise click.BadParameter(f"“{item}”应写成 数量=5，行数为 1 至 200", param_hint="--rows")
    return name, int(count)


def get_password(variable: str | None, named_by: str = "--password-env") -> str | None:
    """The password of the locks, where a variable is named; wrong usage where that is not set."""
    if variable is None:
        return None
    password = os.environ.get(variable)
    if not password:
        raise click.BadParameter(f"没有设置环境变量 {variable}", param_hint=named_by)
    return password
