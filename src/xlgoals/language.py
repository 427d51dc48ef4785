"""The language that the console speaks: Chinese, which the program is written in, or English.

Only the console follows it. Workbooks, annotations, JSON, tables and pages are Chinese whoever runs
the program. A text of the source is the key of its translation, see tools/make_catalogues.py.
"""

from __future__ import annotations

import errno
import gettext
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache, reduce
from itertools import zip_longest
from pathlib import Path
from string import Formatter
from typing import Any, Self

from xlgoals.text import visible

DOMAIN = "xlgoals"
CATALOGUES = Path(__file__).parent / "locale"
OPTION = "--lang"


class Language(StrEnum):
    """A language of the console."""

    ZH = "zh"
    EN = "en"


class _Console:
    language = Language.ZH


# --- which language -------------------------------------------------------------------------------
def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """What ``--lang`` says, wherever it stands, else the locale.

    The command line is looked through before it is parsed: what is wrong with it must be told in
    the right language, too.
    """
    asked = None
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == OPTION:
            asked = value if equals else following
    return Language(asked) if asked in tuple(Language) else _of_locale(environment)


def _of_locale(environment: Mapping[str, str]) -> Language:
    """The first language spoken here of those that the environment names; else Chinese.

    C and POSIX count as Chinese, and LANGUAGE has no say beside them.
    """
    locales = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, locales), "")
    names = [locale]
    if _base(locale) not in ("c", "posix"):
        names = [*environment.get("LANGUAGE", "").split(":"), locale]
    known = [Language(name) for name in map(_base, names) if name in tuple(Language)]
    return known[0] if known else Language.ZH


def _base(locale: str) -> str:
    """``en_US.UTF-8`` → ``en``."""
    return locale.partition(".")[0].partition("_")[0].partition("-")[0].lower()


def speak(language: Language) -> None:
    """Say everything in this language from now on, the command line's parser included."""
    _Console.language = language
    # The parser asks the global domain, in the language that the environment names.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let what is said meanwhile be said in this language, whatever the console speaks."""
    before, _Console.language = _Console.language, language
    try:
        yield
    finally:
        _Console.language = before


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)


# --- texts for the console, said at once ----------------------------------------------------------
def _(text: str, /, **details: object) -> str:
    """A text of the source in the language of the console, with its places filled in."""
    translated = text
    if _Console.language is not Language.ZH:
        translated = _catalogue(_Console.language).gettext(text)
    return translated.format_map({key: _shown(detail) for key, detail in details.items()})


def counted(text: str, /, count: int, **details: object) -> str:
    """The same for a text that depends on ``{count}``, where a language says one otherwise."""
    translated = text
    if _Console.language is not Language.ZH:
        translated = _catalogue(_Console.language).ngettext(text, text, count)
    words = {key: _shown(detail) for key, detail in details.items()}
    return translated.format_map({**words, "count": count})


def sentences(first: str, *more: str) -> str:
    """Sentences one after the other, with a blank between them where the language has one."""
    return reduce(lambda text, added: _("{before}{after}", before=text, after=added), more, first)


def noted(text: str) -> str:
    """A text as it is, marked as one that the console says later on."""
    return text


# --- texts for everybody, which the console may say anew ------------------------------------------
class Message(str):
    """A Chinese text that remembers what it was made of, so that the console can say it anew.

    Whoever else reads it has a plain text, which no control character from a file can harm.
    """

    __slots__ = ("details", "template")
    template: str
    details: Mapping[str, str]  # what fills its places: texts, or messages in their turn

    def __new__(cls, template: str, /, **details: object) -> Self:
        """Fill in the places of a template; an error stands for what it says."""
        safe = {
            key: detail if type(detail) is str and detail.isprintable() else _safe(detail)
            for key, detail in details.items()
        }
        message = super().__new__(cls, template.format_map(safe))
        message.template, message.details = template, safe
        return message

    @classmethod
    def recalled(cls, template: str, text: str) -> str:
        """The message that once said this text, out of its template; the text where it did not."""
        if isinstance(text, cls):
            return text
        parts, known = [], set[str]()
        for literal, place, _spec, _conversion in Formatter().parse(template):
            parts.append(re.escape(literal))
            if place is not None:
                parts.append(f"(?P={place})" if place in known else f"(?P<{place}>.*?)")
                known.add(place)
        found = re.fullmatch("".join(parts), text)
        return cls(template, **found.groupdict()) if found else text

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.template, dict(self.details))

    def spoken(self) -> str:
        """In the language of the console."""
        return str(self) if _Console.language is Language.ZH else _(self.template, **self.details)


def _restored(template: str, details: Mapping[str, str]) -> Message:
    return Message(template, **details)


def enumerated(items: Iterable[str]) -> str:
    """Items as a list within a sentence."""
    first, *more = (*items,) or ("",)
    return reduce(lambda text, item: Message("{items}、{item}", items=text, item=item), more, first)


def spoken(text: str) -> str:
    """A text in the language of the console, where it is one that can be said anew."""
    return text.spoken() if isinstance(text, Message) else text


def reason(error: BaseException) -> str:
    """What an error says, in the language of the console."""
    return spoken(_said_by(error))


# What the system says of files, in its own language or none; the numbers are its own.
_TROUBLES: Mapping[int, Message] = {
    errno.ENOENT: Message("没有这个文件或文件夹"),
    errno.ENOTDIR: Message("路径中有一段不是文件夹"),
    errno.EISDIR: Message("是文件夹"),
    errno.EEXIST: Message("已有同名的文件"),
    errno.EACCES: Message("没有权限，或正被别的程序占用"),
    errno.EPERM: Message("没有权限，或正被别的程序占用"),
    errno.EROFS: Message("所在的磁盘是只读的"),
    errno.ENOSPC: Message("磁盘已满"),
    errno.ENAMETOOLONG: Message("名称太长"),
    errno.EIO: Message("磁盘读写出错"),
}


def trouble(error: OSError) -> str:
    """What the system says of a file that it cannot read or write, in plain words."""
    known = _TROUBLES.get(error.errno or 0)
    return known or error.strerror or str(error)


def _shown(detail: object) -> object:
    if isinstance(detail, BaseException):
        return reason(detail)
    return spoken(detail) if isinstance(detail, str) else detail


def _safe(detail: object) -> str:
    if not isinstance(detail, str):
        detail = _said_by(detail) if isinstance(detail, BaseException) else str(detail)
    if isinstance(detail, Message) or detail.isprintable():
        return detail
    return visible(detail).replace("\n", " ")


def _said_by(error: BaseException) -> str:
    said = error.args[0] if len(error.args) == 1 else None
    return said if isinstance(said, str) else str(error)
