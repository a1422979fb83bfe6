"""`coopgov portfolio check`: check every row of a table, or every agreement of a folder, and print a summary."""

from __future__ import annotations

import argparse
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_fail_on, add_jobs, add_output, add_rules, current_day
from coopgov.cli.output import json_text, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.cli.progress import some
from coopgov.locales import phrase

if TYPE_CHECKING:
    from coopgov.cli.parser import Parser
    from coopgov.portfolio.summary import Summary
    from coopgov.rules import RuleSet

__all__ = ["add_arguments", "run"]

_LIMIT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(%?)")


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("data", metavar="DATA", help="portfolio-check.data")
    command.add_argument("--map", dest="mapping", metavar="FILE", help="portfolio-check.map")
    command.add_argument("--query", metavar="SQL", help="portfolio-check.query")
    add_rules(command)
    add_day(command)
    _add_outputs(command)
    add_output(command)
    add_jobs(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def _add_outputs(command: Parser) -> None:
    """Add the options for how to check, and for what to write."""
    command.add_argument("--engine", metavar="NAME", help="portfolio-check.engine")
    for name in ("out", "undetermined", "rejects"):
        command.add_argument(f"--{name}", metavar="FILE", help=f"portfolio-check.{name}")
    command.add_argument(
        "--max-rejected",
        type=command.reader(_limit),
        default=_limit("0"),
        metavar="NUMBER",
        help="portfolio-check.max-rejected",
    )
    command.add_argument(
        "--limit", type=command.reader(_count), default=10, metavar="NUMBER", help="portfolio-check.limit"
    )
    add_fail_on(command)
    command.add_argument("--progress", action=argparse.BooleanOptionalAction, help="portfolio-check.progress")


def _limit(text: str) -> tuple[Fraction, bool]:
    """A number of rows, or a share of all rows."""
    match = _LIMIT.fullmatch(text.strip())
    if not match or ("." in match[1] and not match[2]):
        raise WrongValueError(text, phrase("cli.usage.rows"))
    return (Fraction(match[1]) / 100, True) if match[2] else (Fraction(match[1]), False)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise WrongValueError(text, phrase("cli.usage.count"))
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Check, print the summary, and return the exit code."""
    from coopgov.rules import load_rules
    from coopgov.source.files import is_folder

    folder = is_folder(Path(options.data))
    if folder and (options.mapping or options.query or options.engine):
        options.wrong_usage(phrase("cli.usage.folder-options"))
    if not folder and options.jobs:
        options.wrong_usage(phrase("cli.usage.jobs-of-folder"))
    if not folder and not options.mapping:
        options.wrong_usage(phrase("cli.argparse.required", names="--map"))
    rules = load_rules(*(options.rules or ()))
    summary = _folder(options, rules) if folder else _table(options, rules)
    _print(options, summary)
    return _code(options, summary)


def _table(options: argparse.Namespace, rules: RuleSet) -> Summary:
    from coopgov.portfolio import Outputs, check_table, load_mapping

    return check_table(
        options.data,
        load_mapping(options.mapping, rules),
        rules,
        as_of=options.as_of or current_day(),
        query=options.query,
        engine=options.engine or "polars",
        outputs=Outputs(options.out, options.undetermined, options.rejects),
        worst=options.limit,
        progress=some,
    )


def _folder(options: argparse.Namespace, rules: RuleSet) -> Summary:
    from coopgov.portfolio import Outputs, check_folder

    return check_folder(
        options.data,
        rules,
        as_of=options.as_of or current_day(),
        outputs=Outputs(options.out, options.undetermined, options.rejects),
        worst=options.limit,
        progress=some,
        jobs=options.jobs,
    )


def _print(options: argparse.Namespace, summary: Summary) -> None:
    if options.format == "json":
        write(json_text(summary.to_dict(), options.lang))
        return
    from coopgov.cli.portfolio import summary_text
    from coopgov.cli.text import Terminal

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    write(summary_text(terminal, summary, today=options.as_of is None, written=options.rejects))


def _code(options: argparse.Namespace, summary: Summary) -> int:
    """2 if more rows are faulty than the limit, or nothing was checked; 1 if the status is at or above the limit."""
    from coopgov.assessment.result import worse

    most, share = options.max_rejected
    allowed = most * summary.all_read if share else most
    if summary.all_faulty > allowed:
        numbers = {"faulty": f"{summary.all_faulty:,}", "read": f"{summary.all_read:,}"}
        key = f"cli.messages.faulty-{summary.counted}"
        to_stderr(phrase(key, data=options.data, **numbers), options.message_lang)
        return 2
    if not summary.checked:
        key = f"cli.messages.unchecked-{summary.counted}"
        to_stderr(phrase(key, data=options.data, read=f"{summary.read:,}"), options.message_lang)
        return 2
    return int(options.fail_on != "never" and worse(summary.status) >= worse(options.fail_on))
