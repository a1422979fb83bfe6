"""The rows of a Gantt chart: what was planned, what happened, what is expected and what it means in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from coopgov.facts.subject import without_gap
from coopgov.language.interpreter import Interpreter
from coopgov.language.syntax import Name
from coopgov.language.values import missing
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.facts import Facts, Subject
    from coopgov.model import WorkingCalendar

__all__ = ["MOST_ROWS", "Milestone", "Period", "Plan", "PlanRow", "State", "plan_of"]

MOST_ROWS = 500
"""The number of rows of a chart; what is more is folded into a row with its count."""

State = Literal["met", "met-late", "partly", "missed", "open", "unknown"]
"""What a milestone shows: met by its due day, met after it, partially met, missed, not due yet, or no due day."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone: its due day, the day on which it was met, and what that means."""

    state: State
    due: date | None
    met: date | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row: a phase, a task or a milestone, or how many of these are folded.

    `actual` ends on the date of the chart for what still runs; `late` is the part of it after the planned end. `said`
    is the state in words, `bad` whether that is bad news. `hidden` counts the rows that a folded one replaces.
    """

    kind: Literal["phase", "task", "milestone", "folded"]
    id: str
    name: str
    said: str = ""
    bad: bool = False
    planned: Period | None = None
    original: Period | None = None
    actual: Period | None = None
    late: Period | None = None
    forecast: Period | None = None
    buffer: Period | None = None
    buffer_used: float = 0.0
    milestone: Milestone | None = None
    after: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def days(self) -> Iterator[date]:
        """Every day that it shows."""
        for each in (self.planned, self.original, self.actual, self.forecast):
            if each is not None:
                yield from (each.first, each.last)
        if self.milestone is not None:
            yield from filter(None, (self.milestone.due, self.milestone.met))


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an agreement, or of one of its phases, as it was known on a date."""

    title: str
    as_of: date
    language: str
    rows: tuple[PlanRow, ...]
    calendar: WorkingCalendar


def plan_of(facts: Facts, language: str, phase: str = "") -> Plan:
    """Read the rows of the whole agreement, or of the phase with an id such as `phase/core`."""
    title = facts.agreement.label
    phases = facts.subjects["phase"]
    if phase:
        phases = (facts.subject(phase),)
        title = phases[0].label
    reader = _Reader(facts, language)
    rows = [row for each in phases for row in reader.phase(each)]
    rows_shown = _folded(rows, language)
    return Plan(title.in_language(language), facts.as_of, language, rows_shown, facts.calendar)


