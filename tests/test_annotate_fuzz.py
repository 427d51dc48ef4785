"""Whatever the parts hold that the reader passes over: a whole copy, or a clear word; no fault."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

import xlgoals
from annotated import unzipped, with_everything, zipped
from xlgoals.annotate.marking import marked
from xlgoals.annotate.xml import Unmarkable
from xlgoals.reader import Unreadable, read_workbook

pytestmark = pytest.mark.slow

CASES = 200
# What marking reads or changes, and the reader does not look at as closely or at all.
TOUCHED = re.compile(r"comments|vmlDrawing|styles|workbook\.xml|Content_Types|sheet2\.xml|rels")


def mangled(data: bytes, chance: random.Random) -> bytes:
    """A part with one thing in it that should not be so."""
    match chance.randrange(5):
        case 0:  # another number
            numbers = list(re.finditer(rb"\d+", data))
            found = chance.choice(numbers)
            new = chance.choice([b"-1", b"99999999999999999999", b"x", b"", b"0"])
            return data[: found.start()] + new + data[found.end() :]
        case 1:  # an element gone
            elements = list(re.finditer(rb"<[\w:]+[^<>]*/>|<[\w:]+>", data))
            found = chance.choice(elements)
            return data[: found.start()] + data[found.end() :]
        case 2:  # an attribute gone
            found = chance.choice(list(re.finditer(rb' [\w:]+="[^"]*"', data)))
            return data[: found.start()] + data[found.end() :]
        case 3:  # cut off
            return data[: chance.randrange(len(data))]
        case _:  # other elements
            names = list(re.finditer(rb"<(/?)([\w:]+)", data))
            name = chance.choice(names)[2]
            return re.sub(rb"(</?)" + re.escape(name) + rb"\b", rb"\1other", data)


def test_mangled_parts_give_a_copy_or_a_word(tmp_path: Path) -> None:
    source = with_everything(tmp_path / "a.xlsm")
    findings = xlgoals.read(source).findings
    parts = unzipped(source.read_bytes())
    names = sorted(name for name in parts if TOUCHED.search(name))
    chance = random.Random(20260101)
    copies = refused = 0
    for case in range(CASES):
        name = chance.choice(names)
        changed = {**parts, name: mangled(parts[name], chance)}
        data = zipped(changed)
        try:
            copy = marked(data, findings, "表")
        except Unmarkable:
            refused += 1
            continue
        copies += 1
        again = unzipped(copy)
        assert changed.keys() - again.keys() <= {name for name in changed if "rels" in name}, case
        (tmp_path / "source.xlsm").write_bytes(data)
        (tmp_path / "copy.xlsm").write_bytes(copy)
        if readable(tmp_path / "source.xlsm"):
            assert readable(tmp_path / "copy.xlsm"), case
    assert copies > CASES / 4
    assert refused > CASES / 10


def readable(path: Path) -> bool:
    try:
        read_workbook(path)
    except Unreadable:
        return False
    return True
