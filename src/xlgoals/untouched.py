"""Whether a workbook is as it was handed out: a digest of all that stands in its inputs.

The workbooks that a refresh writes carry the digest of what they were prefilled with. Where the
inputs still give the same one, nothing that a person wrote can be lost.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from xlgoals.checking.readings import FormReading

PREFILLED = "xlgoals-prefilled"  # the document property that keeps the digest


def inputs_digest(forms: Sequence[FormReading], unit_field: str) -> str:
    """A fingerprint of everything in the inputs, the unit apart, read as a value or not."""
    stands = [
        (index, item.input.name, str(item.reading.shown if refused else item.reading.value))
        for index, form in enumerate(forms)
        for item in form.all_inputs()
        if not item.reading.blank and item.input.key != unit_field
        for refused in (item.reading.refused,)
    ]
    return sha256(json.dumps(stands, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
