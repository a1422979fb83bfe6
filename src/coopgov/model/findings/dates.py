"""Finds dates that are probably mistyped: far from the term or from their phase, a target before its baseline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.model.contents import Calendar, Rate
from coopgov.model.targets import Baseline, Reading
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import Defect, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.findings.parts import Found
    from coopgov.model.periods import Ends
    from coopgov.model.phases import Phase
    from coopgov.schema.problems import Path

__all__ = [
    "early_decisions",
    "early_reports",
    "early_targets",
    "in_words",
    "outside_the_phase",
    "outside_the_term",
]

_OF_ANY_YEAR = (Calendar, Rate)
"""Holidays and rates serve whatever dates there are; theirs say nothing about the cooperation."""
_OFTEN_OLDER = (Baseline, Reading)
"""What was measured before the cooperation began is as old as it is."""
_SEVERAL = (tuple, FrozenMap)
_LEAST, _MOST = 30, 365
"""Days outside a phase that are not far, in a very short phase and in a very long one."""


def early_targets(agreement: Contents) -> Iterator[Defect]:
    """Find targets whose day comes before that of their baseline."""
    for at, kpi in enumerate(agreement.kpis):
        if kpi.baseline is None or kpi.target is None:
            continue
        term = agreement.term.sound
        on, by = kpi.baseline.on or term.start, kpi.target.by or term.end
        if on is None or by is None:
            continue
        if by < on and kpi.target.by:
            expected = phrase("model.target-before-baseline.target", day=on)
            yield Defect(("kpis", at, "target", "by"), "target-before-baseline", shown(by), expected)
        elif by < on:
            expected = phrase("model.target-before-baseline.baseline", day=by)
            yield Defect(("kpis", at, "baseline", "on"), "target-before-baseline", shown(on), expected)


def outside_the_term(agreement: Contents, parts: Sequence[Found]) -> Iterator[Defect]:
    """Find dates more than a year before or after the term, at most one in each part."""
    term = agreement.term.sound
    for found in parts:
        early = not isinstance(found.part, _OFTEN_OLDER)
        far = next(((key, day) for key, day in _days_of(found) if _far_from(day, term, early=early)), None)
        if far:
            expected = phrase("model.outside-the-term.expected", term=in_words(term))
            yield Defect((*found.path, *far[0]), "outside-the-term", shown(far[1]), expected)


def early_decisions(agreement: Contents) -> Iterator[Defect]:
    """Find decisions that are due, or were carried out, before the meeting that took them."""
    for at, meeting in enumerate(agreement.meetings):
        for number, minutes in enumerate(meeting.minutes):
            for position, decision in enumerate(minutes.decisions):
                path = ("meetings", at, "minutes", number, "decisions", position)
                expected = phrase("model.decision-before-meeting.expected", day=minutes.on)
                for key, day in (("due", decision.due), ("done", decision.done)):
                    if day is not None and day < minutes.on:
                        yield Defect((*path, key), "decision-before-meeting", shown(day), expected)


def early_reports(agreement: Contents) -> Iterator[Defect]:
    """Find reports that are due, or were signed, before the end of what they report on."""
    for at, report in enumerate(agreement.reports):
        end = report.period.sound.end
        signed = ((("signed_by", party), day) for party, day in report.signed_by.items())
        for key, day in ((("due",), report.due), *signed):
            if end is not None and day is not None and day < end:
                expected = phrase("model.report-before-period-end.expected", end=end)
                yield Defect(("reports", at, *key), "report-before-period-end", shown(day), expected)


def _days_of(found: Found) -> Iterator[tuple[Path, date]]:
    """The dates of a part itself with their keys; those of one key from the earliest to the latest."""
    if isinstance(found.part, _OF_ANY_YEAR):
        return
    for key, value in found.has.items():
        if isinstance(value, date):
            yield (key,), value
        elif isinstance(value, _SEVERAL):
            steps = value.items() if isinstance(value, FrozenMap) else enumerate(value)
            days = [((key, step), each) for step, each in steps if isinstance(each, date)]
            yield from sorted(days, key=lambda one: one[1])


def _far_from(day: date, term: Ends, *, early: bool) -> bool:
    """Whether a day is more than a year after the term or, if that counts, before it, as far as the term is known."""
    before = early and term.start is not None and _moved(day, 1) < _moved(term.start, 0)
    return before or (term.end is not None and _moved(day, -1) > _moved(term.end, 0))


def _moved(day: date, years: int) -> tuple[int, int, int]:
    """A key for comparing a day moved to another year, also where that year has no such day."""
    return day.year + years, day.month, day.day


def outside_the_phase(agreement: Contents) -> Iterator[Defect]:
    """Find planned dates further outside their phase than it is long, unless they are far from the term, too."""
    term = agreement.term.sound
    for at, phase in enumerate(agreement.phases):
        window = phase.planned.sound
        if window.start is None or window.end is None:
            continue
        slack = min(max((window.end - window.start).days, _LEAST), _MOST)
        for path, days in _planned_below(phase):
            known = [(key, day) for key, day in days if day and not _far_from(day, term, early=True)]
            far = next(((key, day) for key, day in known if _outside(day, window) > slack), None)
            if far:
                expected = phrase("model.outside-the-phase.expected", window=in_words(window), slack=slack)
                yield Defect(("phases", at, *path, *far[0]), "outside-the-phase", shown(far[1]), expected)


def _outside(day: date, window: Ends) -> int:
    """By how many days a day is outside a window."""
    assert window.start is not None
    assert window.end is not None
    return max((window.start - day).days, (day - window.end).days, 0)


def _planned_below(phase: Phase) -> Iterator[tuple[Path, Sequence[tuple[Path, date | None]]]]:
    """The planned dates of everything in a phase, with their keys."""
    for at, task in enumerate(phase.tasks):
        window = task.planned.sound
        ends = [(("planned", "start"), window.start), (("planned", "end"), window.end)]
        yield ("tasks", at), ends
    for at, milestone in enumerate(phase.milestones):
        yield ("milestones", at), [(("due",), milestone.due)]
    for at, deliverable in enumerate(phase.deliverables):
        yield ("deliverables", at), [(("due",), deliverable.due)]


def in_words(window: Ends) -> Phrase:
    """Return a period as a fault names it, as far as it is known."""
    if window.start is None:
        return phrase("model.period.until", end=window.end)
    if window.end is None:
        return phrase("model.period.from", start=window.start)
    return phrase("model.period.both", start=window.start, end=window.end)
