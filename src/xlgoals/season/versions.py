"""Which of several returned versions of a project counts: the one saved last."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from xlgoals.identity import made_at
from xlgoals.register.register import FormHead, Register, Returned
from xlgoals.season.model import RosterRow
from xlgoals.season.units import Unit, Units
from xlgoals.text import label_key

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ReturnedFile:
    """A file of this season, under the path that it is shown by."""

    path: str
    returned: Returned

    @cached_property
    def saved(self) -> datetime | None:
        """When its content was last saved: by the document itself, else by the file system."""
        said = _saved(self.returned.saved)
        year = self.returned.fiscal_year
        # Some programs keep what the template says: that is no time at which anybody saved.
        if said and year and said == made_at(year).replace(tzinfo=UTC):
            said = None
        return said or self.returned.modified

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Later versions sort behind earlier ones."""
        return self.saved or _NEVER, self.returned.modified or _NEVER, self.path


def _saved(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat((text or "").strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Version:
    """One form in one file."""

    file: ReturnedFile
    head: FormHead
    unit: Unit | None

    @property
    def key(self) -> Hashable:
        """What all versions of one project have in common.

        A form without a name has no other versions: nobody could tell which they are.
        """
        if not self.head.project:
            return self.id
        return self.unit, label_key(self.head.project)

    @property
    def id(self) -> tuple[int, int]:
        """What tells this form from all others."""
        return self.head.submission, self.head.position


@dataclass(frozen=True)
class Standing:
    """What counts of the files, and what does not."""

    counting: tuple[Version, ...]
    replaced: Mapping[tuple[int, int], ReturnedFile]  # by form: the file that counts instead
    duplicates: Mapping[str, str]  # by path: the path of the same bytes that counts instead
    ties: tuple[tuple[Version, tuple[ReturnedFile, ...]], ...]  # those saved at the same time
    earlier: tuple[tuple[Version, tuple[ReturnedFile, ...]], ...]  # those saved before


def judge(
    files: Sequence[ReturnedFile], heads: Mapping[int, Sequence[FormHead]], units: Units
) -> Standing:
    """Of every project, let the version count that was saved last."""
    firsts: dict[str, ReturnedFile] = {}
    duplicates = {}
    # Copies are called longer than what they are copies of: "… - 副本", "…(1)".
    for file in sorted(files, key=lambda file: (len(file.path), file.path)):
        first = firsts.setdefault(file.returned.digest, file)
        if first is not file:
            duplicates[file.path] = first.path
    counting: list[Version] = []
    replaced, ties, earlier = {}, [], []
    for versions in by_project(list(firsts.values()), heads, units).values():
        last = max(versions, key=lambda version: version.file.order).file
        within = [version for version in versions if version.file is last]
        counting += within
        replaced.update({v.id: last for v in versions if v.file is not last})
        others = {v.file.path: v.file for v in versions if v.file is not last}
        if tied := tuple(file for file in others.values() if file.saved == last.saved):
            ties.append((within[0], tied))
        if before := tuple(file for file in others.values() if file.saved != last.saved):
            earlier.append((within[0], before))
    return Standing(tuple(counting), replaced, duplicates, tuple(ties), tuple(earlier))


def by_project(
    files: Sequence[ReturnedFile], heads: Mapping[int, Sequence[FormHead]], units: Units
) -> dict[Hashable, list[Version]]:
    """All versions of every project."""
    found: dict[Hashable, list[Version]] = {}
    for file in files:
        for head in heads.get(file.returned.submission or 0, ()):
            version = Version(file, head, units.of(head.unit))
            found.setdefault(version.key, []).append(version)
    return found


def history(
    register: Register, roster: Sequence[RosterRow], unit: str, project: str, round_: str | None
) -> list[Version]:
    """Every version of a project that the register knows in a round, earlier ones first."""
    units = Units(roster)
    firsts: dict[str, ReturnedFile] = {}
    for returned in register.returned(round_):
        firsts.setdefault(returned.digest, ReturnedFile(returned.path, returned))
    found = by_project(list(firsts.values()), register.form_heads(round_), units)
    versions = found.get((units.of(unit), label_key(project)), [])
    return sorted(versions, key=lambda version: (version.file.order, version.head.position))
