"""Microsoft's own validator has no complaint about our workbooks."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from bootstrap import ROOT, SetUpError
from conftest import _leave_out
from ooxml_books import BOOKS
from ooxml_sdk import NEWEST, OLDEST, complaints, find_or_install
from test_summary_any_season import SEASONS
from xlgoals.summary.write import write_summary

pytestmark = pytest.mark.slow

KEPT = [*sorted((ROOT / "templates").glob("*.xlsx")), *sorted((ROOT / "examples").glob("*.xlsx"))]
# openpyxl, which wrote the mistakes, has the parts of a font in an order of its own.
OF_OPENPYXL = re.compile(
    r"/xl/styles\.xml .*/x:font\[\d+\]: The element has unexpected child .*:family'"
)


@pytest.fixture(scope="session")
def ooxml_validator() -> Path:
    """The validator's program; without it the test is left out, as without LibreOffice."""
    try:
        return find_or_install()
    except SetUpError as problem:
        _leave_out(str(problem))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_the_kept_workbooks_are_valid(ooxml_validator: Path, path: Path) -> None:
    for office in (OLDEST, NEWEST):
        found = complaints(ooxml_validator, path, office)
        if path.stem.startswith("mistakes"):
            found = [complaint for complaint in found if not OF_OPENPYXL.match(complaint)]
        assert found == [], office


@pytest.mark.parametrize("name", BOOKS)
def test_written_workbooks_are_valid(ooxml_validator: Path, name: str, tmp_path: Path) -> None:
    BOOKS[name](tmp_path / "book.xlsx")
    for office in (OLDEST, NEWEST):
        assert complaints(ooxml_validator, tmp_path / "book.xlsx", office) == [], office


@pytest.mark.parametrize("office", [OLDEST, NEWEST])
def test_the_validator_does_complain(ooxml_validator: Path, tmp_path: Path, office: str) -> None:
    BOOKS["tiny"](tmp_path / "sound.xlsx")
    target = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name).replace(b"<sheetData>", b"<rows/><sheetData>"))
    assert complaints(ooxml_validator, target, office)


@pytest.mark.parametrize("name", SEASONS)
def test_summary_workbooks_are_valid(ooxml_validator: Path, name: str, tmp_path: Path) -> None:
    write_summary(tmp_path / "summary.xlsx", SEASONS[name]())
    for office in (OLDEST, NEWEST):
        assert complaints(ooxml_validator, tmp_path / "summary.xlsx", office) == [], office
