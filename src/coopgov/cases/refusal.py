"""Which events are possible for a case, and the refusal of those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from coopgov.case_errors import RefusedEventError
from coopgov.cases.words import EVENTS
from coopgov.faults import NO_HINT
from coopgov.locales import Phrase, listed, phrase

if TYPE_CHECKING:
    from coopgov.cases.case import Case
    from coopgov.cases.event import Event
    from coopgov.cases.words import EventName

__all__ = ["ladder_runs", "possible", "reason_of", "refused"]


def possible(case: Case) -> tuple[EventName, ...]:
    """The events that the state of a case allows now, whatever they say besides."""
    return tuple(event for event in EVENTS if _allowed(case, event))


def _allowed(case: Case, event: EventName) -> bool:
    states = {action.state for action in case.current_actions}
    fired = case.open and case.signal != "pending"
    match event:
        case "cause" | "move":
            return True
        case "assign" | "waive" | "close":
            return case.open
        case "acknowledge":
            return fired and (case.handling == "new" or ladder_runs(case))
        case "agree":
            return fired
        case "start":
            return fired and "agreed" in states
        case "done":
            return fired and "started" in states
        case "verify":
            return fired and "done" in states
        case "drop":
            return fired and not states <= {"verified"}
        case "reopen":
            return not case.open
        case _:
            assert_never(event)


def ladder_runs(case: Case) -> bool:
    """Whether somebody further up will hear of the case if nobody answers: of the case itself, or of an action."""
    return case.climbing or any(each.open and each.overdue_by is not None for each in case.current_actions)


def reason_of(case: Case, event: Event) -> str:
    """The reason that an event gives.

    Raises:
        RefusedEventError: it gives none, or a blank one.
    """
    if event.reason is None or not event.reason.strip():
        raise refused(case, event, "without", field="reason")
    return event.reason


def refused(
    case: Case, event: Event, why: str, hint: Phrase = NO_HINT, /, **values: object
) -> RefusedEventError:
    """The error of an event that is not possible; `why` is the key of the reason."""
    events = possible(case)
    said = phrase(f"cases.refused.why.{why}", **values)
    expected = phrase("cases.refused.expected", possible=listed(events))
    return RefusedEventError(case.id, case.state, event.event, events, said, expected, hint)
