"""How long a signal has lasted: the days since a day, without those that do not count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.cases.case import Clock
from coopgov.rules.entry_fields import Readings

if TYPE_CHECKING:
    from datetime import date

    from coopgov.model import WorkingCalendar
    from coopgov.schema import Span

__all__ = ["begun", "lasted", "paused", "with_reading"]


def begun(day: date, reading: date | None = None) -> Clock:
    """A clock that begins on a day, with the reading that counts first, if there is one."""
    return Clock(day, readings=0 if reading is None else 1, reading=reading)


def with_reading(clock: Clock, reading: date | None) -> Clock:
    """The clock with another reading counted, if it is a new one."""
    if reading is None or reading == clock.reading:
        return clock
    return replace(clock, readings=clock.readings + 1, reading=reading)


def paused(clock: Clock, day: date, calendar: WorkingCalendar) -> Clock:
    """The clock without a day that does not count."""
    working = clock.paused_working + calendar.is_working(day)
    return replace(clock, paused=clock.paused + 1, paused_working=working)


def lasted(clock: Clock, span: Span | Readings, day: date, calendar: WorkingCalendar) -> bool:
    """Whether a span of days or working days has passed by the end of a day: the days in (since, day] not paused."""
    if isinstance(span, Readings):
        return clock.readings >= span.count
    if span.unit == "working days":
        return calendar.count(clock.since, day) - clock.paused_working >= span.count
    return (day - clock.since).days - clock.paused >= span.count
