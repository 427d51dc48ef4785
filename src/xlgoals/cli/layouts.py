"""``xlgoals layouts``."""

from __future__ import annotations

import json

import click

from xlgoals.cli.common import deliver_json


@click.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
def command(format_: str) -> None:
    """List the layouts and the fiscal years they serve."""
    from xlgoals.layouts import layout_ids, load_layout

    layouts = [load_layout(name) for name in layout_ids()]
    if format_ == "json":
        rows = [
            {
                "layout": layout.id,
                "name": layout.name,
                "authority": layout.authority,
                "first_year": layout.first_year,
                "last_year": layout.last_year,
            }
            for layout in layouts
        ]
        deliver_json(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    for layout in layouts:
        click.echo(f"{layout.id}\t{layout.years}\t{layout.name}（{layout.authority}）")
