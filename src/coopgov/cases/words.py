"""The words of cases: signals, handlings, states, events, kinds of notices."""

from typing import Literal, get_args

__all__ = [
    "ACTION_STATES",
    "CLOSED_BY_PEOPLE",
    "EVENTS",
    "FREE_TEXTS",
    "NOTICE_KINDS",
    "STATES",
    "ActionState",
    "CaseState",
    "ClosedByPeople",
    "EventName",
    "Handling",
    "NoticeKind",
    "Outcome",
    "Says",
    "Signal",
]

Signal = Literal["none", "pending", "firing", "recovering", "no-data", "clear"]
"""What the rule of a case says about its subject, over days; `none` in a closed case."""
Handling = Literal["new", "acknowledged", "treating", "verifying", "closed"]
"""What people do about a case."""
CaseState = Literal[
    "closed",
    "waived",
    "inhibited",
    "pending",
    "no-data",
    "treating",
    "verifying",
    "recovering",
    "clear",
    "acknowledged",
    "firing",
]
"""The one word that is shown for a case; the first that applies."""
STATES: tuple[CaseState, ...] = get_args(CaseState)
"""The words that are shown for cases, in the order of their precedence."""
Says = Literal["N", "P", "E", "B", "H", "C", "U"]
"""What a rule says about a subject on one day.

`N`: the rule or the subject is gone, or the rule does not apply. `P`: it holds, but nothing can change any more. `E`:
nothing can change any more, and it does not hold. `B`: a band holds. `H`: no band holds, but one is not left yet. `C`:
clear. `U`: undetermined.
"""
Outcome = Literal["resolved", "accepted", "not-confirmed", "duplicate", "not-applicable", "past"]
"""Why a case was closed."""
ClosedByPeople = Literal["resolved", "accepted", "not-confirmed", "duplicate"]
"""The outcomes that an event can give; the others follow from what the rule says."""
CLOSED_BY_PEOPLE: tuple[ClosedByPeople, ...] = get_args(ClosedByPeople)
"""The outcomes that an event can give."""
ActionState = Literal["agreed", "started", "done", "verified", "dropped"]
"""How far an agreed action is."""
ACTION_STATES: tuple[ActionState, ...] = get_args(ActionState)
"""The states of agreed actions."""
EventName = Literal[
    "acknowledge",
    "assign",
    "cause",
    "agree",
    "start",
    "done",
    "verify",
    "drop",
    "waive",
    "close",
    "reopen",
    "move",
]
"""What people can say about a case."""
EVENTS: tuple[EventName, ...] = get_args(EventName)
"""The events of cases."""
NoticeKind = Literal[
    "fired",
    "worsened",
    "informed",
    "escalated",
    "re-opened",
    "reminder",
    "no-data",
    "assigned",
    "action-agreed",
    "action-overdue",
    "treat-overdue",
    "clear-with-open-actions",
    "ineffective",
    "waiver-ended",
    "inhibition-ended",
    "acknowledgement-ended",
    "closed",
]
"""Why a notice is given."""
NOTICE_KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
"""The kinds of notices."""
FREE_TEXTS = ("note", "reason", "evidence")
"""The keys, anywhere in the JSON of cases, changes and events, whose values are free text that people wrote."""
