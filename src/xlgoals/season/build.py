"""From files that the register knows to the season that finance sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial

from xlgoals import codes
from xlgoals.findings import Finding, Issue, Severity
from xlgoals.importer.recognise import Wanted
from xlgoals.kinds import AmountKind
from xlgoals.language import Message, enumerated
from xlgoals.layouts import Layout, layout_title
from xlgoals.register.register import FormHead, Register, Tally
from xlgoals.season.amount_findings import Before, beside_peers, changed
from xlgoals.season.batch_findings import batch_findings
from xlgoals.season.contents import Contents
from xlgoals.season.model import (
    Counts,
    FileEntry,
    FileState,
    FormEntry,
    RosterRow,
    Season,
    UnitEntry,
    UnitState,
    Waiver,
)
from xlgoals.season.places import Places
from xlgoals.season.units import Unit, Units
from xlgoals.season.versions import ReturnedFile, Standing, Version, by_project, judge
from xlgoals.season.waivers import Waivers
from xlgoals.season.words import BY_FILE_NAME
from xlgoals.submission import Status
from xlgoals.text import label_key

# Files that are no workbook and may accompany one: scans, letters, packed copies.
_BESIDE = frozenset({"word", "pdf", "image", "other-zip", "csv-text", "not-spreadsheet"})


class NothingReadError(ValueError):
    """No form could be read, so nobody knows of what layout and year the season is."""


@dataclass(frozen=True)
class Asked:
    """What a season is to be told of; None: what most files say, or no matter."""

    wanted: Wanted = field(default_factory=Wanted)
    round: str | None = None
    roster: Sequence[RosterRow] = ()
    waivers: Sequence[Waiver] = ()
    deadline: datetime | None = None


def build_season(register: Register, files: Sequence[ReturnedFile], asked: Asked) -> Season:
    """Put together what became of the files.

    ``files`` are all that there are to account for. Raises NothingReadError where neither they nor
    ``asked`` tell layout and year, UnknownLayoutError or LayoutError for a layout that cannot be
    had, RegisterError where the register fails.
    """
    layout, year = _subject(files, asked.wanted)
    return _Builder(register, files, asked, layout, year).season()


def _subject(files: Sequence[ReturnedFile], wanted: Wanted) -> tuple[Layout, int]:
    """What was asked for, else what most files are."""
    layout_id = wanted.layout.id if wanted.layout else None
    found = Counter(
        (file.returned.layout, file.returned.fiscal_year)
        for file in files
        if _is_read(file)
        and layout_id in (None, file.returned.layout)
        and wanted.fiscal_year in (None, file.returned.fiscal_year)
    )
    if wanted.layout and wanted.fiscal_year:
        return wanted.layout, wanted.fiscal_year
    if not found:
        raise NothingReadError(Message("没有读到一张表，因此不知道是哪个表样、哪个年度"))
    # Of equally many the later year: seasons end, and what is left of them lies about.
    (name, year), _ = max(found.items(), key=lambda item: (item[1], item[0][1], item[0][0]))
    return wanted.layout or wanted.named(str(name)), year or 0


def _is_read(file: ReturnedFile) -> bool:
    return file.returned.status not in (None, Status.REJECTED)


class _Builder:
    def __init__(
        self,
        register: Register,
        files: Sequence[ReturnedFile],
        asked: Asked,
        layout: Layout,
        year: int,
    ) -> None:
        self._register, self._asked = register, asked
        self._layout, self._year = layout, year
        self._files = sorted(files, key=lambda file: file.path)
        self._units = Units(asked.roster)

    def season(self) -> Season:
        files = tuple(map(self._file, self._files))
        forms = tuple(map(self._form, self._counting))
        placed = Places(self._layout, self._year, self._standing.counting, self._tallies)
        between = tuple(sorted(map(placed.put, self._batch(forms)), key=_place))
        waived = self._waived(files, between)
        # Only when every finding was looked at is it known which waivers are of no use.
        between = tuple(sorted((*between, *self._waivers.idle(self._layout)), key=_place))
        return Season(
            layout=self._layout,
            fiscal_year=self._year,
            round=self._asked.round,
            deadline=self._asked.deadline,
            files=files,
            forms=forms,
            units=tuple(self._unit_entries(files)),
            findings=between,
            waived=waived,
        )

    def _waived(
        self, files: Sequence[FileEntry], between: Sequence[Finding]
    ) -> dict[Finding, Waiver]:
        within = (finding for file in files if file.counts.waived for finding in file.findings)
        found = ((finding, self._waiver(finding)) for finding in (*within, *between))
        return {finding: waiver for finding, waiver in found if waiver}

    def _waiver(self, finding: Finding) -> Waiver | None:
        return self._waivers.of(finding.code, finding.file, finding.sheet)

    def _counts(self, path: str, tallies: Iterator[Tally]) -> Counts:
        return Counts.of_findings(
            (
                Severity(said.severity),
                self._waivers.of(said.code, path, said.sheet) is not None,
                said.number,
            )
            for said in tallies
        )

    @cached_property
    def _waivers(self) -> Waivers:
        return Waivers(self._asked.waivers, self._standing.counting, self._units)

    def _batch(self, forms: Sequence[FormEntry]) -> Iterator[Finding]:
        """What only shows between files."""
        yield from batch_findings(self._standing, self._units)
        # One cause, one finding: what a form says of itself goes back to its unit as it is.
        found = beside_peers(self._layout, forms)
        yield from (finding for finding in found if not self._told_by_itself(finding))
        yield from changed(self._layout, zip(forms, map(self._before, self._counting), strict=True))

    def _told_by_itself(self, finding: Finding) -> bool:
        """Whether the form alone was enough to doubt an amount."""
        kind = self._layout.fields[finding.field or ""].kind
        return isinstance(kind, AmountKind) and bool(kind.doubt(Decimal(finding.value or 0)))

    @cached_property
    def _read(self) -> list[ReturnedFile]:
        """The files that are of this season."""
        return [f for f in self._files if _is_read(f) and self._other(f) is None]

    def _other(self, file: ReturnedFile) -> Issue | None:
        """Why a file that could be read is not of this season."""
        said = file.returned
        if said.layout != self._layout.id:
            details = {"layout": layout_title(said.layout or ""), "wanted": self._layout.title}
            return Issue(codes.WRONG_LAYOUT, details)
        if said.fiscal_year != self._year:
            details = {"year": str(said.fiscal_year), "wanted": str(self._year)}
            return Issue(codes.WRONG_YEAR, details)
        return None

    @cached_property
    def _standing(self) -> Standing:
        return judge(self._read, self._heads, self._units)

    @cached_property
    def _heads(self) -> Mapping[int, Sequence[FormHead]]:
        return self._register.form_heads(self._asked.round)

    @cached_property
    def _tallies(self) -> Mapping[int, Sequence[Tally]]:
        return self._register.tallies(self._asked.round)

    @cached_property
    def _contents(self) -> Contents:
        submissions = (file.returned.submission for file in self._files)
        return Contents(
            self._register,
            for_forms=(version.head.submission for version in self._counting),
            for_findings=(submission for submission in submissions if submission is not None),
        )

    # --- forms ------------------------------------------------------------------------------------
    @cached_property
    def _counting(self) -> list[Version]:
        order = {unit: index for index, unit in enumerate(self._every_unit())}
        return sorted(
            self._standing.counting,
            key=lambda v: (
                order[v.unit] if v.unit else len(order),
                label_key(v.head.project or ""),
                v.file.path,
                v.head.position,
            ),
        )

    def _every_unit(self) -> tuple[Unit, ...]:
        return *self._units.listed, *self._units.unlisted

    @cached_property
    def _ever(self) -> Mapping[Hashable, Sequence[Version]]:
        """All versions of each project that ever came, those that are gone included."""
        known = [
            ReturnedFile(returned.path, returned)
            for returned in self._register.returned(self._asked.round)
            if (returned.layout, returned.fiscal_year) == (self._layout.id, self._year)
        ]
        return by_project([*self._read, *known], self._heads, Units(self._asked.roster))

    @cached_property
    def _last_before(self) -> Mapping[Hashable, Version]:
        """Of each project that came before, the version that the one that counts replaces."""
        found = {}
        for version in self._standing.counting:
            digest, order = version.file.returned.digest, version.file.order
            earlier = [
                other
                for other in self._ever[version.key]
                if other.file.returned.digest != digest and other.file.order < order
            ]
            if earlier:
                found[version.key] = max(earlier, key=lambda other: other.file.order)
        return found

    def _before(self, version: Version) -> Before | None:
        """What a form said in the version before."""
        last = self._last_before.get(version.key)
        return Before(last.file.path, last.head.amounts) if last else None

    def _form(self, version: Version) -> FormEntry:
        head, path = version.head, version.file.path
        tallies = self._tallies.get(head.submission, ())
        return FormEntry(
            file=path,
            sheet=head.sheet,
            unit_code=version.unit.code if version.unit else None,
            unit=version.unit.name if version.unit else None,
            project=head.project,
            category=head.category,
            amounts=head.amounts,
            indicators=head.indicators,
            counts=self._counts(path, (said for said in tallies if said.sheet == head.sheet)),
            versions=len({other.file.returned.digest for other in self._ever[version.key]}),
            read_values=partial(self._contents.values, head.submission, head.position),
        )

    # --- files ------------------------------------------------------------------------------------
    def _file(self, file: ReturnedFile) -> FileEntry:
        unit = self._units.of(file.returned.unit)
        deadline = self._asked.deadline
        entry = FileEntry(
            path=file.path,
            digest=file.returned.digest,
            modified=file.saved,
            state=FileState.ACCEPTED,
            unit=unit.name if unit else None,
            reason="",
            late=bool(deadline and file.saved and file.saved > deadline),
            forms=0,
            counts=Counts(),
            read_findings=tuple,
        )
        if first := self._standing.duplicates.get(file.path):
            reason = Message("与“{first}”的内容完全相同，以那个文件为准。", first=first)
            return replace(entry, state=FileState.DUPLICATE, reason=reason)
        if rejection := self._rejection(file):
            said = rejection[0]
            reason = Message("{before}{after}", before=said.message, after=said.hint)
            wrong = said.severity is Severity.ERROR
            guess = self._units.named_in(file.path) if wrong and not unit else None
            if guess:
                attributed = Message(BY_FILE_NAME, unit=guess.name)
                reason = Message("{before}{after}", before=reason, after=attributed)
            return replace(
                entry,
                state=FileState.REJECTED,
                unit=guess.name if guess else entry.unit,
                reason=reason,
                late=entry.late and wrong,  # what a system left there was never due
                counts=Counts.of_findings((finding.severity, False, 1) for finding in rejection),
                read_findings=partial(tuple, rejection),
            )
        return self._read_file(file, entry)

    def _rejection(self, file: ReturnedFile) -> tuple[Finding, ...]:
        """The findings of a file of which nothing can be used."""
        said = file.returned
        if said.problem:
            return (Finding.of(Issue(codes.SHARED[said.problem]), file.path),)
        if _is_read(file) and (issue := self._other(file)):
            return (Finding.of(issue, file.path),)
        if _is_read(file) and self._heads.get(said.submission or 0):
            return ()
        findings = self._findings(file)()
        return tuple(sorted(findings, key=lambda f: f.severity is not Severity.ERROR))

    def _findings(
        self, file: ReturnedFile, without: Collection[str] = ()
    ) -> Callable[[], tuple[Finding, ...]]:
        submission = file.returned.submission or 0
        return partial(self._contents.findings, submission, file.path, without)

    def _read_file(self, file: ReturnedFile, entry: FileEntry) -> FileEntry:
        heads = self._heads[file.returned.submission or 0]
        instead = {
            head.sheet: self._standing.replaced[head.submission, head.position].path
            for head in heads
            if (head.submission, head.position) in self._standing.replaced
        }
        later = enumerated(f"“{path}”" for path in sorted(set(instead.values())))
        if len(instead) == len(heads):
            reason = Message("其中的项目都有更新的文件，以{later}为准。", later=later)
            return replace(entry, state=FileState.SUPERSEDED, reason=reason)
        tallies = self._tallies.get(file.returned.submission or 0, ())
        counts = self._counts(file.path, (said for said in tallies if said.sheet not in instead))
        return replace(
            entry,
            state=FileState.ERRORS if counts.errors else FileState.ACCEPTED,
            reason=_partly(len(instead), later) if instead else "",
            forms=len(heads) - len(instead),
            counts=counts,
            read_findings=self._findings(file, frozenset(instead)),
        )

    # --- units ------------------------------------------------------------------------------------
    def _unit_entries(self, files: Sequence[FileEntry]) -> Iterator[UnitEntry]:
        of_unit: dict[str | None, list[FileEntry]] = {}
        for file in files:
            of_unit.setdefault(file.unit, []).append(file)
        came = {
            (version.unit, label_key(version.head.project))
            for version in self._standing.counting
            if version.head.project
        }
        for unit in self._every_unit():
            returned = of_unit.get(unit.name, [])
            missing = tuple(name for name in unit.projects if (unit, label_key(name)) not in came)
            yield UnitEntry(
                code=unit.code,
                name=unit.name,
                contact=unit.contact,
                state=_unit_state(unit, returned, missing),
                expected=unit.projects,
                missing=missing,
                files=tuple(file.path for file in returned),
                # Who mends a form after the deadline has still returned it in time.
                late=bool(returned) and all(file.late for file in returned),
                spent=dict(unit.spent),
            )


def _partly(count: int, later: str) -> str:
    return Message("其中{count}个项目以{later}为准。", count=count, later=later)


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.file, finding.sheet or "", finding.code


def _unit_state(unit: Unit, files: Sequence[FileEntry], missing: Sequence[str]) -> UnitState:
    if not unit.listed:
        return UnitState.UNLISTED
    if not files:
        return UnitState.MISSING
    complete = not missing and any(file.state is FileState.ACCEPTED for file in files)
    if any(_goes_back(file, complete) for file in files):
        return UnitState.ERRORS
    return UnitState.INCOMPLETE if missing else UnitState.ACCEPTED


def _goes_back(file: FileEntry, complete: bool) -> bool:
    """Whether the unit has to mend a file; where all is there, it may have sent a scan with it."""
    if file.state is FileState.REJECTED and complete:
        return any(finding.code not in _BESIDE for finding in file.findings)
    return file.state in (FileState.ERRORS, FileState.REJECTED)
