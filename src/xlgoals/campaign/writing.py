"""One workbook put in its place, or left as it is: what was decided, and why."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from xlgoals.campaign.content import difference, is_untouched, same_content, same_parts
from xlgoals.campaign.jobs import Job, Terms
from xlgoals.campaign.prefill import Made, Note, make_workbook
from xlgoals.language import Message, trouble
from xlgoals.layouts import Layout
from xlgoals.output import write_whole
from xlgoals.plan.build import CapacityError
from xlgoals.template.prefill import DataError


class State(StrEnum):
    """What became of a workbook."""

    NEW = "new"  # written, or to be written
    CHANGED = "changed"  # the same for one that was there
    UNCHANGED = "unchanged"
    LEFT = "left"  # somebody has typed into it, or nobody can tell
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one workbook."""

    unit: str
    name: str  # the path within the outbox
    state: State
    reason: str = ""  # for a person: why it changes, is left, or failed
    file: str = ""  # sha256 of the bytes that stand there now, where they are ours
    open: tuple[Note, ...] = ()
    left: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Task:
    """A batch of workbooks for one process."""

    outbox: Path
    terms: Terms
    jobs: tuple[tuple[Job, str | None], ...]  # each with the digest of the file last written
    check: bool  # only tell


def carry_out(task: Task) -> list[Outcome]:
    """Make every workbook of a batch; what is wrong with one is no matter for the others."""
    return [_one(job, written, task) for job, written in task.jobs]


def failed(job: Job, reason: str) -> Outcome:
    """A workbook that could not be made or written."""
    return Outcome(job.unit, job.name, State.FAILED, reason)


def _one(job: Job, written: str | None, task: Task) -> Outcome:
    path = task.outbox / job.name
    try:
        made = make_workbook(job, task.terms)
        outcome = _place(job, made, path, written, task)
    except (DataError, CapacityError) as error:
        return failed(job, Message("{error}", error=error))
    except OSError as error:
        problem = trouble(error)
        return failed(job, Message("无法写入“{path}”：{problem}", path=path, problem=problem))
    except Exception as fault:  # One workbook must not stop the rest, whatever is the matter.
        kind = type(fault).__name__
        return failed(job, Message("程序内部错误（{kind}：{fault}）", kind=kind, fault=fault))
    return outcome


def _place(job: Job, made: Made, path: Path, written: str | None, task: Task) -> Outcome:
    there = path.read_bytes() if path.is_file() else None
    state, reason = _judged(made.data, there, path, written, task.terms.layout)
    file = sha256(there or b"").hexdigest() if state is State.UNCHANGED else ""
    if state in (State.NEW, State.CHANGED):
        file = sha256(made.data).hexdigest()
        if not task.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, made.data)
    return Outcome(job.unit, job.name, state, reason, file, made.open, made.left)


def _judged(
    made: bytes, there: bytes | None, path: Path, written: str | None, layout: Layout
) -> tuple[State, str]:
    """What is to become of what stands at a path, and why."""
    if there is None:
        if path.exists():
            return State.LEFT, Message("这个位置上不是文件")
        return State.NEW, Message("还没有这个文件")
    if same_parts(made, there):
        return State.UNCHANGED, ""
    with tempfile.TemporaryDirectory(prefix="xlgoals-") as folder:
        old, new = Path(folder, "old.xlsx"), Path(folder, "new.xlsx")
        old.write_bytes(there)
        new.write_bytes(made)
        if same_content(old, new):
            return State.UNCHANGED, ""
        if sha256(there).hexdigest() != written and not is_untouched(old, layout):
            return State.LEFT, Message("里面有填写的内容，或者无法确认没有填写，原样保留")
        if program := _open_in(path):
            return State.LEFT, Message("正在 {program} 中打开，原样保留", program=program)
        return State.CHANGED, difference(old, new, layout)


def _open_in(path: Path) -> str | None:
    """The program that says that it has the file open."""
    if path.with_name(f"~${path.name}").exists():
        return Message("Excel 或 WPS")
    return "LibreOffice" if path.with_name(f".~lock.{path.name}#").exists() else None


def tasks_of(
    outbox: Path, terms: Terms, jobs: Sequence[tuple[Job, str | None]], size: int, check: bool
) -> list[Task]:
    """Batches of so many workbooks."""
    return [
        Task(outbox, terms, tuple(jobs[start : start + size]), check)
        for start in range(0, len(jobs), size)
    ]
