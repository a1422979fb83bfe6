"""Interval arithmetic on columns: an expression that cannot overflow, or leave the calendar, needs no check.

The bounds are floats. Rounding is monotonic, so arithmetic on the bounds also bounds the rounded values between them.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CALENDAR", "COUNTS", "EVERYTHING", "FLOATS", "Span", "point"]

_COUNT = 2.0**63
"""A bound of the number of rows of any frame."""


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from `low` to `high`; an infinite end means that a value may overflow there."""

    low: float = -math.inf
    high: float = math.inf

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high

    def within(self, other: Span) -> bool:
        """Whether this span is contained in another."""
        return other.low <= self.low and self.high <= other.high

    def __add__(self, other: Span) -> Span:
        return _span((self.low + other.low, self.high + other.high))

    def __sub__(self, other: Span) -> Span:
        return _span((self.low - other.high, self.high - other.low))

    def __mul__(self, other: Span) -> Span:
        return _span(a * b for a in (self.low, self.high) for b in (other.low, other.high))

    def __truediv__(self, other: Span) -> Span:
        if 0.0 in other:
            return EVERYTHING
        return _span(a / b for a in (self.low, self.high) for b in (other.low, other.high))

    def __neg__(self) -> Span:
        return Span(-self.high, -self.low)

    def __abs__(self) -> Span:
        least = 0.0 if 0.0 in self else min(abs(self.low), abs(self.high))
        return Span(least, max(abs(self.low), abs(self.high)))

    def __or__(self, other: Span) -> Span:
        """The smallest span that contains both."""
        return Span(min(self.low, other.low), max(self.high, other.high))

    def summed(self) -> Span:
        """The span of all sums of its numbers, including partial sums."""
        return _span((min(0.0, self.low * _COUNT), max(0.0, self.high * _COUNT)))


def _span(numbers: Iterable[float]) -> Span:
    """The span from the least to the largest number; everything if one of them is NaN."""
    ends = list(numbers)
    return EVERYTHING if any(map(math.isnan, ends)) else Span(min(ends), max(ends))


def point(value: float | str) -> Span:
    """The span of a constant."""
    return EVERYTHING if isinstance(value, str) else Span(value, value)


EVERYTHING = Span()
COUNTS = Span(0.0, _COUNT)
FLOATS = Span(-sys.float_info.max, sys.float_info.max)
CALENDAR = Span(1.0, math.nextafter(date.max.toordinal() + 1.0, 0.0))
"""Day numbers of the years 1 to 9999, including fractions of the last day."""
