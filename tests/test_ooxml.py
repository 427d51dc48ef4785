"""Every workbook that the writer makes is sound; and unsound ones do not get past the checks."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xlgoals
from bootstrap import ROOT
from each_layout import LAYOUTS
from few_and_many import mostly_slow
from forms_strategy import LAYOUT, YEAR, records, texts
from ooxml import problems
from ooxml_books import BOOKS
from xlgoals.models import form_class

KEPT = [*sorted((ROOT / "templates").glob("*.xlsx")), ROOT / "examples" / "filled-2020.xlsx"]


@pytest.mark.parametrize("path", mostly_slow(KEPT), ids=lambda path: path.stem)
def test_the_kept_workbooks_are_sound(path: Path) -> None:
    assert problems(path) == []


SMALL = ("blank", "published forms", "one project")


@pytest.mark.parametrize(
    "name",
    [name if name in SMALL else pytest.param(name, marks=pytest.mark.slow) for name in BOOKS],
)
def test_written_workbooks_are_sound(name: str, tmp_path: Path) -> None:
    BOOKS[name](tmp_path / "book.xlsx")
    assert problems(tmp_path / "book.xlsx") == []


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_workbooks_of_any_valid_forms_are_sound(data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from(LAYOUTS))
    unit = data.draw(st.none() | texts(50))
    drawn = [data.draw(records(layout, unit=unit)) for _ in range(2)]
    forms = [form_class(layout).model_validate(record) for record in drawn]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        xlgoals.write_template(path, layout, layout.first_year, forms=forms)
        assert problems(path) == []


# --- damage -------------------------------------------------------------------------------------
# Each line: what is told, the part, what is replaced there once (a pattern), and by what.
BOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
FORM, COPY = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"  # 项目1; 项目2 has a formula
TYPES, LINKS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
FORMULA = r"<f>.*?</f>"
LIST = "<formula1>lst_performance_type</formula1>"
NO_RULE = "(?=<dataValidations)"  # where conditional formats would stand


def formula(text: str) -> str:
    return f"<f>{text}</f>"


def conditional(attributes: str, text: str = "B4=1", where: str = "B4") -> str:
    return (
        f'<conditionalFormatting sqref="{where}"><cfRule type="expression" {attributes}>'
        f"<formula>{text}</formula></cfRule></conditionalFormatting>"
    )


DAMAGE: list[tuple[str, str, str, str]] = [
    # the package
    ("sheet9.xml, which is not there", LINKS, "sheet2.xml", "sheet9.xml"),
    ("an Id is there twice", LINKS, 'Id="rId1"', 'Id="rId2"'),
    ("leads out of the workbook", LINKS, "(?=/></Relationships>)", ' TargetMode="External"'),
    ("styles.xml: has no content type", TYPES, '<Override PartName="/xl/styles.xml"[^>]*>', ""),
    ("other.xml: has a content type but is not", TYPES, "/xl/styles.xml", "/xl/other.xml"),
    ("not well-formed", FORM, "</sheetData>", ""),
    ("sheetProtection holds NaN", FORM, 'objects="1"', 'objects="NaN"'),
    ("formula1 holds NaN", FORM, LIST, "<formula1>NaN</formula1>"),
    ("fonts says 99", STYLES, '<fonts count="[0-9]+"', '<fonts count="99"'),
    # the workbook
    ("empty or over 31 characters", BOOK, 'sheet name="项目1"', f'sheet name="{"项" * 32}"'),
    ("empty or over 31 characters", BOOK, 'sheet name="项目1"', 'sheet name=""'),
    ("is not allowed", BOOK, 'sheet name="项目1"', 'sheet name="项/目1"'),
    ("share a name", BOOK, 'sheet name="项目1"', 'sheet name="项目2"'),
    ("share a sheetId", BOOK, 'sheetId="1"', 'sheetId="2"'),
    ("share a part", BOOK, 'r:id="rId1"', 'r:id="rId2"'),
    ("active but hidden", BOOK, 'activeTab="1"', 'activeTab="4"'),
    ("active but hidden", BOOK, 'activeTab="1"', 'activeTab="99"'),
    # defined names
    ("belongs to sheet 2 but", BOOK, '"basis" localSheetId="1"', '"basis2" localSheetId="2"'),
    ("belongs to sheet 99", BOOK, 'localSheetId="1"', 'localSheetId="99"'),
    ("the name basis is there twice", BOOK, '"current_budget" (?=local)', '"basis" '),
    ("'abe1' cannot be a name", BOOK, '"basis"', '"abe1"'),
    ("'rc' cannot be a name", BOOK, '"basis"', '"rc"'),
    ("'true' cannot be a name", BOOK, '"basis"', '"true"'),
    ("'a b' cannot be a name", BOOK, '"basis"', '"a b"'),
    ("lost reference", BOOK, r"'项目1'!\$B\$8<", "#REF!<"),
    ("lost reference", BOOK, r"'项目1'!\$B\$8<", "'项目1'!#REF!<"),
    ("unknown sheet '项目9'", BOOK, r"'项目1'!\$B\$8<", "'项目9'!$B$8<"),
    ("text over 255 characters", BOOK, '>"xlgoals', '>"' + "x" * 200),
    # styles and strings
    ("unknown fontId", STYLES, r'fontId="[0-9]+"(?=[^>]*applyNumberFormat)', 'fontId="99"'),
    ("unknown numFmtId", STYLES, 'numFmtId="164" formatCode', 'numFmtId="165" formatCode'),
    ("over 32767 characters", STRINGS, "<t>", "<t>" + "x" * 32768),
    ("lose the blanks", STRINGS, "<t>", "<t> "),
    # rows and columns
    ("row 4 is there twice", FORM, '<row r="5"', '<row r="4"'),
    ("row 4 is out of order", FORM, '<row r="3"', '<row r="5"'),
    ("row 0 is off the grid", FORM, '<row r="1"', '<row r="0"'),
    ("row 1048577 is off the grid", FORM, '<row r="41"', '<row r="1048577"'),
    ("row 1 is 409.6 high", FORM, ' ht="[0-9.]+"', ' ht="409.6"'),
    ("row 1 has the unknown style 99", FORM, '<row r="1"', '<row r="1" s="99"'),
    ("column 1 is 256 wide", FORM, 'width="[0-9.]+"', 'width="256"'),
    (
        "column 1 has the unknown style 99",
        FORM,
        'style="[0-9]+" customWidth',
        'style="99" customWidth',
    ),
    ("columns 1 to 1 overlap", FORM, 'min="2" max="2"', 'min="1" max="1"'),
    # cells
    ("cell A4 is there twice", FORM, '<c r="B4"', '<c r="A4"'),
    ("cell B4 is out of order", FORM, '<c r="A4"', '<c r="D4"'),
    ("cell XFE4 is off the grid", FORM, '<c r="E4"', '<c r="XFE4"'),
    ("cell A9 stands in row 4", FORM, '<c r="A4"', '<c r="A9"'),
    ("cell B4 has the unknown style 99", FORM, '<c r="B4" s="[0-9]+"', '<c r="B4" s="99"'),
    ("'NaN' is no number", FORM, '<c r="B4"[^>]*/>', '<c r="B4"><v>NaN</v></c>'),
    ("'INF' is no number", FORM, '<c r="B4"[^>]*/>', '<c r="B4"><v>INF</v></c>'),
    ("'1e999' is no number", FORM, '<c r="B4"[^>]*/>', '<c r="B4"><v>1e999</v></c>'),
    ("no shared string 9999", FORM, 't="s"><v>[0-9]+', 't="s"><v>9999'),
    ("no shared string -1", FORM, 't="s"><v>[0-9]+', 't="s"><v>-1'),
    ("is no truth value", FORM, 't="s"><v>[0-9]+', 't="b"><v>7'),
    ("is no error value", FORM, 't="s"><v>[0-9]+', 't="e"><v>#BAD'),
    ("unfit type d", FORM, 't="s"><v>[0-9]+', 't="d"><v>2020-01-01'),
    ("type s without a value", FORM, 't="s"><v>[0-9]+</v>', 't="s">'),
    # formulas
    ("without a cached value", COPY, "</f><v></v>", "</f>"),
    ("'' is no number", COPY, ' t="str"><f>', "><f>"),
    ("result of type s", COPY, ' t="str"><f>', ' t="s"><f>'),
    ("over 8192 characters", COPY, FORMULA, formula("1" + "+1" * 4096)),
    ("unknown function _xlfn.CONCAT", COPY, FORMULA, formula("_xlfn.CONCAT(B4)")),
    ("unknown function XLOOKUP", COPY, FORMULA, formula('IF(B4="OR(",XLOOKUP(B4),1)')),
    ("nested deeper than 64", COPY, FORMULA, formula("ABS(" * 65 + "1" + ")" * 65)),
    ("unbalanced", COPY, FORMULA, formula('LEN(")"')),
    ("unbalanced", COPY, FORMULA, formula("LEN(B4))")),
    ("text over 255 characters", COPY, FORMULA, formula(f'"{"x" * 256}"')),
    ("unknown name nothing", COPY, FORMULA, formula("nothing+1")),
    ("unknown name XFE1", COPY, FORMULA, formula("XFE1+1")),
    ("unknown sheet 项目9", COPY, FORMULA, formula("项目9!B3")),
    ("lost reference", COPY, FORMULA, formula("#REF!+1")),
    ('stray "', COPY, FORMULA, formula('"open')),
    ("stray [", COPY, FORMULA, formula("[1]other!A1")),
    ("equals sign", COPY, "<f>", "<f>="),
    ("empty formula", COPY, FORMULA, "<f></f>"),
    # merges
    ("merges overlap in row 1", FORM, 'ref="A2:E2"', 'ref="A1:B2"'),
    ("merge A2:XFE2 is off the grid", FORM, 'ref="A2:E2"', 'ref="A2:XFE2"'),
    ("merge E2:A2 is off the grid", FORM, 'ref="A2:E2"', 'ref="E2:A2"'),
    ("is a single cell", FORM, 'ref="A2:E2"', 'ref="A2"'),
    ("hides a value", FORM, '<c r="B1" s="([0-9]+)"/>', r'<c r="B1" s="\1"><v>1</v></c>'),
    ("is locked in part", FORM, '<c r="C4" s="[0-9]+"/>', '<c r="C4" s="1"/>'),
    # validations
    ("promptTitle over 32", FORM, 'promptTitle="', f'promptTitle="{"题" * 32}'),
    ("errorTitle over 32", FORM, 'errorTitle="', f'errorTitle="{"题" * 32}'),
    ("prompt over 255", FORM, 'prompt="', f'prompt="{"话" * 255}'),
    ("error over 255", FORM, 'error="', f'error="{"话" * 255}'),
    ("formula over 255", FORM, LIST, f"<formula1>{'1+' * 128}1</formula1>"),
    ("no defined name", FORM, LIST, '<formula1>"甲,乙"</formula1>'),
    ("no defined name", FORM, LIST, "<formula1>lst_nothing</formula1>"),
    ("refers to a sheet directly", FORM, LIST, "<formula1>'_xlgoals'!$D$2:$D$5</formula1>"),
    ("no formula", FORM, LIST, ""),
    ("second formula does not fit", FORM, f"({LIST})", r"\1<formula2>1</formula2>"),
    ("second formula does not fit", FORM, ' operator="lessThanOrEqual"', ""),
    ("validations overlap in row 4", FORM, ' sqref="B4"', ' sqref="A1 B3:E4"'),
    ("validation  is off the grid", FORM, ' sqref="B4"', ' sqref=""'),
    # conditional formats
    ("refers to a sheet directly", FORM, NO_RULE, conditional('priority="901"', "'项目2'!B4=1")),
    ("unknown dxfId 99", FORM, NO_RULE, conditional('priority="901" dxfId="99"')),
    ("priority 0 is taken", FORM, NO_RULE, conditional('priority="0"')),
    ("priority 901 is taken", FORM, NO_RULE, conditional('priority="901"') * 2),
    ("format B0 is off the grid", FORM, NO_RULE, conditional('priority="901"', where="B0")),
    ("unknown function XOR", FORM, NO_RULE, conditional('priority="901"', "XOR(B4)")),
    # the page
    (
        *("header or footer over 255", FORM, "(?=<rowBreaks)"),
        f"<headerFooter><oddFooter>{'页' * 256}</oddFooter></headerFooter>",
    ),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ooxml") / "sound.xlsx"
    xlgoals.write_template(path, LAYOUT, YEAR, projects=2)
    return path


def rewritten(path: Path, target: Path, change: Callable[[str, str], str]) -> Path:
    """A copy in which every part, by its name and text, is changed."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, change(name, source.read(name).decode()))
    return target


