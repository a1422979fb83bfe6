"""`coopgov cases list`: the open cases, worst first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cases.words import STATES
from coopgov.cli.arguments import add_output
from coopgov.cli.case_store import Names, add_store, cases_of, names_of, opened
from coopgov.cli.output import counted, json_text, say, write

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    add_store(command)
    command.add_argument("--state", choices=STATES, action="append", help="cases-list.state")
    command.add_argument("--to", metavar="WHO", help="cases-list.to")
    command.add_argument("--owner", metavar="WHO", help="cases-list.owner")
    command.add_argument("--overdue", action="store_true", help="cases-list.overdue")
    command.add_argument("--all", action="store_true", help="cases-list.all")
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the cases that are asked for."""
    with opened(options) as store:
        cases = cases_of(store)
        names = names_of(options, store, cases.last or cases.first)
        lost = store.outbox.messages("undeliverable")
    found = [*_selected(options, cases, names)]
    if options.format == "json":
        write(json_text([case.to_dict() for case in found], options.lang))
        return 0
    from coopgov.cli.case_text import list_text
    from coopgov.cli.text import Terminal

    write(list_text(Terminal.of(sys.stdout, options.lang, options.color), names, cases, found))
    for message in lost:
        what = counted("notify.notices", options.lang, len(message.notices))
        write(say("notify.refused", options.lang, channel=message.channel, what=what, why=message.why))
    return 0


def _selected(options: Namespace, cases: Cases, names: Names) -> Iterator[Case]:
    day = cases.last or cases.first
    told = options.to and names.meant(options.to)
    owners = options.owner and names.meant(options.owner)
    closed = options.all or "closed" in (options.state or ())
    for case in cases if closed else cases.open():
        if options.state and case.state not in options.state:
            continue
        if told and not told.intersection(case.told):
            continue
        if owners and not owners.intersection(_owners(case)):
            continue
        if options.overdue and not _overdue(case, day):
            continue
        yield case


def _owners(case: Case) -> set[str]:
    """Who looks after a case, and who carries out its open actions."""
    return {*filter(None, [case.assignee]), *(each.owner for each in case.current_actions if each.open)}


def _overdue(case: Case, day: date) -> bool:
    """Whether an answer or an action is overdue."""
    return case.unanswered(day) or any(each.open and each.due < day for each in case.current_actions)
