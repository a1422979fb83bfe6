"""What of an agreement is hardly meant, though it loads: dates that no term has, buffers that no phase can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.finding import Finding
from coopgov.model.calendar import WorkingCalendar, span_after, working_calendar
from coopgov.model.defects import Defect, shown
from coopgov.model.faults import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from coopgov.model.agreement import Agreement
    from coopgov.model.defects import Path
    from coopgov.model.phases import Phase
    from coopgov.model.windows import Window

__all__ = ["findings_of"]


def findings_of(agreement: Agreement) -> tuple[Finding, ...]:
    """Return what of an agreement is hardly meant, in the order of its file.

    Raises:
        AgreementError: its calendar cannot be made, and a buffer counts working days.
    """
    defects = [*_long_buffers(agreement), *_early_targets(agreement), *_outside_of_the_term(agreement)]
    faults = [fault_of(agreement.document, defect) for defect in defects]
    return tuple(Finding(fault, "warning") for fault in sorted(faults, key=lambda one: (one.place, one.code)))


def _long_buffers(agreement: Agreement) -> Iterator[Defect]:
    for at, phase in enumerate(agreement.phases):
        if phase.buffer and _is_longer_than_its_window(agreement, phase):
            expected = f"at most the window of the phase, {_days(phase.planned)}"
            yield Defect(("phases", at, "buffer"), "buffer-too-long", shown(str(phase.buffer)), expected)


def _is_longer_than_its_window(agreement: Agreement, phase: Phase) -> bool:
    assert phase.buffer is not None
    in_days = phase.buffer.unit == "days"
    calendar = WorkingCalendar() if in_days else working_calendar(agreement)
    try:
        return span_after(phase.planned.end, phase.buffer, calendar, -1) < phase.planned.start
    except OverflowError:  # it would begin before the year 1
        return True


def _early_targets(agreement: Agreement) -> Iterator[Defect]:
    for at, kpi in enumerate(agreement.kpis):
        if kpi.baseline is None or kpi.target is None:
            continue
        on, by = kpi.baseline.on or agreement.term.start, kpi.target.by or agreement.term.end
        if by < on and kpi.target.by:
            expected = f"a day after the baseline's, {on}"
            yield Defect(("kpis", at, "target", "by"), "target-before-baseline", shown(by), expected)
        elif by < on:
            expected = f"a day before the target's, {by}"
            yield Defect(("kpis", at, "baseline", "on"), "target-before-baseline", shown(on), expected)


def _outside_of_the_term(agreement: Agreement) -> Iterator[Defect]:
    term = agreement.term
    for at, phase in enumerate(agreement.phases):
        for path, days in _planned_days(phase):
            far = next(((key, day) for key, day in days if _far_from(day, term)), None)
            if far is not None:
                expected = f"a day within the term, {_days(term)}, or at most a year outside of it"
                yield Defect(("phases", at, *path, *far[0]), "outside-the-term", shown(far[1]), expected)


def _planned_days(phase: Phase) -> Iterator[tuple[Path, Sequence[tuple[Path, date]]]]:
    """What is planned in a phase, the phase first, and the days of it with their keys."""
    yield (), _ends(phase.planned)
    for at, task in enumerate(phase.tasks):
        yield ("tasks", at), _ends(task.planned)
    for at, milestone in enumerate(phase.milestones):
        yield ("milestones", at), [(("due",), milestone.due)]
    for at, deliverable in enumerate(phase.deliverables):
        yield ("deliverables", at), [(("due",), deliverable.due)]


def _ends(window: Window) -> Sequence[tuple[Path, date]]:
    return [(("planned", "start"), window.start), (("planned", "end"), window.end)]


def _far_from(day: date, term: Window) -> bool:
    """Whether a day lies more than a year before the term or after it."""
    return _moved(day, 1) < _moved(term.start, 0) or _moved(day, -1) > _moved(term.end, 0)


def _moved(day: date, years: int) -> tuple[int, int, int]:
    """The same day in another year, also where there is none, as something to compare."""
    return day.year + years, day.month, day.day


def _days(window: Window) -> str:
    return f"{window.start} to {window.end}"