class _Reader:
    """Reads the facts of phases, tasks and milestones."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.facts = facts
        self.as_of = facts.as_of
        self.language = language
        self.interpreter = Interpreter(facts.catalogue, facts.setting)
        self.below: dict[tuple[str, str], list[Subject]] = defaultdict(list)
        for about in ("milestone", "task"):
            for each in facts.subjects[about]:
                self.below[about, each.record["phase"]["id"]].append(each)
        self.kinds = {
            (about, name): facts.catalogue.type_of(about, name)
            for about, names in (
                ("phase", ("delay", "start_delay", "buffer_used")),
                ("task", ("delay", "start_delay")),
            )
            for name in names
        }

    def _value(self, subject: Subject, name: str) -> Any:
        """A derived fact, None if it is unknown or not set."""
        kind = self.kinds[subject.about, name]
        if kind is None:
            return None
        value = self.interpreter.value(Name(name, about=subject.about, type=kind), subject.record)
        return None if missing(value) else value

    def _say(self, name: str, **values: object) -> str:
        return text(f"charts.gantt.{name}", self.language, **values)

    def phase(self, phase: Subject) -> Iterator[PlanRow]:
        """The row of a phase, then those of its milestones and tasks by their days."""
        yield self._work(phase)
        below = [
            *map(self._milestone, self.below["milestone", phase.part.id]),
            *map(self._work, self.below["task", phase.part.id]),
        ]
        yield from sorted(below, key=_begins)

    def _work(self, subject: Subject) -> PlanRow:
        """The row of a phase or task."""
        record = subject.record
        planned = _period(record, "planned")
        original = _period(record, "original")
        actual = self._actual(record)
        said, bad = self._state(subject)
        phase = subject.about == "phase"
        return PlanRow(
            "phase" if phase else "task",
            subject.id,
            subject.label.in_language(self.language),
            said,
            bad,
            planned=planned,
            original=original if original != planned else None,
            actual=actual,
            late=_after(actual, planned),
            forecast=self._forecast(record, actual),
            buffer=_buffer(record, planned) if phase else None,
            buffer_used=min(1.0, float(self._value(subject, "buffer_used") or 0)) if phase else 0.0,
            after=() if phase else tuple(_task_id(each) for each in record["predecessors"]),
        )

    def _actual(self, record: Any) -> Period | None:
        start, end = without_gap(record["actual_start"]), without_gap(record["actual_end"])
        if start is None:
            return None
        last = end if end is not None else self.as_of
        return Period(start, last) if start <= last else None

    def _forecast(self, record: Any, actual: Period | None) -> Period | None:
        """From the day after the last that is known to the end that is expected, if that is still to come."""
        end = without_gap(record["forecast_end"])
        if end is None or end <= self.as_of or without_gap(record["actual_end"]) is not None:
            return None
        start = self.as_of + timedelta(1) if actual else without_gap(record["planned_start"])
        return Period(start, end) if start is not None and start <= end else None

    def _state(self, subject: Subject) -> tuple[str, bool]:
        """The state in words, and whether it is bad news."""
        record, about = subject.record, subject.about
        start, end = without_gap(record["actual_start"]), without_gap(record["actual_end"])
        delay = self._value(subject, "delay")
        done = end is not None or record.get("status") == "done"
        if delay is None:
            return self._say("unknown"), False
        if delay > 0:
            forecast = without_gap(record["forecast_end"])
            ahead = forecast is not None and forecast >= self.as_of
            form = "late" if done else "late-forecast" if ahead else "late-so-far"
            return self._late(form, delay), True
        if done:
            return self._say("on-time" if about == "phase" else "done"), False
        if start is not None or record.get("status") == "in progress":
            return self._say("running"), False
        waiting = self._value(subject, "start_delay") or 0
        if waiting > 0:
            return self._late("start-late", waiting), True
        planned = without_gap(record["planned_start"])
        return self._say("planned", day=planned) if planned else self._say("unknown"), False

    def _late(self, form: str, days: float) -> str:
        return _counted(form, self.language, int(days))

    def _milestone(self, subject: Subject) -> PlanRow:
        record = subject.record
        due, met = without_gap(record["due"]), without_gap(record["met"])
        status = without_gap(record["status"])
        state: State = "open"
        said, bad = "", False
        if met is not None or status == "met":
            late = (met - due).days if met is not None and due is not None else 0
            state = "met-late" if late > 0 else "met"
            said, bad = (self._late("met-late", late), True) if late > 0 else (self._say("met"), False)
        elif due is None:
            state, said = "unknown", self._say("unknown")
        elif due < self.as_of:
            state, said, bad = "missed", self._late("missed", (self.as_of - due).days), True
        else:
            said = self._say("due", day=due)
        if status == "partially met" and met is None:
            late = (self.as_of - due).days if state == "missed" and due is not None else 0
            said = self._late("partly-late", late) if late else self._say("partly", said=said)
            state = "partly"
        name = subject.label.in_language(self.language)
        return PlanRow("milestone", subject.id, name, said, bad, milestone=Milestone(state, due, met))


@lru_cache(maxsize=4096)
def _counted(form: str, language: str, number: int) -> str:
    return text(f"charts.gantt.{form}.{'one' if number == 1 else 'many'}", language, number=number)


def _period(record: Any, name: str) -> Period | None:
    """A window, unless an end of it is missing."""
    start, end = without_gap(record[f"{name}_start"]), without_gap(record[f"{name}_end"])
    return Period(start, end) if start is not None and end is not None and start <= end else None


def _after(actual: Period | None, planned: Period | None) -> Period | None:
    """The part of what happened that is after the planned end."""
    if actual is None or planned is None or actual.last <= planned.last:
        return None
    return Period(max(actual.first, planned.last + timedelta(1)), actual.last)


def _buffer(record: Any, planned: Period | None) -> Period | None:
    start = without_gap(record["buffer_start"])
    if start is None or planned is None or start >= planned.last:
        return None
    return Period(max(planned.first, start + timedelta(1)), planned.last)


def _task_id(record: Any) -> str:
    return f"task/{record['phase']['id']}/{record['id']}"


def _begins(row: PlanRow) -> tuple[date, str]:
    return min(row.days, default=date.max), row.kind


# Folding -------------------------------------------------------------------------------------------------------------


def _folded(rows: Sequence[PlanRow], language: str) -> tuple[PlanRow, ...]:
    """At most `MOST_ROWS` rows: the longest phases are cut first, then the last phases."""
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    groups: list[list[PlanRow]] = []
    for row in rows:
        if row.kind == "phase":
            groups.append([])
        groups[-1].append(row)
    room = MOST_ROWS
    while room > 1 and sum(min(len(group), room) for group in groups) > MOST_ROWS:
        room -= 1
    kept = [row for group in groups for row in _cut(group, room, language)]
    return tuple(_cut(kept, MOST_ROWS, language))


def _cut(rows: Sequence[PlanRow], room: int, language: str) -> Iterator[PlanRow]:
    """The first rows, and instead of those that have no room one with their count."""
    if len(rows) <= room:
        yield from rows
        return
    shown = max(1, room - 1)
    yield from rows[:shown]
    if room > 1:
        hidden = sum(max(1, row.hidden) for row in rows[shown:])
        yield PlanRow("folded", "", text("charts.gantt.folded", language, number=hidden), hidden=hidden)
