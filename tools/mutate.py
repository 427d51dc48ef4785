"""Ways to break a workbook: its zip, its XML, its bytes. The same seed breaks it the same way."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DEFLATED = 8
_STORED = 0.3  # of the parts
_SMALL = 200_000  # bytes that XML mutations are worth their time for

_TAG = re.compile(
    rb"<(/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(rb"(?<![\w:.-])([\w:.-]+)(\s*=\s*)\"([^\"<]*)\"")
_TEXT = re.compile(rb">([^<>]+)<")
_NUMBERS = (
    *(b"-1", b"0", b"1", b"65536", b"1048577", b"2147483648", b"4294967295", b"1e308", b"1e400"),
    *(b"-0.0", b"NaN", b"INF", b"0x10", b"1_000", "１２".encode(), b"9" * 400, b"", b" ", b"+5"),
)
_REFERENCES = (
    *(b"A0", b"A1", b"XFD1048576", b"XFE1", b"A1048577", b"A1:XFD1048576", b"B2:A1", b"$A$1"),
    *(b"AAAA1", b"A1:B2:C3", b"1", b"R1C1", b"A1,B2", b"#REF!", b"A-1", "Ａ１".encode()),
)
_TEXTS = (
    *(b"&#0;", b"&#27;[31m", b"&#x202E;", b"&#133;", b"&amp;#10;", b"_x001B_[2J", b"_xD800_"),
    *(b"_x202E_", b"_x0000_", b"&lt;script&gt;", b"=cmd|' /C calc'!A0", b"&xxe;", b"\xff\xfe"),
    *(b"\xed\xa0\x80", b"\xc0\x80", b"\x1b", b"\x9b", "\u202e".encode(), "\u0085".encode()),
    *(b"=100%", b"2020-02-30", "６５万元".encode(), "𠮷😀".encode(), b"#DIV/0!", b"x" * 200_000),
    *("\u2066".encode(), "\ufffe".encode(), b"&#xD800;", b"\n\r\n\t", "甲".encode() * 40_000),
)
_PROLOGS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    b'<?xml version="1.0" encoding="utf-7"?>',
    b'<?xml version="1.1" encoding="gb18030"?>',
    b"\xff\xfe",
    b"<!--" + b"-" * 1000 + b"-->",
    b"<?a b?>" * 1000,
)


@dataclass(frozen=True)
class Entry:
    """One entry of a zip, packed; what its headers say may be lies."""

    name: bytes
    method: int
    packed: bytes
    crc: int
    packed_size: int
    size: int
    flags: int = 0

    @classmethod
    def of(cls, name: bytes, data: bytes, stored: bool = False) -> Entry:
        """An honest entry; as it is if ``stored``, so that no ratio of sizes gives it away."""
        if stored:
            return cls(name, 0, data, zlib.crc32(data), len(data), len(data))
        squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
        packed = squeeze.compress(data) + squeeze.flush()
        return cls(name, _DEFLATED, packed, zlib.crc32(data), len(packed), len(data))

    def data(self) -> bytes:
        """The bytes before packing."""
        return zlib.decompress(self.packed, -15) if self.method == _DEFLATED else self.packed


def unzip(data: bytes) -> list[Entry]:
    """The entries of a sound zip file, without unpacking them."""
    end = data.rfind(_END)
    count, _, at = struct.unpack("<HII", data[end + 10 : end + 20])
    entries = []
    for _ in range(count):
        head = struct.unpack("<4s6H3I5H2I", data[at : at + 46])
        flags, method, crc, packed_size, size = head[3], head[4], *head[7:10]
        name_length, extra, comment, local = head[10], head[11], head[12], head[16]
        name = data[at + 46 : at + 46 + name_length]
        at += 46 + name_length + extra + comment
        name_there, extra_there = struct.unpack("<HH", data[local + 26 : local + 30])
        start = local + 30 + name_there + extra_there
        packed = data[start : start + packed_size]
        entries.append(Entry(name, method, packed, crc, packed_size, size, flags & ~8))
    return entries


def rezip(entries: list[Entry]) -> bytes:
    """A zip file whose headers say what the entries say."""
    body, directory = bytearray(), bytearray()
    for entry in entries:
        sizes = struct.pack("<3I", entry.crc, entry.packed_size, entry.size)
        common = struct.pack("<5H", 20, entry.flags, entry.method, 0, 33) + sizes
        place = len(body)
        body += _LOCAL + common + struct.pack("<HH", len(entry.name), 0) + entry.name
        body += entry.packed
        directory += _CENTRAL + struct.pack("<H", 20) + common
        directory += struct.pack("<5H2I", len(entry.name), 0, 0, 0, 0, 0, place) + entry.name
    count = len(entries)
    end = struct.pack("<4H2IH", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + _END + end)


# --- bytes ----------------------------------------------------------------------------------------
def break_bytes(chance: random.Random, data: bytes) -> bytes:
    """Cut off, flip, insert, repeat or blank out some bytes."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5, 30))):
        at = chance.randrange(len(result) + 1)
        length = chance.choice((1, 1, 2, 4, 8, 512))
        way = chance.randrange(6)
        if way == 0:
            del result[at:]
        elif way == 1 and at < len(result):
            result[at] ^= 1 << chance.randrange(8)
        elif way == 2:
            result[at : at + length] = chance.randbytes(length)
        elif way == 3:
            result[at:at] = result[at : at + length]
        elif way == 4:
            result[at : at + length] = chance.choice((b"\0", b"\xff")) * length
        else:
            del result[at : at + length]
    return bytes(result)