def damaged(path: Path, target: Path, part: str, pattern: str, by: str) -> Path:
    """A copy in which one place of one part is changed."""

    def change(name: str, text: str) -> str:
        if name != part:
            return text
        changed, count = re.subn(pattern, by, text, count=1)
        assert count == 1, f"{part} has no {pattern}"
        assert changed != text
        return changed

    return rewritten(path, target, change)


# A tenth of it will do where time is short.
SOME_DAMAGE = [
    pytest.param(*case, marks=[pytest.mark.slow] if number % 10 else [])
    for number, case in enumerate(DAMAGE)
]


@pytest.mark.parametrize(("told", "part", "pattern", "by"), SOME_DAMAGE)
def test_damage_is_told(
    sound: Path, tmp_path: Path, told: str, part: str, pattern: str, by: str
) -> None:
    found = problems(damaged(sound, tmp_path / "damaged.xlsx", part, pattern, by))
    assert [problem for problem in found if told in problem], found


@pytest.mark.parametrize(
    "text",
    [
        'IF(AND(B4="a""b(c",\'项目1\'!$B$4<>""),TRUE,SUM($A$1:C3)/1.5E-3)',
        "COUNTIF(lst_performance_type,B6)+SUMPRODUCT((B4:B9<>&quot;&quot;)*1)",
        "ABS(" * 64 + "basis" + ")" * 64,
        "SUM(A:B,$3:$4)+ROW(项目2!A1)",
        f'"{"x" * 255}"',
    ],
)
def test_sound_formulas_pass(sound: Path, tmp_path: Path, text: str) -> None:
    escaped = text.replace("<>", "&lt;&gt;")
    assert problems(damaged(sound, tmp_path / "t.xlsx", COPY, FORMULA, formula(escaped))) == []


def test_a_sound_conditional_format_passes(sound: Path, tmp_path: Path) -> None:
    rule = conditional('priority="901"', "LEN(TRIM(B4))=0", "B4:C9 E4")
    assert problems(damaged(sound, tmp_path / "t.xlsx", FORM, NO_RULE, rule)) == []


def test_a_part_that_is_there_twice_is_told(sound: Path, tmp_path: Path) -> None:
    target = rewritten(sound, tmp_path / "twice.xlsx", lambda _name, text: text)
    with (
        zipfile.ZipFile(target, "a") as package,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        package.writestr(STYLES, package.read(STYLES))
    assert problems(target) == [f"{STYLES}: is there twice"]


def test_links_of_a_part_that_is_not_there_are_told(sound: Path, tmp_path: Path) -> None:
    target = rewritten(sound, tmp_path / "orphan.xlsx", lambda _name, text: text)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/_rels/gone.xml.rels", "<Relationships/>")
    assert problems(target) == ["xl/_rels/gone.xml.rels: xl/gone.xml is not there"]
