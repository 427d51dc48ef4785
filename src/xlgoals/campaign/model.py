"""A campaign as its file says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlgoals.campaign.carry import NAMES_ONLY, Carry
from xlgoals.layouts import Layout

DEFAULT_PATTERN = "{code}-{unit}.xlsx"


class CampaignError(ValueError):
    """A campaign that cannot be run; its text names file, line and key where these are known."""


@dataclass(frozen=True)
class Campaign:
    """What is collected in one year, from whom, and where everything lies."""

    file: Path
    layout: Layout
    fiscal_year: int
    roster: Path
    outbox: Path
    inbox: Path | None = None
    previous: str | None = None  # returned workbooks, a folder or one of them, or a register
    previous_layout: Layout | None = None  # of its forms, where it is none of the package's
    previous_year: int | None = None  # None: the last one before the campaign's
    previous_round: str | None = None  # None: the only one that there is
    register: str | None = None
    round: str | None = None
    deadline: datetime | None = None
    contact: str | None = None
    pattern: str = DEFAULT_PATTERN  # of the names of the workbooks
    password_env: str | None = None
    carry: Carry = NAMES_ONLY
    closed: tuple[str, ...] = ()  # units that no longer declare anything
