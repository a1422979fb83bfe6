"""`coopgov whatif`: compare the assessment before and after changing some facts."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_output, add_rules, current_day
from coopgov.cli.output import json_text, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import ChangeError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="whatif.agreement")
    command.add_argument(
        "--set",
        dest="changes",
        type=command.reader(_change),
        action="append",
        required=True,
        metavar="SUBJECT.FACT=VALUE",
        help="whatif.set",
    )
    add_rules(command)
    add_day(command)
    add_output(command)
    command.set_defaults(run=run)


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    about, dot, fact = name.strip().rpartition(".")
    if not (about and dot and fact and equals):
        raise WrongValueError(text, phrase("cli.usage.change"))
    return name.strip(), value.strip()


def _once(changes: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The changes by name; two values for one fact are a usage error."""
    twice = [name for name, number in Counter(name for name, _ in changes).items() if number > 1]
    if twice:
        found, expected = phrase("cli.messages.two-values.found"), phrase("cli.messages.two-values.expected")
        raise ChangeError(Fault(Place(name, 0, 0), "duplicate-key", found, expected) for name in twice)
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
        write(json_text(tried.to_dict(), options.lang))
        return 0
    from coopgov.cli.text import Terminal
    from coopgov.cli.whatif import whatif_text

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    write(whatif_text(terminal, agreement, tried, today=options.as_of is None))
    return 0
