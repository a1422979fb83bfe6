"""`coopgov cases advance`: judge each day since the last one, and say who is to be notified of what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import worse
from coopgov.cli.arguments import add_day, add_output, add_rules, current_day, day
from coopgov.cli.case_store import Names, add_store, changes_of, names_of, now, opened, remembered
from coopgov.cli.output import json_text, write
from coopgov.locales import phrase
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.cases.change import CaseChange, Step
    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]

_NEVER = "never"


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="cases-advance.agreement")
    add_rules(command)
    add_store(command)
    add_day(command)
    command.add_argument(
        "--from", dest="first", type=command.reader(day), metavar="DATE", help="cases-advance.from"
    )
    command.add_argument(
        "--fail-on", choices=(*SEVERITIES, _NEVER), default=_NEVER, help="cases-advance.fail-on"
    )
    command.add_argument("--events", metavar="EVENTS", help="cases-advance.events")
    command.add_argument("--dry-run", action="store_true", help="cases-advance.dry-run")
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Judge each day up to `--as-of`; a day that was seen is not judged again."""
    from coopgov.cases.events_file import load_events
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules

    to = options.as_of or current_day()
    if options.first is not None and options.first > to:
        options.wrong_usage(phrase("cli.usage.not-after", date=to))
    rules = load_rules(*(options.rules or ()))
    agreement = load_agreement(options.agreement)
    events = load_events(options.events) if options.events else None

    def advanced(cases: Cases | None, known: Iterable[CaseChange]) -> Step:
        begun = cases or Cases.begin(agreement.id, options.first or to)
        return with_events(begun, agreement, rules, to, events, known)

    from coopgov.cases.cases import Cases
    from coopgov.cli.event_recording import with_events

    store = opened(options, agreement=agreement.id, create=not options.dry_run, missing=options.dry_run)
    if store is None:
        return _printed(options, Names(options.lang), advanced(None, ()), None, to)
    with store:
        before = store.read()
        if options.first and before and options.first != before.first:
            options.wrong_usage(phrase("cli.usage.begun", store=store.name, first=before.first))
        known = [*changes_of(store)] if events is not None else []
        if options.dry_run:
            step = advanced(before, known)
        elif events is not None:
            step = advanced(before, known)
            store.update(lambda _: step, at=now())  # refused where somebody else wrote meanwhile
        else:
            step = store.update(lambda cases: advanced(cases, ()), at=now())
        if not options.dry_run:
            store.remember(remembered(options, store))
        return _printed(options, names_of(options, store, to), step, before, to)


def _printed(options: Namespace, names: Names, step: Step, before: Cases | None, to: date) -> int:
    unanswered = [case for case in step.cases.open() if case.unanswered(to)]
    if options.format == "json":
        write(json_text(_json(step, before, unanswered), options.lang))
    else:
        from coopgov.cli.case_text import advanced_text
        from coopgov.cli.text import Terminal

        terminal = Terminal.of(sys.stdout, options.lang, options.color)
        write(advanced_text(terminal, names, step, before, unanswered))
    if options.fail_on == _NEVER:
        return 0
    return int(any(worse(case.severity) >= worse(options.fail_on) for case in unanswered))


def _json(step: Step, before: Cases | None, unanswered: list[Case]) -> dict[str, Any]:
    cases = step.cases
    return {
        "agreement": cases.agreement,
        "first": cases.first,
        "seen": before and before.last,
        "last": cases.last,
        "open": len(cases.open()),
        "unanswered": [case.id for case in unanswered],
        "notices": [notice.to_dict() for notice in step.notices],
        "changes": [change.to_dict() for change in step.changes],
    }
