"""What a refresh did, as text for finance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xlgoals.campaign.prefill import Note
from xlgoals.campaign.refresh import Refreshed
from xlgoals.campaign.writing import Outcome, State
from xlgoals.text import visible


def refresh_text(done: Refreshed) -> str:
    """The counts, then everything that somebody should look at."""
    parts = [_head(done)]
    parts += [_counts(done)]
    if done.check:
        parts.append(_listed("会有变动：", done.of(State.NEW, State.CHANGED)))
    parts.append(_listed("原样保留：", done.of(State.LEFT)))
    parts.append(_listed("没有写成：", done.of(State.FAILED)))
    refused = (f"  {item.unit}：{item.reason}" for item in done.refused)
    parts.append(_section("没有生成：", refused))
    parts.append(_section("尚需填写或核对：", _noted((o, o.open) for o in done.outcomes)))
    parts.append(
        _section("以前的表里没有位置可放的内容：", _noted((o, o.left) for o in done.outcomes))
    )
    stale = (f"  {name}" for name in done.stale)
    parts.append(_section("名册里已没有的单位或旧文件名的文件，没有改动：", stale))
    parts.append(_section("注意：", (f"  {note}" for note in done.notes)))
    return visible("\n".join(part for part in parts if part))


def _head(done: Refreshed) -> str:
    units = len(done.outcomes) + len(done.refused)
    word = "核对" if done.check else "生成"
    return f"{word}{done.layout.name}（{done.fiscal_year}年度）的模板：{units}个单位，{done.outbox}"


def _counts(done: Refreshed) -> str:
    words = {
        State.NEW: "将新增" if done.check else "新增",
        State.CHANGED: "将更新" if done.check else "更新",
        State.UNCHANGED: "没有变化",
        State.LEFT: "原样保留",
        State.FAILED: "没有写成",
    }
    counts = [(word, len(done.of(state))) for state, word in words.items()]
    counts.append(("没有生成", len(done.refused)))
    return "，".join(f"{word}{count}个" for word, count in counts if count) + "。\n"


def _listed(title: str, outcomes: Iterable[Outcome]) -> str:
    return _section(title, (f"  {outcome.name}：{outcome.reason}" for outcome in outcomes))


def _noted(found: Iterable[tuple[Outcome, tuple[Note, ...]]]) -> Iterator[str]:
    for outcome, notes in found:
        if notes:
            yield f"  {outcome.unit}"
        for (project, reason), same in groupby(_sorted(notes), _about):
            if not reason:
                yield from (f"    {project}：{note.text}" for note in same)
                continue
            yield f"    {project}：{reason}"
            yield from (f"      {note.text}" for note in same)


def _about(note: Note) -> tuple[str, str]:
    return note.project, note.reason


def _sorted(notes: Sequence[Note]) -> list[Note]:
    """By what is to be done about them, in the order in which that came up first."""
    order = list(dict.fromkeys(map(_about, notes)))
    return sorted(notes, key=lambda note: order.index(_about(note)))


def _section(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"{title}\n{body}" if body else ""
