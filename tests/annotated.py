"""Workbooks to be marked, and what a marked one shows, as openpyxl sees it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

import xlgoals
from bootstrap import ROOT
from reader_zip import parts
from xlgoals.annotate.fresh import fresh_copy
from xlgoals.annotate.marking import marked
from xlgoals.findings import Finding
from xlgoals.grid import CellRef, RangeRef
from xlgoals.submission import Submission

MISTAKES = ROOT / "examples" / "mistakes-2020.xlsx"
SHEET = "项目1"
SHEET_PART = "xl/worksheets/sheet2.xml"
LIST = "问题清单"
Look = tuple[str | None, object]
Said = list[tuple[object, ...]]

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "application/vnd.openxmlformats-"
_EXCEL = "application/vnd.ms-excel"


def with_mistakes(path: Path) -> Path:
    """A workbook as XlsxWriter writes it, full of mistakes."""
    path.write_bytes(_mistakes())
    return path


@cache
def _mistakes() -> bytes:
    return fresh_copy(xlgoals.read(MISTAKES)).data


def annotate(path: Path, target: Path) -> Submission:
    """Write the marked copy; what was read from the source."""
    submission = xlgoals.read(path)
    target.write_bytes(xlgoals.annotated_copy(path, submission))
    return submission


def annotate_by(findings: list[Finding], path: Path) -> dict[str, bytes]:
    """The parts of a copy with these findings marked."""
    return unzipped(marked(path.read_bytes(), findings, "表"))


def said(submission: Submission) -> Said:
    """All that a submission says, but for the name of the file."""
    return [
        *((replace(finding, file=""),) for finding in submission.findings),
        *((form,) for form in submission.forms),
    ]


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def fill(cell: Any) -> Look:
    """How a cell is filled."""
    kind, colour = cell.fill.fill_type, cell.fill.fgColor
    return kind, (
        colour.rgb if colour.type == "rgb" else (colour.theme, colour.tint)
    ) if kind else 0


def looks(path: Path) -> dict[tuple[str, str], tuple[Look, str | None]]:
    """The fill and the note of every cell that has any of both."""
    return _looks(path.read_bytes())


@cache
def _looks(data: bytes) -> dict[tuple[str, str], tuple[Look, str | None]]:
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                note = cell.comment.text if cell.comment else None
                if cell.fill.fill_type or note:
                    found[sheet.title, cell.coordinate] = (fill(cell), note)
    return found


def written_fills(path: Path, part: str, area: str) -> list[str | None]:
    """The colours of an area's cells as they are written, those inside a merge included."""
    parts = unzipped(path.read_bytes())
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    space = {"": _MAIN}
    numbers = [int(xf.get("fillId", "0")) for xf in styles.iterfind("cellXfs/xf", space)]
    colours = [
        None if (colour := fill.find("patternFill/fgColor", space)) is None else colour.get("rgb")
        for fill in styles.iterfind("fills/fill", space)
    ]
    cells = ElementTree.fromstring(parts[part]).iterfind("sheetData/row/c", space)
    place = RangeRef.parse(area)
    return [
        colours[numbers[int(cell.get("s", "0"))]]
        for cell in cells
        if (at := CellRef.parse(cell.get("r", ""))).row in place.rows and at.column in place.columns
    ]


def small(rows: str, after: str = "") -> dict[str, str | bytes]:
    """A whole small workbook with one sheet, S."""
    return {"[Content_Types].xml": _SMALL_TYPES, **parts(rows, after)}


# --- a workbook with everything that openpyxl would drop ------------------------------------------
_SMALL_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_PACKAGE}package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_PACKAGE}officedocument.'
        f'spreadsheetml.{type_}+xml"/>'
        for part, type_ in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"),
            ("styles", "styles"),
        )
    )
    + "</Types>"
)
_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">
<o:idmap v:ext="edit" data="3"/></o:shapelayout>
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>
<v:shape id="_x0000_s3073" type="#_x0000_t201" style="position:absolute" o:button="t">
<v:textbox><div><font face="宋体">提交<br>按钮</font></div></v:textbox>
<x:ClientData ObjectType="Button"><x:Anchor>1,0,1,0,2,0,3,0</x:Anchor></x:ClientData></v:shape>
{notes}</xml>"""
_NOTE = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="visibility:hidden">
<x:ClientData ObjectType="Note"><x:Anchor>2,15,1,10,4,31,5,9</x:Anchor>
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>
"""
_COMMENTS = f"""<comments xmlns="{_MAIN}"><authors><author>王会计</author>
<author>tc={{5A1B2C3D-0000-4000-8000-000000000001}}</author></authors><commentList>
<comment ref="B5" authorId="0"><text><t>日期待定，先填着</t></text></comment>
<comment ref="E5" authorId="1"><text><t>[Threaded comment] 请核对</t></text></comment>
<comment ref="A12" authorId="0"><text><r><rPr><b/><sz val="9"/></rPr><t>王会计:</t></r>
<r><t xml:space="preserve">
总目标请科长看</t></r></text></comment></commentList></comments>"""
_THREADS = """<ThreadedComments
 xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="E5" dT="2020-01-02T03:04:05.00"
 personId="{5A1B2C3D-0000-4000-8000-00000000000A}" id="{5A1B2C3D-0000-4000-8000-000000000001}">
<text>请核对</text></threadedComment></ThreadedComments>"""
_PERSONS = """<personList
 xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<person displayName="李科长" id="{5A1B2C3D-0000-4000-8000-00000000000A}" userId="li"
 providerId="None"/></personList>"""
