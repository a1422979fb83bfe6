"""The machine of handling: what a case becomes by what people say, event by event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from coopgov.cases.actions import agreed, done, dropped, started, verified
from coopgov.cases.case import CaseCause, CaseWaiver
from coopgov.cases.clocks import begun
from coopgov.cases.closing import closed, opened
from coopgov.cases.flags import waived
from coopgov.cases.people import fully_acknowledged, known_name, may_acknowledge, party_of
from coopgov.cases.refusal import possible, reason_of, refused
from coopgov.cases.words import CLOSED_BY_PEOPLE
from coopgov.facts.subject import day_after
from coopgov.faults import did_you_mean
from coopgov.locales import one_of, phrase
from coopgov.schema import FrozenMap
from coopgov.synonyms import GROUPS, TABLES, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.cases.case import Case
    from coopgov.cases.event import Event
    from coopgov.cases.observed import Observed
    from coopgov.cases.words import Outcome, Signal
    from coopgov.locales import Phrase

__all__ = ["handled"]


def handled(case: Case, event: Event, day: Observed) -> Case:  # noqa: C901, PLR0911, PLR0912  # a table
    """What an event makes of a case, before anybody is notified.

    Raises:
        RefusedEventError: the state of the case, or what the event says, does not allow it.
    """
    if event.event not in possible(case):
        raise refused(case, event, "state")
    if event.by is not None and not event.by.strip():
        raise refused(case, event, "without", field="by")
    match event.event:
        case "acknowledge":
            return _acknowledge(case, event, day)
        case "assign":
            return _assign(case, event, day)
        case "cause":
            return _cause(case, event, day)
        case "agree":
            return agreed(case, event, day)
        case "start":
            return started(case, event)
        case "done":
            return done(case, event)
        case "verify":
            return verified(case, event, day)
        case "drop":
            return dropped(case, event, day)
        case "waive":
            return _waive(case, event, day)
        case "close":
            return _close(case, event)
        case "reopen":
            return _reopen(case, event, day)
        case "move":
            return _move(case, event, day)
        case _:
            assert_never(event.event)


def _meant(word: str, choices: Iterable[str]) -> Phrase:
    """The hint for a word that is none of some: the nearest, or all of them."""
    return did_you_mean(word, choices) or phrase("errors.write", spelling=one_of(choices))


def _acknowledge(case: Case, event: Event, day: Observed) -> Case:
    """It is known: by anybody who was notified, or by each party where the rule asks for that."""
    if event.by is None:
        raise refused(case, event, "without", field="by")
    if event.until is not None and event.until < event.on:
        raise refused(case, event, "until-before-on", until=event.until, on=event.on)
    if not event.force and not may_acknowledge(case, event.by, day):
        raise refused(case, event, "not-notified", by=event.by)
    party = party_of(event.by, day)
    each_party = day.asks_each_party(case)
    if each_party and party is None:
        raise refused(case, event, "no-party", by=event.by)
    name = party or day.holders.of(event.by)
    if each_party and name in case.acknowledged:
        raise refused(case, event, "acknowledged", by=name)
    answered = FrozenMap({**case.acknowledged, name: event.on})
    until = min((each for each in (case.acknowledged_until, event.until) if each), default=None)
    found = replace(case, acknowledged=answered, acknowledged_until=until)
    return _answered(found) if fully_acknowledged(found, day) else found


def _answered(case: Case) -> Case:
    """The case with its ladders stopped, those of overdue actions too."""
    return replace(
        case,
        handling="acknowledged" if case.handling == "new" else case.handling,
        climbing=False,
        unsaid=False,
        deadline=None,
        actions=tuple(replace(each, overdue_by=None) for each in case.actions),
    )


def _assign(case: Case, event: Event, day: Observed) -> Case:
    if event.to is None:
        raise refused(case, event, "without", field="to")
    name = known_name(case, event, event.to, day)
    if name == case.assignee:
        raise refused(case, event, "assigned", to=name)
    return replace(case, assignee=name, assignee_told=False)


def _cause(case: Case, event: Event, day: Observed) -> Case:
    if event.is_ is None:
        raise refused(case, event, "without", field="is")
    rule = day.by_id.get(case.rule)
    causes = () if rule is None else rule.causes
    word = canonical(event.is_, "cause") or (event.is_ if event.is_ in causes else None)
    if word is None:
        words = [word for table in GROUPS["cause"] for word in TABLES[table]]
        near = _meant(event.is_, dict.fromkeys((*causes, *words)))
        raise refused(case, event, "not-a-cause", near, word=event.is_)
    return replace(case, causes=(*case.causes, CaseCause(word, event.note, event.by, event.on)))


def _waive(case: Case, event: Event, day: Observed) -> Case:
    reason = reason_of(case, event)
    if event.until is None:
        raise refused(case, event, "without", field="until")
    if event.until < event.on:
        raise refused(case, event, "past-day", until=event.until)
    longest = day_after(event.on, day.settings.max_waiver, day.calendar)
    if event.until > longest:
        raise refused(case, event, "too-long", until=event.until, longest=longest)
    until = max(event.until, case.waived_until or event.until)
    return replace(case, waiver=CaseWaiver(event.until, reason, event.by), waived_until=until)


def _close(case: Case, event: Event) -> Case:
    outcome: Outcome | None = next((each for each in CLOSED_BY_PEOPLE if each == event.outcome), None)
    if outcome is None:
        found = event.outcome or ""
        raise refused(case, event, "outcome", _meant(found, CLOSED_BY_PEOPLE), outcome=found)
    if case.signal == "pending" and outcome != "not-confirmed":
        raise refused(case, event, "pending")
    if outcome == "resolved" and case.signal != "clear":
        raise refused(case, event, "not-clear")
    if outcome == "resolved" and any(each.open for each in case.current_actions):
        raise refused(case, event, "open-actions")
    if outcome != "resolved":
        reason_of(case, event)
    return closed(case, outcome, case.says, event.on)


def _reopen(case: Case, event: Event, day: Observed) -> Case:
    """It opens again because somebody says so; its signal is what the rule says on that day."""
    reason_of(case, event)
    if day.before.of(case.rule, case.about) != case:
        raise refused(case, event, "another", name=case.name)
    seen = day.says(case)
    severity = seen.severity or case.severity
    signals: dict[str, Signal] = {"C": "clear", "U": "no-data"}
    found = opened(replace(case, clock=None, late=False), severity, event.on)
    signal = signals.get(seen.says, "firing")
    clock = None if signal == "firing" else begun(event.on)
    return waived(replace(found, signal=signal, clock=clock, says=seen.says), day)


def _move(case: Case, event: Event, day: Observed) -> Case:
    """Its subject has another name now."""
    if event.about is None:
        raise refused(case, event, "without", field="about")
    subject = day.subjects.get(event.about)
    if subject is None or subject.about != case.about.partition("/")[0]:
        near = [each.id for each in day.subjects.values() if each.about == case.about.partition("/")[0]]
        raise refused(case, event, "no-subject", did_you_mean(event.about, near), about=event.about)
    other = day.before.of(case.rule, event.about)
    if event.about == case.about or (other is not None and other.open):
        raise refused(case, event, "another", name=f"{case.rule}@{event.about}")
    return replace(case, about=event.about)
