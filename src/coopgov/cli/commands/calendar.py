"""`coopgov calendar`: write the days of an agreement as an iCalendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_rules, current_day
from coopgov.cli.output import counted, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cases.cases import Cases
    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="whatif.agreement")
    command.add_argument("--out", required=True, metavar="FILE", help="calendar.out")
    command.add_argument("--store", metavar="STORE", help="calendar.store")
    add_day(command)
    command.add_argument("--owner", metavar="NAME", help="calendar.owner")
    add_rules(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write the file; the same data give the same bytes."""
    from coopgov.assessment.assess import assess
    from coopgov.model import load_agreement
    from coopgov.notify import calendar_text
    from coopgov.rules import load_rules
    from coopgov.source.files import replace_file

    agreement = load_agreement(options.agreement)
    rules = load_rules(*(options.rules or ()))
    cases = _cases(options.store, agreement.id)
    as_of = options.as_of or (cases and cases.last) or current_day()
    assessment = None if cases else assess(agreement, rules, as_of=as_of, language=options.lang)
    text = calendar_text(
        agreement,
        as_of=as_of,
        language=options.lang,
        cases=cases,
        assessment=assessment,
        rules=rules,
        owner=options.owner,
    )
    replace_file(Path(options.out), text.encode())
    number = text.count("BEGIN:VEVENT")
    write(f"{options.out}: {counted('notify.events', options.lang, number)}")
    return 0


def _cases(store: str | None, agreement: str) -> Cases | None:
    if store is None:
        return None
    from coopgov.cases.store import open_store

    with open_store(store, agreement=agreement, create=False) as opened:
        return opened.read()