# --- zip ------------------------------------------------------------------------------------------
def _change(chance: random.Random, entries: list[Entry], change: Callable[[Entry], Entry]) -> None:
    at = chance.randrange(len(entries))
    entries[at] = change(entries[at])


def break_zip(chance: random.Random, entries: list[Entry]) -> list[Entry]:
    """Remove, repeat, swap, rename entries, or lie about them."""
    result = list(entries)
    one, other = chance.randrange(len(result)), chance.randrange(len(result))
    lie = chance.choice((0, 1, 2**31, 2**32 - 1, chance.randrange(1000)))
    number = chance.choice((0, 1, 9, 12, 14, 93, 99, 65535))
    ways: list[Callable[[], object]] = [
        lambda: result.pop(one),
        lambda: result.insert(other, result[one]),
        lambda: result.insert(one, replace(result[other], name=result[one].name.upper())),
        lambda: _change(chance, result, lambda e: replace(e, name=result[other].name)),
        lambda: _change(chance, result, lambda e: replace(e, packed=result[other].packed)),
        lambda: _change(chance, result, lambda e: replace(e, size=lie)),
        lambda: _change(chance, result, lambda e: replace(e, packed_size=lie)),
        lambda: _change(chance, result, lambda e: replace(e, crc=e.crc ^ 1)),
        lambda: _change(chance, result, lambda e: replace(e, method=number)),
        lambda: _change(chance, result, lambda e: replace(e, flags=1 << chance.randrange(16))),
        lambda: _change(chance, result, lambda e: replace(e, name=b"../" + e.name)),
        lambda: _change(chance, result, lambda e: replace(e, name=e.name.replace(b"/", b"\\"))),
        lambda: _change(chance, result, lambda e: replace(e, name=b"\xff" + e.name)),
        lambda: _change(chance, result, lambda e: Entry.of(e.name, b"")),
        lambda: _change(chance, result, lambda e: Entry.of(e.name, bytes(20_000_000))),
        lambda: result.extend(
            replace(result[one], name=b"%d" % n) for n in range(chance.choice((10, 12_000)))
        ),
    ]
    chance.choice(ways)()
    return result


