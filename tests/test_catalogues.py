"""The catalogues by which the console speaks: complete, current, and of every text it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

import make_catalogues
from bootstrap import ROOT
from xlgoals.language import Language

CONSOLE = sorted(
    [
        *(ROOT / "src/xlgoals/cli").glob("*.py"),
        *(ROOT / "src/xlgoals/reports").glob("*_report.py"),
    ]
)
SOURCES = sorted((ROOT / "src/xlgoals").rglob("*.py"))
CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
QUOTED = re.compile("“[^”]*”")
SAYING = ("_", "counted", "noted", "Message")
# Chinese that help shows as it is to be typed.
DECLARING = ("option", "argument", "Option")
TYPED = {"数量=5"}

each_language = pytest.mark.parametrize("language", list(Language))


def messages(catalog: Catalog) -> dict[str, Message]:
    return {forms(message.id)[0]: message for message in catalog if message.id}


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [*text]  # type: ignore[misc]


def places(text: str) -> set[str]:
    braces = {place for _, place, _, _ in Formatter().parse(text) if place is not None}
    return braces | set(re.findall(r"%\(\w+\)s", text))


# --- the catalogues -------------------------------------------------------------------------------
def test_all_catalogues_hold_the_same_texts() -> None:
    texts = [list(messages(make_catalogues.kept(language))) for language in Language]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 500


@each_language
def test_a_catalogue_is_current(language: Language) -> None:
    data = make_catalogues.path_of(language).read_bytes()
    updated = make_catalogues.written(make_catalogues.updated(language), language)
    assert data == updated, "run tools/make_catalogues.py"
    compact = make_catalogues.path_of(language, "mo").read_bytes()
    now = make_catalogues.compiled(data, language)
    assert make_catalogues.said(compact) == make_catalogues.said(now), (
        "run tools/make_catalogues.py"
    )


@each_language
def test_nothing_is_missing_doubtful_or_obsolete(language: Language) -> None:
    catalog = make_catalogues.kept(language)
    assert make_catalogues.missing(catalog) == []
    assert [message.id for message in catalog if message.fuzzy and message.id] == []
    assert list(catalog.obsolete) == []


@each_language
def test_translations_speak_of_the_same(language: Language) -> None:
    for text, message in messages(make_catalogues.kept(language)).items():
        wanted = [places(form) for form in forms(message.id)]
        for form in forms(message.string):
            assert places(form) in wanted, text


def test_english_keeps_no_chinese_but_quoted_terms_of_the_form() -> None:
    for text, message in messages(make_catalogues.kept(Language.EN)).items():
        if make_catalogues.is_foreign(message):
            continue
        for form in forms(message.string):
            assert not CHINESE.search(QUOTED.sub("", form)), text


def test_chinese_says_its_own_texts_as_they_are() -> None:
    for message in messages(make_catalogues.kept(Language.ZH)).values():
        if make_catalogues.is_foreign(message):
            assert all(CHINESE.search(form) for form in forms(message.string)), message.id
        else:
            assert set(forms(message.string)) == set(forms(message.id))


def test_a_new_text_is_told_missing_until_it_is_translated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = make_catalogues.Found("还没有译文的一句。", Language.ZH, "src/xlgoals/new.py")
    texts = (*make_catalogues.texts(), new)
    monkeypatch.setattr(make_catalogues, "texts", lambda: texts)
    assert make_catalogues.missing(make_catalogues.updated(Language.EN)) == [new.text]
    assert make_catalogues.missing(make_catalogues.updated(Language.ZH)) == []


# --- the sources ----------------------------------------------------------------------------------
def name_of(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def texts_in(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every Chinese text that is no docstring and neither said by a function nor shown in help."""
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Call) and name_of(tree) in DECLARING:
        return
    if isinstance(tree, ast.Constant):
        if isinstance(tree.value, str) and CHINESE.search(tree.value) and tree.value not in TYPED:
            yield tree
        return
    for child in ast.iter_child_nodes(tree):
        if isinstance(tree, ast.Call) and name_of(tree) in SAYING and child is tree.args[0]:
            continue
        yield from texts_in(child)


@pytest.mark.parametrize("path", CONSOLE, ids=lambda path: path.stem)
def test_every_chinese_text_of_the_console_can_be_translated(path: Path) -> None:
    found = [(text.lineno, text.value) for text in texts_in(ast.parse(path.read_text("utf-8")))]
    assert not found, "put _() around it, then run tools/make_catalogues.py"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_error_in_chinese_can_be_translated(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    found = [(text.lineno, text.value) for error in raised for text in texts_in(error)]
    assert not found, "make it a Message, then run tools/make_catalogues.py"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_to_be_translated_is_no_formatted_text(path: Path) -> None:
    """Its places are filled in later: ``_("{count}个", count=n)``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and name_of(node) in SAYING and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr), f"line {node.lineno}"


def test_a_text_that_is_not_wrapped_is_found() -> None:
    source = 'def f(n):\n    """说明。"""\n    return _("好") + f"{n}个" + "坏"\n'
    assert [text.value for text in texts_in(ast.parse(source))] == ["个", "坏"]
