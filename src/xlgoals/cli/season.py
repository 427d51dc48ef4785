"""What the commands that tell of a season are told: by their options, else by a campaign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlgoals.cli.campaign import get_campaign

if TYPE_CHECKING:
    from datetime import datetime

    from xlgoals.campaign.model import Campaign
    from xlgoals.layouts import Layout


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
