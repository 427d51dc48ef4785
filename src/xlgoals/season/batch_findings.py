"""What only shows when several files lie side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlgoals import codes
from xlgoals.findings import Code, Finding, Issue, Place
from xlgoals.language import Message, enumerated
from xlgoals.season.units import Unit, Units, closest
from xlgoals.season.versions import ReturnedFile, Standing, Version
from xlgoals.text import label_key, stored

_COMMON = 3  # units; what more of them call a project is a name that anybody would give it


def batch_findings(standing: Standing, units: Units) -> Iterator[Finding]:
    """What the names in several files, and those on the roster, tell of each other."""
    yield from _again(codes.VERSION_TIE, standing.ties)
    yield from _again(codes.PROJECT_RETURNED_AGAIN, standing.earlier)
    if units.listed:
        yield from _units(standing, units)
    yield from _projects(standing)


def _again(
    code: Code, versions: Sequence[tuple[Version, Sequence[ReturnedFile]]]
) -> Iterator[Finding]:
    """A project that a unit returned in several files."""
    for version, others in versions:
        names = enumerated(f"“{file.path}”" for file in others)
        details = {"count": str(len(others) + 1), "others": names}
        yield _at(version, Issue(code, details), version.head.project)


def _units(standing: Standing, units: Units) -> Iterator[Finding]:
    """Units as the roster does not know them, once a file."""
    seen = set()
    for version in standing.counting:
        unit, name = version.unit, version.head.unit
        if unit is None or name is None or (version.file.path, name) in seen:
            continue
        seen.add((version.file.path, name))
        if not unit.listed:
            issue = Issue(codes.UNIT_UNLISTED, _closest(units.closest(name)))
        elif stored(name) != stored(unit.name):
            issue = Issue(codes.UNIT_NAMED_OTHERWISE, {"listed": unit.name})
        else:
            continue
        yield Finding.of(issue, version.file.path, value=name)


def _projects(standing: Standing) -> Iterator[Finding]:
    by_name: dict[str, list[Version]] = {}
    for version in standing.counting:
        if version.head.project:
            by_name.setdefault(label_key(version.head.project), []).append(version)
    for versions in by_name.values():
        units = sorted({v.unit for v in versions if v.unit}, key=lambda unit: unit.name)
        for version in versions:
            project, unit = version.head.project or "", version.unit
            if unit and unit.projects and (issue := _as_listed(project, unit)):
                yield _at(version, issue, project)
            if 1 < len(units) <= _COMMON:
                others = enumerated(f"“{other.name}”" for other in units if other != unit)
                yield _at(version, Issue(codes.PROJECT_IN_OTHER_UNIT, {"others": others}), project)


def _as_listed(project: str, unit: Unit) -> Issue | None:
    """What there is to say of a project's name beside those on the roster."""
    by_key = {label_key(name): name for name in unit.projects}
    listed = by_key.get(label_key(project))
    if listed is None:
        details = {"listed": unit.name, **_closest(closest(project, unit.projects))}
        return Issue(codes.PROJECT_UNLISTED, details)
    if stored(listed) != stored(project):
        return Issue(codes.PROJECT_NAMED_OTHERWISE, {"listed": listed})
    return None


def _closest(name: str | None) -> dict[str, str]:
    return {"closest": Message("，名称最接近的是“{name}”", name=name) if name else ""}


def _at(version: Version, issue: Issue, value: str | None) -> Finding:
    return Finding.of(issue, version.file.path, Place(sheet=version.head.sheet), value)
