"""The parser of the command line: its help and its usage errors are texts of the locales.

An argument names its help by a key below `cli.help`, which is looked up only when help is printed. A command's own
arguments are added once it is the command to run.
"""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from coopgov.cli.languages import ENGLISH, Languages
from coopgov.cli.output import to_stderr, write
from coopgov.cli.wrapping import wrapped
from coopgov.faults import NO_HINT, display_width
from coopgov.languages import LANGUAGES, intended, is_supported, relative
from coopgov.locales import Phrase, listed, phrase, text, texts, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

__all__ = ["Command", "InModule", "Parser", "WrongValueError", "add_commands", "language"]

_Read = TypeVar("_Read")


class Command(Protocol):
    """What each module of `coopgov.cli.commands` provides: one command."""

    def add_arguments(self, command: Parser) -> None:
        """Add the arguments, and set `run`: options in, exit code out."""


class InModule:
    """A command in a module, which is imported once it is the command to run."""

    def __init__(self, module: str) -> None:
        self.module = module

    def add_arguments(self, command: Parser) -> None:
        """Import the module, and let it add the arguments."""
        made: Command = import_module(self.module)
        made.add_arguments(command)


class WrongValueError(argparse.ArgumentTypeError):
    """A value that an option does not accept; `Parser.reader` reports it in the language of the run."""

    def __init__(self, found: str, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        hinted = {"hint": hint} if hint else {}
        key = "cli.usage.wrong-value-hint" if hint else "cli.usage.wrong-value"
        self.phrase = phrase(key, found=verbatim(found), expected=expected, **hinted)
        super().__init__(str(self.phrase))


class Parser(argparse.ArgumentParser):
    """A parser for a command, by the key of its texts; its usage errors end with a hint on how to get help."""

    def __init__(
        self,
        *,
        key: str = "coopgov",
        command: Command | None = None,
        languages: Languages = ENGLISH,
        **options: Any,
    ) -> None:
        super().__init__(
            **options, description=f"{key}.description", formatter_class=self._formatter, add_help=False
        )
        self.key = key
        self.languages = languages
        self._command = command
        self._positionals.title, self._optionals.title = "shared.positionals", "shared.options"
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="shared.help")
        if command is None:
            add_lang(self)

    def _formatter(self, prog: str) -> argparse.HelpFormatter:
        return _Formatter(prog, lambda: self.languages.of_text(sys.stdout))

    def complete(self) -> None:
        """Add the arguments of the command, unless that has been done."""
        command, self._command = self._command, None
        if command is not None:
            command.add_arguments(self)
            add_lang(self)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments, once all are added."""
        self.complete()
        return super().parse_known_args(args, namespace)

    def reader(self, read: Callable[[str], _Read]) -> Callable[[str], _Read]:
        """A function for the type of an argument whose errors are in the language of the run."""

        def in_language(value: str) -> _Read:
            try:
                return read(value)
            except WrongValueError as error:
                raise argparse.ArgumentTypeError(self._said(error.phrase)) from None

        return in_language

    def _said(self, message: str) -> str:
        """A message of a usage error in its language."""
        language = self.languages.of_text(sys.stderr)
        return (
            message.in_language(language) if isinstance(message, Phrase) else _translated(message, language)
        )

    def error(self, message: str) -> NoReturn:
        """Report a usage error, and exit with 2."""
        language = self.languages.of_text(sys.stderr)
        self.languages = Languages(language)  # usage is mostly about stdout; here it goes to stderr
        with suppress(OSError):
            self.print_usage(sys.stderr)
        problem = verbatim(self._said(message))
        to_stderr(phrase("cli.usage.error", prog=self.prog, message=problem), language)
        self.exit(2)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Flush what `--help` printed, then exit."""
        write()
        super().exit(status, message)


class _Formatter(argparse.HelpFormatter):
    """Looks up texts by their keys, and wraps Chinese as well as Latin text."""

    def __init__(self, prog: str, language: Callable[[], str]) -> None:
        super().__init__(prog)
        self._language = language
        self._headings: list[str] = []
        self._wider = 0

    def _text(self, key: str) -> str:
        language = self._language()
        return text(f"cli.help.{key}", language, languages=text("common.comma", language).join(LANGUAGES))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the usage with its first word in the language; `prefix` is empty where argparse needs none."""
        if prefix is None:
            prefix = self._text("shared.usage")
            self._wider = display_width(prefix) - len(prefix)
            self._width -= self._wider  # argparse counts characters, not columns
        super().add_usage(usage, actions, groups, prefix)

    def start_section(self, heading: str | None) -> None:
        """Begin a list of arguments."""
        self._headings.append(self._text(heading or ""))
        super().start_section(self._headings[-1])

    def add_text(self, text: str | None) -> None:
        """Add a paragraph by its key; the name and version of the program are no key."""
        known = f"cli.help.{text}" in texts(self._language())
        super().add_text(self._text(text) if text and known else text)

    def format_help(self) -> str:
        """The whole help; headings have the colon of their language, and the lines of the usage are aligned."""
        usage, blank, rest = super().format_help().partition("\n\n")
        whole = usage.replace("\n ", f"\n {' ' * self._wider}") + blank + rest
        for heading in self._headings:
            whole = whole.replace(f"{heading}:", heading)
        return whole

    def _expand_help(self, action: argparse.Action) -> str:
        return self._text(action.help or "")

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(wrapped(text, width, indent))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return list(wrapped(text, width, ""))


def _translated(message: str, language: str) -> str:
    """A message of argparse in a language: the English texts below `cli.argparse` are its own.

    Others stay as they are.
    """
    if language == "en":
        return message
    for key, english in texts("en").items():
        if key.startswith("cli.argparse."):
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(english))
            if match := re.fullmatch(pattern, message):
                parts = match.groupdict()
                if "choices" in parts:
                    named = [each.strip("'") for each in parts["choices"].split(", ")]
                    parts = {
                        "value": parts["value"][1:-1],
                        "choices": text("common.comma", language).join(named),
                    }
                return text(
                    key, language, **{name: _translated(part, language) for name, part in parts.items()}
                )
    return message


def add_commands(parser: Parser, commands: Mapping[str, Command]) -> None:
    """Add subcommands to a parser."""
    below = parser.add_subparsers(required=True, metavar="COMMAND")
    above = "" if parser.key == "coopgov" else f"{parser.key}-"
    for name, command in commands.items():
        key = f"{above}{name}"
        below.add_parser(name, help=f"{key}.summary", key=key, command=command, languages=parser.languages)


def language(value: str) -> str:
    """A supported language, in any spelling of its tag."""
    if is_supported(value):
        return relative(value)
    near = intended(value)
    hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
    raise WrongValueError(value, phrase("cli.usage.one-of", choices=listed(LANGUAGES)), hint)


def add_lang(command: Parser) -> None:
    """Add `--lang`; without it, nothing is set, so that it can be before a command and after it."""
    command.add_argument(
        "--lang",
        type=command.reader(language),
        default=argparse.SUPPRESS,
        metavar="LANGUAGE",
        help="shared.lang",
    )
