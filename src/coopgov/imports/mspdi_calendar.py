"""Reads the calendar of a plan in MSPDI: the days of the week that are off, and the days that are exceptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coopgov.imports.mspdi import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.xml_source import Element

__all__ = ["calendar_keys"]

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY_TYPES = frozenset("1234567")
_LONGEST = 400
"""The most days of one exception."""


def calendar_keys(root: Element) -> dict[str, Any]:
    """The calendar of the project, as an agreement has it; nothing where it has none."""
    calendars = root.first("Calendars")
    wanted = root.value("CalendarUID")
    listed = list(calendars.all("Calendar")) if calendars else []
    own = next((each for each in listed if each.peek("UID") == wanted), None)
    if own is None:
        return {}
    for name in ("UID", "Name", "IsBaseCalendar"):
        own.value(name)
    weekend: list[str] = []
    off: set[date] = set()
    on: set[date] = set()
    holder = own.first("WeekDays")
    for each in holder.all("WeekDay") if holder else ():
        kind, working = each.peek("DayType"), each.peek("DayWorking") == "1"
        if kind == "0":
            (on if working else off).update(_days(each))
        elif kind in _DAY_TYPES:
            each.value("DayType")
            each.value("DayWorking")
            weekend += [] if working else [_DAYS[int(kind) - 1]]
    exceptions = own.first("Exceptions")
    for each in exceptions.all("Exception") if exceptions else ():
        if each.peek("Type") in {"", "1"}:
            each.value("Type")
            (on if each.peek("DayWorking") == "1" else off).update(_days(each))
    if len(set(weekend)) == len(_DAYS):
        return {}
    on -= off
    return {
        "weekend": sorted(set(weekend), key=_DAYS.index),
        "holidays": sorted(off),
        "working": sorted(on),
    }


def _days(element: Element) -> Iterator[date]:
    """The days of an exception; one that cannot be read is lost."""
    period = element.first("TimePeriod")
    first, last = (day_of(period.peek(name)) if period else None for name in ("FromDate", "ToDate"))
    if period and first and last and 0 <= (last - first).days <= _LONGEST:
        for name in ("FromDate", "ToDate"):
            period.value(name)
        for name in ("DayType", "DayWorking"):
            element.value(name)
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)
