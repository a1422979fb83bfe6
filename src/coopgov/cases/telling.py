"""Notifies people of a case: rounds, the steps of a ladder, everyone who knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.cases.people import same_person
from coopgov.cases.texts import Told
from coopgov.facts.subject import day_after

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.cases.case import Case, CaseAction
    from coopgov.cases.recorder import Recorder
    from coopgov.cases.words import NoticeKind

__all__ = ["begin", "everyone", "one_notice", "overdue", "step", "tell_one"]

_BY_TIME: tuple[NoticeKind, ...] = ("reminder", "acknowledgement-ended")
"""The rounds that time alone begins; the change that begins any other round has been recorded already."""


def begin(
    recorder: Recorder, case: Case, kind: NoticeKind, *, climbing: bool = True, was: Case | None = None
) -> Case:
    """Begin a round: tell the first step of the ladder of the present severity, with deadlines that count from today.

    If the case became worse, everyone who was notified before, and is not notified now, is informed. `was` is the case
    as it was recorded last, if it has changed since.
    """
    before, after = was or case, _new_round(recorder, case)
    informed = case.unsaid or kind == "worsened"
    after = replace(
        after,
        ladder=recorder.day.ladder(case.rule, case.severity, case.about),
        climbing=climbing,
    )
    ended = case.owed
    after = step(recorder, after, 1, kind, ended=ended, asks=climbing)
    if informed:
        names = _others(recorder, case, _receivers(recorder, after, 1)[0])
        for name in names:
            recorder.tell(after, name, Told(kind="informed", others=_without(after.told, name)))
        after = replace(after, told=_with(after.told, names))
    return recorder.write(before, after, kind if kind in _BY_TIME else "told")


def one_notice(recorder: Recorder, case: Case, kind: NoticeKind) -> Case:
    """Begin a round with one notice that asks for no answer; a ladder that runs goes on where it was."""
    before, after = case, _new_round(recorder, case)
    running = after if case.climbing and case.ladder else None
    after = replace(after, ladder=recorder.day.ladder(case.rule, case.severity, case.about))
    after = step(recorder, after, 1, kind, ended=case.owed, asks=False)
    if running is not None:
        after = replace(after, ladder=running.ladder, step=running.step, deadline=running.deadline)
    return recorder.write(before, after, "told")


def _new_round(recorder: Recorder, case: Case) -> Case:
    rule, on = recorder.day.by_id.get(case.rule), recorder.day.on
    within = None if rule is None else rule.treated_within(case.severity)
    return replace(
        case,
        round=case.round + 1,
        round_on=on,
        treat_by=None if within is None else day_after(on, within, recorder.day.calendar),
        treat_told=False,
        owed=None,
        unsaid=False,
    )


def step(  # what a notice of a step says
    recorder: Recorder,
    case: Case,
    number: int,
    kind: NoticeKind,
    *,
    by: date | None = None,
    asks: bool = True,
    ended: NoticeKind | None = None,
) -> Case:
    """Notify a step of the ladder, the next one for a vacant one; without `by`, its deadline is that of the ladder."""
    deadline = (by or case.ladder[number - 1].by) if asks else None
    names, vacant_for = _receivers(recorder, case, number)
    if vacant_for is not None and all(recorder.day.vacant(rung.to) for rung in case.ladder):
        recorder.note("ladder-vacant", case=case.id, ladder=[rung.to for rung in case.ladder])
    silent = _silent(recorder, case, number) if kind in ("escalated", "reminder") else ()
    for name in names:
        told = Told(
            kind=kind,
            by=deadline,
            vacant_for=vacant_for,
            silent=silent,
            others=_without(case.told, name),
            ended=ended,
        )
        recorder.tell(case, name, told, step=number)
    return replace(
        case,
        step=number,
        deadline=deadline,
        told=_with(case.told, names),
        told_on=recorder.day.on,
    )


def overdue(recorder: Recorder, case: Case, number: int, action: CaseAction, by: date | None) -> Case:
    """Tell a step of the ladder that an action is overdue; the ladder of the round stays where it is."""
    names, vacant_for = _receivers(recorder, case, number)
    for name in names:
        others = _without(case.told, name)
        told = Told(kind="action-overdue", by=by, vacant_for=vacant_for, action=action, others=others)
        recorder.tell(case, name, told, step=number)
    return replace(case, told=_with(case.told, names))


def tell_one(recorder: Recorder, case: Case, name: str, told: Told) -> Case:
    """Tell a name outside of the ladder; the deputies of those who are absent are notified instead."""
    names = recorder.day.receivers(name)
    for each in names:
        recorder.tell(case, each, replace(told, others=_without(case.told, each)))
    return replace(case, told=_with(case.told, names))


def everyone(recorder: Recorder, case: Case, kind: NoticeKind) -> None:
    """Tell everyone who was notified in this opening; who was notified under two names hears it once."""
    for name in _others(recorder, case, ()):
        recorder.tell(case, name, Told(kind=kind, others=_without(case.told, name)))


def _others(recorder: Recorder, case: Case, now: tuple[str, ...]) -> tuple[str, ...]:
    """Everyone who was notified in this opening, but not those of now; each person once, under any name."""
    found: list[str] = []
    for name in case.told:
        for each in recorder.day.receivers(name):
            if not any(same_person(each, other, recorder.day) for other in (*now, *found)):
                found.append(each)
    return tuple(found)


def _receivers(recorder: Recorder, case: Case, number: int) -> tuple[tuple[str, ...], str | None]:
    """Who is notified of a step, and the vacant step that they stand in for.

    Of a vacant step, the next one is notified that is not vacant; without one, the last before it, then the owner of
    the subject.
    """
    day, own = recorder.day, case.ladder[number - 1].to
    if not day.vacant(own):
        return day.receivers(own), None
    later, earlier = case.ladder[number:], reversed(case.ladder[:number])
    others = [rung.to for rung in (*later, *earlier)]
    for name in (*others, day.fallback(case.about)):
        if not day.vacant(name):
            return day.receivers(name), own
    return (own,), own


def _silent(recorder: Recorder, case: Case, number: int) -> tuple[str, ...]:
    """Who was asked for an answer and gave none: the parties where each must answer, else the steps before."""
    if recorder.day.asks_each_party(case):
        parties = (party.id for party in recorder.day.agreement.parties)
        return tuple(party for party in parties if party not in case.acknowledged)
    steps = case.ladder if number == 1 else case.ladder[: number - 1]
    return tuple(dict.fromkeys(rung.to for rung in steps))


def _with(told: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*told, *names)))


def _without(told: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in told if each != name)
