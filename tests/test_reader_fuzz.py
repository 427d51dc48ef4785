"""Whatever the bytes are: a workbook or a refusal, nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

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
TOKENS = [
    b"",
    b"\0",
    b"<",
    b">",
    b'"',
    b"&#0;",
    b"-1",
    b"99999999999",
    b"<!DOCTYPE x>",
    b"\xff\xfe",
]


def outcome(path: Path) -> str:
    try:
        book = read_workbook(path, SMALL)
    except Unreadable as error:
        return error.reason.value
    assert isinstance(book, Workbook)
    return "read"


def mutated(chance: random.Random, data: bytes, tokens: list[bytes]) -> bytes:
    result = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(result) + 1)
        result[at : at + chance.randint(0, 3)] = chance.choice(tokens)
    return bytes(result)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_zip_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = write(tmp_path / "a.xlsx", parts(ROWS, MERGES)).read_bytes()
    tokens = [bytes([n]) * k for n in (0, 1, 8, 127, 255) for k in (1, 2, 4)]
    for _ in range(100):
        (tmp_path / "b.xlsx").write_bytes(mutated(chance, data, tokens))
        outcome(tmp_path / "b.xlsx")


@pytest.mark.parametrize("seed", range(4))
def test_mutated_parts(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    seen = set()
    for _ in range(100):
        content: Parts = parts(ROWS, MERGES)
        name = chance.choice(list(content))
        content[name] = mutated(chance, str(content[name]).encode(), TOKENS)
        seen.add(outcome(write(tmp_path / "b.xlsx", content)))
    assert seen >= {"read", "damaged"}


def test_random_heads(tmp_path: Path) -> None:
    chance = random.Random(1)
    for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"<?xml", b""):
        for _ in range(20):
            (tmp_path / "a").write_bytes(head + chance.randbytes(chance.randint(0, 400)))
            assert outcome(tmp_path / "a") != "read"
