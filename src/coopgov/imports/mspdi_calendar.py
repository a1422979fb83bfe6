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
_LONGEST = 400
"""The most days of one exception."""


def calendar_keys(root: Element) -> dict[str, Any]:
    """The calendar of the project, as an agreement has it; nothing where it has none."""
    calendars = root.first("Calendars")
    wanted = root.value("CalendarUID")
    listed = list(calendars.all("Calendar")) if calendars else []
    own = next((each for each in listed if each.value("UID") == wanted), None)
    if own is None:
        return {}
    weekend: list[str] = []
    off: set[date] = set()
    on: set[date] = set()
    holder = own.first("WeekDays")
    for each in holder.all("WeekDay") if holder else ():
        kind, working = each.value("DayType"), each.value("DayWorking") == "1"
        if kind == "0":
            (on if working else off).update(_days(each))
        elif kind in set("1234567") and not working:
            weekend.append(_DAYS[int(kind) - 1])
    exceptions = own.first("Exceptions")
    for each in exceptions.all("Exception") if exceptions else ():
        if each.value("Type") in {"", "1"}:
            (on if each.value("DayWorking") == "1" else off).update(_days(each))
    if len(set(weekend)) == len(_DAYS):
        return {}
    on -= off
    worked = {day for day in on if _DAYS[(day.weekday() + 1) % 7] in weekend}
    kept = {day for day in off if _DAYS[(day.weekday() + 1) % 7] not in weekend}
    return {
        "weekend": sorted(set(weekend), key=_DAYS.index),
        "holidays": sorted(kept),
        "working": sorted(worked),
    }


def _days(element: Element) -> Iterator[date]:
    period = element.first("TimePeriod")
    first, last = (day_of(period.value(name)) if period else None for name in ("FromDate", "ToDate"))
    if first and last and 0 <= (last - first).days <= _LONGEST:
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)
