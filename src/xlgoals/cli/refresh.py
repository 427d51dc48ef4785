"""``xlgoals refresh``."""

from __future__ import annotations

from pathlib import Path

import click

from xlgoals.cli.common import WholeNumber
from xlgoals.cli.main import FOUND_ERRORS, INTERRUPTED, OK
from xlgoals.cli.progress import progress
from xlgoals.language import _, reason


@click.command()
@click.argument("file", metavar="CAMPAIGN.toml")
@click.option("--check", is_flag=True, help="Write nothing; say which files would change and why.")
@click.option("--outbox", metavar="DIR", help="Write there instead of to the campaign's outbox.")
@click.option("--jobs", type=WholeNumber(1), metavar="N", help="Processes that write files.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of the progress.")
@click.pass_context
def command(
    ctx: click.Context, file: str, check: bool, outbox: str | None, jobs: int | None, quiet: bool
) -> None:
    """Write every unit's workbook for a fiscal year.

    One workbook for each unit of the roster, prefilled from the year before. A workbook that says
    the same already is not touched, and one into which somebody has typed never is: it is named
    and left. The status is 1 where that happens, where a unit gets no workbook, and with --check
    where anything would change.
    """
    from xlgoals.campaign.model import CampaignError
    from xlgoals.campaign.refresh import refresh
    from xlgoals.cli.campaign import get_campaign
    from xlgoals.cli.template import get_password
    from xlgoals.reports.refresh_report import refresh_text

    campaign = get_campaign(file)
    password = get_password(campaign.password_env, f"{file}: password_env")
    try:
        with progress(_("完成"), quiet=quiet) as tell:
            done = refresh(
                campaign,
                outbox=Path(outbox) if outbox else None,
                check=check,
                jobs=jobs,
                password=password,
                progress=tell,
            )
    except CampaignError as error:
        raise click.UsageError(reason(error)) from error
    except KeyboardInterrupt:
        click.echo(_("已中断。写好的文件都是完整的，再次运行同一命令即可接着写。"), err=True)
        ctx.exit(INTERRUPTED)
    click.echo(refresh_text(done), nl=False)
    ctx.exit(OK if done.succeeded else FOUND_ERRORS)
