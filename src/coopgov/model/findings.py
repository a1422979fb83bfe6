"""Finds probable mistakes in an agreement that loads: dates far from the term, buffers longer than their phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.finding import Finding
from coopgov.locales import phrase
from coopgov.model.calendar import WorkingCalendar, calendar_of, span_after
from coopgov.model.periods import Ends
from coopgov.model.strict import NEEDED
from coopgov.schema.base import Part
from coopgov.schema.locate import fault_of, missing_key
from coopgov.schema.problems import Defect, quoted, shown
from coopgov.words import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.phases import Phase
    from coopgov.schema.problems import Path

__all__ = ["findings_of"]


def findings_of(agreement: Contents) -> tuple[Finding, ...]:
    """Return what is probably a mistake in an agreement, in file order.

    Raises:
        AgreementError: its calendar cannot be built, and a buffer counts working days.
    """
    defects = [
        *_forgiven(agreement),
        *_long_buffers(agreement),
        *_early_targets(agreement),
        *_outside_of_the_term(agreement),
        *_nearly_standard(agreement),
    ]
    faults = [fault_of(agreement.document, defect) for defect in defects]
    return tuple(Finding(fault, "warning") for fault in sorted(faults, key=lambda one: (one.place, one.code)))


def _forgiven(part: Part, path: Path = ()) -> Iterator[Defect]:
    """What would be a fault of a strict agreement, in a part and below it: missing dates, ends before their starts."""
    for name, field in type(part).model_fields.items():
        below, value = (*path, field.alias or name), getattr(part, name)
        if NEEDED in field.metadata and name not in part.model_fields_set:
            yield missing_key(below)
        for step, each in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(each, Part) and name in part.model_fields_set:
                yield from _forgiven(each, below if step is None else (*below, step))
    if isinstance(part, Ends) and (defect := part.wrong_order()):
        yield defect.below(path)


def _long_buffers(agreement: Contents) -> Iterator[Defect]:
    for at, phase in enumerate(agreement.phases):
        if _is_longer_than_its_window(agreement, phase):
            expected = phrase("model.buffer-too-long.expected", window=_days(phase.planned))
            yield Defect(("phases", at, "buffer"), "buffer-too-long", shown(str(phase.buffer)), expected)


def _is_longer_than_its_window(agreement: Contents, phase: Phase) -> bool:
    planned = phase.planned.sound
    if phase.buffer is None or planned.start is None or planned.end is None:
        return False
    in_days = phase.buffer.unit == "days"
    calendar = WorkingCalendar() if in_days else calendar_of(agreement)
    try:
        return span_after(planned.end, phase.buffer, calendar, -1) < planned.start
    except OverflowError:  # it would begin before the year 1
        return True


def _early_targets(agreement: Contents) -> Iterator[Defect]:
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


def _outside_of_the_term(agreement: Contents) -> Iterator[Defect]:
    term = agreement.term.sound
    for at, phase in enumerate(agreement.phases):
        for path, days in _planned_days(phase):
            far = next(((key, day) for key, day in days if day and _far_from(day, term)), None)
            if far:
                expected = phrase("model.outside-the-term.expected", term=_days(term))
                yield Defect(("phases", at, *path, *far[0]), "outside-the-term", shown(far[1]), expected)


def _nearly_standard(agreement: Contents) -> Iterator[Defect]:
    """Words that are probably meant to be standard ones, and that no rule for these sees."""
    for path, word, group in _words(agreement):
        standard = None if word is None else misspelt(word, group)
        if standard is not None:
            expected = phrase("model.nearly-standard.expected", standard=quoted(standard))
            hint = phrase("common.did-you-mean", near=standard)
            yield Defect(path, "nearly-standard", shown(word), expected, hint)


def _words(agreement: Contents) -> Iterator[tuple[Path, str | None, str]]:
    """The words of an agreement that may be standard ones, with their paths and groups."""
    for at, role in enumerate(agreement.team.key_roles):
        yield ("team", "key_roles", at), role, "role"
    for at, member in enumerate(agreement.team.members):
        yield ("team", "members", at, "role"), member.role, "role"
    for at, kpi in enumerate(agreement.kpis):
        yield ("kpis", at, "category"), kpi.category, "category"
        yield ("kpis", at, "unit"), kpi.unit, "unit"
    for at, risk in enumerate(agreement.risks):
        yield ("risks", at, "category"), risk.category, "category"
        for position, cause in enumerate(risk.causes):
            yield ("risks", at, "causes", position), cause, "cause"
    for at, plan in enumerate(agreement.plans):
        for position, kind in enumerate(plan.answers):
            yield ("plans", at, "answers", position), kind, "kind"


def _planned_days(phase: Phase) -> Iterator[tuple[Path, Sequence[tuple[Path, date | None]]]]:
    """Everything planned in a phase, the phase first, and its dates with their keys."""
    yield (), _ends(phase.planned)
    for at, task in enumerate(phase.tasks):
        yield ("tasks", at), _ends(task.planned)
    for at, milestone in enumerate(phase.milestones):
        yield ("milestones", at), [(("due",), milestone.due)]
    for at, deliverable in enumerate(phase.deliverables):
        yield ("deliverables", at), [(("due",), deliverable.due)]


def _ends(window: Ends) -> Sequence[tuple[Path, date | None]]:
    return [(("planned", "start"), window.start), (("planned", "end"), window.end)]


def _far_from(day: date, term: Ends) -> bool:
    """Whether a day is more than a year before or after the term, as far as the term is known."""
    early = term.start is not None and _moved(day, 1) < _moved(term.start, 0)
    return early or (term.end is not None and _moved(day, -1) > _moved(term.end, 0))


def _moved(day: date, years: int) -> tuple[int, int, int]:
    """A key for comparing a day moved to another year, also where that year has no such day."""
    return day.year + years, day.month, day.day


def _days(window: Ends) -> Phrase:
    if window.start is None:
        return phrase("model.period.until", end=window.end)
    if window.end is None:
        return phrase("model.period.from", start=window.start)
    return phrase("model.period.both", start=window.start, end=window.end)
