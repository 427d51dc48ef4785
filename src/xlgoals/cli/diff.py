"""``xlgoals diff``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from xlgoals.cli.common import (
    deliver,
    deliver_utf8,
    layout_option,
    output_option,
    read_all,
    refuse_loss,
)
from xlgoals.cli.listings import get_roster, roster_option
from xlgoals.cli.main import FOUND_ERRORS
from xlgoals.cli.register import (
    register_option,
    round_option,
    using_register,
    with_other_rounds,
)
from xlgoals.language import _

if TYPE_CHECKING:
    from xlgoals.layouts import Layout


@dataclass(frozen=True)
class _Side:
    """One of the two versions."""

    name: str
    layout: Layout
    forms: Sequence[tuple[str, dict[str, Any]]]


@click.command()
@click.argument("files", nargs=-1, metavar="[OLD NEW]")
@register_option()
@click.option("--unit", metavar="NAME", help="The unit whose versions in the register to compare.")
@click.option("--project", metavar="NAME", help="Its project.")
@roster_option
@round_option
@layout_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@output_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    register: str | None,
    unit: str | None,
    project: str | None,
    roster: str | None,
    round_: str | None,
    layout_name: str | None,
    format_: str,
    output: str | None,
) -> None:
    """Say what a later version changed, field by field, row by row.

    OLD and NEW are workbooks. With --register, --unit and --project instead, the last two
    versions of that project are compared; by a roster, under whatever name the unit returned them.
    """
    from xlgoals.reports.diff_report import diff_json, diff_text
    from xlgoals.season.diff import compare

    refuse_loss(output, register, roster, *files)
    if register is not None:
        if files or not (unit and project):
            raise click.UsageError(_("--register 要与 --unit、--project 同用，不再给出文件。"))
        old, new = _registered(register, roster, unit, project, round_, layout_name)
    else:
        if len(files) != 2 or unit or project or round_ or roster:
            raise click.UsageError(_("请给出两个文件：原文件和新文件；或用 --register。"))
        old, new = _workbooks(ctx, files, layout_name)
    if old.layout.id != new.layout.id:
        raise click.UsageError(
            _("两个文件的表样不同：“{old}”和“{new}”。", old=old.layout.title, new=new.layout.title)
        )
    changes = compare(new.layout, old.forms, new.forms)
    if format_ == "json":
        deliver_utf8(diff_json(old.name, new.name, changes), output)
    else:
        deliver(diff_text(old.name, new.name, changes), output)


def _workbooks(
    ctx: click.Context, files: Sequence[str], layout_name: str | None
) -> tuple[_Side, _Side]:
    from xlgoals.reports.text_report import text_report
    from xlgoals.season.diff import as_filled_in
    from xlgoals.submission import Status

    submissions = read_all(files, layout_name)
    if rejected := [s for s in submissions if s.status is Status.REJECTED or s.layout is None]:
        click.echo(text_report(rejected), err=True, nl=False)
        ctx.exit(FOUND_ERRORS)
    old, new = (
        _Side(
            s.file,
            s.layout,
            [as_filled_in((record.sheet, record.values), s.findings) for record in s.records],
        )
        for s in submissions
        if s.layout is not None
    )
    return old, new


def _registered(
    url: str,
    roster: str | None,
    unit: str,
    project: str,
    round_: str | None,
    layout_name: str | None,
) -> tuple[_Side, _Side]:
    from xlgoals.cli.common import get_layout
    from xlgoals.register.rows import finding_of
    from xlgoals.season.diff import as_filled_in
    from xlgoals.season.versions import history

    listed = get_roster(roster)
    with using_register(url) as register:
        versions = history(register, listed, unit, project, round_)
        if len(versions) < 2:
            found = _("只有一个版本") if versions else _("没有这个项目")
            told = _(
                "登记库里单位“{unit}”的项目“{project}”：{found}。",
                unit=unit,
                project=project,
                found=found,
            )
            raise click.UsageError(with_other_rounds(told, register, round_))
        last = versions[-2:]
        ids = [version.head.submission for version in last]
        contents = list(zip(register.forms(ids), register.findings(ids), strict=True))
    old, new = (
        _Side(
            version.file.path,
            get_layout(layout_name or str(version.file.returned.layout)),
            [
                as_filled_in(
                    forms[version.head.position],
                    [finding_of(row, version.file.path) for row in rows],
                )
            ],
        )
        for version, (forms, rows) in zip(last, contents, strict=True)
    )
    return old, new
