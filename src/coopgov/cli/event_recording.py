"""Events of a file, applied all or not at all; refusals become faults at the places of the events, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.case_errors import CaseError
from coopgov.cases.answer import answer
from coopgov.cases.catch_up import catch_up
from coopgov.cases.change import Step
from coopgov.cases.event import Event
from coopgov.errors import EventsError
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.cases.cases import Cases
    from coopgov.cases.change import CaseChange
    from coopgov.cases.events_file import Events
    from coopgov.faults import Fault
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["recorded", "with_events"]

Numbered = tuple[int, Event]
"""An event and its number in the file."""


def _new_events(events: Events, agreement: str, log: Iterable[CaseChange]) -> list[Numbered]:
    """The events that the log does not have yet, so that a file can be recorded again after it has grown.

    Raises:
        EventsError: the file is about another agreement.
    """
    if events.agreement != agreement:
        expected = phrase("cases.events.other-agreement", agreement=agreement)
        raise EventsError(
            [events.fault_at("agreement", "store-other-agreement", verbatim(events.agreement), expected)]
        )
    known = [dict(change.event) for change in log if change.event]
    found: list[Numbered] = []
    for number, event in enumerate(events.events):
        if event.to_dict() in known:
            known.remove(event.to_dict())
        else:
            found.append((number, event))
    return found


def with_events(
    cases: Cases,
    agreement: Agreement,
    rules: RuleSet,
    to: date,
    events: Events | None,
    log: Iterable[CaseChange] = (),
) -> Step:
    """Catch up with the days until `to`, each followed by its events; without days, apply the events of the last day.

    Events after `to` wait for their day.

    Raises:
        EventsError: with a fault for each event that is refused.
        DayBeforeLastError: `to` is before the last day seen.
    """
    if events is None:
        return catch_up(cases, agreement, rules, to=to)
    waiting = [each for each in _new_events(events, cases.agreement, log) if each[1].on <= to]
    steps = [Step(cases)]
    faults: list[Fault] = []
    days = {event.on for _, event in waiting if cases.last is None or event.on > cases.last}
    for day in [*([] if cases.last is None else [cases.last]), *sorted({*days, to})]:
        now = steps[-1].cases
        steps.append(catch_up(now, agreement, rules, to=day))
        due = [each for each in waiting if each[1].on <= day]
        waiting = [each for each in waiting if each[1].on > day]
        steps += _applied(steps[-1].cases, due, agreement, rules, events, faults)
    if faults:
        raise EventsError(faults)
    return _joined(steps)


def _applied(
    cases: Cases,
    events: Iterable[Numbered],
    agreement: Agreement,
    rules: RuleSet,
    file: Events,
    faults: list[Fault],
) -> Iterator[Step]:
    for number, event in events:
        try:
            step = answer(cases, event, agreement=agreement, rules=rules)
        except CaseError as error:
            faults.append(file.fault(number, error.code, error.found, error.expected, error.hint))
        else:
            cases = step.cases
            yield step


def recorded(
    cases: Cases, agreement: Agreement, rules: RuleSet, events: Events, log: Iterable[CaseChange]
) -> Step:
    """Apply the events that the log does not have; each is of the last day seen, or it is refused.

    Raises:
        EventsError: with a fault for each event that is refused.
    """
    faults: list[Fault] = []
    new = _new_events(events, cases.agreement, log)
    steps = [Step(cases), *_applied(cases, new, agreement, rules, events, faults)]
    if faults:
        raise EventsError(faults)
    return _joined(steps)


def _joined(steps: list[Step]) -> Step:
    """Several steps as one."""
    return Step(
        steps[-1].cases,
        tuple(notice for step in steps for notice in step.notices),
        tuple(change for step in steps for change in step.changes),
    )
