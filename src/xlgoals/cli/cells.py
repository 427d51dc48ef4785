"""``xlgoals cells``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from xlgoals.cli.common import (
    deliver,
    deliver_utf8,
    get_layout,
    layout_option,
    output_option,
    read_all,
    refuse_loss,
)
from xlgoals.cli.main import FOUND_ERRORS
from xlgoals.language import _

if TYPE_CHECKING:
    from xlgoals.plan.model import Plan


@click.command()
@click.argument("source", metavar="LAYOUT|FILE")
@click.option("--checks", is_flag=True, help="List the live checks instead of the inputs.")
@layout_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@output_option
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    checks: bool,
    layout_name: str | None,
    format_: str,
    output: str | None,
) -> None:
    """List every input of a layout or of a workbook.

    Sheet, name, cell, field, label, type, required. For a layout these are the inputs of its blank
    template; for a workbook those found in it. With --checks, every live check: its code and
    severity, the cells it speaks of (the first is where the finding stands), and the cell that
    shows its result: blank where all is well, else the code and then the message.
    """
    from xlgoals.layouts import layout_ids

    refuse_loss(output, layout_name, source)
    is_layout = source in layout_ids() or source.endswith((".yaml", ".yml"))
    rows = (
        _of_layout(source, checks) if is_layout else _of_workbook(ctx, source, layout_name, checks)
    )
    if format_ == "json":
        deliver_utf8(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", output)
    else:
        lines = ["\t".join(_shown(value) for value in row.values()) for row in rows]
        deliver("\n".join(lines) + "\n", output)


def _of_layout(source: str, checks: bool) -> list[dict[str, Any]]:
    from xlgoals.plan.build import build_plan

    layout = get_layout(source)
    plan = build_plan(layout, layout.first_year)
    if checks:
        return _checks(plan, plan.sheet_names, {})
    return [
        _row(sheet, item.area.first.a1, item)
        for index, sheet in enumerate(plan.sheet_names)
        for item in plan.inputs(index)
    ]


def _of_workbook(
    ctx: click.Context, source: str, layout_name: str | None, checks: bool
) -> list[dict[str, Any]]:
    from xlgoals.reports.text_report import text_report
    from xlgoals.submission import Status

    (submission,) = read_all([source], layout_name)
    if submission.status is Status.REJECTED:
        click.echo(text_report([submission]), err=True, nl=False)
        ctx.exit(FOUND_ERRORS)
    if checks:
        found = {(item.sheet, item.input.name): item.cell for item in submission.inputs}
        return _checks(submission.plan, submission.sheets, found) if submission.plan else []
    return [_row(found.sheet, found.cell, found.input) for found in submission.inputs]


def _row(sheet: str, cell: str, item: Any) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "name": item.name,
        "cell": cell,
        "field": item.key,
        "label": item.title,
        "type": item.kind.name,
        "required": item.required,
    }


def _checks(
    plan: Plan, sheets: Sequence[str], found: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """The live checks of a plan's workbook, where its sheets and inputs are now."""
    from xlgoals.identity import HIDDEN_SHEET
    from xlgoals.live.build import build_live

    table = build_live(plan)
    names = dict(zip(plan.sheet_names, sheets, strict=True))
    rows = []
    for check in table.checks:
        sheet = names[check.sheet]
        inputs = (check.input, *check.related)
        rows.append(
            {
                "code": check.code.id,
                "severity": check.code.severity.value,
                "cells": [
                    f"{sheet}!{found.get((sheet, item.name), item.area.first.a1)}"
                    for item in inputs
                ],
                "result": f"{HIDDEN_SHEET}!{check.result.a1}",
            }
        )
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("必填") if value else _("可不填")
    if isinstance(value, list):
        return " ".join(value)
    return str(value)
