"""Any form goes from any layout to any other: nothing is lost, nothing is made up."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

import xlgoals
from each_layout import LAYOUTS, sound_form
from few_and_many import few_and_many
from forms_strategy import records
from migration_samples import NATIONAL, NEW, OLD, each_pair, form, moved, plain, twin, typed
from xlgoals import Layout
from xlgoals.migration import Migrated
from xlgoals.models import form_class
from xlgoals.numerals import plain_number
from xlgoals.targets import parse_quantity


# --- any form, any two layouts --------------------------------------------------------------------
def facts(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Everything that a record says, one by one, with no regard to where it stands."""
    for key, value in values.items():
        if key not in ("layout", "fiscal_year", "indicators") and value is not None:
            yield ("amount" if isinstance(value, Decimal) else "field", value)
    for item in values["indicators"]:
        yield from (("field", item[key]) for key in ("name", "weight") if item.get(key))
        if item["target"]:
            text = item["target"]["text"]
            yield "target", parse_quantity(text) or text


def is_told(fact: tuple[str, Any], text: str | None, told: str, unit: int) -> bool:
    """Whether what is left, in words, says a fact; ``text`` is that of a target."""
    match fact:
        case "amount", amount:
            return f"{(amount / unit).normalize():,f}" in told
        case _, bool() as truth:
            return ("是" if truth else "否") in told
        case _, Decimal() as weight:
            return plain_number(weight) in told
    return str(text or fact[1]) in told


@each_pair
def whatever_is_filled_in_is_there_or_left(
    source: Layout, target: Layout, data: st.DataObject
) -> None:
    values = typed(data.draw(records(source, unit="某市图书馆")), source)
    found = moved(values, source, target)
    there = Counter(facts(found.values))
    told = "\n".join(item.value for item in found.left)
    unit = 10_000 if source.amount_unit == "万元" else 1
    texts = {(k, parse_quantity(t) or t): t for k, t in targets(values)}
    renamed = {"其他一次性项目": "一次性项目", "其他经常性项目": "经常性项目"}
    renamed |= {new: old for old, new in renamed.items()}
    for fact in facts(values):
        same = [fact, ("field", renamed.get(fact[1], fact[1]))] if fact[0] == "field" else [fact]
        if hit := next((one for one in same if there[one]), None):
            there[hit] -= 1
        else:
            assert is_told(fact, texts.get(fact), told, unit), fact


(
    test_whatever_is_filled_in_is_there_or_left,
    test_whatever_is_filled_in_many_forms_is_there_or_left,
) = few_and_many(whatever_is_filled_in_is_there_or_left, few=2, many=12)


