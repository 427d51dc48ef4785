"""Whatever the bytes are: a workbook or a refusal, nothing else. ``tools/fuzz.py`` does more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import fuzz
from mutate import break_xml, broken, rezip, unzip
from reader_zip import Parts, parts, write
from xlgoals.cells import Workbook
from xlgoals.reader import Limits, Unreadable, read_workbook

ROWS = (
    '<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1"><f>A1</f><v>1.5</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><r><t>甲</t></r></is></c>'
    '<c r="B2"><f t="shared" ref="B2:B3" si="0">A2</f></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/></c><c r="C3" t="b"><v>1</v></c></row>'
)
MERGES = '<mergeCells><mergeCell ref="A5:B6"/></mergeCells>'
SMALL = Limits(unpacked_bytes=1_000_000, cells=1000)


def outcome(path: Path) -> str:
    try:
        book = read_workbook(path, SMALL)
    except Unreadable as error:
        return error.reason.value
    assert isinstance(book, Workbook)
    return "read"


def test_taking_a_zip_apart_and_together_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts(ROWS, MERGES))
    before = read_workbook(path)
    path.write_bytes(rezip(unzip(path.read_bytes())))
    assert read_workbook(path) == before


def test_a_seed_breaks_the_same_way(tmp_path: Path) -> None:
    data = write(tmp_path / "a.xlsx", parts(ROWS, MERGES)).read_bytes()
    made = [[broken(random.Random(seed), data) for seed in range(20)] for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 15


def test_broken_workbooks(tmp_path: Path) -> None:
    data = write(tmp_path / "a.xlsx", parts(ROWS, MERGES)).read_bytes()
    seen = set()
    for seed in range(300):
        (tmp_path / "b.xlsx").write_bytes(broken(random.Random(seed), data))
        seen.add(outcome(tmp_path / "b.xlsx"))
    assert seen >= {"read", "damaged", "too-large", "unsafe-xml"}


@pytest.mark.parametrize("name", list(parts()))
def test_broken_parts(tmp_path: Path, name: str) -> None:
    seen = set()
    for seed in range(60):
        content: Parts = parts(ROWS, MERGES)
        content[name] = break_xml(random.Random(seed), str(content[name]).encode())
        seen.add(outcome(write(tmp_path / "b.xlsx", content)))
    assert seen >= {"read", "damaged"}


def test_random_heads(tmp_path: Path) -> None:
    chance = random.Random(1)
    for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"<?xml", b""):
        for _ in range(20):
            (tmp_path / "a").write_bytes(head + chance.randbytes(chance.randint(0, 400)))
            assert outcome(tmp_path / "a") != "read"


@pytest.mark.slow
def test_broken_forms_of_several_programs(tmp_path: Path) -> None:
    worker = fuzz.Worker(fuzz.samples(tmp_path), seed=0, folder=tmp_path)
    done = [worker.run(case) for case in range(400)]
    assert [outcome for outcome in done if outcome.problem] == []
    kinds = {outcome.kind for outcome in done}
    assert kinds >= {"warnings", "errors", "rejected: damaged", "rejected: too-large"}
