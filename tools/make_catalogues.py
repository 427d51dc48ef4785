"""Updates the catalogues by which the console speaks: what to translate, what is missing.

python tools/make_catalogues.py            updates src/xlgoals/locale and lists what is missing
python tools/make_catalogues.py --check    exits 1 where they are out of date or incomplete

Every text of the source is the key of its translations. Those of the program are Chinese, so the
catalogue of Chinese repeats them; help and what the command line's parser says are English, and
there it is the other way round. A new text needs `_("...")` around it, this tool, and a
translation in the .po file in which it is missing; then this tool once more.
"""

from __future__ import annotations

import gettext
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bootstrap import ROOT, SetUpError, run_main, say
from xlgoals import codes
from xlgoals.cli.language import help_texts
from xlgoals.cli.main import _COMMANDS, cli
from xlgoals.language import CATALOGUES, DOMAIN, Language
from xlgoals.layouts import layout_ids, load_layout
from xlgoals.unreadable import UNREADABLE

Text = str | tuple[str, str]  # a text, or one and its plural

SOURCE = ROOT / "src" / "xlgoals"
PLURALS = {Language.ZH: "nplurals=1; plural=0;", Language.EN: "nplurals=2; plural=(n != 1);"}
_OWN = {"_": None, "noted": None, "Message": None, "counted": (1, 1)}
_PARSERS = {"_": None, "ngettext": (1, 2)}
# What the parser of the command line may say here; nobody is asked or shown a page.
_PARSER_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types")
_HEAD = """\
# Written by tools/make_catalogues.py but for the translations; what is Chinese in the source is
# translated in en, what is English there in zh.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class Found(NamedTuple):
    """A text, the language it is in, and where it stands."""

    text: Text
    language: Language
    place: str
    comment: str = ""


# --- what there is to translate -------------------------------------------------------------------
def found() -> Iterator[Found]:
    """Every text that the console may say."""
    for path in sorted(SOURCE.rglob("*.py")):
        for text in _called(path, _OWN):
            yield Found(text, Language.ZH, _place(path))
    yield from _of_codes()
    for place, text in _help():
        yield Found(text, Language.EN, place)
    for module in _PARSER_MODULES:
        path = Path(str(click.__file__)).with_name(f"{module}.py")
        for text in _called(path, _PARSERS):
            yield Found(text, Language.EN, f"click/{module}.py")


def _of_codes() -> Iterator[Found]:
    """What a finding says and advises, of all layouts."""
    for code in codes.SHARED.values():
        module = "unreadable.py" if code.id in UNREADABLE else "codes.py"
        for text in (code.message, code.hint):
            yield Found(text, Language.ZH, _place(SOURCE / module), code.id)
    for name in layout_ids():
        for rule in load_layout(name).rules:
            for text in (rule.code.message, rule.code.hint):
                place = _place(SOURCE / "layouts" / f"{name}.yaml")
                yield Found(text, Language.ZH, place, rule.code.id)


def _called(path: Path, keywords: Mapping[str, tuple[int, ...] | None]) -> Iterator[Text]:
    for _line, text, _comments, _context in extract_from_file("python", path, keywords):
        yield text if isinstance(text, str) else (text[0], text[1])


def _help() -> Iterator[tuple[str, str]]:
    yield from (("src/xlgoals/cli/main.py", text) for text in help_texts(cli))
    for module, line in _COMMANDS.values():
        place = _place(ROOT / "src" / (module.replace(".", "/") + ".py"))
        yield place, line
        yield from ((place, text) for text in help_texts(import_module(module).command))


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def texts() -> tuple[Found, ...]:
    """The same, each text once."""
    first: dict[Text, Found] = {}
    for item in found():
        first.setdefault(item.text, item)
    return tuple(first.values())


# --- catalogues -----------------------------------------------------------------------------------
def path_of(language: Language, suffix: str = "po") -> Path:
    """Where a catalogue stands."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def kept(language: Language) -> Catalog:
    """The catalogue as it stands."""
    path = path_of(language)
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, language)


