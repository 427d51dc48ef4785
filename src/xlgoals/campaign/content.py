"""Whether two workbooks say the same, what differs, and whether anybody has typed into one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from functools import reduce
from io import BytesIO
from pathlib import Path

from lxml import etree

from xlgoals.campaign.carry import PROJECT
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
_RULES = ("dataValidations", "sheetProtection", "mergeCells")
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

    Another version of a library may write the same workbook in other words; it is the same.
    """
    try:
        ours, theirs = read_workbook(one), read_workbook(other)
    except Unreadable:
        return False
    return (
        ours.sheets == theirs.sheets
        and ours.names == theirs.names
        and ours.properties == theirs.properties
        and _rules(one) == _rules(other)
    )


def _rules(path: Path) -> list[bytes]:
    """Locks, validations and merges of every sheet, however they are spelt."""
    parts = _parts(path.read_bytes())
    return [
        rule for name in sorted(parts) if name.startswith(_SHEETS) for rule in _of_part(parts[name])
    ]


def _of_part(data: bytes) -> Iterator[bytes]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return
    for item in root:
        if isinstance(item.tag, str) and etree.QName(item).localname in _RULES:
            yield etree.tostring(item, method="c14n")


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
    if before.modified != after.modified:
        # Other programs write what they keep in other words: nothing finer can be told.
        return Message("在表格软件中另存过，填写处没有变动，将换成最新的模板")
    if before.sheet(GUIDE_SHEET) != after.sheet(GUIDE_SHEET):
        return Message("填报说明有变动")
    if (before.sheets, before.names) == (after.sheets, after.names):
        return Message("锁定密码、校验或模板标识有变动")
    return Message("表样文字、沿用标记或检查公式有变动")
