"""``xlgoals layouts``: the forms themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from xlgoals.cli.common import deliver, deliver_utf8, get_layout, refuse_loss
from xlgoals.language import _, reason, spoken

if TYPE_CHECKING:
    from xlgoals.layouts import Layout


@click.group(invoke_without_command=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, format_: str) -> None:
    """List the layouts and the fiscal years they serve.

    LAYOUT is the id of a layout, or the path of a YAML file.
    """
    if ctx.invoked_subcommand is None:
        _list(format_)


def _list(format_: str) -> None:
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
        deliver_utf8(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    for layout in layouts:
        click.echo(f"{layout.id}\t{layout.years}\t{_titled(layout)}")


def _titled(layout: Layout) -> str:
    return _("{name}（{authority}）", name=layout.name, authority=layout.authority)


@command.command()
@click.argument("layout_name", metavar="LAYOUT")
def show(layout_name: str) -> None:
    """Print a layout in full, whatever it extends."""
    deliver(_text(layout_name), None)


@command.command()
@click.argument("layout_name", metavar="LAYOUT")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write the copy.")
def export(layout_name: str, output: str) -> None:
    """Write a copy of a layout in full, to be changed and used from its path."""
    refuse_loss(output, layout_name)
    deliver(_text(layout_name), output)


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Check layout files; every message names file, line, column and key."""
    from xlgoals.layouts import LayoutError, UnknownLayoutError, load_layout

    failed = False
    for file in files:
        try:
            layout = load_layout(file)
        except LayoutError as error:
            failed = True
            click.echo(reason(error))
        except (UnknownLayoutError, OSError) as error:
            raise click.UsageError(reason(error)) from error
        else:
            told = _(
                "{file}：没有问题（{layout}，{name}，{years}）",
                file=file,
                layout=layout.id,
                name=layout.name,
                years=layout.years,
            )
            click.echo(told)
    ctx.exit(int(failed))


@command.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def diff(old: str, new: str) -> None:
    """Tell what changed from one layout to another, and which cells moved."""
    before, after = get_layout(old), get_layout(new)
    from xlgoals.plan.compare import compare_layouts

    sections = compare_layouts(before, after)
    for section in sections:
        click.echo(spoken(section.heading))
        for line in section.lines:
            click.echo(f"  {spoken(line)}")
    if not sections:
        click.echo(_("两个表样内容相同。"))


def _text(layout_name: str) -> str:
    get_layout(layout_name)  # wrong usage where there is none
    from xlgoals.layouts import layout_text

    return layout_text(layout_name)
