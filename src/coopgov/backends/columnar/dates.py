"""Days as numbers, by arithmetic that every engine has: they disagree on the difference of two dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from coopgov.model import WorkingCalendar

__all__ = ["ordinal_of", "working_days"]


def ordinal_of(day: nw.Expr) -> nw.Expr:
    """The number of a day, as `date.toordinal` counts: years begin in March, so that the leap day is the last."""
    year, month = day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64)
    early = month <= 2
    year = nw.when(early).then(year - 1).otherwise(year)
    month = nw.when(early).then(month + 9).otherwise(month - 3)
    leaps = year // 4 - year // 100 + year // 400
    days = 365 * year + leaps + (153 * month + 2) // 5 + day.dt.day().cast(nw.Int64) - 306
    return days.cast(nw.Float64)


def working_days(calendar: WorkingCalendar, day: nw.Expr) -> nw.Expr:
    """How many days are worked up to and with a day, from the first day of the first year."""
    worked = [number for number in range(7) if number not in calendar.weekend]
    weeks = (day / 7.0).floor()
    rest = day - weeks * 7.0
    total = weeks * float(len(worked))
    for number in worked:
        total = total + nw.when(rest > number).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    for each, sign in _exceptions(calendar):
        total = total + nw.when(day >= float(each)).then(nw.lit(sign)).otherwise(nw.lit(0.0))
    return total


def _exceptions(calendar: WorkingCalendar) -> list[tuple[int, float]]:
    """Holidays in the week, and weekends that are worked."""
    off = [
        (day, -1.0) for day in calendar.holidays - calendar.working if day.weekday() not in calendar.weekend
    ]
    extra = [(day, 1.0) for day in calendar.working if day.weekday() in calendar.weekend]
    return sorted((day.toordinal(), sign) for day, sign in (*off, *extra))