# --- XML ------------------------------------------------------------------------------------------
def break_xml(chance: random.Random, data: bytes) -> bytes:
    """Break the tags, attributes and texts of a part."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_XML_WAYS)(chance, data)
    return data


def _tag(chance: random.Random, data: bytes) -> re.Match[bytes] | None:
    return _TAG.search(data, chance.randrange(len(data) + 1))


def _spoil_attribute(chance: random.Random, data: bytes) -> bytes:
    found = _ATTRIBUTE.search(data, chance.randrange(len(data) + 1))
    if not found:
        return data
    name, value = found[1], chance.choice(_NUMBERS + _REFERENCES + _TEXTS[:20])
    whole = chance.choice(
        (b'%s="%s"' % (name, value), b'%s="%s"' % (name, value), b"", found[0] + b" " + found[0],
         b'x%s="%s"' % (name, found[3]))
    )  # fmt: skip
    return data[: found.start()] + whole + data[found.end() :]


def _spoil_text(chance: random.Random, data: bytes) -> bytes:
    found = _TEXT.search(data, chance.randrange(len(data) + 1))
    if not found:
        return data
    value = chance.choice(_TEXTS + _NUMBERS)
    return data[: found.start(1)] + value + data[found.end(1) :]


def _spoil_tag(chance: random.Random, data: bytes) -> bytes:
    found, other = _tag(chance, data), _tag(chance, data)
    if not found or not other:
        return data
    whole = chance.choice(
        (b"", found[0] * 2, other[0], found[0].replace(found[2], b"x", 1),
         found[0].replace(found[2], other[2], 1), b"<" + found[2] + b">")
    )  # fmt: skip
    return data[: found.start()] + whole + data[found.end() :]


def _spoil_element(chance: random.Random, data: bytes) -> bytes:
    """Take out, repeat or move a whole element."""
    found = _tag(chance, data)
    if not found or found[1]:
        return data
    end = found.end()
    if not found[4]:
        close = data.find(b"</" + found[2] + b">", end)
        end = close + len(found[2]) + 3 if close >= 0 else end
    element = data[found.start() : end]
    if len(element) > _SMALL:
        return data
    way = chance.randrange(4)
    if way == 0:
        return data[: found.start()] + data[end:]
    if way == 1:
        return data[:end] + element * chance.choice((1, 2, 50)) + data[end:]
    other = _tag(chance, data)
    at = other.start() if other else 0
    return data[:at] + element + data[at:]


def _nest(chance: random.Random, data: bytes) -> bytes:
    found = _tag(chance, data)
    at = found.start() if found else 0
    name = found[2] if found else b"a"
    depth = chance.choice((10, 70, 5000))
    return data[:at] + b"<%s>" % name * depth + b"</%s>" % name * depth + data[at:]


def _flood(chance: random.Random, data: bytes) -> bytes:
    """What hostile or careless programs write without end."""
    found = chance.choice(_FLOODS)
    marks = [m.start() for mark in found[0] if (m := re.search(mark, data))]
    if not marks:
        return data
    return data[: marks[0]] + found[1](chance) + data[marks[0] :]


def _rows(chance: random.Random) -> bytes:
    count = chance.choice((100, 30_000, 300_000))
    return b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(1000, 1000 + count))


def _blank_cells(chance: random.Random) -> bytes:
    return b'<row r="2000">' + b'<c s="1"/>' * chance.choice((100, 16_384, 500_000)) + b"</row>"


def _merges(chance: random.Random) -> bytes:
    area = chance.choice((b"A1:XFD1048576", b"A1:CV100", b"A1:B2", b"A1:E41"))
    return b'<mergeCell ref="%s"/>' % area * chance.choice((1, 100, 110_000))


def _formulas(chance: random.Random) -> bytes:
    formula = chance.choice((b"B7+1", b"A1+" * 5000 + b"1", b"(" * 5000, b'"' * 5001))
    first = b'<c r="H3000"><f t="shared" ref="A1:XFD9999" si="0">%s</f><v>1</v></c>' % formula
    more = b'<c><f t="shared" si="0"/></c>' * chance.choice((1, 500, 10_000))
    array = b'<c><f t="array" ref="A1:XFD1048576">1</f></c>' * chance.choice((0, 1, 50))
    return b'<row r="3000">' + first + more + array + b"</row>"


def _texts(chance: random.Random) -> bytes:
    cell = b'<c t="inlineStr"><is><t>%s</t></is></c>' % chance.choice((b"x", "甲乙".encode() * 30))
    return b"".join(b"<row>" + cell * 100 + b"</row>" for _ in range(chance.choice((1, 100, 3000))))


def _repeated(chance: random.Random) -> bytes:
    rows, columns = (chance.choice((1, 1000, 65_536, 1_048_576, 10**9)) for _ in range(2))
    return (
        b'<table:table-row table:number-rows-repeated="%d"><table:table-cell '
        b'table:number-columns-repeated="%d" office:value-type="float" office:value="1">'
        b"<text:p>1</text:p></table:table-cell></table:table-row>" % (rows, columns)
    )


_FLOODS: tuple[tuple[tuple[bytes, ...], Callable[[random.Random], bytes]], ...] = (
    ((rb"</(?:\w+:)?sheetData>",), _rows),
    ((rb"</(?:\w+:)?sheetData>",), _blank_cells),
    ((rb"</(?:\w+:)?sheetData>",), _formulas),
    ((rb"</(?:\w+:)?sheetData>",), _texts),
    ((rb"</(?:\w+:)?mergeCells>",), _merges),
    ((rb"</table:table>",), _repeated),
)
_XML_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_spoil_attribute,) * 5,
    *(_spoil_text,) * 5,
    *(_spoil_tag,) * 2,
    *(_spoil_element,) * 3,
    _nest,
    _flood,
    break_bytes,
    lambda chance, data: chance.choice(_PROLOGS) + data,
    lambda _, data: data.decode("utf-8", "replace").encode("utf-16"),
)


def broken(chance: random.Random, data: bytes) -> bytes:
    """A workbook broken in some way: of its bytes, its zip, or one or two of its parts."""
    if not data.startswith(_LOCAL):
        return break_bytes(chance, data)
    way = chance.random()
    if way < 0.1:
        return break_bytes(chance, data)
    entries = unzip(data)
    if way < 0.3:
        entries = break_zip(chance, entries)
    else:
        for _ in range(chance.choice((1, 1, 2))):
            at = _worthwhile(chance, entries)
            entry = entries[at]
            entries[at] = Entry.of(
                entry.name, _break_part(chance, entry), chance.random() < _STORED
            )
    return rezip(entries)


def _worthwhile(chance: random.Random, entries: list[Entry]) -> int:
    """An entry; the large ones, which cost more than they tell, less often."""
    at = chance.randrange(len(entries))
    for _ in range(3):
        if entries[at].size < _SMALL:
            return at
        at = chance.randrange(len(entries))
    return at


def _break_part(chance: random.Random, entry: Entry) -> bytes:
    data = entry.data()
    return break_xml(chance, data) if b"<" in data[:200] else break_bytes(chance, data)
