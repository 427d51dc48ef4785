"""What the workbooks of a campaign are called."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from xlgoals.campaign.model import Campaign
from xlgoals.file_names import safe_name
from xlgoals.season.units import Unit


def workbook_name(campaign: Campaign, unit: Unit) -> str:
    """The path of a unit's workbook within the outbox, its folders parted by ``/``."""
    words = {
        "unit": unit.name,
        "code": unit.code or "",
        "year": str(campaign.fiscal_year),
        "round": campaign.round or "",
    }
    # What units are called must make no folders, nor lead out of them.
    plain = {key: safe_name(word) if word else "" for key, word in words.items()}
    *folders, last = campaign.pattern.format_map(plain).split("/")
    stem = last.removesuffix(".xlsx").strip(" -")
    parts = [safe_name(folder) for folder in folders if folder.strip(" .")]
    return str(PurePosixPath(*parts, f"{safe_name(stem)}.xlsx"))


def clashes(names: Sequence[str]) -> frozenset[str]:
    """Those of the names that some system takes for one another."""
    same: dict[str, list[str]] = {}
    for name in names:
        same.setdefault(unicodedata.normalize("NFC", name).casefold(), []).append(name)
    return frozenset(name for group in same.values() if len(group) > 1 for name in group)
