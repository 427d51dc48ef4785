"""Which waiver, if any, each finding of a season falls under."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from xlgoals import codes
from xlgoals.findings import Code, Finding, Issue
from xlgoals.language import Message
from xlgoals.layouts import Layout
from xlgoals.season.model import Waiver
from xlgoals.season.units import Unit, Units, closest
from xlgoals.season.versions import Version
from xlgoals.text import label_key, visible


class Waivers:
    """The waivers beside the forms that count; every form's unit must be known to ``units``."""

    def __init__(
        self, waivers: Sequence[Waiver], counting: Sequence[Version], units: Units
    ) -> None:
        self._waivers, self._units = waivers, units
        self._used: set[Waiver] = set()
        self._projects = [(v.unit, v.head.project) for v in counting if v.head.project]
        self._by_code: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            self._by_code.setdefault(waiver.code, []).append(waiver)
        self._forms: dict[str, list[Version]] = {}
        for version in counting:
            self._forms.setdefault(visible(version.file.path), []).append(version)

    def of(self, code: str, file: str, sheet: str | None) -> Waiver | None:
        """The waiver of a finding, by its code and place.

        What a finding says of a whole file is waived where that is so for every project in it.
        """
        waivers = self._by_code.get(code)
        if not waivers:
            return None
        forms = [v for v in self._forms.get(visible(file), ()) if sheet in (None, v.head.sheet)]
        found = [waiver for version in forms if (waiver := self._first(waivers, version))]
        self._used.update(found)
        return found[0] if found and len(found) == len(forms) else None

    def _first(self, waivers: Sequence[Waiver], version: Version) -> Waiver | None:
        project = version.head.project
        return next((w for w in waivers if self._concerns(w, version.unit, project)), None)

    def _concerns(self, waiver: Waiver, unit: Unit | None, project: str | None) -> bool:
        if not project or label_key(project) != label_key(waiver.project):
            return False
        said = [name for name in (waiver.unit_code, waiver.unit) if name]
        return not said or (unit is not None and {*map(self._units.known, said)} == {unit})

    def idle(self, layout: Layout) -> Iterator[Finding]:
        """The waivers that concern none of the findings asked for so far, and why."""
        known = {*codes.SHARED, *(rule.code.id for rule in layout.rules)}
        listed = [(unit, project) for unit in self._units.listed for project in unit.projects]
        projects = [*listed, *self._projects]
        for waiver in self._waivers:
            if waiver.code not in known:
                yield _idle(waiver, waiver.code, codes.WAIVER_CODE_UNKNOWN, known)
            elif waiver not in self._used and self._concerns_any(waiver, self._projects):
                yield _idle(waiver, waiver.project, codes.WAIVER_UNUSED)
            if not self._concerns_any(waiver, projects):
                names = [name for _, name in projects if name]
                yield _idle(waiver, waiver.project, codes.WAIVER_PROJECT_UNKNOWN, names)

    def _concerns_any(
        self, waiver: Waiver, projects: Sequence[tuple[Unit | None, str | None]]
    ) -> bool:
        return any(self._concerns(waiver, unit, project) for unit, project in projects)


def _idle(waiver: Waiver, value: str, code: Code, names: Collection[str] = ()) -> Finding:
    nearest = closest(value, sorted(names))
    unit = waiver.unit or waiver.unit_code
    details = {
        "line": str(waiver.line),
        "unit": Message("单位“{unit}”的", unit=unit) if unit else "",
        "code": waiver.code,
        "closest": Message("，最接近的是“{name}”", name=nearest) if nearest else "",
    }
    return Finding.of(Issue(code, details), waiver.file, value=value)
