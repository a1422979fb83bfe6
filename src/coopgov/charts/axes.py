"""Axes: where a day or a number is, and which of them have a mark."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coopgov.charts.glyphs import width_of
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Days", "Mark", "Numbers", "number_text", "steps_between"]

_SMALL = 10
"""The font size of marks."""
_GAP = 8.0
"""The room between two marks."""
_LEAST_DAYS = 14
"""A shorter period is drawn with this many days, so that no bar fills the whole chart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on an axis: where it is, and its text."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days from the first to the last, from left to right."""

    first: date
    last: date
    left: float
    right: float
    language: str

    @classmethod
    def around(cls, days: Sequence[date], left: float, right: float, language: str) -> Days:
        """An axis that all days fit on, from the start of a month to the end of one."""
        first, last = min(days), max(days)
        if (last - first).days < _LEAST_DAYS:
            last = _later(first, _LEAST_DAYS)
        first = first.replace(day=1)
        return cls(first, _later(_month(last, 1), -1), left, right, language)

    @property
    def day(self) -> float:
        """The width of a day."""
        return (self.right - self.left) / ((self.last - self.first).days + 1)

    def x(self, day: date, days: int = 0) -> float:
        """Where a day begins, or a number of days after it."""
        return self.left + ((day - self.first).days + days) * self.day

    def marks(self) -> tuple[list[Mark], list[Mark]]:
        """The marks of years (or months), and below them those of months (or days), as dense as their texts allow."""
        if self.day * 7 >= self._room(("30",)):
            return self._thinned(self._months(1, "month-year")), list(self._weeks())
        widest = self._room([text(f"charts.months.{month}", self.language) for month in range(1, 13)])
        for months in (1, 3, 6):
            if self.day * 30 * months >= widest:
                return self._thinned(self._years(1)), [
                    mark for mark in self._months(months, "month") if self._fits(mark)
                ]
        years = next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if self._clear(each))
        return self._thinned(self._years(years)), []

    @staticmethod
    def _room(texts: Sequence[str]) -> float:
        return max(width_of(each, _SMALL, bold=True) for each in texts) + _GAP

    def _clear(self, years: int) -> bool:
        return self.day * 365 * years >= self._room(["0000"])

    def _fits(self, mark: Mark) -> bool:
        return mark.x + 2 + width_of(mark.text, _SMALL, bold=True) <= self.right

    def _thinned(self, marks: Iterator[Mark]) -> list[Mark]:
        """The marks that have room; of two that are too close, the one of a whole period stays."""
        kept: list[Mark] = []
        for mark in marks:
            if not self._fits(mark):
                continue
            if kept and kept[-1].x + width_of(kept[-1].text, _SMALL, bold=True) + _GAP > mark.x:
                kept.pop()
            kept.append(mark)
        return kept

    def _weeks(self) -> Iterator[Mark]:
        dense = self.day >= self._room(["30"])
        day = self.first
        while day <= self.last:
            if dense or day.weekday() == 0:
                mark = Mark(self.x(day), str(day.day))
                if self._fits(mark):
                    yield mark
            if day == date.max:
                return
            day = _later(day, 1)

    def _months(self, step: int, form: str) -> Iterator[Mark]:
        month = self.first
        while True:
            if (month.month - 1) % step == 0 or (form == "month-year" and month == self.first):
                yield Mark(self.x(month), self._said(form, month))
            following = _month(month, 1)
            if following > self.last or following <= month:
                return
            month = following

    def _years(self, step: int) -> Iterator[Mark]:
        yield Mark(self.x(self.first), self._said("year", self.first))
        for year in range(self.first.year + 1, self.last.year + 1):
            if year % step == 0:
                day = date(year, 1, 1)
                yield Mark(self.x(day), self._said("year", day))

    def _said(self, form: str, day: date) -> str:
        month = text(f"charts.months.{day.month}", self.language)
        return text(f"charts.axis.{form}", self.language, year=day.year, month=month)


def _later(day: date, days: int) -> date:
    """A day so many days later, inside the years 1 to 9999."""
    ordinal = max(1, min(day.toordinal() + days, date.max.toordinal()))
    return date.fromordinal(ordinal)


def _month(day: date, months: int) -> date:
    """The first day of a month after that of a day; at the end of time, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) if year <= date.max.year else date.max


# Numbers -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers from the lowest to the highest mark, from bottom to top."""

    marks: tuple[float, ...]
    top: float
    bottom: float

    @classmethod
    def around(cls, values: Sequence[float], top: float, bottom: float, most: int = 5) -> Numbers:
        """An axis that all values fit on, with at most so many steps of 1, 2 or 5."""
        return cls(steps_between(min(values), max(values), most), top, bottom)

    def y(self, value: float) -> float:
        """Where a number is."""
        low, high = self.marks[0], self.marks[-1]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def steps_between(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """The multiples of 1, 2 or 5 (times a power of ten) around two numbers, at most so many steps.

    >>> steps_between(78, 92), steps_between(0, 0.3), steps_between(5, 5)
    ((75.0, 80.0, 85.0, 90.0, 95.0), (0.0, 0.1, 0.2, 0.3), (4.5, 5.0, 5.5))
    """
    if high - low <= max(abs(low), abs(high)) * 1e-9:
        room = abs(low) / 10 or 1.0
        low, high = low - room, high + room
    power = 10.0 ** (math.floor(math.log10((high - low) / most)))
    for step in (power, 2 * power, 5 * power, 10 * power):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    return tuple(float(f"{number * step:.12g}") for number in range(first, last + 1))


def number_text(value: float) -> str:
    """A number with at most two decimals (two digits, if it is tiny), and with commas between thousands.

    >>> number_text(1200000), number_text(0.25), number_text(78.0), number_text(0.0004)
    ('1,200,000', '0.25', '78', '0.0004')
    """
    if 0 < abs(value) < 0.01:
        return f"{value:.2g}"
    written = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
