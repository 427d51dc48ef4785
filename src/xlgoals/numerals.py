"""Numbers as people write them, by steps that a spreadsheet formula can take too."""

from __future__ import annotations

import re
from decimal import Decimal

# Thousands are either all marked or none; the masked integer must be an end of this.
GROUPED = "000,000,000,000,000"
# Longer runs of digits are more than a spreadsheet's VALUE can take: just very much.
LONGEST = 60
BEYOND = Decimal("1E+30")
_NONZERO = re.compile("[1-9]", re.ASCII)


def masked(text: str) -> str:
    """The text with every digit as 0: what is left tells a pattern without regular expressions."""
    return _NONZERO.sub("0", text)


def written_number(text: str) -> Decimal | None:
    """Read digits with or without thousands marks and decimals: ``1,600.5``; None otherwise.

    No sign, no blanks, no unit: whoever calls has taken them off.
    """
    mask = masked(text)
    integer, point, fraction = mask.partition(".")
    plain = bool(integer) and not integer.strip("0")
    grouped = integer[:1] == "0" and "," in integer and GROUPED.endswith(integer)
    whole_fraction = not point or (bool(fraction) and not fraction.strip("0"))
    if not (plain or grouped) or not whole_fraction:
        return None
    return BEYOND if len(text) > LONGEST else Decimal(text.replace(",", ""))


def plain_number(number: Decimal) -> str:
    """A decimal as plain digits without needless zeros: ``100``, ``0.5``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
