"""``xlgoals consolidate``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlgoals.cli.campaign import campaign_among, campaign_option
from xlgoals.cli.common import WholeNumber, get_layout, limit_option, refuse_loss, wanted_options
from xlgoals.cli.listings import get_roster, get_waivers, roster_option, waivers_option
from xlgoals.cli.main import INTERRUPTED
from xlgoals.cli.progress import progress
from xlgoals.cli.register import register_errors, register_option, round_option
from xlgoals.cli.season import Said, deadline_option
from xlgoals.language import _, reason, sentences
from xlgoals.system_errors import why

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from datetime import datetime

    from xlgoals.reader.limits import Limits
    from xlgoals.season.model import FileEntry, Season


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("-o", "--output", metavar="SUMMARY.xlsx", required=True, help="The summary workbook.")
@campaign_option
@register_option()
@roster_option
@waivers_option
@click.option("--annotate", "folder", metavar="DIR", help="Write there marked copies, by unit.")
@click.option("--jobs", type=WholeNumber(1), metavar="N", help="Processes that read files.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Have a Dask cluster read the files, not this machine."
)
@round_option
@wanted_options
@deadline_option
@click.option("--vanished", is_flag=True, help="Count files of earlier runs that are gone, too.")
@limit_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of the progress.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    output: str,
    campaign_file: str | None,
    register: str | None,
    roster: str | None,
    waivers: str | None,
    folder: str | None,
    jobs: int | None,
    scheduler: str | None,
    round_: str | None,
    layout_name: str | None,
    year: int | None,
    deadline: datetime | None,
    vanished: bool,
    limits: Limits,
    quiet: bool,
) -> None:
    """Bring returned workbooks together in a summary.

    PATH is a file, a folder with all that is in it, or a pattern. Every file found is accounted
    for: accepted, to be mended, rejected, superseded by a later version, or the same as another.
    With --register, files that were read before are not read again. With --campaign, its inbox
    is read where no PATH is given, and what no option says is taken from it. PATH may be the
    campaign, too.
    """
    paths, campaign_file = campaign_among(paths, campaign_file)
    from xlgoals.season.collect import consolidate

    layout = get_layout(layout_name) if layout_name else None
    asked = Said(register, roster, round_, paths, layout, year, deadline).filled_up(campaign_file)
    if not asked.paths:
        raise click.UsageError(_("请给出要汇总的文件夹或文件，或在活动文件里写明 inbox。"))
    lists = [item for item in (asked.roster, waivers, *asked.own) if item]
    _refuse_closed(output)
    refuse_loss(output, *lists, asked.register)
    _refuse_form(output)
    if folder:
        _refuse_mixing(folder, asked.paths)
        # Now, since a library that is being loaded may swallow an interrupt.
        import_module("xlgoals.annotate.copy")
    own = [*lists, output, *([folder] if folder else [])]
    with _going_on(asked.register):
        with (
            register_errors(),
            _readers(scheduler, jobs) as (executor, jobs),
            progress(_("读取"), quiet=quiet) as tell,
        ):
            season = consolidate(
                asked.paths,
                register=asked.register,
                roster=get_roster(asked.roster),
                waivers=get_waivers(waivers),
                layout=asked.layout,
                fiscal_year=asked.year,
                round=asked.round,
                deadline=asked.deadline,
                executor=executor,
                jobs=jobs,
                vanished=vanished,
                own=own,
                limits=limits,
                progress=tell,
            )
        with register_errors():
            _write(season, output)
            if folder:
                _annotate(season, folder, limits)
    click.echo(_told(season, output))
    ctx.exit(_exit_status(season))


@contextmanager
def _going_on(register: str | None) -> Iterator[None]:
    """Say what ended a run early, and how to go on."""
    from xlgoals.layouts import LayoutError, UnknownLayoutError
    from xlgoals.season.build import NothingReadError
    from xlgoals.season.cluster import ExecutorError

    try:
        yield
    except NothingReadError as error:
        raise click.UsageError(
            _("{error}；请核对路径，或用 --as 和 --year 指明。", error=error)
        ) from error
    except (UnknownLayoutError, LayoutError) as error:
        raise click.UsageError(reason(error)) from error
    except ExecutorError as error:
        raise click.UsageError(_how_to_go_on(_("{error}。", error=error), register)) from error
    except KeyboardInterrupt:
        click.echo(_how_to_go_on(_("已中断。"), register), err=True)
        click.get_current_context().exit(INTERRUPTED)


def _how_to_go_on(told: str, register: str | None) -> str:
    """What is told of a run that ended early, and where a register kept what it read."""
    further = _("再次运行同一命令，将从头读取；用 --register 指明登记库，中断后就能接着读取。")
    if register is not None:
        further = _("已读取的文件都存入了登记库，再次运行同一命令即可接着读取。")
    return sentences(told, further)


def _refuse_closed(output: str) -> None:
    """Say before hours of reading that the summary could not be written after them."""
    target = Path(output)
    if target.suffix.lower() != ".xlsx":
        problem = _("汇总表是 .xlsx 文件，文件名要以 .xlsx 结尾")
    elif target.is_dir() or not target.absolute().parent.is_dir():
        problem = _("不是文件，或所在的文件夹不存在")
    elif target.exists() and not os.access(target, os.W_OK):
        problem = _("没有写入的权限，或正在其他程序中打开")
    else:
        return
    raise click.UsageError(_("无法写入 {output}：{problem}", output=output, problem=problem))


def _refuse_form(output: str) -> None:
    """Say that the summary would be written over what a unit has returned."""
    from xlgoals import codes
    from xlgoals.importer.read import read
    from xlgoals.unreadable import UNREADABLE

    target = Path(output)
    if not target.exists():
        return
    harmless = {*UNREADABLE, codes.OWN_SUMMARY.id, codes.NOT_OUR_FORM.id}
    if harmless.isdisjoint(finding.code for finding in read(target).findings):
        raise click.UsageError(
            _(
                "没有写入 {output}：它是填报的表，不是汇总表。请用 -o 换一个文件名。",
                output=output,
            )
        )


def _refuse_mixing(folder: str, paths: Sequence[str]) -> None:
    """Say before hours of reading that marked copies would lie among the returned files."""
    place = Path(folder).resolve()
    if place.exists() and not place.is_dir():
        problem = _("不是文件夹")
    elif any(place in (path, *path.parents) for path in (Path(p).resolve() for p in paths)):
        problem = _("收到的文件就在这个文件夹里，带标注的副本请写到别处")
    else:
        return
    raise click.UsageError(_("无法写入 {output}：{problem}", output=folder, problem=problem))


def _write(season: Season, output: str) -> None:
    from xlgoals.grid import TooManyRowsError
    from xlgoals.summary.write import write_summary

    try:
        write_summary(output, season)
    except TooManyRowsError as error:
        raise click.UsageError(
            _(
                "无法写入 {output}：{problem}。请分部门、分文件夹汇总；"
                "全部数据请存入登记库（--register），再用 xlgoals export 导出。",
                output=output,
                problem=error,
            )
        ) from error
    except OSError as error:
        raise click.UsageError(
            _(
                "无法写入 {output}：{problem}。如果它正在表格软件中打开，请关闭后再运行。",
                output=output,
                problem=why(error),
            )
        ) from error


def _annotate(season: Season, folder: str, limits: Limits) -> None:
    """Marked copies of the files that go back, in one folder a unit."""
    from dataclasses import replace

    from xlgoals.cli.annotate import tell_others, write_copies
    from xlgoals.file_names import safe_name
    from xlgoals.importer.read import read
    from xlgoals.season.model import FileState
    from xlgoals.season.words import NO_UNIT

    by_folder: dict[str, list[FileEntry]] = {}
    for file in season.files:
        if file.state is FileState.ERRORS:
            by_folder.setdefault(safe_name(file.unit or NO_UNIT), []).append(file)
    written = set[Path]()
    for name, files in by_folder.items():
        submissions = (
            replace(
                read(
                    file.path, layout=season.layout, fiscal_year=season.fiscal_year, limits=limits
                ),
                # Neither what is waived nor what a later file says better is for the unit to mend.
                findings=tuple(item for item in file.findings if item not in season.waived),
            )
            for file in files
        )
        written.update(write_copies(submissions, str(Path(folder, name)), limits))
    tell_others(folder, written)


@contextmanager
def _readers(
    scheduler: str | None, jobs: int | None
) -> Iterator[tuple[Executor | None, int | None]]:
    """Who reads, and how many batches at a time: a cluster, else processes here."""
    from xlgoals.season.cluster import connected

    if scheduler is None:
        yield None, jobs
    else:
        with connected(scheduler) as cluster:
            yield cluster.executor, jobs or cluster.threads


def _told(season: Season, output: str) -> str:
    from xlgoals.season.figures import Figures
    from xlgoals.season.words import FILE_WORDS

    figures = Figures(season)
    counts = figures.files
    parts = _("，").join(
        _("{state}{count}个", state=_(FILE_WORDS[state]), count=count)
        for state, count in counts.items()
        if count
    )
    read = _("没有文件。")
    if season.files:
        read = _(
            "共{files}个文件（{parts}），{forms}个项目。",
            files=len(season.files),
            parts=parts,
            forms=len(season.forms),
        )
    waived = figures.counts.waived
    apart = (_("{count}处问题已豁免。", count=waived),) if waived else ()
    return sentences(read, *apart, _("汇总表：{output}", output=output))


def _exit_status(season: Season) -> int:
    from xlgoals.season.figures import Figures

    return int(bool(Figures(season).counts.errors))
