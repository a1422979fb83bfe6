"""`coopgov whatif`: compare the assessment before and after changing some facts."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_output, add_rules, current_day
from coopgov.cli.output import json_text, write
from coopgov.errors import ChangeError, Fault, Place

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

__all__ = ["HELP", "add_arguments", "run"]

HELP = "show what would follow if some facts were different"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Assess an agreement as it is, and with some facts changed: which warnings appear or clear?"
    )
    command.add_argument("agreement", metavar="AGREEMENT", help="an agreement file, YAML or JSON")
    command.add_argument(
        "--set",
        dest="changes",
        type=_change,
        action="append",
        required=True,
        metavar="SUBJECT.FACT=VALUE",
        help="a new value, such as phase/core.forecast_end=2026-11-30; unknown removes a value; repeatable",
    )
    add_rules(command)
    add_day(command)
    add_output(command)
    command.set_defaults(run=run)


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    about, dot, fact = name.strip().rpartition(".")
    if not (about and dot and fact and equals):
        expected = "SUBJECT.FACT=VALUE such as phase/core.forecast_end=2026-11-30"
        raise argparse.ArgumentTypeError(f'found "{text}", expected {expected}')
    return name.strip(), value.strip()


def _once(changes: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The changes by name; two values for one fact are a usage error."""
    twice = [name for name, number in Counter(name for name, _ in changes).items() if number > 1]
    if twice:
        faults = [Fault(Place(name, 0, 0), "duplicate-key", "two values", "each fact once") for name in twice]
        raise ChangeError(faults)
    return dict(changes)


def run(options: Namespace) -> int:
    """Try the changes out, and print what follows."""
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules
    from coopgov.simulation.what_if import what_if

    rules = load_rules(*(options.rules or ()))
    agreement = load_agreement(options.agreement)
    as_of = options.as_of or current_day()
    tried = what_if(agreement, rules, _once(options.changes), as_of=as_of, language=options.lang)
    if options.format == "json":
        write(json_text(tried.to_dict()))
        return 0
    from coopgov.cli.text import Terminal
    from coopgov.cli.whatif import whatif_text

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    write(whatif_text(terminal, agreement, tried, today=options.as_of is None))
    return 0