def targets(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return (("target", item["target"]["text"]) for item in values["indicators"] if item["target"])


@each_pair
def a_workbook_of_the_new_layout_holds_exactly_this(
    source: Layout, target: Layout, data: st.DataObject
) -> None:
    values = typed(data.draw(records(source, unit="某市图书馆")), source)
    found = moved({**values, "fiscal_year": target.first_year}, source, target)
    submission = through_a_workbook(found, target)
    assert [record.values for record in submission.records] == [found.values]
    assert not [
        i for reading in submission.readings for i in reading.all_inputs() if i.reading.refused
    ]


(
    test_a_workbook_of_the_new_layout_holds_exactly_this,
    test_workbooks_of_the_new_layout_hold_exactly_this,
) = few_and_many(a_workbook_of_the_new_layout_holds_exactly_this, few=1, many=3)


def through_a_workbook(found: Migrated, target: Layout) -> xlgoals.Submission:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.xlsx"
        forms = [form_class(target).model_validate(found.values)]
        xlgoals.write_template(path, target, target.first_year, forms=forms)
        return xlgoals.read(path)


@each_pair
def what_went_there_comes_back_the_same(
    source: Layout, target: Layout, data: st.DataObject
) -> None:
    values = typed(data.draw(records(source, unit="某市图书馆")), source)
    there = moved(values, source, target)
    back = moved(there.values, target, source)
    gone = {item.label for item in there.left if item.row is None}
    for key, item in source.fields.items():
        if back.values[key] != values[key]:
            assert item.title in gone
            assert back.values[key] is None
    known = Counter(row_key(item) for item in values["indicators"])
    returned = Counter(row_key(item) for item in back.values["indicators"])
    if source is OLD:
        known += Counter(r for r in returned if r[0] == "投入与管理")
        known -= Counter(r for r in known if r[0] == "投入与管理")
    # Of a row that was listed its name may have gone without its target.
    listed = [values["indicators"][item.row - 1] for item in there.left if item.row]
    assert returned <= known + Counter(row_key({**item, "target": None}) for item in listed)
    if all(item.row is None for item in there.left):
        assert returned == known
    assert {item.reason for item in back.left} <= {"这是旧表样印好的指标，新表样没有，不用另填。"}


test_what_went_there_comes_back_the_same, test_what_went_there_in_many_forms_comes_back_the_same = (
    few_and_many(what_went_there_comes_back_the_same, few=2, many=12)
)


def row_key(item: Mapping[str, Any]) -> tuple[Any, ...]:
    target = item["target"] and item["target"]["text"]
    return (
        item["level1"],
        item["level2"],
        item["name"],
        target and (parse_quantity(target) or target),
    )


# --- two layouts that hold the same ---------------------------------------------------------------
@pytest.fixture(scope="module")
def the_twin(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return twin(tmp_path_factory.mktemp("twin"))


def there_and_back_is_the_identity_where_both_hold_the_same(
    the_twin: Layout, data: st.DataObject
) -> None:
    values = typed(data.draw(records(NATIONAL, unit="某市图书馆")), NATIONAL)
    natures = (None, "经常性项目", "一次性项目")
    values["project_nature"] = data.draw(st.sampled_from(natures))
    there = moved(values, NATIONAL, the_twin)
    assert there.left == ()
    assert there.values["goal_of_the_year"] == values["annual_goal"]
    back = moved(there.values, the_twin, NATIONAL)
    assert back == Migrated(values, ())


(
    test_there_and_back_is_the_identity_where_both_hold_the_same,
    test_there_and_back_is_the_identity_for_many_forms,
) = few_and_many(there_and_back_is_the_identity_where_both_hold_the_same, few=4, many=40)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def to_its_own_layout_a_form_goes_as_it_is(layout: Layout, data: st.DataObject) -> None:
    values = typed(data.draw(records(layout, unit="某市图书馆")), layout)
    assert moved(values, layout, layout) == Migrated(values, ())


test_to_its_own_layout_a_form_goes_as_it_is, test_to_their_own_layout_many_forms_go_as_they_are = (
    few_and_many(to_its_own_layout_a_form_goes_as_it_is, few=2, many=12)
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_a_layout_that_extends_another_speaks_with_the_others_for_it(
    layout: Layout, tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"extends: {layout.id}\nid: own\n", encoding="utf-8")
    own = xlgoals.load_layout(str(path))
    values = plain(sound_form(layout))
    for target in LAYOUTS:
        if target is not layout:
            theirs, ours = moved(values, layout, target), moved(values, own, target)
            assert ours == theirs
            there = moved(plain(sound_form(target)), target, layout)
            assert moved(plain(sound_form(target)), target, own).left == there.left
    assert moved(values, layout, own).left == ()


def test_the_unit_is_the_unit_by_whatever_key(tmp_path: Path) -> None:
    text = xlgoals.layouts.layout_text("shanghai-2026").replace("declaring_unit", "agency")
    text = text.replace("  agency: {", "  agency: {type: text, ")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("id: shanghai-2026", "id: own"), encoding="utf-8")
    own = xlgoals.load_layout(str(path))
    there = moved(form(NEW, declaring_unit="某市图书馆"), NEW, own)
    assert (there.values["agency"], there.left) == ("某市图书馆", ())
    assert moved(there.values, own, NEW).values["declaring_unit"] == "某市图书馆"
