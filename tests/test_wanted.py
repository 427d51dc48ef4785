"""``--as`` and ``--year``: what a file must be, and what is told of one that is something else."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from command import run


@pytest.fixture
def filled(examples_dir: Path) -> Path:
    return examples_dir / "filled-2020.xlsx"


def checked(*arguments: str | Path) -> dict[str, Any]:
    (file,) = json.loads(run("check", "--format", "json", *arguments).stdout)["files"]
    assert isinstance(file, dict)
    return file


def with_identity(source: Path, target: Path, old: str, new: str) -> Path:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old.encode(), new.encode()))
    return target


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (("--as", "shanghai-2026"), "wrong-layout"),
        (("--year", "2021"), "wrong-year"),
        (("--as", "shanghai-2020", "--year", "2021"), "wrong-year"),
        (("--as", "national-2021", "--year", "2021"), "wrong-layout"),
    ],
)
def test_of_a_file_that_is_another_it_is_told_what_it_is(
    filled: Path, wanted: tuple[str, ...], code: str
) -> None:
    file = checked(filled, *wanted)
    (finding,) = file["findings"]
    assert (finding["code"], finding["layer"], file["status"]) == (code, "file", "rejected")
    assert (file["layout"], file["fiscal_year"]) == ("shanghai-2020", 2020)


def test_forms_are_called_what_people_call_them(filled: Path) -> None:
    (finding,) = checked(filled, "--as", "shanghai-2026")["findings"]
    assert "“财政项目支出绩效目标表（上海市市级财政，shanghai-2020）”" in finding["message"]
    assert "“财政项目支出绩效目标申报表（上海市各级财政，shanghai-2026）”" in finding["message"]


def test_nothing_is_told_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = checked(tmp_path / "none.xlsx", "--as", "shanghai-2020", "--year", "2020")
    assert (file["layout"], file["fiscal_year"], file["status"]) == (None, None, "rejected")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("layout=shanghai-2020|", "layout=mars-1|", "unknown-layout"),
        ("xlgoals|format=1|", "xlgoals|format=99|", "newer-template"),
    ],
)
def test_what_is_not_at_hand_can_be_forced(
    filled: Path, tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = with_identity(filled, tmp_path / "t.xlsx", old, new)
    (finding,) = checked(path)["findings"]
    assert finding["code"] == code
    assert "--as" in finding["hint"]
    forced = checked(path, "--as", "shanghai-2020")
    assert (forced["layout"], forced["fiscal_year"], forced["forms"]) == ("shanghai-2020", 2020, 3)
    assert forced["findings"][0]["code"] == "identity-lost"
    assert run("import", path, "--as", "shanghai-2020").stdout == run("import", filled).stdout


@pytest.mark.parametrize("option", ["--year", "--projects"])
def test_what_is_no_number_is_said_in_plain_words(option: str) -> None:
    result = run("template", "shanghai-2020", "-o", "x.xlsx", option, "20年")
    assert result.returncode == 2
    assert "“20年”不是整数" in result.stderr
