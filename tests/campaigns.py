"""A campaign's folder: a roster, the workbooks of the year before, and the file that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import openpyxl

import xlgoals
from each_layout import sound_form
from xlgoals.campaign.refresh import Refreshed, refresh
from xlgoals.campaign.source import read_campaign
from xlgoals.layouts import Layout, load_layout
from xlgoals.models import form_class

SHANGHAI = load_layout("shanghai-2020")
OLD, NEW = 2020, 2021
UNIT, PROJECT = "某市图书馆", "阅览室改造"
NAME = f"001-{UNIT}.xlsx"
HEADER = "单位代码,单位名称,联系人,项目名称,单位别名,上年预算执行数"


def returned(
    path: Path, layout: Layout, year: int, *projects: str, unit: str = UNIT, **values: Any
) -> Path:
    """A workbook that a unit sent back: sound forms with these values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    common = {"fiscal_year": year, layout.unit_field: unit, **values}
    path.write_bytes(_workbook(layout.id, projects, *common.items()))
    return path


@cache
def _workbook(layout_id: str, projects: tuple[str, ...], *values: tuple[str, Any]) -> bytes:
    layout, given = load_layout(layout_id), dict(values)
    sound = {**sound_form(layout).model_dump(), **given}
    forms = [
        form_class(layout).model_validate({**sound, "project_name": name}) for name in projects
    ]
    with NamedTemporaryFile(suffix=".xlsx") as file:
        xlgoals.write_template(file.name, layout, given["fiscal_year"], forms=forms)
        return Path(file.name).read_bytes()


def campaign(folder: Path, lines: Sequence[str], roster: Sequence[str], **said: Any) -> Path:
    """The file of a campaign; ``lines`` are its own, ``roster`` the lines of the roster."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "名册.csv").write_text("\n".join([HEADER, *roster, ""]), encoding="utf-8")
    file = folder / "campaign.toml"
    given: Mapping[str, Any] = {"roster": '"名册.csv"', "outbox": '"发出"', **said}
    written = [f"{key} = {value}" for key, value in given.items()]
    file.write_text("\n".join([*written, *lines, ""]), encoding="utf-8")
    return file


def of_layout(folder: Path, layout: Layout, year: int, roster: Sequence[str], *lines: str) -> Path:
    """A campaign of a layout that goes on from the folder 上年."""
    return campaign(
        folder, lines, roster, layout=f'"{layout.id}"', fiscal_year=year, previous='"上年"'
    )


def one_project(folder: Path) -> Path:
    """A campaign of one unit with one project, all of whose texts and indicators go on."""
    returned(folder / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    return of_layout(
        folder, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},,"], 'carry = ["文字", "指标"]'
    )


def outbox(file: Path) -> Path:
    """Where a campaign's workbooks stand."""
    return file.parent / "发出"


def run_refresh(file: Path, **options: Any) -> Refreshed:
    """The refresh of a campaign in this process."""
    return refresh(read_campaign(file), **{"jobs": 1, **options})


def type_into(path: Path, sheet: str, cell: str, value: Any) -> None:
    """What a filler does, in a program that ignores protection."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time it was written."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
