"""Makes up what finance has before it: `python tools/make_season.py FOLDER`.

FOLDER/inbox/ gets what units have returned, FOLDER/roster.csv tells who had to. All that happens in
such a folder happens among the first six units: a project returned again, a second workbook by a
colleague, a file copied, a text that is called .xlsx, a unit that returned nothing, an .xls; and a
unit that is not on the roster returned something, too. Further units return good workbooks, ones
with slips, or nothing. The same seed gives the same bytes and times.

The .xls is the one of `examples/inbox`, since LibreOffice would write other bytes each time; where
that is gone LibreOffice makes it anew. `python tools/make_season.py examples` makes the examples.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import openpyxl

from bootstrap import ROOT, SetUpError, run_main
from office import convert_with_libreoffice, find_libreoffice
from season_forms import (
    SLIPS,
    YEAR,
    Filled,
    Unit,
    exactly_satisfied,
    fill_in,
    half_row,
    impossible_date,
    in_ten_thousands,
    over_total,
    project_names,
)
from vary import varied
from xlgoals.identity import GUIDE_SHEET
from xlgoals.season.roster import ALIASES, CODE, CONTACT, HEADERS, NAME, PROJECT

UNITS, SEED = 6, 1
INBOX, ROSTER = "inbox", "roster.csv"
_SHANGHAI = timezone(timedelta(hours=8))
DEADLINE = datetime(YEAR, 9, 3, 23, 59, 59, tzinfo=_SHANGHAI)

_EXAMPLES = ROOT / "examples"
_OPENS = datetime(YEAR, 9, 1, 9, tzinfo=_SHANGHAI)
_FORM = "项目1"


def main() -> int:
    """Write the folder that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=UNITS, help=f"on the roster, from {UNITS} up")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    if asked.units < UNITS:
        parser.error(f"--units: {UNITS} at least, so that everything can happen")
    for path in make_season(asked.folder, asked.units, asked.seed):
        print(f"{path}  {path.stat().st_size // 1024} KB")
    return 0


def make_season(folder: Path, units: int = UNITS, seed: int = SEED) -> list[Path]:
    """Write inbox and roster; returns the files. Raises SetUpError, OSError."""
    season = _Season(folder / INBOX, Random(seed))
    first, *others = (Unit.of(number) for number in range(1, units + 1))
    happenings: list[Callable[[Unit], None]] = [
        season.two_by_colleagues,
        season.copied,
        season.text_called_xlsx,
        season.nothing,
        season.old_excel,
    ]
    season.returned_again(first)
    for number, unit in enumerate(others):
        (happenings[number] if number < len(happenings) else season.anything)(unit)
    season.stranger(Unit.of(units + 1))
    roster = folder / ROSTER
    roster.write_text(season.roster(), encoding="utf-8-sig", newline="")
    return [*season.files, roster]


