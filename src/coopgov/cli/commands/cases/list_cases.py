"""`coopgov cases list`: the open cases, worst first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from coopgov.cases.notice import Notice
from coopgov.cases.words import STATES
from coopgov.cli.arguments import add_output
from coopgov.cli.case_store import Names, add_store, cases_of, names_of, opened
from coopgov.cli.output import counted, json_text, say, to_stderr, write

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.cases.store.protocol import Message, Store
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
    """Print the cases that are asked for; messages that nobody has received are shown whatever is asked for."""
    with opened(options) as store:
        cases = cases_of(store)
        names = names_of(options, store, cases.last or cases.first)
        lost = store.outbox.messages("undeliverable")
        unheard = _unheard(store, lost)
    found = [*_selected(options, cases, names)]
    if options.format == "json":
        for message in lost:
            to_stderr(_lost_line(message, options.message_lang))
        write(json_text([_with_unheard(case, unheard) for case in found], options.lang))
        return 0
    from coopgov.cli.case_text import list_text
    from coopgov.cli.text import Terminal

    write(list_text(Terminal.of(sys.stdout, options.lang, options.color), names, cases, found))
    for message in lost:
        write(_lost_line(message, options.lang))
    return 0


def _lost_line(message: Message, language: str) -> str:
    """One message that nobody has received."""
    what = counted("notify.notices", language, len(message.notices))
    why = message.why.in_language(language)
    return say("notify.refused", language, channel=message.channel, what=what, why=why)


def _unheard(store: Store, lost: Sequence[Message]) -> dict[str, list[dict[str, Any]]]:
    """Which notices of each case nobody has received, by channel and reason."""
    wanted = {seq for message in lost for seq in message.notices}
    log = store.log(after=min(wanted) - 1) if wanted else ()
    cases = {e.seq: e.what.case for e in log if e.seq in wanted and isinstance(e.what, Notice)}
    found: dict[str, list[dict[str, Any]]] = {}
    for message in lost:
        for case in dict.fromkeys(cases[seq] for seq in message.notices if seq in cases):
            notices = [seq for seq in message.notices if cases.get(seq) == case]
            item = {"channel": message.channel, "notices": notices, "why": message.why}
            found.setdefault(case, []).append(item)
    return found


def _with_unheard(case: Case, unheard: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """A case as JSON, with what nobody has received of it, if there is any."""
    found = case.to_dict()
    return {**found, "undeliverable": unheard[case.id]} if case.id in unheard else found


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
