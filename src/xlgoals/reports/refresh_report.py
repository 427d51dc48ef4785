"""What a refresh did, as text for finance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xlgoals.campaign.prefill import Note
from xlgoals.campaign.refresh import Refreshed
from xlgoals.campaign.writing import Outcome, State
from xlgoals.language import _, spoken
from xlgoals.text import visible


def refresh_text(done: Refreshed) -> str:
    """The counts, then everything that somebody should look at."""
    parts = [_head(done)]
    parts += [_counts(done)]
    if done.check:
        parts.append(_listed(_("会有变动："), done.of(State.NEW, State.CHANGED)))
    parts.append(_listed(_("原样保留："), done.of(State.LEFT)))
    parts.append(_listed(_("没有写成："), done.of(State.FAILED)))
    refused = (_told(item.unit, item.reason) for item in done.refused)
    parts.append(_section(_("没有生成："), refused))
    parts.append(_section(_("尚需填写或核对："), _noted((o, o.open) for o in done.outcomes)))
    parts.append(
        _section(_("以前的表里没有位置可放的内容："), _noted((o, o.left) for o in done.outcomes))
    )
    stale = (f"  {name}" for name in done.stale)
    parts.append(_section(_("名册里已没有的单位或旧文件名的文件，没有改动："), stale))
    parts.append(_section(_("注意："), (f"  {spoken(note)}" for note in done.notes)))
    return visible("\n".join(part for part in parts if part))


def _head(done: Refreshed) -> str:
    units = len(done.outcomes) + len(done.refused)
    said = {
        "layout": done.layout.name,
        "year": done.fiscal_year,
        "units": units,
        "outbox": done.outbox,
    }
    if done.check:
        return _("核对{layout}（{year}年度）的模板：{units}个单位，{outbox}", **said)
    return _("生成{layout}（{year}年度）的模板：{units}个单位，{outbox}", **said)


def _counts(done: Refreshed) -> str:
    counts = {state: len(done.of(state)) for state in State}
    new, changed = counts[State.NEW], counts[State.CHANGED]
    told = [
        (new, _("将新增{count}个", count=new) if done.check else _("新增{count}个", count=new)),
        (
            changed,
            _("将更新{count}个", count=changed)
            if done.check
            else _("更新{count}个", count=changed),
        ),
        (counts[State.UNCHANGED], _("没有变化{count}个", count=counts[State.UNCHANGED])),
        (counts[State.LEFT], _("原样保留{count}个", count=counts[State.LEFT])),
        (counts[State.FAILED], _("没有写成{count}个", count=counts[State.FAILED])),
        (len(done.refused), _("没有生成{count}个", count=len(done.refused))),
    ]
    parts = _("，").join(text for count, text in told if count)
    return _("{parts}。", parts=parts) + "\n"


def _listed(title: str, outcomes: Iterable[Outcome]) -> str:
    return _section(title, (_told(outcome.name, outcome.reason) for outcome in outcomes))


def _told(what: str, said: str) -> str:
    return "  " + _("{label}：{value}", label=what, value=said)


def _noted(found: Iterable[tuple[Outcome, tuple[Note, ...]]]) -> Iterator[str]:
    for outcome, notes in found:
        if notes:
            yield f"  {outcome.unit}"
        for (project, reason), same in groupby(_sorted(notes), _about):
            if not reason:
                yield from (f"  {_told(project, note.text)}" for note in same)
                continue
            yield f"  {_told(project, reason)}"
            yield from (f"      {spoken(note.text)}" for note in same)


def _about(note: Note) -> tuple[str, str]:
    return note.project, note.reason


def _sorted(notes: Sequence[Note]) -> list[Note]:
    """By what is to be done about them, in the order in which that came up first."""
    order = list(dict.fromkeys(map(_about, notes)))
    return sorted(notes, key=lambda note: order.index(_about(note)))


def _section(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"{title}\n{body}" if body else ""
