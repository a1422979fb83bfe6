"""Applies what somebody says about a case, and notifies those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import an_instance, checked
from coopgov.cases.advance import CASES
from coopgov.cases.change import Step
from coopgov.cases.due import untold
from coopgov.cases.event import Event
from coopgov.cases.flags import flagged
from coopgov.cases.handling import handled
from coopgov.cases.observed import Observed
from coopgov.cases.recorder import Recorder
from coopgov.cases.refusal import refused
from coopgov.cases.telling import begin
from coopgov.cases.words import EVENTS
from coopgov.errors import ArgumentError
from coopgov.faults import did_you_mean
from coopgov.locales import listed, phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.ruleset import RULES, engine_of

if TYPE_CHECKING:
    from coopgov.cases.cases import Cases
    from coopgov.cases.recorder import Write
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet

__all__ = ["EVENT", "answer", "answered"]

EVENT = an_instance(Event, "cases.expected.event")
"""The argument of functions that take an event."""


@checked(cases=CASES, event=EVENT, agreement=AN_AGREEMENT, rules=RULES)
def answer(cases: Cases, event: Event, *, agreement: Agreement, rules: RuleSet | Engine) -> Step:
    """Apply an event of the last day seen.

    Args:
        cases: the cases as of the last day seen.
        event: what somebody says about one of them, on that day.
        agreement: what was agreed; it names people and contingency plans.
        rules: the rules of that day.

    Returns:
        The cases after the event, the notices to give, and the changes for the log.

    Raises:
        RefusedEventError: the event is not possible; it says why, and which events are.
        UnknownCaseError: there is no such case.
        ArgumentError: there is no such event, or the agreement is another one.

    >>> from datetime import date
    >>> import coopgov
    >>> agreement, rules = coopgov.load_agreement("examples/pilot/agreement.yaml"), coopgov.load_rules()
    >>> cases = coopgov.Cases.begin("harbour-data", date(2026, 11, 9))
    >>> cases = coopgov.catch_up(cases, agreement, rules, to=date(2026, 11, 9)).cases
    >>> known = coopgov.Event(on=date(2026, 11, 9), case="phase-late@phase/core", event="acknowledge", by="pm")
    >>> coopgov.answer(cases, known, agreement=agreement, rules=rules).cases.find("phase-late@phase/core").state
    'acknowledged'
    """
    if agreement.id != cases.agreement:
        raise ArgumentError("agreement", agreement, phrase("cases.expected.own-agreement"))
    if event.event not in EVENTS:
        expected = phrase("errors.one-of", choices=listed(EVENTS))
        raise ArgumentError("event", event.event, expected, did_you_mean(str(event.event), EVENTS))
    return answered(cases, event, Observed(agreement, engine_of(rules), event.on, cases))


def answered(cases: Cases, event: Event, day: Observed, write: Write | None = None) -> Step:
    """Apply an event to the cases of a day; `write` gives the texts of notices."""
    before = cases.find(event.case)
    if cases.last is None or event.on > cases.last:
        raise refused(before, event, "later", on=event.on, last=cases.last)
    if event.on < cases.last:
        raise refused(before, event, "earlier", on=event.on, last=cases.last)
    recorder = Recorder(cases, day, event, write)
    case = recorder.write(before, handled(before, event, day), event.event)
    if not flagged(case) and case.signal != "pending":
        if event.event == "reopen":
            case = begin(recorder, case, "re-opened")
        if case.open:
            untold(recorder, case)
    return Step(recorder.cases(), tuple(recorder.notices), tuple(recorder.changes))
