"""The command line as scripts meet it: output, exit status, no traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

import xlgoals
from command import as_json, run, run_process, run_python
from opened import opened


@pytest.fixture(scope="module")
def filled(examples_dir: Path) -> Path:
    return examples_dir / "filled-2020.xlsx"


@pytest.fixture(scope="module")
def mistakes(examples_dir: Path) -> Path:
    return examples_dir / "mistakes-2020.xlsx"


@pytest.fixture(scope="module")
def published(examples_dir: Path) -> Any:
    return json.loads((examples_dir / "forms-2020.json").read_text(encoding="utf-8"))


# --- limits -------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", ["check", "import"])
def test_a_limit_can_be_set(filled: Path, command: str) -> None:
    result = run(command, filled, "--limit", "cells=500")
    assert result.returncode == 1
    assert "超过 500 个的上限" in result.stdout + result.stderr
    assert run(command, filled, "--limit", "cells=500", "--limit", "cells=100000").returncode == 0


@pytest.mark.parametrize("item", ["cell=1", "cells", "cells=", "cells=0", "cells=-1", "cells=１"])
def test_a_limit_that_is_none_is_wrong_usage(filled: Path, item: str) -> None:
    result = run("check", filled, "--limit", item)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--limit" in result.stderr


# --- import -------------------------------------------------------------------------------------
def test_import_gives_the_published_forms(filled: Path, tmp_path: Path, published: Any) -> None:
    result = run("import", filled, "-o", tmp_path / "forms.json")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert json.loads((tmp_path / "forms.json").read_text(encoding="utf-8")) == published


def test_import_to_standard_output_is_utf8_whatever_the_console(
    filled: Path, published: Any
) -> None:
    result = run_process("import", filled, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (result.returncode, as_json(result)) == (0, published)


def test_import_to_jsonl_writes_one_form_a_line(
    filled: Path, tmp_path: Path, published: Any
) -> None:
    run("import", filled, "-o", tmp_path / "forms.jsonl")
    lines = (tmp_path / "forms.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == published


def test_import_with_source_says_where_each_form_stood(filled: Path, published: Any) -> None:
    forms = as_json(run("import", filled, "--with-source"))
    assert [form.pop("source") for form in forms] == [
        {"file": str(filled), "sheet": f"项目{n}"} for n in (1, 2, 3)
    ]
    assert forms == published


def test_import_writes_every_form_also_where_there_are_errors(mistakes: Path) -> None:
    result = run("import", mistakes)
    assert result.returncode == 1
    forms = as_json(result)
    assert len(forms) == 3
    assert forms[0]["project_name"] is None
    assert forms[0]["total_budget"] is None
    assert forms[1]["project_name"] == "科技社团党建工作"
    assert len({tuple(form) for form in forms}) == 1  # every key is always there


def test_rejected_files_add_no_forms(filled: Path, tmp_path: Path, published: Any) -> None:
    result = run("import", tmp_path / "没有.xlsx", filled)
    assert result.returncode == 1
    assert as_json(result) == published


# --- check --------------------------------------------------------------------------------------
def test_check_as_json_keeps_its_contract(mistakes: Path, filled: Path) -> None:
    result = run("check", mistakes, filled, "--format", "json")
    report = as_json(result)
    assert result.returncode == 1
    assert list(report) == ["schema_version", "files", "summary"]
    assert report["schema_version"] == 1
    bad, good = report["files"]
    assert list(bad) == ["file", "layout", "fiscal_year", "status", "forms", "findings"]
    assert (bad["layout"], bad["fiscal_year"], bad["status"]) == ("shanghai-2020", 2020, "errors")
    assert (good["file"], good["status"], good["forms"]) == (str(filled), "warnings", 3)
    for finding in [*bad["findings"], *good["findings"]]:
        assert list(finding) == [
            *("code", "severity", "layer", "file", "sheet", "cell", "field", "label"),
            *("message", "value", "expected", "hint", "related"),
        ]
        assert finding["severity"] in ("error", "warning", "info")
        assert finding["layer"] in ("file", "structure", "cell", "rule")
    errors = sum(f["severity"] == "error" for f in bad["findings"])
    warnings = sum(f["severity"] == "warning" for f in bad["findings"] + good["findings"])
    assert report["summary"] == {
        "files": 2, "forms": 6, "errors": errors, "warnings": warnings, "rejected": 0,
    }  # fmt: skip


def test_check_as_text_says_where_what_and_what_to_do(mistakes: Path) -> None:
    result = run("check", mistakes)
    assert result.returncode == 1
    assert "项目1" in result.stdout
    assert "[错误] B5 “计划开始日期”的“2020-02-30”不是有效的日期。" in result.stdout
    assert "请填写日历上存在的日期" in result.stdout


def test_warnings_fail_only_a_strict_check(filled: Path) -> None:
    assert run("check", filled).returncode == 0
    assert run("check", filled, "--strict").returncode == 1


def test_check_writes_its_report_to_a_file(filled: Path, tmp_path: Path) -> None:
    result = run("check", filled, "--format", "json", "-o", tmp_path / "report.json")
    assert result.stdout == ""
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["summary"]["forms"] == 3


def test_check_says_what_the_files_must_be(filled: Path) -> None:
    result = run("check", filled, "--year", "2021", "--format", "json")
    (file,) = as_json(result)["files"]
    assert (result.returncode, file["status"]) == (1, "rejected")
    assert [f["code"] for f in file["findings"]] == ["wrong-year"]
    assert run("check", filled, "--year", "2020", "--as", "shanghai-2020").returncode == 0


# --- template -----------------------------------------------------------------------------------
def test_a_workbook_of_the_imported_forms_imports_to_the_same(
    filled: Path, tmp_path: Path, published: Any
) -> None:
    run("import", filled, "--with-source", "-o", tmp_path / "forms.json")
    data = tmp_path / "forms.json"
    path = tmp_path / "again.xlsx"
    result = run("template", "shanghai-2020", "--year", "2020", "--data", data, "-o", path)
    assert (result.returncode, result.stderr) == (0, "")
    assert as_json(run("import", path)) == published


def test_template_takes_unit_projects_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    result = run(
        *("template", "shanghai-2020", "--year", "2020", "--unit", "上海市甲中心"),
        *("--projects", "5", "--rows", "数量=6", "--rows", "影响力目标=3", "-o", path),
    )
    assert result.returncode == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[1:-2] == [f"项目{n}" for n in range(1, 6)]
    assert book["项目5"]["B3"].value == "上海市甲中心"
    assert "indicator_27_target" in book["项目5"].defined_names


def test_a_year_outside_the_edition_warns_and_writes(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    result = run("template", "shanghai-2020", "--year", "2035", "-o", path)
    assert result.returncode == 0
    assert "2035" in result.stderr
    assert path.exists()


def test_the_password_comes_from_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    arguments = ("template", "shanghai-2020", "--year", "2020", "-o", path)
    result = run(*arguments, "--password-env", "XLG_PW", XLG_PW="秘密")
    assert result.returncode == 0
    assert openpyxl.load_workbook(path)["项目1"].protection.password
    path.unlink()
    result = run(*arguments, "--password-env", "XLG_UNSET")
    assert result.returncode == 2
    assert "XLG_UNSET" in result.stderr
    assert not path.exists()


BAD_DATA = {
    "not JSON": ("{", "JSON"),
    "no array": ("{}", "数组"),
    "another layout": ('[{"layout": "x", "fiscal_year": 2020}]', "x"),
    "another year": ('[{"layout": "shanghai-2020", "fiscal_year": 2019}]', "2019"),
    "an unknown key": ('[{"layout": "shanghai-2020", "fiscal_year": 2020, "colour": "red"}]',
                       "colour"),
    "a wrong type": ('[{"layout": "shanghai-2020", "fiscal_year": 2020, "start_date": "soon"}]',
                     "start_date"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_DATA)
def test_data_that_does_not_fit_is_wrong_usage(tmp_path: Path, case: str) -> None:
    text, words = BAD_DATA[case]
    data = tmp_path / "forms.json"
    data.write_text(text, encoding="utf-8")
    path = tmp_path / "t.xlsx"
    result = run("template", "shanghai-2020", "--year", "2020", "--data", data, "-o", path)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == [data]


@pytest.mark.parametrize(
    "arguments",
    [
        ("template", "no-such-layout", "--year", "2020", "-o", "{tmp}/t.xlsx"),
        ("template", "shanghai-2020", "--year", "2020", "-o", "{tmp}/no/t.xlsx"),
        ("template", "shanghai-2020", "--year", "2020", "-o", "{tmp}"),
        ("template", "shanghai-2020", "--year", "20", "-o", "{tmp}/t.xlsx"),
        ("template", "shanghai-2020", "-o", "{tmp}/t.xlsx"),
        ("template", "shanghai-2020", "--year", "2020", "--rows", "数量", "-o", "{tmp}/t.xlsx"),
        ("template", "shanghai-2020", "--year", "2020", "--rows", "啊=2", "-o", "{tmp}/t.xlsx"),
        ("template", "shanghai-2020", "--year", "2020", "--data", "{tmp}/x", "-o", "{tmp}/t.xlsx"),
        ("check",),
        ("check", "x.xlsx", "--as", "no-such-layout"),
        ("check", "x.xlsx", "-o", "{tmp}/no/report.txt"),
        ("import", "x.xlsx", "-o", "{tmp}"),
        ("schema", "no-such-layout"),
        ("cells", "no-such.yaml"),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_with_2_and_leaves_nothing(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments))
    assert result.returncode == 2
    assert result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


# --- cells, layouts, schema ---------------------------------------------------------------------
def test_cells_lists_every_input_of_a_layout() -> None:
    rows = as_json(run("cells", "shanghai-2020", "--format", "json"))
    start = next(row for row in rows if row["name"] == "start_date")
    assert start == {
        "sheet": "项目1", "name": "start_date", "cell": "B5", "field": "start_date",
        "label": "计划开始日期", "type": "date", "required": True,
    }  # fmt: skip
    optional = {row["field"] for row in rows if "_budget" in row["field"] and not row["required"]}
    assert optional == {"prior_budget"}
    assert {row["sheet"] for row in rows} == {"项目1", "项目2", "项目3"}


def test_cells_of_a_workbook_are_where_they_stand(filled: Path, tmp_path: Path) -> None:
    book = opened(filled)
    book["项目2"].move_range("A4:E15", rows=3)
    book.save(tmp_path / "moved.xlsx")
    rows = as_json(run("cells", tmp_path / "moved.xlsx", "--format", "json"))
    cells = {(row["sheet"], row["name"]): row["cell"] for row in rows}
    assert cells["项目1", "project_name"] == "B4"
    assert cells["项目2", "project_name"] == "B7"
    assert ("项目1", "declaring_unit") not in cells  # given with the data, hence locked


def test_cells_of_what_is_no_workbook_exits_with_1(tmp_path: Path) -> None:
    assert run("cells", tmp_path / "没有.xlsx").returncode == 1


def test_layouts_lists_ids_and_years() -> None:
    lines = run("layouts").stdout.splitlines()
    assert any(line.startswith("shanghai-2020\t2020-2025\t") for line in lines)


def test_the_schema_fits_the_published_forms(published: Any) -> None:
    schema = as_json(run("schema", "shanghai-2020"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for form in published:
        jsonschema.validate(form, schema)
    assert schema["properties"]["start_date"]["title"] == "计划开始日期"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**published[0], "colour": "red"}, schema)


# --- promises of every command ------------------------------------------------------------------
def test_help_needs_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['xlgoals', '--help']\n"
        "from xlgoals.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'openpyxl', 'xlsxwriter', 'yaml', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    assert run_python("-c", code).returncode == 0


def test_check_loads_no_writer_and_no_model(filled: Path) -> None:
    code = (
        f"import sys; sys.argv = ['xlgoals', 'check', {str(filled)!r}]\n"
        "from xlgoals.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'openpyxl', 'xlsxwriter', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    assert run_python("-c", code).returncode == 0


def test_a_fault_of_ours_exits_with_3_and_no_traceback(filled: Path) -> None:
    code = (
        "import sys; sys.argv = ['xlgoals', 'check', 'x.xlsx']\n"
        "import xlgoals.importer.read as s\n"
        "def broken(*a, **k): raise RuntimeError('a fault')\n"
        "s.read_workbook = broken\n"
        "from xlgoals.cli import main; main()"
    )
    result = run_python("-c", code)
    assert result.returncode == 3
    assert "a fault" in result.stderr
    assert "Traceback" not in result.stderr


def test_inputs_are_never_written_to(mistakes: Path) -> None:
    before = (mistakes.read_bytes(), mistakes.stat().st_mtime_ns)
    run("check", mistakes)
    run("import", mistakes)
    run("cells", mistakes)
    assert (mistakes.read_bytes(), mistakes.stat().st_mtime_ns) == before


def test_the_version_is_told() -> None:
    assert xlgoals.__version__ in run("--version").stdout
