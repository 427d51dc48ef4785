"""``xlgoals campaign``, and what other commands take from the file of a campaign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlgoals.cli.common import YEAR, cannot_read, deliver
from xlgoals.language import _, reason

if TYPE_CHECKING:
    from xlgoals.campaign.model import Campaign

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """Start the file of a collection from another one."""


@command.command()
@click.option("--from", "source", metavar="FILE", required=True, help="The campaign to go on from.")
@click.option("--year", type=YEAR, help="The new fiscal year.")
@click.option("--round", "round_", metavar="NAME", help="The new round, such as 二上.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The file to write; by default beside that of --from, named for the new year or round.",
)
def new(source: str, year: int | None, round_: str | None, output: str | None) -> None:
    """Write the file of another year's campaign, or of a later round of the same year.

    What was collected before becomes what the new workbooks are prefilled from; comments are kept.
    An earlier file of that name is never written over.
    """
    from xlgoals.campaign.model import CampaignError
    from xlgoals.campaign.next_year import next_campaign
    from xlgoals.campaign.source import read_campaign

    try:
        target, text = next_campaign(
            source, Path(output) if output else None, year=year, round_=round_
        )
    except CampaignError as error:
        raise click.UsageError(reason(error)) from error
    except OSError as error:
        raise cannot_read(source, error) from error
    if target.exists():
        raise click.UsageError(
            _("{output} 已经存在，没有改动；请另起文件名，或先移走它。", output=target)
        )
    deliver(text, str(target))
    made = read_campaign(target)
    click.echo(_("已写入 {output}。请核对其中的路径、截止日期和 carry，然后运行：", output=target))
    click.echo(f"xlgoals refresh {target}")
    if not made.layout.serves(made.fiscal_year):
        click.echo(
            _(
                "注意：表样 {layout} 适用于 {years} 年度，不含 {year} 年度；"
                "表样如有变动，请改写 layout。",
                layout=made.layout.id,
                years=made.layout.years,
                year=made.fiscal_year,
            ),
            err=True,
        )
    if not made.roster.is_file():
        click.echo(_("注意：还没有名册 {roster}，请先备好。", roster=made.roster), err=True)


def campaign_option(command: F) -> F:
    """The campaign that says what the other options do not."""
    return click.option(
        "--campaign",
        "campaign_file",
        metavar="FILE",
        help="The file of a campaign: layout, year, round, roster, register and deadline are "
        "taken from it unless given.",
    )(command)


def campaign_among(
    paths: tuple[str, ...], campaign_file: str | None
) -> tuple[tuple[str, ...], str | None]:
    """The paths and the campaign, which may be given as one of them."""
    found = [path for path in paths if path.lower().endswith(".toml")]
    if campaign_file or len(found) != 1:
        return paths, campaign_file
    return tuple(path for path in paths if path not in found), found[0]


def get_campaign(path: str) -> Campaign:
    """A campaign; wrong usage where its file is none or cannot be read."""
    from xlgoals.campaign.model import CampaignError
    from xlgoals.campaign.source import read_campaign

    try:
        return read_campaign(path)
    except CampaignError as error:
        raise click.UsageError(reason(error)) from error
    except OSError as error:
        raise cannot_read(path, error) from error
