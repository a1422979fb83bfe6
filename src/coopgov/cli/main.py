"""Arguments in, exit code out. The only module that reads the clock.

Exit codes: 0 nothing at or above `--fail-on`, 1 warnings, 2 bad input or usage, 3 a fault of ours.
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NoReturn

from coopgov import __version__
from coopgov.cli.output import prepare_streams, silence, tell, write
from coopgov.errors import CoopgovError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "parser"]

_SEVERITIES = ("undetermined", "notice", "minor", "major", "critical", "never")
_LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    prepare_streams()
    try:
        return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # whatever it is, it has an exit code
        return _failed(error)


def _failed(error: Exception) -> int:
    """Tell what went wrong, and whose fault it is."""
    match error:
        case CoopgovError():
            tell(error)
            return 2
        case OSError(filename=None):  # a stream, not a file: its disk is full
            silence()
            tell(f"coopgov: {error.strerror or error}")
            return 2
    import traceback

    traceback.print_exception(error)
    tell("coopgov: this is a fault of coopgov; please report it with the lines above")
    return 3


def _run(options: argparse.Namespace) -> int:
    """Call the command; its module is imported only now, so that `--help` is quick."""
    gc.set_threshold(
        100_000
    )  # a short run makes little garbage and many lasting objects: look through them less often
    from coopgov.cli import commands

    code: int = getattr(commands, options.command)(options)
    return code


def _day(text: str) -> date:
    with suppress(ValueError):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    raise argparse.ArgumentTypeError(f'found "{text}", expected a date such as 2026-06-30')


def _first_day(text: str) -> date:
    day = _day(text)
    if day.year == date.max.year:
        raise argparse.ArgumentTypeError(f'found "{text}", expected a date before the year {date.max.year}')
    return day


def _rule_and_subject(text: str) -> tuple[str, str]:
    rule, _, about = text.partition("@")
    if not (rule and about):
        expected = "RULE@SUBJECT such as phase-late@phase/setup"
        raise argparse.ArgumentTypeError(f'found "{text}", expected {expected}')
    return rule, about


class _Parser(argparse.ArgumentParser):
    """Usage errors end with a hint where help is."""

    def error(self, message: str) -> NoReturn:
        with suppress(OSError):
            self.print_usage(sys.stderr)
        tell(f"{self.prog}: {message} (see {self.prog} --help)")
        self.exit(2)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        write()  # what --help printed
        super().exit(status, message)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    whole = _Parser(
        prog="coopgov",
        description="Early warnings for cooperation agreements.",
        epilog="exit codes: 0 nothing at or above --fail-on, 1 warnings, 2 bad input or usage, 3 a fault of coopgov",
    )
    whole.add_argument("--version", action="version", version=f"coopgov {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _check(commands.add_parser("check", help="assess agreements"))
    rules = commands.add_parser("rules", help="work on rule files").add_subparsers(
        required=True, metavar="COMMAND"
    )
    _rules_check(rules.add_parser("check", help="check rule files without any agreement"))
    _facts(commands.add_parser("facts", help="list the facts that rules can name"))
    _schema(commands.add_parser("schema", help="print a JSON Schema"))
    _init(commands.add_parser("init", help="write a starter agreement and rule file"))
    return whole


def _check(command: argparse.ArgumentParser) -> None:
    command.description = "Assess agreements and print their warnings, worst first."
    command.add_argument("agreements", nargs="+", metavar="AGREEMENT", help="agreement files, YAML or JSON")
    command.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        metavar="FILE",
        help="rule files or shipped packs, after the agreements (cooperation-plan)",
    )
    command.add_argument(
        "--as-of", type=_day, metavar="DATE", help="assess as of this date, YYYY-MM-DD (today)"
    )
    _common(command)
    command.add_argument(
        "--fail-on",
        choices=_SEVERITIES,
        default="minor",
        help="exit with 1 at this status or worse; never: only bad input fails (minor)",
    )
    command.add_argument(
        "--explain",
        type=_rule_and_subject,
        metavar="RULE@SUBJECT",
        help="explain one rule for one subject instead",
    )
    command.set_defaults(command="check")


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    command.add_argument("--lang", choices=_LANGUAGES, default="en", help="language of texts (en)")
    command.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour; auto means on a terminal (auto)",
    )


def _rules_check(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Check rule files: names, types, units, ladders, placeholders. Faults are printed; exit code 2."
    )
    command.add_argument("files", nargs="+", metavar="FILE", help="rule files")
    command.add_argument(
        "--agreement", metavar="FILE", help="also report roles that this agreement does not have"
    )
    command.set_defaults(command="rules_check")


def _facts(command: argparse.ArgumentParser) -> None:
    command.description = "List every fact: what it is about, its type, its meaning, its formula."
    command.add_argument(
        "--about", metavar="TYPE", help="only facts about one type of subject, such as phase"
    )
    command.add_argument(
        "--rules", nargs="+", action="extend", metavar="FILE", help="with the facts of rule files"
    )
    command.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="how to print (text)"
    )
    command.set_defaults(command="facts")


def _schema(command: argparse.ArgumentParser) -> None:
    command.description = "Print the JSON Schema of agreements, rule files or assessments."
    command.add_argument("of", choices=("agreement", "rules", "assessment"), help="which format")
    command.set_defaults(command="schema")


def _init(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Write agreement.yaml and rules.yaml that pass as they stand; nothing is overwritten."
    )
    command.add_argument("folder", metavar="DIR", help="where to; made if it is not there")
    command.add_argument(
        "--as-of", type=_first_day, metavar="DATE", help="the first day of the agreement (today)"
    )
    command.set_defaults(command="init")
