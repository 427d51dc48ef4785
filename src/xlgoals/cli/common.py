"""Options and outputs that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlgoals.language import _, enumerated, reason
from xlgoals.system_errors import why

if TYPE_CHECKING:
    from xlgoals.layouts import Layout
    from xlgoals.reader.limits import Limits
    from xlgoals.submission import Submission

F = TypeVar("F", bound=Callable[..., Any])


class WholeNumber(click.IntRange):
    """A number that is one of a range; the parser's own name for it has no translation."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Raises BadParameter for what is none or beyond the range."""
        try:
            number = int(value)
        except ValueError:
            self.fail(_("“{value}”不是整数", value=value), param, ctx)
        return super().convert(number, param, ctx)


YEAR = WholeNumber(2000, 2099)


def files_argument(command: F) -> F:
    """The workbooks a command reads."""
    return click.argument("files", nargs=-1, required=True, metavar="FILE...")(command)


def output_option(command: F) -> F:
    """Where the result goes."""
    help_text = "Write the result here instead of to standard output."
    return click.option("-o", "--output", metavar="FILE", help=help_text)(command)


def wanted_options(command: F) -> F:
    """What the files must be."""
    command = click.option(
        "--year",
        type=YEAR,
        help="The fiscal year the files must be of; taken for granted where a file does not say.",
    )(command)
    return click.option(
        "--as",
        "layout_name",
        metavar="LAYOUT",
        help="The layout the files must be of (id or path); taken for granted likewise.",
    )(command)


def layout_option(command: F) -> F:
    """The layout that workbooks or a register are of, where the package does not have it."""
    help_text = "The layout (id or path), where it is one of your own."
    return click.option("--as", "layout_name", metavar="LAYOUT", help=help_text)(command)


def limit_option(command: F) -> F:
    """How much a file may ask for."""
    return click.option(
        "--limit",
        "limits",
        multiple=True,
        metavar="NAME=N",
        callback=_limits,
        help="Allow a file more or less than by default, such as cells=2000000; may be repeated.",
    )(command)


def _limits(_ctx: click.Context, _option: click.Parameter, items: tuple[str, ...]) -> Limits:
    from dataclasses import fields, replace

    from xlgoals.reader.limits import DEFAULT_LIMITS, Limits

    names = [field.name for field in fields(Limits)]
    chosen: dict[str, int] = {}
    for item in items:
        name, _sign, number = item.partition("=")
        if name not in names:
            known = enumerated(names)
            raise click.BadParameter(
                _("没有“{name}”这项上限，可用的有：{names}", name=name, names=known)
            )
        if not (number.isascii() and number.isdigit() and len(number) < 13 and int(number)):
            raise click.BadParameter(_("“{item}”应写成 {name}=正整数", item=item, name=name))
        chosen[name] = int(number)
    return replace(DEFAULT_LIMITS, **chosen)


def get_layout(name: str) -> Layout:
    """A layout by id or path; wrong usage where there is none or it is broken."""
    from xlgoals.layouts import LayoutError, UnknownLayoutError, load_layout

    try:
        return load_layout(name)
    except (UnknownLayoutError, LayoutError, OSError) as error:
        raise click.UsageError(reason(error)) from error


def not_served(layout: Layout, year: int) -> str:
    """What to say of a year that is not among those of a layout."""
    return _(
        "注意：表样 {layout} 适用于 {years} 年度，不含 {year} 年度。",
        layout=layout.id,
        years=layout.years,
        year=year,
    )


def read_all(
    files: Sequence[str],
    layout_name: str | None = None,
    year: int | None = None,
    limits: Limits | None = None,
    others: Iterable[Layout] = (),
) -> list[Submission]:
    """Read every file; whatever is wrong with one is a finding of its own."""
    from xlgoals.importer.read import read
    from xlgoals.reader.limits import DEFAULT_LIMITS

    layout = get_layout(layout_name) if layout_name else None
    limits = limits or DEFAULT_LIMITS
    others = tuple(others)
    return [
        read(file, layout=layout, others=others, fiscal_year=year, limits=limits) for file in files
    ]


def deliver(text: str, output: str | None) -> None:
    """Print a result, or write it whole to a file; always UTF-8 there."""
    if output is None:
        click.echo(text, nl=False)
        return
    from xlgoals.output import write_whole

    try:
        write_whole(output, text.encode("utf-8"))
    except OSError as error:
        raise cannot_write(output, error) from error


def refuse_loss(output: str | None, *sources: str | None) -> None:
    """Wrong usage where a result would take the place of what a command reads."""
    if output is None:
        return
    for source in filter(None, sources):
        if _is_same(output, source.removeprefix("sqlite:///")):
            raise click.UsageError(
                _(
                    "没有写入 {output}：它是这条命令要用的另一个文件。请用 -o 换一个文件名。",
                    output=output,
                )
            )


def _is_same(output: str, source: str) -> bool:
    try:
        return Path(output).samefile(source)
    except (OSError, ValueError):  # one of them is not there, or no file can have that name
        return False


def cannot_read(path: str, error: OSError) -> click.UsageError:
    """Wrong usage: a file that a command needs and cannot read."""
    return click.UsageError(_("无法读取 {path}：{problem}", path=path, problem=why(error)))


def cannot_write(output: str | None, error: OSError) -> click.UsageError:
    """Wrong usage: a result that could not be written where it was to go, or be printed."""
    place, problem = output or _("标准输出"), why(error)
    return click.UsageError(_("无法写入 {output}：{problem}", output=place, problem=problem))


def no_access(where: str, error: OSError) -> click.UsageError:
    """Wrong usage: a file or folder that cannot be read or written."""
    problem = why(error)
    return click.UsageError(_("无法读写 {where}：{problem}", where=where, problem=problem))


def deliver_utf8(text: str, output: str | None) -> None:
    """Print or write what is UTF-8 everywhere, whatever the console speaks: JSON, web pages."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        deliver(text, output)


def exit_status(submissions: Sequence[Submission], *, strict: bool = False) -> int:
    """1 where any finding is an error, or under ``strict`` a warning; else 0."""
    from xlgoals.findings import Severity

    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(f.severity in failing for s in submissions for f in s.findings))
