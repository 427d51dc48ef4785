"""``xlgoals consolidate``."""

from __future__ import annotations

import os
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlgoals.cli.campaign import campaign_option, get_campaign
from xlgoals.cli.common import get_layout, limit_option, wanted_options
from xlgoals.cli.progress import INTERRUPTED, progress
from xlgoals.cli.register import register_errors, register_option, round_option

if TYPE_CHECKING:
    from xlgoals.campaign.model import Campaign
    from xlgoals.reader.limits import Limits
    from xlgoals.season.model import FileEntry, Season


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("-o", "--output", metavar="SUMMARY.xlsx", required=True, help="The summary workbook.")
@campaign_option
@register_option()
@click.option("--roster", metavar="FILE", help="Who must return what, as CSV or .xlsx.")
@click.option("--waivers", metavar="FILE", help="Findings that are accepted, as CSV or .xlsx.")
@click.option("--annotate", "folder", metavar="DIR", help="Write there marked copies, by unit.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes that read files.")
@round_option
@wanted_options
@click.option(
    "--deadline",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day in time; what was saved later is late.",
)
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
    is read where no PATH is given, and what no option says is taken from it.
    """
    from xlgoals.cli.status import get_roster, get_waivers
    from xlgoals.layouts import LayoutError, UnknownLayoutError
    from xlgoals.season.build import NothingReadError
    from xlgoals.season.collect import consolidate

    _refuse_closed(output)
    said = _Said(paths, register, roster, layout_name, year, round_, deadline, campaign_file)
    own = [item for item in (output, said.roster, waivers, folder, *said.own) if item]
    try:
        with register_errors(), progress("读取", quiet=quiet) as tell:
            season = consolidate(
                said.paths,
                register=said.register,
                roster=get_roster(said.roster),
                waivers=get_waivers(waivers),
                layout=said.layout,
                fiscal_year=said.year,
                round=said.round,
                deadline=said.deadline,
                jobs=jobs,
                vanished=vanished,
                own=own,
                limits=limits,
                progress=tell,
            )
    except NothingReadError as error:
        raise click.UsageError(f"{error}；请核对路径，或用 --as 和 --year 指明。") from error
    except (UnknownLayoutError, LayoutError) as error:
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt:
        click.echo("已中断。" + (_HOW_TO_GO_ON if said.register else ""), err=True)
        ctx.exit(INTERRUPTED)
    with register_errors():
        _write(season, output)
        if folder:
            _annotate(season, folder, limits)
    click.echo(_told(season) + f"汇总表：{output}")
    ctx.exit(_exit_status(season))


class _Said:
    """What the command line says, and where it does not, the campaign."""

    def __init__(
        self,
        paths: tuple[str, ...],
        register: str | None,
        roster: str | None,
        layout_name: str | None,
        year: int | None,
        round_: str | None,
        deadline: datetime | None,
        campaign_file: str | None,
    ) -> None:
        self.paths, self.register, self.roster = paths, register, roster
        self.layout = get_layout(layout_name) if layout_name else None
        self.year, self.round = year, round_
        self.deadline = datetime.combine(deadline, time.max).astimezone() if deadline else None
        self.own: tuple[str, ...] = ()
        if campaign_file is not None:
            self._fill_up(get_campaign(campaign_file))
        if not self.paths:
            raise click.UsageError("请给出要汇总的文件夹或文件，或在活动文件里写明 inbox。")

    def _fill_up(self, campaign: Campaign) -> None:
        from xlgoals.campaign.manifest import MANIFEST

        if not self.paths and campaign.inbox:
            self.paths = (str(campaign.inbox),)
        self.register = self.register or campaign.register
        self.roster = self.roster or str(campaign.roster)
        self.layout = self.layout or campaign.layout
        self.year = self.year or campaign.fiscal_year
        self.round = self.round or campaign.round
        self.deadline = self.deadline or campaign.deadline
        # Units may fill in the workbooks where they were put.
        self.own = (str(campaign.file), str(campaign.outbox / MANIFEST))


_HOW_TO_GO_ON = "已读取的文件都存入了登记库，再次运行同一命令即可接着读取。"


def _refuse_closed(output: str) -> None:
    """Say before hours of reading that the summary could not be written after them."""
    target = Path(output)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise click.UsageError(f"无法写入 {output}：不是文件，或所在的文件夹不存在")
    if target.exists() and not os.access(target, os.W_OK):
        raise click.UsageError(f"无法写入 {output}：没有写入的权限，或正在其他程序中打开")


def _write(season: Season, output: str) -> None:
    from xlgoals.summary.write import write_summary

    try:
        write_summary(output, season)
    except OSError as error:
        raise click.UsageError(
            f"无法写入 {output}：{error.strerror or error}。"
            "如果它正在表格软件中打开，请关闭后再运行。"
        ) from error


def _annotate(season: Season, folder: str, limits: Limits) -> None:
    """Marked copies of the files that go back, in one folder a unit."""
    from dataclasses import replace

    from xlgoals.cli.annotate import write_copies
    from xlgoals.file_names import safe_name
    from xlgoals.importer.read import read
    from xlgoals.season.model import FileState
    from xlgoals.season.words import NO_UNIT

    by_folder: dict[str, list[FileEntry]] = {}
    for file in season.files:
        if file.state is FileState.ERRORS:
            by_folder.setdefault(safe_name(file.unit or NO_UNIT), []).append(file)
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
        write_copies(submissions, str(Path(folder, name)), limits)


def _told(season: Season) -> str:
    from xlgoals.season.figures import Figures
    from xlgoals.season.words import FILE_WORDS, WAIVED

    figures = Figures(season)
    counts = figures.files
    parts = "，".join(f"{FILE_WORDS[state]}{count}个" for state, count in counts.items() if count)
    waived = figures.counts.waived
    apart = f"{waived}处问题{WAIVED}。" if waived else ""
    return f"共{len(season.files)}个文件（{parts}），{len(season.forms)}个项目。{apart}"


def _exit_status(season: Season) -> int:
    from xlgoals.season.figures import Figures

    return int(bool(Figures(season).counts.errors))
