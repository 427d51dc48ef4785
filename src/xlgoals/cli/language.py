"""``--lang``, and ``--help`` in its language; the texts of help are English in the source."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from gettext import gettext
from inspect import cleandoc

import click

from xlgoals.language import OPTION, Language
from xlgoals.text import wrapped

_WIDTH, _OPTION_WIDTH = 76, 50  # columns of a text, and of what is said of an option


# It may stand before a command or after it. What it says is known before anything is parsed.
_LANGUAGE = click.Option(
    [OPTION],
    type=click.Choice([language.value for language in Language]),
    expose_value=False,
    help="The language of messages; without it that of the locale. Files stay Chinese.",
)


class Context(click.Context):
    """A context that translates its command when someone asks for help, and not before."""

    def get_help(self) -> str:
        """The page, in the language of the console."""
        command, self.command = self.command, _translated(self.command)
        try:
            return super().get_help()
        finally:
            self.command = command


def speaking(command: click.Command) -> click.Command:
    """A command that takes ``--lang`` and gives its help in it, like those below it."""
    command.context_class = Context
    if _LANGUAGE not in command.params:
        command.params.append(_LANGUAGE)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speaking(below)
    return command


def help_texts(command: click.Command) -> Iterator[str]:
    """All that a command says in its help."""
    if command.help:
        yield cleandoc(command.help)
    yield from (option.help for option in _options(command) if option.help)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield below.get_short_help_str(_WIDTH)
            yield from help_texts(below)


def _options(command: click.Command) -> list[click.Option]:
    return [option for option in command.params if isinstance(option, click.Option)]


def _translated(command: click.Command) -> click.Command:
    """The command saying the same in the language of the console."""
    spoken = copy(command)
    if command.help:
        spoken.help = _in_lines(cleandoc(command.help), _WIDTH)
    spoken.params = [_translated_option(option) for option in command.params]
    if isinstance(command, click.Group) and isinstance(spoken, click.Group):
        spoken.commands = {name: copy(below) for name, below in command.commands.items()}
        for below in spoken.commands.values():
            below.short_help = gettext(below.get_short_help_str(_WIDTH))
    return spoken


def _translated_option(option: click.Parameter) -> click.Parameter:
    if not (isinstance(option, click.Option) and option.help):
        return option
    spoken = copy(option)
    spoken.help = _in_lines(option.help, _OPTION_WIDTH)
    return spoken


def _in_lines(text: str, width: int) -> str:
    """The text, broken where Chinese may be: the formatter breaks between words only."""
    translated = gettext(text)
    if translated == text:
        return text
    paragraphs = (" ".join(part.split("\n")) for part in translated.split("\n\n"))
    return "\n\n".join("\b\n" + "\n".join(wrapped(part, width)) for part in paragraphs)
