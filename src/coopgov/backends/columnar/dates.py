"""Date arithmetic on day numbers, with operations that every engine has: engines disagree on their own date functions.

All values are whole numbers far below 2^53, stored as floats, so every step is exact. So is the floor of a quotient: at
this size, a quotient below a whole number is never rounded up to it.

A value that is used more than once goes through `keep`, which stores it as a column: repeating its expression at every
use would double the size of the plan with every step.

The conversions between dates and day numbers are `days_from_civil` and `civil_from_days` of Howard Hinnant,
*chrono-Compatible Low-Level Date Algorithms*.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.backends.columnar.values import Column
    from coopgov.model import WorkingCalendar

    Choose = Callable[..., Column]

__all__ = ["BEFORE_1970", "Pad", "months_later", "ordinal_of", "working_days", "working_days_later"]

BEFORE_1970 = 719163.0
"""The day number of 1 January 1970, from which engines count."""
_LAST = float(date.max.toordinal())
_ERA = 146097.0
"""Days in 400 years."""
_BEFORE = 305.0
"""Days from 1 March of the year 0 to the day with the number 0, the day before 1 January of the year 1."""


class Pad(Protocol):
    """Where a long calculation keeps its intermediate columns."""

    def keep(self, value: Column) -> Column:
        """Store a value that is used more than once as a column."""

    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds; another one (or null) elsewhere."""


def ordinal_of(choose: Choose, day: Column) -> Column:
    """The day number of a date or time, as `date.toordinal` counts."""
    year, month = day.dt.year().cast(nw.Float64), day.dt.month().cast(nw.Float64)
    early = month <= 2.0
    moved = choose(early, 1.0, 0.0)
    year, month = year - moved, month + moved * 12.0 - 3.0
    return _first_of(year, month) + day.dt.day().cast(nw.Float64) - 1.0


def months_later(pad: Pad, day: Column, months: Column) -> Column:
    """The day a number of months later, or the last day of a shorter month; null outside the years 1 to 9999."""
    index, of_month = _march_months(pad, _day(pad, pad.keep(day)))
    later = pad.keep(index + _whole(pad, pad.keep(months)))
    first, following = (pad.keep(_first_of(*_year_and_month(pad, each))) for each in (later, later + 1.0))
    length = pad.keep(following - first)
    result = first + pad.choose(of_month < length, of_month, length) - 1.0
    return pad.choose((first >= 1.0) & (following <= _LAST + 1.0), result)


def working_days(pad: Pad, calendar: WorkingCalendar, first: Column, last: Column) -> Column:
    """The number of working days after one day, up to and including another."""
    start, end = (pad.keep(_day(pad, pad.keep(each))) for each in (first, last))
    return _worked(pad, calendar, end) - _worked(pad, calendar, start)


def working_days_later(pad: Pad, calendar: WorkingCalendar, day: Column, steps: Column) -> Column:
    """The day a number of working days later or earlier (0: the day itself); null outside the years 1 to 9999."""
    start, count = pad.keep(_day(pad, pad.keep(day))), pad.keep(_whole(pad, pad.keep(steps)))
    before = pad.keep(_worked(pad, calendar, pad.keep(start - 1.0))) + count + 1.0
    after = pad.keep(_worked(pad, calendar, start)) + count
    found = pad.keep(_nth(pad, calendar, pad.keep(pad.choose(count > 0.0, after, before))))
    there = pad.choose((found >= 1.0) & (found <= _LAST), found)
    return pad.choose(count == 0.0, start, there)


def _first_of(year: Column, month: Column) -> Column:
    """The day number of the first day of a month; years begin in March, so that the leap day comes last."""
    leaps = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor()
    return 365.0 * year + leaps + ((153.0 * month + 2.0) / 5.0).floor() - _BEFORE


