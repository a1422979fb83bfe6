"""Writes the plan of an agreement as an XML file of MS Project (MSPDI), which `read_mspdi` reads back."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from coopgov.imports.mspdi import moment_of
from coopgov.model import calendar_of, newest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.model import Agreement, Ends, Milestone, Phase, Task, WorkingCalendar
    from coopgov.schema import Amount, Lag

__all__ = ["mspdi_text"]

_TYPES = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
_CONSTRAINTS = (
    "as soon as possible",
    "as late as possible",
    "must start on",
    "must finish on",
    "start no earlier than",
    "start no later than",
    "finish no earlier than",
    "finish no later than",
)
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_OWN = re.compile("u([1-9][0-9]{0,8})")
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELAPSED_DAYS, _WORKING_DAYS = 8, 7
"""Formats of lags in MSPDI."""


def mspdi_text(agreement: Agreement, *, as_of: date, language: str = "en") -> str:
    """Write the phases, milestones and tasks of an agreement as MSPDI.

    Phases become summary tasks of outline level 1. Ids such as `u12`, which `read_mspdi` gives, become UIDs again.

    Args:
        agreement: the agreement.
        as_of: the status date, whose progress is written.
        language: the language of names.
    """
    return "\n".join(_Writer(agreement, as_of, language).lines()) + "\n"


class _Writer:
    def __init__(self, agreement: Agreement, as_of: date, language: str) -> None:
        self.agreement, self.as_of, self.language = agreement, as_of, language
        self.calendar: WorkingCalendar = calendar_of(agreement)
        self.uids: dict[str, int] = {}
        names = [
            name
            for phase in agreement.phases
            for name in (
                phase.id,
                *(f"{phase.id}/{each.id}" for each in (*phase.milestones, *phase.tasks)),
            )
        ]
        taken = set()
        for name in names:
            own = _OWN.fullmatch(name.rpartition("/")[2])
            if own and int(own[1]) not in taken:
                self.uids[name] = int(own[1])
                taken.add(int(own[1]))
        free = (number for number in range(1, 10_000_000) if number not in taken)
        for name in names:
            if name not in self.uids:
                self.uids[name] = next(free)
        owners = [each for phase in agreement.phases for task in phase.tasks for each in _owners(task)]
        self.resources = {owner: number for number, owner in enumerate(dict.fromkeys(owners), 1)}

    def lines(self) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield '<Project xmlns="http://schemas.microsoft.com/project">'
        yield _tag("Name", self.agreement.id)
        yield _tag("Title", self.agreement.label.in_language(self.language))
        term = self.agreement.term
        yield from _moments(term, "StartDate", "FinishDate")
        yield _tag("CurrencyCode", self.agreement.currency)
        yield _tag("CalendarUID", 1)
        yield _tag("MinutesPerDay", 480)
        yield _tag("StatusDate", moment_of(self.as_of, 17))
        yield from self._calendar()
        yield "<Tasks>"
        for number, phase in enumerate(self.agreement.phases, 1):
            yield from self._phase(number, phase)
        yield "</Tasks>"
        yield "<Resources>"
        for owner, uid in self.resources.items():
            yield f"<Resource>{_tag('UID', uid)}{_tag('ID', uid)}{_tag('Name', owner)}</Resource>"
        yield "</Resources>"
        yield from self._assignments()
        yield "</Project>"

    def _calendar(self) -> Iterator[str]:
        calendar = self.agreement.calendar
        yield "<Calendars><Calendar>"
        yield _tag("UID", 1) + _tag("Name", "Standard") + _tag("IsBaseCalendar", 1) + "<WeekDays>"
        for number, name in enumerate(_DAYS, 1):
            yield f"<WeekDay>{_tag('DayType', number)}{_tag('DayWorking', int(name not in calendar.weekend))}</WeekDay>"
        exceptions = [*((day, 0) for day in calendar.holidays), *((day, 1) for day in calendar.working)]
        for day, working in sorted(exceptions):
            until = moment_of(day, 23).replace("23:00:00", "23:59:00")
            period = f"<TimePeriod>{_tag('FromDate', moment_of(day, 0))}{_tag('ToDate', until)}</TimePeriod>"
            yield f"<WeekDay>{_tag('DayType', 0)}{_tag('DayWorking', working)}{period}</WeekDay>"
        yield "</WeekDays></Calendar></Calendars>"

    def _phase(self, number: int, phase: Phase) -> Iterator[str]:
        yield "<Task>"
        yield from self._head(phase.id, phase.label.in_language(self.language), 1, str(number))
        yield _tag("Summary", 1)
        yield from _moments(phase.planned, "Start", "Finish")
        yield "</Task>"
        outline = 0
        for each in phase.milestones:
            outline += 1
            yield from self._milestone(phase, each, f"{number}.{outline}")
        for task in phase.tasks:
            outline += 1
            yield from self._task(phase, task, f"{number}.{outline}")

    def _head(self, name: str, title: str, level: int, outline: str) -> Iterator[str]:
        uid = self.uids[name]
        yield _tag("UID", uid) + _tag("ID", uid) + _tag("Name", title)
        yield _tag("OutlineNumber", outline) + _tag("OutlineLevel", level)

    def _milestone(self, phase: Phase, each: Milestone, outline: str) -> Iterator[str]:
        yield "<Task>"
        yield from self._head(f"{phase.id}/{each.id}", each.label.in_language(self.language), 2, outline)
        yield _tag("Milestone", 1)
        for tag, on in (("Start", each.due), ("Finish", each.due), ("ActualFinish", each.met)):
            if on:
                yield _tag(tag, moment_of(on, 17))
        yield "</Task>"

    def _task(self, phase: Phase, task: Task, outline: str) -> Iterator[str]:
        yield "<Task>"
        yield from self._head(f"{phase.id}/{task.id}", task.label.in_language(self.language), 2, outline)
        yield from _moments(task.planned, "Start", "Finish")
        planned = task.planned
        if planned.start and planned.end and planned.start <= planned.end:
            yield _tag("Duration", f"PT{self.calendar.count(planned.start, planned.end) * 8}H0M0S")
        yield from _moments(task.actual, "ActualStart", "ActualFinish")
        progress = newest(task.progress, self.as_of)
        if progress:
            yield _tag("PercentComplete", int(progress.value * 100))
        if task.constraint:
            yield _tag("ConstraintType", _CONSTRAINTS.index(task.constraint.type))
            if task.constraint.on:
                yield _tag("ConstraintDate", moment_of(task.constraint.on, 8))
        if task.deadline:
            yield _tag("Deadline", moment_of(task.deadline, 17))
        yield from self._links(phase, task)
        yield from self._baselines(task)
        yield "</Task>"

    def _links(self, phase: Phase, task: Task) -> Iterator[str]:
        for link in task.after:
            name = link.task if "/" in link.task else f"{phase.id}/{link.task}"
            if name in self.uids:
                yield (
                    f"<PredecessorLink>{_tag('PredecessorUID', self.uids[name])}{_tag('Type', _TYPES[link.type])}"
                    f"{_lag(link.lag)}</PredecessorLink>"
                )

    def _baselines(self, task: Task) -> Iterator[str]:
        kept: list[tuple[str, Ends, Amount | None]] = []
        if task.original and all(each.id != "b0" for each in task.baselines):
            kept.append(("0", task.original, None))
        used = {number for number, _, _ in kept}
        for each in task.baselines:
            own = re.fullmatch("b([0-9]|10)", each.id)
            free = (str(number) for number in range(1, 11) if str(number) not in used)
            number = own[1] if own and own[1] not in used else next(free, "")
            if number:
                used.add(number)
                kept.append((number, each, each.budget))
        for number, window, budget in kept:
            dates = "".join(_moments(window, "Start", "Finish"))
            cost = _tag("Cost", f"{budget.value * 100:f}") if budget is not None else ""
            yield f"<Baseline>{_tag('Number', number)}{dates}{cost}</Baseline>"

    def _assignments(self) -> Iterator[str]:
        yield "<Assignments>"
        number = 0
        for phase in self.agreement.phases:
            for task in phase.tasks:
                for owner in _owners(task):
                    number += 1
                    uid = self.uids[f"{phase.id}/{task.id}"]
                    yield (
                        f"<Assignment>{_tag('UID', number)}{_tag('TaskUID', uid)}"
                        f"{_tag('ResourceUID', self.resources[owner])}</Assignment>"
                    )
        yield "</Assignments>"


def _owners(task: Task) -> list[str]:
    """The owner of a task, else the resources that it had in a plan."""
    if task.owner:
        return [task.owner]
    return [each for each in task.custom.get("resources", "").split(", ") if each]


def _lag(lag: Lag | None) -> str:
    if lag is None:
        return ""
    minutes, sort = (1440, _ELAPSED_DAYS) if lag.unit == "days" else (480, _WORKING_DAYS)
    tenths = (lag.value * minutes * 10).quantize(Decimal(1))
    return _tag("LinkLag", f"{tenths:f}") + _tag("LagFormat", sort)


def _moments(window: Ends | None, start: str, end: str) -> Iterator[str]:
    if window and window.start:
        yield _tag(start, moment_of(window.start, 8))
    if window and window.end:
        yield _tag(end, moment_of(window.end, 17))


def _tag(name: str, value: object) -> str:
    return f"<{name}>{escape(_CONTROL.sub('', str(value)))}</{name}>"
