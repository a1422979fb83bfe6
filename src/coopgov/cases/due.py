"""What falls due on a day: the end of a flag, the next step, a reminder, overdue actions, missing data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.cases.clocks import lasted
from coopgov.cases.flags import flagged
from coopgov.cases.telling import begin, one_notice, overdue, step, tell_one
from coopgov.cases.texts import Told
from coopgov.facts.subject import day_after
from coopgov.schema import FrozenMap, parse_span

if TYPE_CHECKING:
    from datetime import date

    from coopgov.cases.case import Case, CaseAction
    from coopgov.cases.recorder import Recorder

__all__ = ["active", "due", "untold"]


def active(case: Case) -> bool:
    """Whether a case asks for something: it is firing or without data, and nothing hides it."""
    return case.signal in ("firing", "no-data") and not flagged(case)


def due(recorder: Recorder, case: Case) -> Case:
    """Tell everything that is due; what time alone makes falls on a working day."""
    if not active(case):
        return case
    working = recorder.day.calendar.is_working(recorder.day.on)
    case = _ended(recorder, case, working=working)
    case = untold(recorder, case)
    if not working:
        return case
    case = _next_steps(recorder, case)
    case = _reminder(recorder, case)
    case = _treatment(recorder, case)
    case = _overdue_actions(recorder, case)
    return _missing_data(recorder, case)


def _ended(recorder: Recorder, case: Case, *, working: bool) -> Case:
    """The end of a waiver, an inhibition or an acknowledgement."""
    until = case.acknowledged_until
    if until is not None and recorder.day.on > until and working:
        handling = "new" if case.handling == "acknowledged" else case.handling
        fallen = replace(case, handling=handling, acknowledged=FrozenMap(), acknowledged_until=None)
        return begin(recorder, fallen, case.owed or "acknowledgement-ended", was=case)
    if case.owed is None or (case.owed != "inhibition-ended" and not working):
        return case
    if case.handling == "new" or case.unsaid:
        return begin(recorder, case, case.owed)
    return one_notice(recorder, case, case.owed)


def untold(recorder: Recorder, case: Case) -> Case:
    """The assignment and the actions of which their owners do not know yet."""
    before = case
    if case.assignee is not None and not case.assignee_told:
        case = replace(case, assignee_told=True)
        case = tell_one(recorder, case, before.assignee or "", Told(kind="assigned", by=case.deadline))
    for action in case.current_actions:
        if action.open and not action.told:
            case = _with_action(case, replace(action, told=True))
            told = Told(kind="action-agreed", by=action.due, action=action)
            case = tell_one(recorder, case, action.owner, told)
    return recorder.write(before, case, "told")


def _next_steps(recorder: Recorder, case: Case) -> Case:
    """The steps whose predecessors did not answer by their deadlines."""
    while case.climbing and case.step < len(case.ladder):
        by = case.ladder[case.step - 1].by
        if by is None or recorder.day.on <= by:
            return case
        case = recorder.write(case, step(recorder, case, case.step + 1, "escalated"), "escalated")
    return case


def _reminder(recorder: Recorder, case: Case) -> Case:
    """The first step again, some time after a ladder was used up and nobody answered."""
    last = case.ladder[-1].by if case.ladder else None
    if not case.climbing or last is None or case.told_on is None or case.step < len(case.ladder):
        return case
    day = recorder.day
    if day.on < max(last, day_after(case.told_on, day.settings.remind, day.calendar)):
        return case
    return begin(recorder, case, "reminder")


def _treatment(recorder: Recorder, case: Case) -> Case:
    """The next step that was not notified yet, if no action was agreed in time."""
    if case.treat_by is None or case.treat_told or recorder.day.on <= case.treat_by:
        return case
    if any(not each.ineffective for each in case.current_actions):
        return case
    number = min(case.step + 1, len(case.ladder))
    by = case.ladder[number - 1].by
    if by is not None and by < recorder.day.on:
        by = _within(recorder, case, number, recorder.day.on)
    after = step(recorder, replace(case, treat_told=True), number, "treat-overdue", by=by)
    return recorder.write(case, after, "treat-overdue")


def _overdue_actions(recorder: Recorder, case: Case) -> Case:
    """Each action that is not done by its day: the first step of the ladder, then up."""
    on = recorder.day.on
    for action in case.current_actions:
        if not action.open or on <= action.due:
            continue
        if action.overdue_step and (action.overdue_by is None or on <= action.overdue_by):
            continue
        number = action.overdue_step + 1
        if number > len(case.ladder):
            continue
        by = _within(recorder, case, number, action.overdue_by or on)
        known = replace(action, overdue_step=number, overdue_by=by)
        after = overdue(recorder, _with_action(case, known), number, known, by)
        case = recorder.write(case, after, "action-overdue")
    return case


def _within(recorder: Recorder, case: Case, number: int, after: date) -> date | None:
    """The deadline of a step that begins on a day; None for the one step of a severity without a ladder."""
    within = case.ladder[number - 1].within
    return None if within is None else day_after(after, parse_span(within), recorder.day.calendar)


def _missing_data(recorder: Recorder, case: Case) -> Case:
    """The owner of the datum, once a round, if data have been missing for too long."""
    day = recorder.day
    if case.signal != "no-data" or case.clock is None or case.no_data_round == case.round:
        return case
    if not lasted(case.clock, day.settings.no_data, day.on, day.calendar):
        return case
    after = replace(case, no_data_round=case.round)
    after = tell_one(recorder, after, day.datum_owner(case), Told(kind="no-data"))
    return recorder.write(case, after, "no-data-told")


def _with_action(case: Case, action: CaseAction) -> Case:
    actions = tuple(action if each.id == action.id else each for each in case.actions)
    return replace(case, actions=actions)
