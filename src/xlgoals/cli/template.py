"""``xlgoals template``."""

from __future__ import annotations

import os

import click

from xlgoals.cli.common import YEAR, WholeNumber, get_layout, not_served, refuse_loss
from xlgoals.language import _, reason
from xlgoals.system_errors import why


@click.command()
@click.argument("layout_name", metavar="LAYOUT")
@click.option("--year", type=YEAR, required=True, help="The fiscal year.")
@click.option("--unit", metavar="NAME", help="The declaring unit, then locked on every sheet.")
@click.option(
    "--projects",
    type=WholeNumber(1, 200),
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
    refuse_loss(output, layout_name, data)
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
        raise click.UsageError(reason(error)) from error
    except OSError as error:
        name = error.filename or output
        problem = why(error)
        raise click.UsageError(
            _("无法读写 {where}：{problem}", where=name, problem=problem)
        ) from error
    if not layout.serves(year):
        click.echo(not_served(layout, year), err=True)


def _rows(item: str) -> tuple[str, int]:
    name, _sign, count = item.rpartition("=")
    if not name or not count.isdecimal() or not 1 <= int(count) <= 200:
        told = _("“{item}”应写成 {example}，行数为 1 至 200", item=item, example="数量=5")
        raise click.BadParameter(told, param_hint="--rows")
    return name, int(count)


def get_password(variable: str | None, named_by: str = "--password-env") -> str | None:
    """The password of the locks, where a variable is named; wrong usage where that is not set."""
    if variable is None:
        return None
    password = os.environ.get(variable)
    if not password:
        told = _("没有设置环境变量 {variable}", variable=variable)
        raise click.BadParameter(told, param_hint=named_by)
    return password
