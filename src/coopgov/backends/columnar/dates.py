"""Days as numbers, by arithmetic that every engine has: they disagree on the difference of two dates.

All of it is on whole numbers far below 2^53 held as floating-point numbers, so that every step is exact; the floor of a
quotient too, since a quotient below a whole number is never rounded up to it at this size.

What is used more than once is handed to `keep`, which prepares it as a column: an expression that is written out wherever it is
used would double with every step.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.model import WorkingCalendar

    Keep = Callable[[nw.Expr], nw.Expr]

__all__ = ["months_later", "ordinal_of", "working_days", "working_days_later"]

_LAST = float(date.max.toordinal())
_ERA = 146097.0
"""Days of 400 years."""
_BEFORE = 305.0
"""Days from 1 March of the year 0 to the day before 1 January of the year 1, whose number is 0."""


def ordinal_of(day: nw.Expr) -> nw.Expr:
    """The number of a day, as `date.toordinal` counts; of a time, the number of its day."""
    year, month = day.dt.year().cast(nw.Float64), day.dt.month().cast(nw.Float64)
    early = month <= 2.0
    year = nw.when(early).then(year - 1.0).otherwise(year)
    month = nw.when(early).then(month + 9.0).otherwise(month - 3.0)
    return _first_of(year, month) + day.dt.day().cast(nw.Float64) - 1.0


def months_later(keep: Keep, day: nw.Expr, months: nw.Expr) -> nw.Expr:
    """The day so many months later, or the last of that month where it is shorter; null outside the years 1 to 9999."""
    index, of_month = _march_months(keep, _day(keep(day)))
    later = keep(index + _whole(keep(months)))
    first, following = (keep(_first_of(*_year_and_month(keep, each))) for each in (later, later + 1.0))
    length = keep(following - first)
    result = first + nw.when(of_month < length).then(of_month).otherwise(length) - 1.0
    # The reference makes the first day of the month after, which December 9999 does not have.
    return nw.when((first >= 1.0) & (following <= _LAST)).then(result)


def working_days(keep: Keep, calendar: WorkingCalendar, first: nw.Expr, last: nw.Expr) -> nw.Expr:
    """The working days after one day, up to and with another."""
    start, end = (keep(_day(keep(each))) for each in (first, last))
    return _worked(keep, calendar, end) - _worked(keep, calendar, start)


def working_days_later(keep: Keep, calendar: WorkingCalendar, day: nw.Expr, steps: nw.Expr) -> nw.Expr:
    """The working day so many working days later, or before; zero is the day itself. Null outside the years 1 to 9999."""
    start, count = keep(_day(keep(day))), keep(_whole(keep(steps)))
    before = keep(_worked(keep, calendar, keep(start - 1.0))) + count + 1.0
    after = keep(_worked(keep, calendar, start)) + count
    found = keep(_nth(keep, calendar, keep(nw.when(count > 0.0).then(after).otherwise(before))))
    there = nw.when((found >= 1.0) & (found <= _LAST)).then(found)
    return nw.when(count == 0.0).then(start).otherwise(there)


def _first_of(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    """The number of the first day of a month; years begin in March, so that the leap day is the last."""
    leaps = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor()
    return 365.0 * year + leaps + ((153.0 * month + 2.0) / 5.0).floor() - _BEFORE


def _march_months(keep: Keep, day: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Months since March of the year 0, and the day of the month from 1."""
    since = keep(day + _BEFORE)
    era = keep((since / _ERA).floor())
    rest = keep(since - era * _ERA)
    years = (rest - (rest / 1460.0).floor() + (rest / 36524.0).floor() - (rest / 146096.0).floor()) / 365.0
    years = keep(years.floor())
    of_year = keep(rest - (365.0 * years + (years / 4.0).floor() - (years / 100.0).floor()))
    month = keep(((5.0 * of_year + 2.0) / 153.0).floor())
    of_month = of_year - ((153.0 * month + 2.0) / 5.0).floor() + 1.0
    return (era * 400.0 + years) * 12.0 + month, keep(of_month)


def _year_and_month(keep: Keep, months: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    year = keep((months / 12.0).floor())
    return year, months - year * 12.0


def _day(number: nw.Expr) -> nw.Expr:
    """The day of a number, without the fraction; null outside the years 1 to 9999."""
    return nw.when((number >= 1.0) & (number < _LAST + 1.0)).then(number.floor())


def _whole(number: nw.Expr) -> nw.Expr:
    """A number without its fraction, towards zero."""
    return nw.when(number < 0.0).then(-((-number).floor())).otherwise(number.floor())


def _worked(keep: Keep, calendar: WorkingCalendar, day: nw.Expr) -> nw.Expr:
    """How many days are worked up to and with a day, from the first day of the first year, a Monday with the number 1."""
    worked = [number for number in range(7) if number not in calendar.weekend]
    weeks = keep((day / 7.0).floor())
    rest = keep(day - weeks * 7.0)
    total = weeks * float(len(worked))
    for number in worked:
        total = total + _one_where(rest > float(number))
    for each, sign in _exceptions(calendar):
        total = total + _one_where(day >= float(each)) * sign
    return total


def _nth(keep: Keep, calendar: WorkingCalendar, wanted: nw.Expr) -> nw.Expr:
    """The day on which so many days have been worked: the inverse of `_worked`, which grows by one with each of them."""
    regular, special = wanted, []
    passed = 0.0
    for each, sign in _exceptions(calendar):
        passed += sign
        count = _worked_until(calendar, each) + passed
        regular = regular - _one_where(wanted > count) * sign
        if sign > 0:
            special.append((count, float(each)))
    found = _nth_regular(keep, calendar, keep(regular))
    for count, each_day in special:
        found = nw.when(wanted == count).then(nw.lit(each_day)).otherwise(found)
    return found


def _nth_regular(keep: Keep, calendar: WorkingCalendar, wanted: nw.Expr) -> nw.Expr:
    """The same for a calendar without exceptions."""
    worked = [number for number in range(7) if number not in calendar.weekend]
    weeks = keep(((wanted - 1.0) / float(len(worked))).floor())
    rest = keep(wanted - 1.0 - weeks * float(len(worked)))
    day = weeks * 7.0 + float(worked[0] + 1)
    for place in range(1, len(worked)):
        day = day + _one_where(rest >= float(place)) * float(worked[place] - worked[place - 1])
    return day


def _worked_until(calendar: WorkingCalendar, day: int) -> float:
    """How many days are worked up to and with a day in weeks without exceptions."""
    weeks, rest = divmod(day, 7)
    worked = [number for number in range(7) if number not in calendar.weekend]
    return float(weeks * len(worked) + sum(number < rest for number in worked))


def _one_where(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _exceptions(calendar: WorkingCalendar) -> list[tuple[int, float]]:
    """Holidays in the week, and weekends that are worked."""
    off = [
        (day, -1.0) for day in calendar.holidays - calendar.working if day.weekday() not in calendar.weekend
    ]
    extra = [(day, 1.0) for day in calendar.working if day.weekday() in calendar.weekend]
    return sorted((day.toordinal(), sign) for day, sign in (*off, *extra))
