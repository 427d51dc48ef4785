"""The yearly refresh: what the new workbooks hold, and what never happens to a file."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgoals
from campaigns import (
    NAME,
    NEW,
    OLD,
    PROJECT,
    SHANGHAI,
    UNIT,
    campaign,
    of_layout,
    outbox,
    returned,
    run_refresh,
    snapshot,
    type_into,
)
from each_layout import LAYOUTS, sound_form
from few_and_many import mostly_slow
from xlgoals.campaign.manifest import MANIFEST
from xlgoals.campaign.writing import State
from xlgoals.layouts import Layout
from xlgoals.migration import migrate_form
from xlgoals.reports.refresh_report import refresh_text

each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
newest_layout_first = pytest.mark.parametrize(
    "layout", mostly_slow(reversed(LAYOUTS)), ids=lambda layout: layout.id
)


def only_form(path: Path) -> dict[str, Any]:
    (record,) = xlgoals.read(path).records
    return record.values


# --- what a workbook holds ----------------------------------------------------------------------
@each_layout
def test_names_alone_go_on_unless_the_campaign_says_more(layout: Layout, tmp_path: Path) -> None:
    year = layout.first_year + 1
    returned(tmp_path / "上年" / "a.xlsx", layout, year - 1, PROJECT)
    file = of_layout(tmp_path, layout, year, [f"001,{UNIT},,{PROJECT},,"])
    assert run_refresh(file).succeeded
    form = only_form(outbox(file) / NAME)
    known = {"layout", "fiscal_year", layout.unit_field, "project_name", "prior_budget"}
    assert (form["fiscal_year"], form[layout.unit_field]) == (year, UNIT)
    assert form["project_name"] == PROJECT
    assert not [key for key in form if form[key] is not None and key not in {*known, "indicators"}]
    fixed = sum(len(group.fixed) for group in layout.indicators.groups)
    assert len(form["indicators"]) == fixed


@newest_layout_first
def test_what_the_campaign_says_goes_on(layout: Layout, tmp_path: Path) -> None:
    year = layout.first_year + 1
    returned(tmp_path / "上年" / "a.xlsx", layout, year - 1, PROJECT)
    carry = 'carry = ["文字", "选项", "日期", "金额", "指标"]'
    file = of_layout(tmp_path, layout, year, [f"001,{UNIT},,{PROJECT},,"], carry)
    run_refresh(file)
    form = only_form(outbox(file) / NAME)
    before = sound_form(layout).model_dump()
    own = ("layout", "fiscal_year", "project_name", "prior_budget", "prior_execution")
    for key in form:
        if key not in own:
            expected = before[key]
            assert form[key] == (list(expected) if key == "indicators" else expected), key


@newest_layout_first
def test_a_workbook_imports_as_it_was_written(layout: Layout, tmp_path: Path) -> None:
    year = layout.first_year + 1
    returned(tmp_path / "上年" / "a.xlsx", layout, year - 1, PROJECT)
    file = of_layout(tmp_path, layout, year, [f"001,{UNIT},,{PROJECT},,"], 'carry = "全部"')
    run_refresh(file)
    submission = xlgoals.read(outbox(file) / NAME)
    assert not [f for f in submission.findings if f.layer in ("file", "structure")]
    # The half of a pair that only finance or the unit knows.
    open_pair = {"prior_execution"} if "prior_execution" in layout.fields else set()
    assert {f.field for f in submission.findings if f.severity == "error"} == open_pair


def test_one_field_can_be_named_by_its_label(shanghai: Path) -> None:
    text = shanghai.read_text(encoding="utf-8").replace('["文字", "指标"]', '["项目概况"]')
    shanghai.write_text(text, encoding="utf-8")
    run_refresh(shanghai)
    form = only_form(outbox(shanghai) / NAME)
    assert form["overview"] == "关于项目概况的说明。"
    assert form["basis"] is None


# --- last year's amounts ------------------------------------------------------------------------
def test_names_may_be_said_though_they_always_go_on(shanghai: Path) -> None:
    text = shanghai.read_text(encoding="utf-8")
    said = text.replace('["文字", "指标"]', '["名称", "项目名称", "names"]')
    assert said != text
    shanghai.write_text(said, encoding="utf-8")
    run_refresh(shanghai)
    (form,) = xlgoals.read(outbox(shanghai) / NAME).forms
    assert (form.project_name, form.overview) == (PROJECT, None)


def test_last_years_budget_is_what_the_form_declared_then(tmp_path: Path) -> None:
    own = {"prior_budget": Decimal(99), "prior_execution": Decimal(98)}
    budget: dict[str, Any] = {"current_budget": Decimal("123456.78"), **own}
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT, **budget)
    roster = [f"001,{UNIT},,{PROJECT},,", f"001,{UNIT},,新项目,,"]
    file = of_layout(tmp_path, SHANGHAI, NEW, roster, 'carry = ["全部"]')
    done = run_refresh(file)
    old, new = (record.values for record in xlgoals.read(outbox(file) / NAME).records)
    assert (old["prior_budget"], old["prior_execution"]) == (Decimal("123456.78"), None)
    assert (new["prior_budget"], new["prior_execution"]) == (None, None)
    (note,) = done.outcomes[0].open
    assert (note.project, note.text) == (PROJECT, "同名项目上年预算执行数（元）未填")


def test_what_was_spent_comes_from_the_roster_alone(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    file = of_layout(tmp_path, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},,500000.50"])
    done = run_refresh(file)
    assert only_form(outbox(file) / NAME)["prior_execution"] == Decimal("500000.5")
    assert done.outcomes[0].open == ()


def test_forms_older_than_a_year_give_no_budget_of_last_year(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    file = of_layout(tmp_path, SHANGHAI, 2023, [f"001,{UNIT},,{PROJECT},,"], 'carry = ["文字"]')
    done = run_refresh(file)
    form = only_form(outbox(file) / NAME)
    assert (form["prior_budget"], form["overview"]) == (None, "关于项目概况的说明。")
    assert any("2020 年，不是上一年度" in note for note in done.notes)


def test_a_form_with_errors_gives_its_name_and_its_amount(tmp_path: Path) -> None:
    path = returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT)
    type_into(path, "项目1", "B5", "2020-02-30")
    file = of_layout(tmp_path, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},,"], 'carry = ["全部"]')
    done = run_refresh(file)
    form = only_form(outbox(file) / NAME)
    assert (form["prior_budget"], form["overview"]) == (Decimal("550000.25"), None)
    assert any("还有1处错误没有改正" in note.text for note in done.outcomes[0].open)


def test_a_unit_is_known_by_its_code_and_its_aliases(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT, unit="市图")
    file = of_layout(tmp_path, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},市图,"])
    assert run_refresh(file).succeeded
    assert only_form(outbox(file) / NAME)["prior_budget"] == Decimal("550000.25")


# --- the mark of what was carried over ----------------------------------------------------------
@newest_layout_first
def test_each_carried_value_is_marked(layout: Layout, tmp_path: Path) -> None:
    year = layout.first_year + 1
    returned(tmp_path / "上年" / "a.xlsx", layout, year - 1, PROJECT)
    file = of_layout(tmp_path, layout, year, [f"001,{UNIT},,{PROJECT},,"], 'carry = ["文字"]')
    run_refresh(file)
    book = openpyxl.load_workbook(outbox(file) / NAME, data_only=True)
    guide = [cell.value for row in book["填报说明"].iter_rows() for cell in row if cell.value]
    assert any("底色为浅蓝的内容沿用自上年" in str(text) for text in guide)
    sheet = book["项目1"]
    column = len(layout.column_widths) + 2
    inputs = {found.input.key: found.cell for found in xlgoals.read(outbox(file) / NAME).inputs}
    texts = "overview" if "overview" in layout.fields else "overall_goal"
    assert "【沿用】上年内容，请核对。" in sheet.cell(sheet[inputs[texts]].row, column).value
    unmarked = sheet.cell(sheet[inputs["start_date"]].row, column).value
    assert "沿用" not in unmarked


def test_nothing_is_marked_where_nothing_was_carried_over(tmp_path: Path) -> None:
    file = campaign(
        tmp_path, [], [f"001,{UNIT},,{PROJECT},,"], layout='"shanghai-2020"', fiscal_year=NEW
    )
    run_refresh(file)
    with zipfile.ZipFile(outbox(file) / NAME) as package:
        assert "沿用" not in package.read("xl/sharedStrings.xml").decode()


def test_deadline_and_contact_stand_in_the_guide(shanghai: Path) -> None:
    with shanghai.open("a", encoding="utf-8") as more:
        more.write('deadline = 2021-09-03\ncontact = "李老师 021-50000001"\n')
    run_refresh(shanghai)
    guide = openpyxl.load_workbook(outbox(shanghai) / NAME)["填报说明"]
    texts = [cell.value for row in guide.iter_rows() for cell in row if cell.value]
    assert {"报送截止日期：2021年9月3日", "联系人：李老师 021-50000001"} <= set(texts)


# --- nothing changes on disk --------------------------------------------------------------------
def test_a_second_run_changes_nothing(shanghai: Path) -> None:
    assert [item.state for item in run_refresh(shanghai).outcomes] == [State.NEW]
    before = snapshot(outbox(shanghai))
    second = run_refresh(shanghai)
    assert [item.state for item in second.outcomes] == [State.UNCHANGED]
    assert snapshot(outbox(shanghai)) == before
    # What is still to be filled in is told again.
    assert [note.text for note in second.outcomes[0].open] == ["同名项目上年预算执行数（元）未填"]


def test_without_its_memory_a_run_changes_no_workbook(shanghai: Path) -> None:
    run_refresh(shanghai)
    before = snapshot(outbox(shanghai))
    (outbox(shanghai) / MANIFEST).unlink()
    assert run_refresh(shanghai, check=True).succeeded
    assert run_refresh(shanghai).succeeded
    assert snapshot(outbox(shanghai))[NAME] == before[NAME]


@pytest.mark.parametrize(
    "memory", mostly_slow(["", "[]", '{"format": 1}', '{"format": 1, "files": {"a": 1}}'])
)
def test_a_broken_memory_is_none(shanghai: Path, memory: str) -> None:
    run_refresh(shanghai)
    before = snapshot(outbox(shanghai))[NAME]
    (outbox(shanghai) / MANIFEST).write_text(memory, encoding="utf-8")
    assert run_refresh(shanghai).succeeded
    assert snapshot(outbox(shanghai))[NAME] == before


def test_a_check_writes_nothing_and_says_what_would_be_new(shanghai: Path) -> None:
    done = run_refresh(shanghai, check=True)
    assert [(item.name, item.state) for item in done.outcomes] == [(NAME, State.NEW)]
    assert not done.succeeded
    assert not outbox(shanghai).exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    mostly_slow(
        [
            ("fiscal_year = 2021", "fiscal_year = 2022\nprevious_year = 2020", "表样或年度不同"),
            ('["文字", "指标"]', '["文字"]', f"项目“{PROJECT}”的5行指标有变动"),
            ('["文字", "指标"]', '["指标"]', "项目概况、立项依据、项目设立的必要性"),
            ("fiscal_year", 'contact = "王老师"\nfiscal_year', "填报说明有变动"),
        ],
        2,
    ),
)
def test_a_check_says_which_files_would_change_and_why(
    shanghai: Path, old: str, new: str, words: str
) -> None:
    run_refresh(shanghai)
    before = snapshot(shanghai.parent / "发出")
    text = shanghai.read_text(encoding="utf-8")
    shanghai.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = run_refresh(shanghai, check=True)
    (outcome,) = done.outcomes
    assert (outcome.state, done.succeeded) == (State.CHANGED, False)
    assert words in outcome.reason
    assert snapshot(outbox(shanghai)) == before
    assert [item.state for item in run_refresh(shanghai).outcomes] == [State.CHANGED]
    assert run_refresh(shanghai, check=True).succeeded


def test_an_upgraded_library_flags_nothing(shanghai: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_refresh(shanghai)
    path = outbox(shanghai) / NAME
    rewritten = path.with_suffix(".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            # As another version may write it: other blanks, another theme.
            data = old.read(name).replace(b"?>\n<", b"?><")
            new.writestr(name, data + b"\n" if name.endswith("theme1.xml") else data)
    rewritten.replace(path)
    memory = json.loads((outbox(shanghai) / MANIFEST).read_text(encoding="utf-8"))
    memory["files"][NAME]["made_by"] = "xlgoals 0.0.1, XlsxWriter 3.0.0"
    (outbox(shanghai) / MANIFEST).write_text(json.dumps(memory), encoding="utf-8")
    before = snapshot(outbox(shanghai))
    assert run_refresh(shanghai, check=True).succeeded
    assert run_refresh(shanghai).succeeded
    assert snapshot(outbox(shanghai))[NAME] == before[NAME]


def test_another_password_is_a_change(shanghai: Path) -> None:
    run_refresh(shanghai)
    (outbox(shanghai) / MANIFEST).unlink()
    (outcome,) = run_refresh(shanghai, check=True, password="geheim").outcomes
    assert (outcome.state, outcome.reason) == (State.CHANGED, "锁定密码、校验或模板标识有变动")


def test_what_the_roster_says_against_the_budget_is_told(tmp_path: Path) -> None:
    returned(tmp_path / "上年" / "a.xlsx", SHANGHAI, OLD, PROJECT, current_budget=Decimal(650000))
    file = of_layout(
        tmp_path, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},,65万", f"002,乙馆,,{PROJECT},,"]
    )
    assert [note.text for item in run_refresh(file).outcomes for note in item.open] == []
    file = of_layout(tmp_path, SHANGHAI, NEW, [f"001,{UNIT},,{PROJECT},,65.01万"])
    ((note,),) = (item.open for item in run_refresh(file).outcomes)
    assert note.text == "同名项目上年预算执行数大于上年预算额。"


# --- an interruption ----------------------------------------------------------------------------
def test_an_interruption_leaves_whole_files_and_the_rest_for_the_next_run(
    tmp_path: Path,
) -> None:
    roster = [f"{n:03},第{n}馆,,项目{n},," for n in range(6)]
    file = campaign(tmp_path, [], roster, layout='"shanghai-2020"', fiscal_year=NEW)

    def interrupt(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_refresh(file, progress=interrupt)
    written = sorted(outbox(file).glob("*.xlsx"))
    assert 0 < len(written) < 6
    assert all(xlgoals.read(path).records for path in written)
    states = [item.state for item in run_refresh(file).outcomes]
    assert states.count(State.UNCHANGED) == len(written)
    assert states.count(State.NEW) == 6 - len(written)
    assert {path.suffix for path in outbox(file).iterdir()} == {".xlsx", ".json"}


@pytest.mark.slow
def test_two_processes_write_the_same_as_one(tmp_path: Path) -> None:
    roster = [f"{n:03},第{n}馆,,项目{n},," for n in range(20)]
    file = campaign(tmp_path, [], roster, layout='"shanghai-2020"', fiscal_year=NEW)
    run_refresh(file, jobs=2)
    run_refresh(file, outbox=tmp_path / "一个进程")
    two, one = snapshot(outbox(file)), snapshot(tmp_path / "一个进程")
    assert {name: data for name, (data, _) in two.items()} == {
        name: data for name, (data, _) in one.items()
    }


# --- another form than the year before ----------------------------------------------------------
PAIRS = [(old, new) for old in LAYOUTS for new in LAYOUTS if old.id != new.id]


@pytest.mark.parametrize(
    ("old", "new"), mostly_slow(PAIRS, 2), ids=lambda layout: getattr(layout, "id", str(layout))
)
def test_forms_of_another_layout_are_brought_to_the_new_one(
    old: Layout, new: Layout, tmp_path: Path
) -> None:
    year = max(old.first_year, new.first_year) + 1
    path = returned(tmp_path / "上年" / "a.xlsx", old, year - 1, PROJECT)
    file = of_layout(tmp_path, new, year, [f"001,{UNIT},,{PROJECT},,"], 'carry = "全部"')
    done = run_refresh(file)
    assert [item.state for item in done.outcomes] == [State.NEW]
    expected = migrate_form(only_form(path), old, new)
    form = only_form(outbox(file) / NAME)
    own = {"fiscal_year", "prior_budget", "prior_execution", "indicators"}
    assert {key: form[key] for key in form.keys() - own} == {
        key: expected.values[key] for key in form.keys() - own
    }
    fixed = {row.name for group in new.indicators.groups for row in group.fixed}
    assert [row for row in form["indicators"] if row["name"] not in fixed] == [
        row for row in expected.values["indicators"] if row["name"] not in fixed
    ]
    told = [(note.project, note.reason) for note in done.outcomes[0].left]
    assert told == [(PROJECT, item.reason) for item in expected.left]
    for note, item in zip(done.outcomes[0].left, expected.left, strict=True):
        assert note.text.startswith(f"{item.label}：")
        assert (item.name or "") in note.text  # of which indicator it is a part
    if "prior_budget" in new.fields:
        assert form["prior_budget"] == only_form(path)["current_budget"]
    text = refresh_text(done)
    assert all(item.reason in text for item in expected.left)
    assert run_refresh(file).outcomes[0].left == done.outcomes[0].left


def test_a_workbook_that_was_handed_out_can_be_marked_and_sent_back(shanghai: Path) -> None:
    run_refresh(shanghai)
    path = outbox(shanghai) / NAME
    submission = xlgoals.read(path)
    back = shanghai.parent / "退回.xlsx"
    back.write_bytes(xlgoals.annotated_copy(path, submission))
    again = xlgoals.read(back)
    assert again.records == submission.records
    assert [f.code for f in again.findings] == [f.code for f in submission.findings]