def updated(language: Language) -> Catalog:
    """The catalogue with all that there is to say now, in the translations that there are."""
    before, after = kept(language), Catalog(language)
    # What another version of the parser says stays.
    for item in [*texts(), *_of_other_parsers(before)]:
        known = before.get(item.text)
        forms = (
            _forms(item.text)
            if language is item.language
            else _forms(known.string if known else None)
        )
        string: str | tuple[str, ...] = forms[0]
        if isinstance(item.text, tuple):
            string = tuple((forms + [forms[-1]] * after.num_plurals)[: after.num_plurals])
        comments = [item.comment] if item.comment else []
        after.add(item.text, string, [(item.place, 0)], auto_comments=comments)
    return after


def _of_other_parsers(before: Catalog) -> Iterator[Found]:
    now = {item.text for item in texts()}
    for message in before:
        places = [place for place, _ in message.locations if place.startswith("click/")]
        forms = _forms(message.id)
        text = forms[0] if len(forms) == 1 else (forms[0], forms[1])
        if places and text not in now:
            yield Found(text, Language.EN, places[0])


def _forms(string: str | Sequence[str] | None) -> list[str]:
    return [string or ""] if string is None or isinstance(string, str) else [*string]


def written(catalog: Catalog, language: Language) -> bytes:
    """A catalogue as a .po file: nothing in it changes without reason."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, omit_header=True, include_lineno=False)
    return _HEAD.format(language=language, plurals=PLURALS[language]).encode() + file.getvalue()


def compiled(data: bytes, language: Language) -> bytes:
    """The .mo file of a .po file; what is the same in the source need not be looked up."""
    catalog, file = Catalog(language), io.BytesIO()
    for message in read_po(io.BytesIO(data), language):
        if set(_forms(message.id)) != set(_forms(message.string)):
            catalog.add(message.id, message.string)
    write_mo(file, catalog)
    return file.getvalue()


def said(data: bytes) -> Mapping[object, str]:
    """All that a .mo file holds, its head apart."""
    catalog: dict[object, str] = gettext.GNUTranslations(io.BytesIO(data))._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalog.items() if key}


def is_foreign(message: Message) -> bool:
    """Whether a text is English in the source."""
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return text in {item.text for item in texts() if item.language is Language.EN}


def missing(catalog: Catalog) -> list[str]:
    """The texts that have no translation."""
    lacking = [m for m in catalog if m.id and not (m.string and all(_forms(m.string)))]
    return [_forms(message.id)[0] for message in lacking]


def main() -> int:
    """Update or check; 1 where something is missing or, with ``--check``, out of date."""
    if set(sys.argv[1:]) - {"--check"}:
        raise SetUpError("Usage: make_catalogues.py [--check]")
    complaints: list[str] = []
    for language in Language:
        catalog = updated(language)
        data = written(catalog, language)
        if "--check" in sys.argv:
            complaints += _outdated(language, data)
        else:
            _write(language, data)
        complaints += [
            f"{path_of(language)}: no translation of {text}" for text in missing(catalog)
        ]
    for complaint in complaints:
        say(complaint)
    return int(bool(complaints))


def _outdated(language: Language, data: bytes) -> Iterator[str]:
    wrong = path_of(language), path_of(language, "mo")
    now = [path.read_bytes() if path.exists() else b"" for path in wrong]
    if now[0] != data or not now[1] or said(now[1]) != said(compiled(data, language)):
        yield f"{wrong[0]} is out of date: run tools/make_catalogues.py"


def _write(language: Language, data: bytes) -> None:
    path, binary = path_of(language), path_of(language, "mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    compact = compiled(data, language)
    # Its head tells when it was made; what says the same stays as it is.
    if not binary.exists() or said(binary.read_bytes()) != said(compact):
        binary.write_bytes(compact)


if __name__ == "__main__":
    run_main(main)
