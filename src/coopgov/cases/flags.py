"""The two flags of a case: it is waived, or the case of another rule hides it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.observed import Observed
    from coopgov.model import WorkingCalendar

__all__ = ["flagged", "hiding", "inhibited", "waived"]


def flagged(case: Case) -> bool:
    """Whether nobody is notified of a case, because it is waived or inhibited."""
    return case.waived_until is not None or case.inhibited_by is not None


def waived(case: Case, day: Observed) -> Case:
    """The case with the waiver that is in force on a day; that one has ended is owed to those who were not notified."""
    own = case.waiver if case.waiver is not None and case.waiver.until >= day.on else None
    lasts = [until for until in (None if own is None else own.until, day.waived(case)) if until is not None]
    until = max(lasts, default=None)
    if (own, until) == (case.waiver, case.waived_until):
        return case
    ended = case.waived_until is not None and until is None and case.signal != "pending"
    return replace(case, waiver=own, waived_until=until, owed="waiver-ended" if ended else case.owed)


def inhibited(case: Case, by: str | None, day: Observed) -> Case:
    """The case with the one that hides it; the clock of its ladder stops for as long as one does."""
    if by == case.inhibited_by:
        return case
    if by is not None:
        since = case.inhibited_since if case.inhibited_by is not None else day.on
        return replace(case, inhibited_by=by, inhibited_since=since)
    owed = case.owed if case.signal == "pending" else "inhibition-ended"
    if case.inhibited_since is not None:
        case = _delayed(case, case.inhibited_since, day.on, day.calendar)
    return replace(case, inhibited_by=None, inhibited_since=None, owed=owed)


def _delayed(case: Case, since: date, on: date, calendar: WorkingCalendar) -> Case:
    """The case with the deadlines of its running ladders later, by the working days of its inhibition."""
    lost = calendar.count(since - timedelta(1), on - timedelta(1))

    def later(by: date | None) -> date | None:
        return by if by is None or by < since else calendar.add(by, lost)

    return replace(
        case,
        deadline=later(case.deadline),
        ladder=tuple(replace(rung, by=later(rung.by)) for rung in case.ladder),
        actions=tuple(replace(each, overdue_by=later(each.overdue_by)) for each in case.actions),
    )


def hiding(cases: Iterable[Case], day: Observed) -> Mapping[str, str]:
    """The ids of open cases that others hide, each with that of the other: the worst, then the first by its name.

    A case hides others while it is firing and not waived, if it is at least as severe. Cases about milestones are
    never hidden: milestones are what was contracted.
    """
    open_cases = {(case.rule, case.about): case for case in cases}
    hides = {
        key: case for key, case in open_cases.items() if case.signal == "firing" and case.waived_until is None
    }
    by_rule = {(each.by, name): each for each in day.rules.inhibitions for name in each.hides}
    rules = {rule for rule, _ in hides}
    found: dict[str, tuple[int, str, str]] = {}
    for (by, name), inhibition in by_rule.items():
        for case in open_cases.values() if by in rules else ():
            if case.rule != name or case.about.startswith("milestone/"):
                continue
            for place in day.wholes(case.about) if inhibition.about == "children" else (case.about,):
                other = hides.get((by, place))
                if other is not None and worse(other.severity) >= worse(case.severity):
                    rank = -worse(other.severity), other.name, other.id
                    found[case.id] = min(found.get(case.id, rank), rank)
    return {id_: rank[2] for id_, rank in found.items()}