def _march_months(pad: Pad, day: Column) -> tuple[Column, Column]:
    """Months since March of the year 0, and the day of the month, from 1."""
    since = pad.keep(day + _BEFORE)
    era = pad.keep((since / _ERA).floor())
    rest = pad.keep(since - era * _ERA)
    years = (rest - (rest / 1460.0).floor() + (rest / 36524.0).floor() - (rest / 146096.0).floor()) / 365.0
    years = pad.keep(years.floor())
    of_year = pad.keep(rest - (365.0 * years + (years / 4.0).floor() - (years / 100.0).floor()))
    month = pad.keep(((5.0 * of_year + 2.0) / 153.0).floor())
    of_month = of_year - ((153.0 * month + 2.0) / 5.0).floor() + 1.0
    return (era * 400.0 + years) * 12.0 + month, pad.keep(of_month)


def _year_and_month(pad: Pad, months: Column) -> tuple[Column, Column]:
    year = pad.keep((months / 12.0).floor())
    return year, months - year * 12.0


def _day(pad: Pad, number: Column) -> Column:
    """The whole day of a day number; null outside the years 1 to 9999."""
    return pad.choose((number >= 1.0) & (number < _LAST + 1.0), number.floor())


def _whole(pad: Pad, number: Column) -> Column:
    """A number truncated towards zero."""
    return pad.choose(number < 0.0, -((-number).floor()), number.floor())


def _worked(pad: Pad, calendar: WorkingCalendar, day: Column) -> Column:
    """Working days up to and including a day, from 1 January of the year 1, a Monday with the number 1."""
    worked = [number for number in range(7) if number not in calendar.weekend]
    weeks = pad.keep((day / 7.0).floor())
    rest = pad.keep(day - weeks * 7.0)
    total = weeks * float(len(worked))
    for number in worked:
        total = total + _one_where(pad, rest > float(number))
    for each, sign in _exceptions(calendar):
        total = total + _one_where(pad, day >= float(each)) * sign
    return total


def _nth(pad: Pad, calendar: WorkingCalendar, wanted: Column) -> Column:
    """The day on which a number of working days is reached: the inverse of `_worked`."""
    # Removes the effect of exceptions from the wanted number, so that a calendar of plain weeks can be inverted.
    # Working weekend days do not exist in that calendar, so they are put in afterwards.
    regular, special = wanted, []
    passed = 0.0
    for each, sign in _exceptions(calendar):
        passed += sign
        count = _worked_until(calendar, each) + passed
        regular = regular - _one_where(pad, wanted > count) * sign
        if sign > 0:
            special.append((count, float(each)))
    found = _nth_regular(pad, calendar, pad.keep(regular))
    for count, each_day in special:
        found = pad.choose(wanted == count, each_day, found)
    return found


def _nth_regular(pad: Pad, calendar: WorkingCalendar, wanted: Column) -> Column:
    """The inverse of `_worked_until`, for a calendar without exceptions."""
    worked = [number for number in range(7) if number not in calendar.weekend]
    weeks = pad.keep(((wanted - 1.0) / float(len(worked))).floor())
    rest = pad.keep(wanted - 1.0 - weeks * float(len(worked)))
    day = weeks * 7.0 + float(worked[0] + 1)
    for place in range(1, len(worked)):
        day = day + _one_where(pad, rest >= float(place)) * float(worked[place] - worked[place - 1])
    return day


def _worked_until(calendar: WorkingCalendar, day: int) -> float:
    """Working days up to and including a day, in weeks without exceptions."""
    weeks, rest = divmod(day, 7)
    worked = [number for number in range(7) if number not in calendar.weekend]
    return float(weeks * len(worked) + sum(number < rest for number in worked))


def _one_where(pad: Pad, condition: Column) -> Column:
    return pad.choose(condition, 1.0, 0.0)


def _exceptions(calendar: WorkingCalendar) -> list[tuple[int, float]]:
    """Holidays during the week, and working weekend days."""
    off = [
        (day, -1.0) for day in calendar.holidays - calendar.working if day.weekday() not in calendar.weekend
    ]
    extra = [(day, 1.0) for day in calendar.working if day.weekday() in calendar.weekend]
    return sorted((day.toordinal(), sign) for day, sign in (*off, *extra))
