"""Whether two workbooks say the same, what differs, and whether anybody has typed into one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from io import BytesIO
from pathlib import Path

from lxml import etree

from xlgoals.campaign.carry import PROJECT
from xlgoals.cells import Sheet
from xlgoals.findings import Layer, Severity
from xlgoals.identity import GUIDE_SHEET
from xlgoals.importer.read import read
from xlgoals.language import Message, enumerated
from xlgoals.layouts import Layout, LayoutError
from xlgoals.reader import Unreadable, read_workbook
from xlgoals.season.diff import FormChange, compare
from xlgoals.submission import Submission
from xlgoals.untouched import PREFILLED, inputs_digest

_SHEETS = "xl/worksheets/"
_APPLICATION = "docProps/app.xml"
# Locks and validations, each with what its attributes mean where they are not written.
_RULES: Mapping[str, Mapping[str, str]] = {
    "sheetProtection": {
        **dict.fromkeys(("sheet", "objects", "scenarios"), "0"),
        **dict.fromkeys(("selectLockedCells", "selectUnlockedCells"), "0"),
        **{f"format{what}": "1" for what in ("Cells", "Columns", "Rows")},
        **{f"insert{what}": "1" for what in ("Columns", "Rows", "Hyperlinks")},
        **{f"delete{what}": "1" for what in ("Columns", "Rows")},
        **dict.fromkeys(("sort", "autoFilter", "pivotTables"), "1"),
    },
    "dataValidation": {
        **dict.fromkeys(("allowBlank", "showDropDown"), "0"),
        **dict.fromkeys(("showInputMessage", "showErrorMessage"), "0"),
        **{"errorStyle": "stop", "operator": "between", "type": "none"},
    },
}
_SPELT = {"true": "1", "false": "0"}
_QUOTED = re.compile(r"'([^'!]+)'!")  # the name of a sheet, which not every program quotes
_SHEETS_BESIDE = 3  # the guide, the self-check and the hidden sheet
_TITLES = 5  # fields that are named as different


def same_parts(one: bytes, other: bytes) -> bool:
    """Whether two packages hold the same, however they were packed."""
    return one == other or _parts(one) == _parts(other)


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        return {}


def same_content(one: Path, other: Path) -> bool:
    """Whether two workbooks hold the same cells, names, properties, locks and validations.

    Another program, or another version of a library, may write the same workbook in other words,
    and leave the results of formulas to be worked out; it is the same.
    """
    try:
        return _content(one) == _content(other)
    except Unreadable:
        return False


def _content(path: Path) -> tuple[object, ...]:
    workbook = read_workbook(path)
    names = {(n.name, n.sheet, _formula(n.refers_to), n.hidden) for n in workbook.names}
    sheets = [_sheet_content(sheet) for sheet in workbook.sheets]
    return sheets, names, workbook.properties, _rules(path)


def _sheet_content(sheet: Sheet) -> tuple[object, ...]:
    cells = {
        at: cell if cell.formula is None else (_formula(cell.formula), cell.number_format)
        for at, cell in sheet.cells.items()
    }
    return sheet.name, sheet.visibility, cells, set(sheet.merges)


def _formula(text: str) -> str:
    return _QUOTED.sub(r"\1!", text)


def _rules(path: Path) -> list[object]:
    """Locks and validations of every sheet, however they are spelt."""
    parts = _parts(path.read_bytes())
    return [
        rule for name in sorted(parts) if name.startswith(_SHEETS) for rule in _of_part(parts[name])
    ]


def _of_part(data: bytes) -> Iterator[object]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return
    for item in root.iter("{*}sheetProtection", "{*}dataValidation"):
        kind = etree.QName(item).localname
        written = {str(key): str(value) for key, value in item.attrib.items()}
        said = {key: _SPELT.get(value, value) for key, value in written.items()}
        yield kind, {**_RULES[kind], **said}, [(etree.QName(c).localname, c.text) for c in item]


def is_untouched(path: Path, layout: Layout) -> bool:
    """Whether nothing stands in a workbook but what a refresh put there.

    No, too, where nobody can tell: it is no such workbook, or can no longer be read.
    """
    try:
        workbook = read_workbook(path)
    except Unreadable:
        return False
    said = workbook.properties.get(PREFILLED)
    submission = _read(path, layout)
    if said is None or submission.layout is None or not submission.readings:
        return False
    if len(workbook.sheets) != len(submission.sheets) + _SHEETS_BESIDE:
        return False
    outside = [
        finding
        for finding in submission.findings
        if finding.layer is Layer.STRUCTURE and finding.severity is not Severity.INFO
    ]
    return not outside and inputs_digest(submission.readings, submission.layout.unit_field) == said


def _read(path: Path, layout: Layout) -> Submission:
    """A workbook as what it says it is, or as a copy of the layout that only the campaign has."""
    submission = read(path)
    if submission.layout is None:
        return read(path, layout=layout)
    return submission


def difference(old: Path, new: Path, layout: Layout) -> str:
    """What a workbook says otherwise than the one that is to replace it, in words."""
    try:
        before, after = _read(old, layout), _read(new, layout)
    except LayoutError:
        return Message("无法读取原文件")
    if before.layout is None or after.layout is None:
        return Message("原文件不是这个表样的模板")
    if (before.layout.id, before.fiscal_year) != (after.layout.id, after.fiscal_year):
        return Message("表样或年度不同")
    changes = compare(
        layout,
        [(record.sheet, record.values) for record in before.records],
        [(record.sheet, record.values) for record in after.records],
    )
    told = [words for change in changes if (words := _told(change))]
    if not told and _projects(before) != _projects(after):
        return Message("项目的顺序有变动")
    return _joined(told) if told else _apart(old, new)


def _projects(submission: Submission) -> list[str]:
    return [str(record.values[PROJECT]) for record in submission.records]


def _told(change: FormChange) -> str:
    name = change.project or ""
    if change.old_sheet is None:
        return Message("增加项目“{project}”", project=name)
    if change.new_sheet is None:
        return Message("去掉项目“{project}”", project=name)
    titles: list[str] = [item.label for item in change.fields]
    if change.rows:
        titles.append(Message("{count}行指标", count=len(change.rows)))
    if not titles:
        return ""
    shown = enumerated(titles[:_TITLES])
    if len(titles) > _TITLES:
        shown = Message("{items}等", items=shown)
    return Message("项目“{project}”的{titles}有变动", project=name, titles=shown)


def _joined(told: Sequence[str]) -> str:
    first, *more = told
    return reduce(lambda text, added: Message("{one}；{other}", one=text, other=added), more, first)


def _apart(old: Path, new: Path) -> str:
    """What differs though the forms say the same."""
    before, after = read_workbook(old), read_workbook(new)
    if before.modified != after.modified or _program(old) != _program(new):
        # Other programs write what they keep in other words: nothing finer can be told.
        return Message("在表格软件中另存过，填写处没有变动，将换成最新的模板")
    if before.sheet(GUIDE_SHEET) != after.sheet(GUIDE_SHEET):
        return Message("填报说明有变动")
    if (before.sheets, before.names) == (after.sheets, after.names):
        return Message("锁定密码、校验或模板标识有变动")
    return Message("表样文字、沿用标记或检查公式有变动")


def _program(path: Path) -> bytes:
    """What wrote a workbook, in its own words."""
    _, _, said = _parts(path.read_bytes()).get(_APPLICATION, b"").partition(b"<Application>")
    return said.partition(b"<")[0]
