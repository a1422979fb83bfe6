"""Actions of a case: agreed, started, done, verified, or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.assessment.result import worse
from coopgov.cases.case import CaseAction
from coopgov.cases.clocks import begun
from coopgov.cases.people import fully_acknowledged, known_name, same_person
from coopgov.cases.refusal import reason_of, refused
from coopgov.facts.subject import day_after
from coopgov.faults import did_you_mean

if TYPE_CHECKING:
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.event import Event
    from coopgov.cases.observed import Observed
    from coopgov.cases.words import ActionState
    from coopgov.rules import Action

__all__ = ["agreed", "done", "dropped", "started", "verified"]


def agreed(case: Case, event: Event, day: Observed) -> Case:
    """An action is agreed, or agreed anew with another owner or day; the ladder of acknowledgement stops."""
    action = _known(case, event, day)
    owner = known_name(case, event, _owner(case, event, action), day)
    due = _due(case, event, action, day)
    before = next((each for each in case.current_actions if each.id == action.id and each.open), None)
    if before is not None and (before.owner, before.due) == (owner, due):
        raise refused(case, event, "agreed", action=action.id)
    found = CaseAction(
        id=action.id,
        title=str(action.title),
        owner=owner,
        due=due,
        state="agreed" if before is None else before.state,
        opening=case.openings,
        agreed_on=event.on,
        told=False,
    )
    actions = (*(each for each in case.actions if each.id != action.id), found)
    return replace(
        case,
        handling="treating",
        actions=actions,
        climbing=False,
        unsaid=False,
        deadline=None,
        acknowledged_until=None,
    )


def _known(case: Case, event: Event, day: Observed) -> Action:
    if event.action is None:
        raise refused(case, event, "without", field="action")
    known = day.actions
    if event.action not in known:
        raise refused(case, event, "unknown-action", did_you_mean(event.action, known), action=event.action)
    return known[event.action]


def _owner(case: Case, event: Event, action: Action) -> str:
    owner = event.owner or action.owner or case.assignee
    if owner is None:
        raise refused(case, event, "without", field="owner")
    return owner


def _due(case: Case, event: Event, action: Action, day: Observed) -> date:
    due = event.due
    if due is None and action.within is not None:
        due = day_after(event.on, action.within, day.calendar)
    if due is None:
        raise refused(case, event, "without", field="due")
    if due < event.on:
        raise refused(case, event, "due-before-on", due=due, on=event.on)
    return due


def started(case: Case, event: Event) -> Case:
    """Somebody works on an action."""
    return _with(case, replace(_own(case, event, "agreed"), state="started"))


def done(case: Case, event: Event) -> Case:
    """An action is done; where the case is clear, it has to prove that it works from now on."""
    action = _own(case, event, "started")
    found = _with(case, replace(action, state="done", done_by=event.by, ended_on=event.on, overdue_by=None))
    return replace(found, clock=begun(event.on)) if case.signal == "clear" else found


def verified(case: Case, event: Event, day: Observed) -> Case:
    """Somebody else has seen that an action is done; once all are, it remains to be seen whether they work."""
    action = _own(case, event, "done")
    doer = action.done_by or action.owner
    if worse(case.severity) >= worse("major"):
        if event.by is None:
            raise refused(case, event, "without", field="by")
        if same_person(event.by, doer, day):
            raise refused(case, event, "own-work", by=event.by)
    return _settled(_with(case, replace(action, state="verified", evidence=event.evidence)), day)


def dropped(case: Case, event: Event, day: Observed) -> Case:
    """An action will not be done; without any action left, the case is as it was before the first."""
    reason = reason_of(case, event)
    action = _own(case, event, "agreed", "started", "done")
    ended = replace(action, state="dropped", reason=reason, ended_on=event.on, overdue_by=None)
    return _settled(_with(case, ended), day)


def _own(case: Case, event: Event, *states: ActionState) -> CaseAction:
    """The action of the case that an event names, in one of the states that allow the event."""
    if event.action is None:
        raise refused(case, event, "without", field="action")
    known = {each.id: each for each in case.current_actions}
    if event.action not in known:
        raise refused(case, event, "unknown-action", did_you_mean(event.action, known), action=event.action)
    found = known[event.action]
    if found.state not in states:
        raise refused(case, event, "order", action=found.id, state=found.state)
    return found


def _with(case: Case, action: CaseAction) -> Case:
    actions = tuple(action if each.id == action.id else each for each in case.actions)
    return replace(case, actions=actions)


def _settled(case: Case, day: Observed) -> Case:
    """The case after an action was verified or dropped."""
    left = case.current_actions
    counting = [each for each in left if not each.ineffective]
    if counting and all(each.state == "verified" for each in counting):
        return replace(case, handling="verifying")
    if left:
        return case
    if fully_acknowledged(case, day):
        return replace(case, handling="acknowledged")
    deadline = case.ladder[case.step - 1].by if 0 < case.step <= len(case.ladder) else None
    return replace(case, handling="new", climbing=True, deadline=deadline)
