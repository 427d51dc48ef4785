"""``xlgoals status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xlgoals.cli.campaign import campaign_option
from xlgoals.cli.common import (
    deliver,
    deliver_utf8,
    get_layout,
    layout_option,
    output_option,
    refuse_loss,
)
from xlgoals.cli.listings import get_roster, get_waivers, roster_option, waivers_option
from xlgoals.cli.register import (
    register_option,
    round_option,
    using_register,
    with_other_rounds,
)
from xlgoals.cli.season import Said, deadline_option
from xlgoals.language import _

if TYPE_CHECKING:
    from datetime import datetime

    from xlgoals.season.model import Season, Waiver


@click.command()
@click.argument("campaign", required=False, metavar="[CAMPAIGN.toml]")
@register_option()
@campaign_option
@roster_option
@waivers_option
@round_option
@deadline_option
@layout_option
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text")
@output_option
def command(
    campaign: str | None,
    register: str | None,
    campaign_file: str | None,
    roster: str | None,
    waivers: str | None,
    round_: str | None,
    deadline: datetime | None,
    layout_name: str | None,
    format_: str,
    output: str | None,
) -> None:
    """Say who has returned, what is wrong, what is missing.

    Units of the roster in its order, then those that are not on it. Nothing is read again: what
    stands in the register counts. Where a campaign has none, its inbox is read. CAMPAIGN.toml is
    the same as --campaign.
    """
    campaign_file = campaign_file or campaign
    from xlgoals.reports.status_report import status_json, status_text

    layout = get_layout(layout_name) if layout_name else None
    said = Said(register, roster, round_, layout=layout, deadline=deadline).filled_up(campaign_file)
    refuse_loss(output, said.register, said.roster, waivers, campaign_file)
    season = _season(said, get_waivers(waivers))
    if format_ == "json":
        deliver_utf8(status_json(season), output)
    elif format_ == "html":
        from xlgoals.html.status_page import status_html

        deliver_utf8(status_html(season), output)
    else:
        deliver(status_text(season), output)


def _read_now(said: Said, waivers: tuple[Waiver, ...]) -> Season:
    """The season of a campaign that keeps no register."""
    from xlgoals.season.build import NothingReadError
    from xlgoals.season.collect import consolidate

    try:
        return consolidate(
            said.paths,
            roster=get_roster(said.roster),
            waivers=waivers,
            layout=said.layout,
            fiscal_year=said.year,
            round=said.round,
            deadline=said.deadline,
            own=said.own,
        )
    except NothingReadError as error:
        raise click.UsageError(_("{error}。", error=error)) from error


def _season(said: Said, waivers: tuple[Waiver, ...]) -> Season:
    from xlgoals.importer.recognise import Wanted
    from xlgoals.layouts import UnknownLayoutError
    from xlgoals.season.build import Asked, NothingReadError
    from xlgoals.season.collect import registered

    if said.register is None and said.paths:
        return _read_now(said, waivers)
    if said.register is None:
        raise click.UsageError(
            _("请用 --register 指明登记库，或用 --campaign 指明写有 register 或 inbox 的文件。")
        )
    wanted = Wanted(said.layout, said.year)
    asked = Asked(wanted, said.round, get_roster(said.roster), waivers, said.deadline)
    with using_register(said.register) as register:
        try:
            season: Season = registered(register, asked)
        except NothingReadError as error:
            told = with_other_rounds(_("{error}。", error=error), register, said.round)
            raise click.UsageError(told) from error
        except UnknownLayoutError as error:
            raise click.UsageError(
                _("{error}；自己的表样请用 --as 指明它的文件。", error=error)
            ) from error
        return season
