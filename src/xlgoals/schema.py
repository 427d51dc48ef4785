"""JSON Schema of a layout's typed form."""

from __future__ import annotations

from typing import Any

from xlgoals.layouts import Layout
from xlgoals.models import form_class


def form_schema(layout: Layout) -> dict[str, Any]:
    """The schema (draft 2020-12) that every record of a layout keeps to.

    Titles are the layout's labels; limits and options come from the kinds of its fields.
    """
    cls = form_class(layout)
    schema = cls.model_json_schema(mode="serialization")
    given = schema["properties"]
    properties = {key: given[key] for key in cls.record_keys}
    for key, item in layout.fields.items():
        properties[key] |= {"title": item.title, **item.kind.schema}
        if item.help:
            properties[key]["description"] = item.help
    properties["layout"] = {"const": layout.id}
    definitions = schema["$defs"]["Indicator"]["properties"]
    for key, column in layout.indicators.columns.items():
        if key in definitions:
            definitions[key]["title"] = column.title
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": layout.name,
        "type": "object",
        "properties": properties,
        "required": list(cls.record_keys),
        "additionalProperties": False,
        "$defs": schema["$defs"],
    }
