"""``xlgoals campaign``, and what other commands take from the file of a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from xlgoals.campaign.model import Campaign


@click.group()
def command() -> None:
    """Start the file of a year's collection from another one."""


def get_campaign(path: str) -> Campaign:
    """A campaign; wrong usage where its file is none or cannot be read."""
    from xlgoals.campaign.model import CampaignError
    from xlgoals.campaign.source import read_campaign

    try:
        return read_campaign(path)
    except CampaignError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"无法读取 {path}：{error.strerror or error}") from error
