"""``xlgoals check --annotate``: where the copies go, and which files get one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import xlgoals
from annotated import MISTAKES, said, with_everything
from bootstrap import ROOT
from command import run, run_process, run_python
from xlgoals.records import load_forms

FORMS = ROOT / "examples" / "forms-2020.json"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder with two files of one name, and one that is no workbook."""
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        shutil.copy(MISTAKES, tmp_path / folder / "报送.xlsx")
    (tmp_path / "乙" / "说明.xlsx").write_text("不是表格", encoding="utf-8")
    return tmp_path


def test_copies_are_written_beside_the_report(inbox: Path) -> None:
    files = [inbox / "甲" / "报送.xlsx", inbox / "乙" / "报送.xlsx", inbox / "乙" / "说明.xlsx"]
    before = [file.read_bytes() for file in files]
    result = run("check", *files, "--annotate", inbox / "退回" / "一上", "--format", "json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["summary"]["files"] == 3
    assert sorted(p.name for p in (inbox / "退回" / "一上").iterdir()) == [
        "报送(2).xlsx",
        "报送.xlsx",
    ]
    assert "说明.xlsx：无法读取，没有带标注的副本。" in result.stderr.splitlines()[2]
    assert [file.read_bytes() for file in files] == before
    one, other = (inbox / "退回" / "一上" / name for name in ("报送.xlsx", "报送(2).xlsx"))
    assert one.read_bytes() == other.read_bytes()
    assert said(xlgoals.read(one)) == said(xlgoals.read(files[0]))


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes(inbox: Path) -> None:
    for folder in ("一", "二"):
        asked = ("check", inbox / "甲" / "报送.xlsx", "--annotate", inbox / folder)
        run_process(*asked, PYTHONHASHSEED="random")
    one, other = (inbox / folder / "报送.xlsx" for folder in ("一", "二"))
    assert one.read_bytes() == other.read_bytes()


def test_a_file_without_problems_has_no_copy(inbox: Path) -> None:
    path = inbox / "好.xlsx"
    without_problems(path)
    result = run("check", path, "--annotate", inbox / "退回")
    assert (result.returncode, result.stderr) == (0, "")
    assert list((inbox / "退回").iterdir()) == []


def without_problems(path: Path) -> None:
    """The first published form, with the names that its checks ask for."""
    layout = xlgoals.load_layout("shanghai-2020")
    form = load_forms(FORMS, layout)[0]
    indicators = [
        indicator
        if number < 10  # prescribed
        else indicator.model_copy(
            update={"name": f"办结事项数{number}", "target": xlgoals.Target.parse(f"≥{number}项")}
        )
        for number, indicator in enumerate(form.indicators)
    ]
    better = {
        "indicators": indicators,
        "necessity": "服务科技工作者需要固定的场地。",
        "safeguards": "按项目管理办法实施，由办公室督办。",
    }
    form = form.model_copy(update=better)
    xlgoals.write_template(path, layout, 2020, forms=[form])
    assert [f.message for f in xlgoals.read(path).findings if f.severity != "info"] == []


def test_the_folder_of_a_file_is_refused(inbox: Path) -> None:
    result = run("check", inbox / "甲" / "报送.xlsx", "--annotate", inbox / "甲" / ".." / "甲")
    assert (result.returncode, result.stdout) == (2, "")
    assert "所在的文件夹" in result.stderr
    assert len(list((inbox / "甲").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_wrong_usage(inbox: Path) -> None:
    result = run("check", inbox / "甲" / "报送.xlsx", "--annotate", inbox / "乙" / "说明.xlsx")
    assert result.returncode == 2
    assert "说明.xlsx" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_workbook_with_macros_keeps_its_name(inbox: Path) -> None:
    with_everything(inbox / "宏.xlsm")
    run("check", inbox / "宏.xlsm", "--annotate", inbox / "退回")
    assert [p.name for p in (inbox / "退回").iterdir()] == ["宏.xlsm"]


def test_checking_alone_loads_nothing_that_marks() -> None:
    code = (
        "import sys; from xlgoals.cli.main import cli;"
        f"cli.main(['check', {str(MISTAKES)!r}], standalone_mode=False);"
        "print({'lxml', 'xlsxwriter', 'openpyxl', 'pydantic'} & set(sys.modules))"
    )
    assert run_python("-c", code).stdout.splitlines()[-1] == "set()"