class _Season:
    """What units return, one after the other."""

    def __init__(self, inbox: Path, random: Random) -> None:
        self._inbox, self._random = inbox, random
        self._projects: list[str] = []
        self._expected: list[tuple[Unit, str]] = []
        self.files: list[Path] = []

    def roster(self) -> str:
        """Who had to return what, as CSV."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([HEADERS[key] for key in (CODE, NAME, CONTACT, PROJECT, ALIASES)])
        for unit, project in self._expected:
            writer.writerow([unit.code, unit.name, unit.contact, project, unit.alias])
        return out.getvalue()

    def returned_again(self, unit: Unit) -> None:
        """A workbook with a mistake, and the mended one."""
        form = self._expect(unit)
        self._put(f"{unit.code}-{unit.alias}.xlsx", over_total(form, self._random))
        self._put(f"{unit.code}-{unit.alias}（修改后）.xlsx", form)

    def two_by_colleagues(self, unit: Unit) -> None:
        """Two workbooks of one unit, neither of them good."""
        first = self._expect(unit)
        second = self._expect(unit)
        slipped = exactly_satisfied(half_row(first, self._random), self._random)
        self._put(f"{unit.code}-{unit.alias}.xlsx", impossible_date(slipped, self._random))
        name = f"{unit.code}-{unit.alias}-{second.project}.xlsx"
        self._put(name, in_ten_thousands(second, self._random))

    def copied(self, unit: Unit) -> None:
        """The same file under two names."""
        path = self._put(f"{unit.code}-{unit.alias}.xlsx", self._expect(unit))
        self._write(f"{path.stem} - 副本.xlsx", path.read_bytes())

    def text_called_xlsx(self, unit: Unit) -> None:
        """A text that somebody renamed."""
        project = self._expect(unit).project
        text = f"申报单位名称：{unit.name}\r\n项目名称：{project}\r\n其余内容见纸质材料。\r\n"
        self._write(f"{unit.code}-{unit.alias}.xlsx", text.encode("gb18030"))

    def nothing(self, unit: Unit) -> None:
        """A unit that has yet to return its project."""
        self._expect(unit)

    def old_excel(self, unit: Unit) -> None:
        """An .xls, of the same project whatever the season's seed."""
        form = fill_in(unit, project_names()[0], Random(SEED))
        self._expected.append((unit, form.project))
        name = f"{unit.code}-{unit.alias}.xls"
        kept = _EXAMPLES / INBOX / name
        self._write(name, kept.read_bytes() if kept.is_file() else _as_old_excel(form))

    def anything(self, unit: Unit) -> None:
        """Mostly a good workbook."""
        form, dice = self._expect(unit), self._random.random()
        if dice > 0.1:
            slip = self._random.choice(SLIPS) if dice > 0.5 else None
            slipped = slip(form, self._random) if slip else form
            self._put(f"{unit.code}-{unit.alias}.xlsx", slipped)

    def stranger(self, unit: Unit) -> None:
        """A workbook of a unit that nobody expected."""
        self._put(f"{unit.alias}.xlsx", self._form(unit))

    def _expect(self, unit: Unit) -> Filled:
        form = self._form(unit)
        self._expected.append((unit, form.project))
        return form

    def _form(self, unit: Unit) -> Filled:
        """A form of the next project; each has its turn before one comes again."""
        if not self._projects:
            names = project_names()
            self._projects = self._random.sample(names, len(names))
        return fill_in(unit, self._projects.pop(), self._random)

    def _put(self, name: str, form: Filled) -> Path:
        """A workbook, saved when it is written."""
        path = self._write(name, form.workbook())
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return self._write(name, varied({}, f"{saved:%Y-%m-%dT%H:%M:%SZ}", path), saved)

    def _write(self, name: str, data: bytes, saved: datetime | None = None) -> Path:
        """A file, three of them a day."""
        path = self._inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path not in self.files:
            self.files.append(path)
        days, rest = divmod(len(self.files), 3)
        time = saved or _OPENS + timedelta(days=days, hours=3 * rest)
        os.utime(path, (time.timestamp(), time.timestamp()))
        return path


def _as_old_excel(form: Filled) -> bytes:
    """A form copied out of its template and saved by LibreOffice as Excel of 1997 had it."""
    soffice = find_libreoffice()
    if soffice is None:
        raise SetUpError("There is no LibreOffice to save an .xls with.")
    book = openpyxl.load_workbook(io.BytesIO(form.workbook()))
    for other in book.worksheets:
        if other.title not in (_FORM, GUIDE_SHEET):
            del book[other.title]
    book.defined_names.clear()
    sheet = book[_FORM]
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    sheet.data_validations.dataValidation = []
    for row in sheet.iter_rows(min_col=6):
        for cell in row:
            cell.value = None  # the live checks
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy.xlsx")
        book.save(copy)
        profile = Path(folder, "profile")
        saved = convert_with_libreoffice(soffice, copy, "xls", Path(folder), profile)
        return saved.read_bytes()


if __name__ == "__main__":
    run_main(main)
