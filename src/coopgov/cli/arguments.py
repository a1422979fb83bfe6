"""The arguments that several commands share, and the parser that reports usage errors."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NoReturn, Protocol

from coopgov.cli.output import tell, write
from coopgov.hints import days
from coopgov.languages import LANGUAGES, is_ours, meant, relative

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Command",
    "Parser",
    "add_commands",
    "add_day",
    "add_output",
    "add_rules",
    "current_day",
    "day",
    "language",
]


class Command(Protocol):
    """What each module of `coopgov.cli.commands` provides: one command."""

    HELP: str
    """One line for the list of commands, without a full stop."""

    def add_arguments(self, command: argparse.ArgumentParser) -> None:
        """Add the description and the arguments, and set `run`: options in, exit code out."""


class Parser(argparse.ArgumentParser):
    """A parser whose usage errors end with a hint on how to get help."""

    def error(self, message: str) -> NoReturn:
        """Report a usage error, and exit with 2."""
        with suppress(OSError):
            self.print_usage(sys.stderr)
        tell(f"{self.prog}: {message} (see {self.prog} --help)")
        self.exit(2)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Flush what `--help` printed, then exit."""
        write()
        super().exit(status, message)


def add_commands(parser: argparse.ArgumentParser, commands: Mapping[str, Command]) -> None:
    """Add subcommands to a parser."""
    below = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in commands.items():
        command.add_arguments(below.add_parser(name, help=command.HELP))


def day(text: str) -> date:
    """A date as people write it on the command line."""
    with suppress(ValueError):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    hint = "".join(f"; write {near}" for near in days(text) if near != text)
    raise argparse.ArgumentTypeError(f'found "{text}", expected a date such as 2026-06-30{hint}')


def language(text: str) -> str:
    """A supported language, in any spelling of its tag."""
    if is_ours(text):
        return relative(text)
    near = meant(text)
    hint = f'; did you mean "{near}"?' if near else ""
    raise argparse.ArgumentTypeError(f'found "{text}", expected one of {", ".join(LANGUAGES)}{hint}')


def current_day() -> date:
    """Today in the user's time zone, for commands without a date; the clock is read nowhere else."""
    return date.today()  # noqa: DTZ011  # today in the user's own time zone


def add_rules(command: argparse.ArgumentParser) -> None:
    """Add `--rules`."""
    command.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        metavar="FILE",
        help="rule files or shipped packs, after the agreements (cooperation-plan)",
    )


def add_day(command: argparse.ArgumentParser) -> None:
    """Add `--as-of`."""
    command.add_argument(
        "--as-of", type=day, metavar="DATE", help="assess as of this date, YYYY-MM-DD (today)"
    )


def add_output(command: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json")) -> None:
    """Add `--format`, `--lang` and `--color`."""
    command.add_argument("--format", choices=formats, default="text", help="how to print (text)")
    command.add_argument(
        "--lang",
        type=language,
        default="en",
        metavar="LANGUAGE",
        help=f"language of texts: {', '.join(LANGUAGES)} (en)",
    )
    command.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour; auto means on a terminal (auto)",
    )
