"""The yearly refresh: a workbook for every unit of the roster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlgoals.campaign.batches import carry_out_all
from xlgoals.campaign.jobs import Job, Planned, Refused, Terms, plan_jobs, terms_of
from xlgoals.campaign.manifest import MADE_BY, Entry, digest_of, load_manifest, save_manifest
from xlgoals.campaign.model import Campaign, CampaignError
from xlgoals.campaign.previous import read_previous
from xlgoals.campaign.writing import Outcome, State, tasks_of
from xlgoals.language import Message
from xlgoals.layouts import Layout
from xlgoals.season.collect import Progress
from xlgoals.season.roster import RosterError, survey_roster
from xlgoals.system_errors import why

_BATCH = 10  # workbooks: no more are in memory at a time
_WORTH_A_PROCESS = 8  # workbooks: starting one takes longer than writing fewer


@dataclass(frozen=True)
class Refreshed:
    """What became of everything."""

    layout: Layout
    fiscal_year: int
    outbox: Path
    check: bool
    outcomes: tuple[Outcome, ...]  # as on the roster
    refused: tuple[Refused, ...]  # units without a workbook
    stale: tuple[str, ...]  # workbooks of ours that nobody on the roster gets any more
    notes: tuple[str, ...]

    def of(self, *states: State) -> tuple[Outcome, ...]:
        """The workbooks of which this became."""
        return tuple(outcome for outcome in self.outcomes if outcome.state in states)

    @property
    def succeeded(self) -> bool:
        """Whether everything is as it should be; in a check, whether nothing would change."""
        bad = {State.FAILED, State.LEFT}
        if self.check:
            bad |= {State.NEW, State.CHANGED}
        return not self.refused and not self.of(*bad)


def refresh(
    campaign: Campaign,
    *,
    outbox: Path | None = None,
    check: bool = False,
    jobs: int | None = None,
    password: str | None = None,
    progress: Progress | None = None,
) -> Refreshed:
    """Write the workbooks of a campaign, one for each unit of its roster.

    What is there already and says the same is not touched; a workbook into which somebody has
    typed never is. With ``check`` nothing is written. ``outbox`` goes before the campaign's own.

    Raises CampaignError where roster, previous forms or outbox cannot be used at all; whatever is
    wrong with one unit is told of that one.
    """
    count = jobs or os.cpu_count() or 1
    folder = outbox or campaign.outbox
    _prepare(folder, check)
    try:
        rows, problems = survey_roster(campaign.roster)
    except RosterError as error:
        raise CampaignError(
            Message("{file}：roster：{problem}", file=campaign.file, problem=error)
        ) from error
    except OSError as error:
        problem = Message("无法读取“{path}”：{problem}", path=campaign.roster, problem=why(error))
        told = Message("{file}：roster：{problem}", file=campaign.file, problem=problem)
        raise CampaignError(told) from error
    previous = read_previous(campaign, rows, count)
    terms = terms_of(campaign, previous, password)
    planned = plan_jobs(campaign, rows, problems, previous)
    outcomes, stale = _carried_out(planned, terms, folder, check, count, progress)
    return Refreshed(
        layout=campaign.layout,
        fiscal_year=campaign.fiscal_year,
        outbox=folder,
        check=check,
        outcomes=tuple(outcomes),
        refused=planned.refused,
        stale=tuple(stale),
        notes=planned.notes,
    )


def _prepare(outbox: Path, check: bool) -> None:
    """Refuse an outbox that nothing could be written to, before hours of work."""
    try:
        if not check:
            outbox.mkdir(parents=True, exist_ok=True)
        if outbox.exists() and not (outbox.is_dir() and os.access(outbox, os.W_OK)):
            raise CampaignError(
                Message("无法写入“{path}”：不是文件夹，或没有写入的权限", path=outbox)
            )
    except OSError as error:
        told = Message("无法写入“{path}”：{problem}", path=outbox, problem=why(error))
        raise CampaignError(told) from error


def _carried_out(
    planned: Planned,
    terms: Terms,
    outbox: Path,
    check: bool,
    count: int,
    progress: Progress | None,
) -> tuple[list[Outcome], list[str]]:
    known = load_manifest(outbox)
    digests = {job.name: terms.digest_of(job) for job in planned.jobs}
    made = dict(_unchanged(planned.jobs, digests, known, outbox))
    entries = dict(known)
    left = [
        (job, known[job.name].file if job.name in known else None)
        for job in planned.jobs
        if job.name not in made
    ]
    try:
        for outcomes in _made(left, terms, outbox, check, count):
            for outcome in outcomes:
                made[outcome.name] = outcome
                if outcome.file:
                    entries[outcome.name] = _entry(outcome, digests[outcome.name])
            if progress:
                progress(len(made), len(planned.jobs))
    finally:
        stale = [name for name in entries if name not in digests and (outbox / name).exists()]
        if not check and entries:
            _save(outbox, {name: entries[name] for name in entries if name in {*made, *stale}})
    return [made[job.name] for job in planned.jobs], stale


def _unchanged(
    jobs: Sequence[Job], digests: dict[str, str], known: dict[str, Entry], outbox: Path
) -> Iterator[tuple[str, Outcome]]:
    """Workbooks that stand as they were written, of what they would be made of now."""
    for job in jobs:
        entry = known.get(job.name)
        if entry is None or (entry.job, entry.made_by) != (digests[job.name], MADE_BY):
            continue
        if digest_of(outbox / job.name) == entry.file:
            same = Outcome(job.unit, job.name, State.UNCHANGED, "", entry.file)
            yield job.name, replace(same, open=entry.open, left=entry.left)


def _made(
    left: Sequence[tuple[Job, str | None]], terms: Terms, outbox: Path, check: bool, count: int
) -> Iterator[list[Outcome]]:
    processes = max(1, min(count, len(left) // _WORTH_A_PROCESS))
    # The last batches must not leave a process without work for long.
    size = max(1, min(_BATCH, len(left) // (processes * 4)))
    return carry_out_all(tasks_of(outbox, terms, left, size, check), processes)


def _entry(outcome: Outcome, digest: str) -> Entry:
    return Entry(outcome.unit, digest, MADE_BY, outcome.file, outcome.open, outcome.left)


def _save(outbox: Path, entries: dict[str, Entry]) -> None:
    try:
        save_manifest(outbox, entries)
    except OSError:
        return  # it saves time, and no more
