"""The arguments that several commands share, and readers of their values."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from coopgov.cli.configuration import COLOURS, STATUSES
from coopgov.cli.parser import WrongValueError
from coopgov.faults import NO_HINT
from coopgov.hints import days
from coopgov.locales import one_of, phrase
from coopgov.schema import day_of
from coopgov.severities import SEVERITIES
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.cli.parser import Parser

__all__ = [
    "add_day",
    "add_fail_on",
    "add_format",
    "add_jobs",
    "add_output",
    "add_rules",
    "current_day",
    "current_moment",
    "day",
]


def day(text: str) -> date:
    """A date as people write it on the command line."""
    found = day_of(text)
    if found is not None:
        return found
    near = [near for near in days(text) if near != text]
    hint = phrase("cli.usage.write-instead", near=one_of(near)) if near else NO_HINT
    raise WrongValueError(text, phrase("cli.usage.day"), hint)


def current_day() -> date:
    """Today in the user's time zone, for commands without a date; the clock is read nowhere else."""
    return date.today()  # noqa: DTZ011  # today in the user's own time zone


def current_moment() -> datetime:
    """Now, in the user's time zone."""
    return datetime.now().astimezone()


def add_rules(command: Parser) -> None:
    """Add `--rules`; its default can be configured."""
    command.add_argument("--rules", nargs="+", action="extend", metavar="FILE", help="shared.rules")


def add_day(command: Parser, said: str = "shared.as-of") -> None:
    """Add `--as-of`; its help has a key of its own where its default is another day than today."""
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help=said)


def add_fail_on(command: Parser) -> None:
    """Add `--fail-on` for assessments; its default can be configured."""
    command.add_argument("--fail-on", type=_status, choices=STATUSES, help="shared.fail-on")


def _status(text: str) -> str:
    return choice(text, SEVERITIES) or text


def add_format(command: Parser, formats: Sequence[str] = ("text", "json")) -> None:
    """Add `--format`."""
    command.add_argument("--format", choices=formats, default="text", help="shared.format")


def add_output(command: Parser, formats: Sequence[str] = ("text", "json")) -> None:
    """Add `--format` and `--color`; the default of colour can be configured."""
    add_format(command, formats)
    command.add_argument("--color", choices=COLOURS, help="shared.color")


def add_jobs(command: Parser) -> None:
    """Add `--jobs`."""
    command.add_argument("--jobs", type=command.reader(_jobs), metavar="NUMBER", help="shared.jobs")


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise WrongValueError(text, phrase("cli.usage.jobs"))
    return int(text)
