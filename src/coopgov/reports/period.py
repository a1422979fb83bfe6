"""The period of a report: a quarter, a year, a month or any days, and the period before it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from coopgov.errors import PeriodError
from coopgov.locales import phrase, text, verbatim

__all__ = ["KINDS", "ReportKind", "ReportPeriod", "period_of"]

ReportKind = Literal["quarterly", "yearly", "custom"]
"""What a report covers: a quarter, a year, or any other days."""
KINDS: tuple[ReportKind, ...] = ("quarterly", "yearly", "custom")
"""The kinds of reports."""

_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.|/|:)(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The days of a report, from the first to the last.

    >>> period = ReportPeriod.parse("2026-Q2")
    >>> str(period), period.kind, str(period.previous)
    ('2026-Q2', 'quarterly', '2026-Q1')
    """

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> ReportPeriod:
        """Read `2026-Q2`, `2026`, `2026-05` or `2026-04-01..2026-06-30`.

        Raises:
            PeriodError: the text is none of these, or the last day comes before the first.
        """
        written = text.strip()
        if found := _QUARTER.fullmatch(written):
            year, last = int(found[1]), 3 * int(found[2])
            return cls._months(text, year, last - 2, last)
        if found := _YEAR.fullmatch(written):
            return cls._months(text, int(found[1]), 1, 12)
        if found := _MONTH.fullmatch(written):
            return cls._months(text, int(found[1]), int(found[2]), int(found[2]))
        found = _DAYS.fullmatch(written)
        try:
            if found:
                return cls.between(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        except ValueError:
            pass
        raise _wrong(text)

    @classmethod
    def _months(cls, text: str, year: int, first: int, last: int) -> ReportPeriod:
        if year < 1:
            raise _wrong(text)
        return cls(date(year, first, 1), date(year, last, monthrange(year, last)[1]))

    @classmethod
    def between(cls, first: date, last: date) -> ReportPeriod:
        """Return the period between two days.

        Raises:
            PeriodError: the last day comes before the first.
        """
        if last < first:
            expected = phrase("reports.period.order", first=first)
            raise PeriodError(verbatim(last.isoformat()), expected)
        return cls(first, last)

    @property
    def months(self) -> int:
        """The number of whole months that it covers; 0 for any other days."""
        whole = self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]
        return (
            12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1 if whole else 0
        )

    @property
    def kind(self) -> ReportKind:
        """`quarterly` for a calendar quarter, `yearly` for twelve whole months, else `custom`."""
        if self.months == 3 and self.first.month % 3 == 1:
            return "quarterly"
        return "yearly" if self.months == 12 else "custom"

    @property
    def previous(self) -> ReportPeriod | None:
        """The period before it, as many months or days long; None where the calendar begins."""
        try:
            last = self.first - timedelta(1)
            if not self.months:
                return ReportPeriod(self.first - (self.last - self.first) - timedelta(1), last)
            month = 12 * self.first.year + self.first.month - 1 - self.months
            return ReportPeriod(date(month // 12, month % 12 + 1, 1), last)
        except (OverflowError, ValueError):
            return None

    @property
    def following(self) -> ReportPeriod:
        """The period after it, as many months or days long; it ends with the calendar at the latest."""
        try:
            first = self.last + timedelta(1)
            if not self.months:
                return ReportPeriod(first, first + (self.last - self.first))
            month = 12 * self.last.year + self.last.month - 1 + self.months
            year, number = month // 12, month % 12 + 1
            return ReportPeriod(first, date(year, number, monthrange(year, number)[1]))
        except (OverflowError, ValueError):
            return ReportPeriod(self.last, date.max)

    def holds(self, day: date | None) -> bool:
        """Whether a day is in it; None is in none."""
        return day is not None and self.first <= day <= self.last

    def __str__(self) -> str:
        if self.kind == "quarterly":
            return f"{self.first.year:04}-Q{self.last.month // 3}"
        if self.kind == "yearly" and self.first.month == 1:
            return f"{self.first.year:04}"
        if self.months == 1:
            return f"{self.first:%Y-%m}"
        return f"{self.first}..{self.last}"

    def name_in(self, language: str) -> str:
        """What people call it in a language, such as `second quarter of 2026`."""
        if self.kind == "quarterly":
            quarter = self.last.month // 3
            return text(f"reports.period.quarters.{quarter}", language, year=self.first.year)
        if self.kind == "yearly" and self.first.month == 1:
            return text("reports.period.year", language, year=self.first.year)
        return text("reports.period.days", language, first=self.first, last=self.last)


def _wrong(found: str) -> PeriodError:
    return PeriodError(verbatim(f'"{found}"'), phrase("reports.period.expected"))


def period_of(given: object) -> ReportPeriod:
    """A period of what a caller gives: a `ReportPeriod`, a text such as `2026-Q2`, or the first and the last day.

    Raises:
        PeriodError: it is none of these, or the last day comes before the first.
    """
    match given:
        case ReportPeriod():
            return given
        case str():
            return ReportPeriod.parse(given)
        case (date() as first, date() as last):
            return ReportPeriod.between(first, last)
    raise _wrong(str(given))
