"""Finds tasks that are planned earlier than their links to other tasks allow."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from coopgov.locales import phrase
from coopgov.model.calendar import span_after
from coopgov.model.findings.phases import known_calendar
from coopgov.model.task_order import task_name
from coopgov.schema import Span
from coopgov.schema.problems import Defect, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.locales import Phrase
    from coopgov.model.calendar import WorkingCalendar
    from coopgov.model.contents import Contents
    from coopgov.model.phases import Phase, Task
    from coopgov.model.plan import Link

__all__ = ["early_tasks"]


class _Bound(NamedTuple):
    """The first day on which an end of a task can be, by a link to another task, and the full name of that."""

    day: date
    name: str
    link: Link

    @property
    def expected(self) -> Phrase:
        """What the plan should say."""
        link = self.link
        if link.type == "FS" and not link.lag:
            return phrase("model.task-before-predecessor.expected", task=self.name, end=self.day)
        said = f"{link.type} {link.lag}" if link.lag else link.type
        return phrase("model.task-before-predecessor.by-link", task=self.name, day=self.day, link=said)


def early_tasks(agreement: Contents) -> Iterator[Defect]:
    """Find tasks whose start or end is planned before their links allow it, unless work made that plan a thing past."""
    tasks = {f"{phase.id}/{task.id}": task for phase in agreement.phases for task in phase.tasks}
    if not any(task.after for task in tasks.values()):
        return
    calendar = known_calendar(agreement)
    for at, phase in enumerate(agreement.phases):
        for position, task in enumerate(phase.tasks):
            for end, past in (("start", _has_begun(task)), ("end", _has_ended(task))):
                planned = getattr(task.planned.sound, end)
                bounds = _bounds(tasks, phase, task, end, calendar)
                latest = max(bounds, key=lambda bound: (bound.day, bound.name), default=None)
                if planned and latest and planned < latest.day and not past:
                    path = ("phases", at, "tasks", position, "planned", end)
                    yield Defect(path, "task-before-predecessor", shown(planned), latest.expected)


def _bounds(
    tasks: Mapping[str, Task], phase: Phase, task: Task, end: str, calendar: WorkingCalendar
) -> Iterator[_Bound]:
    """What the links of a task that hold one of its ends say of that."""
    for link in task.after:
        name = task_name(phase.id, link.task)
        if name not in tasks or end != ("start" if link.type in ("FS", "SS") else "end"):
            continue
        day = getattr(tasks[name].planned.sound, "end" if link.type in ("FS", "FF") else "start")
        lag = link.lag and Span(int(link.lag.value), link.lag.unit)
        with suppress(OverflowError):
            if day:
                yield _Bound(span_after(day, lag, calendar) if lag else day, name, link)


def _has_begun(task: Task) -> bool:
    """Whether work on a task has begun, so that its planned start matters no more."""
    begun = task.actual is not None and (task.actual.start or task.actual.end) is not None
    return (
        begun
        or any(each.value != "not started" for each in task.status)
        or any(each.value for each in task.progress)
    )


def _has_ended(task: Task) -> bool:
    """Whether a task has ended or was given up, so that its planned end matters no more."""
    ended = task.actual is not None and task.actual.end is not None
    return ended or any(each.value in ("done", "cancelled") for each in task.status)
