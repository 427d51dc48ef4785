"""The cells that findings between files speak of, as far as the register tells where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xlgoals import codes
from xlgoals.findings import Finding
from xlgoals.importer.sheets import PROJECT
from xlgoals.layouts import Layout
from xlgoals.plan.build import build_plan
from xlgoals.register.register import Tally
from xlgoals.season.versions import Version

# Of a file that was read with one of these nobody knows any more where its cells were.
_ELSEWHERE = frozenset(
    code.id for code in (codes.INPUT_MOVED, codes.TEMPLATE_DIFFERS, codes.IDENTITY_LOST)
)


class Places:
    """Puts findings on forms at their cells: at the field they name, else at the project's name."""

    def __init__(
        self,
        layout: Layout,
        fiscal_year: int,
        versions: Iterable[Version],
        tallies: Mapping[int, Sequence[Tally]],
    ) -> None:
        form = build_plan(layout, fiscal_year).form
        # What stands below the indicators stands lower on a form with more of them.
        top = min(row.row for row in form.indicator_rows)
        self._inputs = {item.key: item for item in form.inputs if item.area.top < top}
        self._as_planned = {
            (version.file.path, version.head.sheet)
            for version in versions
            if _ELSEWHERE.isdisjoint(said.code for said in tallies.get(version.head.submission, ()))
        }

    def put(self, finding: Finding) -> Finding:
        """The finding with its cell; as it is where that is not known, or it is of no one form."""
        place = self._inputs.get(finding.field or PROJECT)
        if place is None or (finding.file, finding.sheet) not in self._as_planned:
            return finding
        cell = place.area.first.a1
        return replace(finding, cell=cell, field=place.key, label=place.title)
