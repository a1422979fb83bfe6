"""Working days: counts and adds them, in constant time over any span of years."""

from __future__ import annotations

import calendar as months
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from coopgov.errors import AgreementError
from coopgov.faults import NO_HINT
from coopgov.locales import phrase
from coopgov.schema.locate import fault_of
from coopgov.schema.problems import defects_of, problem

if TYPE_CHECKING:
    from coopgov.model.contents import Calendar, Contents
    from coopgov.schema.quantities import Span

__all__ = ["WorkingCalendar", "calendar_of", "cycle_after", "months_after", "span_after", "working_calendar"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ANY_DAY = date(2000, 1, 1)
"""The day whose years give the official holidays of an agreement that has no dates at all."""
_MARGIN = 2
"""Years before and after the term that official holidays are loaded for."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days: `weekend` as weekday numbers (Monday is 0), `holidays` off, `working` on all the same.

    >>> WorkingCalendar().add(date(2026, 1, 6), 2)
    datetime.date(2026, 1, 8)
    """

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _extra: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _by_weekday: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a weekend of all seven days leaves no working day")
        off = (day for day in self.holidays - self.working if day.weekday() not in self.weekend)
        extra = (day for day in self.working if day.weekday() in self.weekend)
        in_week = accumulate((int(day not in self.weekend) for day in range(7)), initial=0)
        object.__setattr__(self, "_off", tuple(sorted(day.toordinal() for day in off)))
        object.__setattr__(self, "_extra", tuple(sorted(day.toordinal() for day in extra)))
        object.__setattr__(self, "_by_weekday", tuple(in_week))

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        if day in self.working:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def count(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` comes first."""
        return self._until(end.toordinal()) - self._until(start.toordinal())

    def add(self, day: date, working_days: int) -> date:
        """Return the day that many working days after a day, or before it if negative; 0 is the day itself.

        Raises:
            OverflowError: the day is outside the years 1 to 9999.
        """
        if working_days == 0:
            return day
        start = day.toordinal()
        if working_days > 0:
            wanted = self._until(start) + working_days
            return _day(self._first(wanted, start, start + self._reach(working_days)))
        wanted = self._until(start - 1) + working_days + 1
        return _day(self._first(wanted, start - self._reach(-working_days), start))

    def first_from(self, day: date) -> date:
        """Return a day if it is a working day, else the next working day.

        Raises:
            OverflowError: there is no working day up to the end of the year 9999.
        """
        return day if self.is_working(day) else self.add(day, 1)

    def _until(self, ordinal: int) -> int:
        """Count working days from the first Monday of the calendar; full weeks are multiplied, not walked."""
        weeks, rest = divmod(ordinal, 7)
        regular = weeks * self._by_weekday[7] + self._by_weekday[rest]
        return regular - bisect_right(self._off, ordinal) + bisect_right(self._extra, ordinal)

    def _first(self, wanted: int, low: int, high: int) -> int:
        """Find the first day by which that many working days have passed."""
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._until(middle) >= wanted else (middle + 1, high)
        return low

    def _reach(self, working_days: int) -> int:
        """How many days certainly contain that many working days: each week has at least one, holidays aside."""
        return 7 * (working_days + len(self._off) + 1)


def _day(ordinal: int) -> date:
    if not 1 <= ordinal <= date.max.toordinal():
        raise OverflowError("a day outside the years 1 to 9999")
    return date.fromordinal(ordinal)


def months_after(day: date, count: int) -> date:
    """Return the same day a number of months later, or the last day of a shorter month.

    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("a day outside the years 1 to 9999")
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def span_after(day: date, span: Span, calendar: WorkingCalendar, times: int = 1) -> date:
    """Return the day a span after a day, or `times` spans; spans of hours end on the day itself."""
    if span.unit == "months":
        return months_after(day, span.count * times)
    if span.unit == "working days":
        return calendar.add(day, span.count * times)
    return _day(day.toordinal() + span.count * times) if span.unit == "days" else day


def cycle_after(day: date, every: Span, calendar: WorkingCalendar) -> date:
    """Return the end of a cycle that began on a day; a monthly cycle from the end of a month ends at the end of one.

    >>> from coopgov.schema import parse_span
    >>> cycle_after(date(2026, 2, 28), parse_span("1 month"), WorkingCalendar())
    datetime.date(2026, 3, 31)
    """
    end = span_after(day, every, calendar)
    return _month_end(end) if every.unit == "months" and day == _month_end(day) else end


def _month_end(day: date) -> date:
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def calendar_of(agreement: Contents) -> WorkingCalendar:
    """Return the working days of an agreement, over its term, or its phases where the term is not known.

    Raises:
        AgreementError: the country is unknown, or the library of official days is not installed.
    """
    try:
        return working_calendar(agreement.calendar, *_period(agreement))
    except PydanticCustomError as error:
        defects = defects_of(error, ("calendar", "country"))
        raise AgreementError([fault_of(agreement.document, each) for each in defects]) from None


def working_calendar(calendar: Calendar, first: date, last: date) -> WorkingCalendar:
    """Return the working days that a file describes, for a period.

    With `country`, official holidays and working weekends are added for the years of the period and two on either side,
    and the weekend is the country's on the first day; `weekend`, `holidays` and `working` override them. They come from
    the library `holidays`. For years that a country has not published yet, they hold what can be foreseen: for China
    without working weekends, and with estimated dates of the lunar calendar.

    Raises:
        PydanticCustomError: a `problem` with `country`: it is unknown, or the library is not installed.
    """
    weekend = frozenset(_WEEKDAYS.index(name) for name in calendar.weekend)
    holidays, working = frozenset(calendar.holidays), frozenset(calendar.working)
    if calendar.country is None:
        return WorkingCalendar(weekend, holidays, working)
    official = _official(calendar.country, calendar.subdivision, first, last)
    return WorkingCalendar(
        weekend if "weekend" in calendar.model_fields_set else official.weekend,
        holidays | (official.holidays - working),
        working | (official.working - holidays),
    )


def _official(country: str, subdivision: str | None, first: date, last: date) -> WorkingCalendar:
    try:
        return _official_calendar(country, subdivision, first, last.year)
    except ImportError:
        expected = phrase("model.missing-library.expected")
        code, hint = "missing-library", phrase("model.missing-library.hint")
    except NotImplementedError:
        expected = phrase("model.unknown-country.expected")
        code, hint = "unknown-country", NO_HINT
    found = phrase("model.unknown-country.found", country=" ".join(filter(None, (country, subdivision))))
    raise problem(code, found, expected, hint) from None


def _period(agreement: Contents) -> tuple[date, date]:
    """The first and the last day of the term, or of the phases where the term is not known."""
    term = agreement.term
    phases = [] if term.start and term.end else [phase.planned for phase in agreement.phases]
    found = [day for each in (term, *phases) for day in (each.start, each.end) if day]
    return min(found, default=_ANY_DAY), max(found, default=_ANY_DAY)


@lru_cache(maxsize=32)
def _official_calendar(country: str, subdivision: str | None, start: date, last: int) -> WorkingCalendar:
    """Ask the optional library for the weekend in the week from a day, official holidays, and working weekends."""
    import holidays

    years = range(max(1, start.year - _MARGIN), min(9999, last + _MARGIN) + 1)
    known = holidays.country_holidays(country, subdiv=subdivision, years=years)
    first = min(start, date.max - timedelta(6))
    week = [first + timedelta(number) for number in range(7)]
    weekend = frozenset(day.weekday() for day in week if known.is_weekend(day))
    return WorkingCalendar(weekend, frozenset(known), frozenset(getattr(known, "weekend_workdays", ())))