_DRAWING = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from>
<xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff>
</xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="印章"/><xdr:cNvSpPr/>
</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>
<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"""
_EXTENSION = """<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"
 xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">
<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">
<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>我的底稿!$A$1:$A$2</xm:f>
</x14:formula1><xm:sqref>Z99</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"""
_OWN_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><v>650000</v></c></row>'
    '<row r="2"><c r="A2"><f>A1*2</f><v>1300000</v></c></row></sheetData></worksheet>'
)
_MACROS = b"\xd0\xcf\x11\xe0 macros that nobody may run or lose"


def with_everything(path: Path) -> Path:
    """A workbook with mistakes and what Excel adds in use; .xlsm, with macros."""
    package = unzipped(with_mistakes(path).read_bytes())
    package |= {
        "xl/comments9.xml": _COMMENTS.encode(),
        "xl/drawings/vmlDrawing9.vml": _VML.format(notes=_notes()).encode(),
        "xl/drawings/drawing9.xml": _DRAWING.encode(),
        "xl/threadedComments/threadedComment1.xml": _THREADS.encode(),
        "xl/persons/person.xml": _PERSONS.encode(),
        "xl/worksheets/sheet99.xml": _OWN_SHEET.encode(),
        "xl/vbaProject.bin": _MACROS,
        "xl/worksheets/_rels/sheet2.xml.rels": _relationships(
            ("rId1", f"{_OFFICE}/drawing", "../drawings/drawing9.xml"),
            ("rId2", f"{_OFFICE}/vmlDrawing", "../drawings/vmlDrawing9.vml"),
            ("rId3", f"{_OFFICE}/comments", "../comments9.xml"),
            (
                "rId4",
                "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                "../threadedComments/threadedComment1.xml",
            ),
        ),
    }
    _replace(package, SHEET_PART, "</worksheet>", _tail())
    _replace(
        package,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId91" Type="{_OFFICE}/worksheet" Target="worksheets/sheet99.xml"/>'
        '<Relationship Id="rId92" Type="http://schemas.microsoft.com/office/2006/relationships/'
        'vbaProject" Target="vbaProject.bin"/><Relationship Id="rId93" Type="http://schemas.'
        'microsoft.com/office/2017/10/relationships/person" Target="persons/person.xml"/>'
        "</Relationships>",
    )
    own = '<sheet name="我的底稿" sheetId="99" r:id="rId91"/></sheets>'
    _replace(package, "xl/workbook.xml", "</sheets>", own)
    name = "<definedName name=\"我的合计\">'我的底稿'!$A$2</definedName></definedNames>"
    _replace(package, "xl/workbook.xml", "</definedNames>", name)
    main = f"{_PACKAGE}officedocument.spreadsheetml.sheet.main+xml"
    _replace(package, "[Content_Types].xml", main, f"{_EXCEL}.sheet.macroEnabled.main+xml")
    _replace(package, "[Content_Types].xml", "</Types>", _types())
    path.write_bytes(zipped(package))
    return path


def _notes() -> str:
    places = ((4, 1), (4, 4), (11, 0))
    return "".join(
        _NOTE.format(id=3074 + n, row=row, column=column) for n, (row, column) in enumerate(places)
    )


def _relationships(*items: tuple[str, str, str]) -> bytes:
    inner = "".join(f'<Relationship Id="{i}" Type="{k}" Target="{t}"/>' for i, k, t in items)
    return f'<Relationships xmlns="{_LINKS}">{inner}</Relationships>'.encode()


def _tail() -> str:
    return f'<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>{_EXTENSION}</worksheet>'


def _types() -> str:
    types = {
        "xl/comments9.xml": f"{_PACKAGE}officedocument.spreadsheetml.comments+xml",
        "xl/drawings/drawing9.xml": f"{_PACKAGE}officedocument.drawing+xml",
        "xl/threadedComments/threadedComment1.xml": f"{_EXCEL}.threadedcomments+xml",
        "xl/persons/person.xml": f"{_EXCEL}.person+xml",
        "xl/worksheets/sheet99.xml": f"{_PACKAGE}officedocument.spreadsheetml.worksheet+xml",
        "xl/vbaProject.bin": f"{_EXCEL[:-6]}office.vbaProject",
    }
    items = "".join(
        f'<Override PartName="/{part}" ContentType="{type_}"/>' for part, type_ in types.items()
    )
    vml = f"{_PACKAGE}officedocument.vmlDrawing"
    return f'<Default Extension="vml" ContentType="{vml}"/>{items}</Types>'


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text = parts[name].decode()
    assert text.count(old) == 1, (name, old)
    parts[name] = text.replace(old, new).encode()


def without_marks(sheet: bytes) -> str:
    """A sheet's XML without what marking may change: styles of cells, and the drawing's link."""
    text = re.sub(r'(<c r="[A-Z]+[0-9]+") s="[0-9]+"', r"\1", sheet.decode())
    text = re.sub(r'<legacyDrawing[^>]*/>| tabSelected="1"', "", text)
    return ElementTree.canonicalize(text)
