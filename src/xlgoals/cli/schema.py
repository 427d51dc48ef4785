"""``xlgoals schema``."""

from __future__ import annotations

import json

import click

from xlgoals.cli.common import deliver_utf8, get_layout, output_option, refuse_loss


@click.command()
@click.argument("layout_name", metavar="LAYOUT")
@output_option
def command(layout_name: str, output: str | None) -> None:
    """Print the JSON Schema of a layout's typed form."""
    refuse_loss(output, layout_name)
    layout = get_layout(layout_name)
    from xlgoals.schema import form_schema

    deliver_utf8(json.dumps(form_schema(layout), ensure_ascii=False, indent=1) + "\n", output)
