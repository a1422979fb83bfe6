"""Catches up with the days that were missed: day by day, a day's assessment before its events."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, checked, each
from coopgov.case_errors import DayBeforeLastError
from coopgov.cases.advance import CASES, advanced
from coopgov.cases.answer import EVENT, answered
from coopgov.cases.change import Step
from coopgov.cases.observed import Observed
from coopgov.errors import ArgumentError
from coopgov.locales import phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.ruleset import RULES, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.cases.cases import Cases
    from coopgov.cases.event import Event
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet

__all__ = ["catch_up"]


@checked(
    cases=CASES, agreement=AN_AGREEMENT, rules=RULES, to=a_day, events=each(EVENT, "cases.expected.events")
)
def catch_up(
    cases: Cases,
    agreement: Agreement,
    rules: RuleSet | Engine,
    *,
    to: date,
    events: Iterable[Event] = (),
) -> Step:
    """Advance cases day by day until a day, each day as `assess` and `advance` would.

    Running it daily, weekly or once gives the same cases and the same notices, if the agreement stays the same.

    Args:
        cases: the cases as of the last day seen.
        agreement: what was agreed and observed; each day sees what was known then.
        rules: the rules of all these days.
        to: the last day. If it is the last day seen, only events are applied.
        events: what people said, in the order in which they said it; those of a day follow its assessment.

    Returns:
        The cases after the last day, and all notices and changes in one bundle.

    Raises:
        DayBeforeLastError: the day is before the last day seen.
        RefusedEventError: an event is not possible. Nothing is kept then, since cases do not change.
        UnknownCaseError: an event names a case that does not exist.
        ArgumentError: the agreement is another one.

    >>> from datetime import date
    >>> import coopgov
    >>> agreement = coopgov.load_agreement("examples/pilot/agreement.yaml")
    >>> cases = coopgov.Cases.begin("harbour-data", date(2026, 10, 1))
    >>> step = coopgov.catch_up(cases, agreement, coopgov.load_rules(), to=date(2026, 11, 6))
    >>> step.cases.find("phase-late@phase/core").severity
    'major'
    """
    if agreement.id != cases.agreement:
        raise ArgumentError("agreement", agreement, phrase("cases.expected.own-agreement"))
    engine = engine_of(rules)
    if to < (cases.last or cases.first):
        raise DayBeforeLastError(to, cases.last or cases.first)
    waiting = sorted(events, key=lambda event: event.on)
    steps = [Step(cases)]
    first = cases.first if cases.last is None else cases.last + timedelta(1)
    if cases.last is not None:
        waiting = _apply(steps, waiting, cases.last, agreement, engine)
    for passed in range((to - first).days + 1):
        now, on = steps[-1].cases, first + timedelta(passed)
        steps.append(advanced(now, Observed(agreement, engine, on, now)))
        waiting = _apply(steps, waiting, on, agreement, engine)
    for event in waiting:  # after the last day: each is refused
        now = steps[-1].cases
        answered(now, event, Observed(agreement, engine, event.on, now))
    return Step(
        steps[-1].cases,
        tuple(notice for step in steps for notice in step.notices),
        tuple(change for step in steps for change in step.changes),
    )


def _apply(
    steps: list[Step], events: list[Event], on: date, agreement: Agreement, engine: Engine
) -> list[Event]:
    """Apply the events until a day, which is the last one seen, and return the others."""
    for event in events:
        if event.on <= on:
            now = steps[-1].cases
            steps.append(answered(now, event, Observed(agreement, engine, event.on, now)))
    return [event for event in events if event.on > on]
