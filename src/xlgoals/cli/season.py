"""What the commands that tell of a season are told: by their options, else by a campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlgoals.cli.campaign import get_campaign
from xlgoals.language import _

if TYPE_CHECKING:
    from datetime import datetime

    from xlgoals.campaign.model import Campaign
    from xlgoals.layouts import Layout

F = TypeVar("F", bound=Callable[..., Any])


def deadline_option(command: F) -> F:
    """When the season ends."""
    return click.option(
        "--deadline",
        callback=_deadline,
        metavar="DATE",
        help="The last day in time, or a day and a time; what was saved later is late.",
    )(command)


def _deadline(_ctx: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    from xlgoals.season.days import read_deadline

    if text is None:
        return None
    deadline = read_deadline(text)
    if deadline is None:
        raise click.BadParameter(
            _("“{text}”应写成 2020-09-03，或 2020-09-03 17:00（含空格的要加引号）", text=text)
        )
    return deadline


@dataclass(frozen=True)
class Said:
    """What season is meant; None: nobody said."""

    register: str | None
    roster: str | None
    round: str | None
    paths: tuple[str, ...] = ()
    layout: Layout | None = None
    year: int | None = None
    deadline: datetime | None = None
    own: tuple[str, ...] = ()  # files of the campaign that are no returned files

    def filled_up(self, campaign_file: str | None) -> Said:
        """The same, with what a campaign says where nothing else does; wrong usage without one."""
        return self if campaign_file is None else self._with(get_campaign(campaign_file))

    def _with(self, campaign: Campaign) -> Said:
        from xlgoals.campaign.manifest import MANIFEST

        inbox = (str(campaign.inbox),) if campaign.inbox else ()
        return replace(
            self,
            register=self.register or campaign.register,
            roster=self.roster or str(campaign.roster),
            round=self.round or campaign.round,
            paths=self.paths or inbox,
            layout=self.layout or campaign.layout,
            year=self.year or campaign.fiscal_year,
            deadline=self.deadline or campaign.deadline,
            # Units may fill in the workbooks where they were put.
            own=(str(campaign.file), str(campaign.outbox / MANIFEST)),
        )
