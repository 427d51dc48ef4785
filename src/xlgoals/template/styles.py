"""How things look: one dictionary of cell properties for each role on a sheet."""

from __future__ import annotations

from typing import Any

from xlgoals.book import BUILT_IN

_FORM = {"font_size": 10.5, "valign": "vcenter", "text_wrap": True}
_HEI = {"font_name": "黑体", "bold": True}
_DOUBTFUL = "#B45F06"
_CARRIED = "#DDEBF7"  # what was carried over, until somebody changes it

STYLES: dict[str, dict[str, Any]] = {
    # the form
    "title": {**_FORM, "font_size": 18, "bold": True, "align": "center"},
    "subtitle": {**_FORM, "align": "center"},
    "plain": {**_FORM},
    "note": {**_FORM},
    "label": {**_FORM, "border": 1},
    "heading": {**_FORM, **_HEI, "align": "center", "border": 1},
    "header": {**_FORM, **_HEI, "align": "center", "border": 1},
    "level": {**_FORM, "align": "center", "border": 1},
    "fixed": {**_FORM, "border": 1},
    "input": {**_FORM, "align": "left", "border": 1, "locked": False},
    "input_plain": {**_FORM, "align": "left", "locked": False},
    "input_level": {**_FORM, "align": "center", "border": 1, "locked": False},
    # right of the form, and what conditional formats add
    "message": {"font_size": 9, "font_color": "#843C0C", "valign": "vcenter", "text_wrap": True},
    "verdict": {**_HEI, "font_size": 14, "font_color": "#C00000", "valign": "vcenter"},
    "link": {"font_size": 10.5, "font_color": "#0563C1", "underline": 1, "valign": "vcenter"},
    # the guide
    "guide_title": {**_HEI, "font_size": 16, "valign": "vcenter"},
    "guide_heading": {**_HEI, "font_size": 11, "valign": "vcenter"},
    "guide_text": {"font_size": 10.5, "valign": "vcenter", "text_wrap": True},
    "guide_carried": {
        "font_size": 10.5, "valign": "vcenter", "text_wrap": True, "bg_color": _CARRIED,
    },
    "guide_header": {
        **_HEI, "font_size": 10.5, "valign": "vcenter", "border": 1, "bg_color": "#EDEDED",
    },
    "guide_cell": {"font_size": 10.5, "valign": "vcenter", "text_wrap": True, "border": 1},
}  # fmt: skip


# Fills are for what must be mended, letters for what should be looked at: paper shows no colour.
COLOURS: dict[str, dict[str, Any]] = {
    "missing": {"bg_color": "#FFF2CC"},
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "doubtful": {"font_color": _DOUBTFUL},
    "carried": {"bg_color": _CARRIED},
    "carried_doubtful": {"bg_color": _CARRIED, "font_color": _DOUBTFUL},
    "ready": {"font_color": "#00703C"},
    "nothing": {"font_color": "#595959"},
}


def properties(style: str, number_format: str = "@") -> dict[str, Any]:
    """The cell properties of a role with a number format."""
    return {
        "locked": True,
        **STYLES[style],
        "num_format": BUILT_IN.get(number_format, number_format),
    }
