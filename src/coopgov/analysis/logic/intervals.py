"""Sets of numbers as exact intervals with open or closed ends, and arithmetic on them.

`Span` is one interval; `Numbers` is a set of intervals that do not touch. Ends are fractions, None for no end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["EVERYTHING", "Numbers", "Span", "at", "snapped"]

_ZERO = Fraction(0)
_SMALL_STEPS = (Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000))
_DIGITS = 11
_FAR = 1000
"""An interval this many times as long as its nearer end is treated as unbounded at the other end."""


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from `low` to `high`; None is no end, and an open end is excluded."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether it contains no number."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        return above and (
            self.high is None or value < self.high or (value == self.high and not self.high_open)
        )

    def __and__(self, other: Span) -> Span:
        if self.low is self.high is None and not (self.low_open or self.high_open):
            return other
        low, low_open = self.low, self.low_open
        if other.low is not None and (low is None or other.low > low):
            low, low_open = other.low, other.low_open
        high, high_open = self.high, self.high_open
        if other.high is not None and (high is None or other.high < high):
            high, high_open = other.high, other.high_open
        return Span(
            low,
            high,
            low_open or (other.low_open and other.low == low),
            high_open or (other.high_open and other.high == high),
        )

    def whole(self) -> Span:
        """The whole numbers in it, as an interval with closed ends."""
        low, high = self.low, self.high
        if low is not None:
            low = Fraction(-((-low.numerator) // low.denominator)) + (self.low_open and low.denominator == 1)
        if high is not None:
            high = Fraction(high.numerator // high.denominator) - (self.high_open and high.denominator == 1)
        return Span(low, high)

    def __neg__(self) -> Span:
        return Span(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.high_open,
            self.low_open,
        )

    def __add__(self, other: Span) -> Span:
        return Span(
            _sum(self.low, other.low),
            _sum(self.high, other.high),
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def scaled(self, factor: Fraction) -> Span:
        """The interval multiplied by a factor that is not 0."""
        if factor < 0:
            return (-self).scaled(-factor)
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        return Span(low, high, self.low_open, self.high_open)


def _lower(span: Span) -> tuple[bool, Fraction, bool]:
    """The sort key of a lower end: an open end comes after a closed one at the same number."""
    return (span.low is not None, span.low or _ZERO, span.low_open)


def _upper(span: Span) -> tuple[bool, Fraction, bool]:
    return (span.high is None, span.high or _ZERO, not span.high_open)


def _sum(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a + b


EVERYTHING = Span()


def at(value: Fraction) -> Span:
    """The interval of one number."""
    return Span(value, value)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of numbers: intervals in rising order, none of which touches the next."""

    spans: tuple[Span, ...] = (EVERYTHING,)

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Numbers:
        """The union of intervals."""
        rising = [span for span in spans if not span.empty]
        if len(rising) < 2:
            return cls(tuple(rising))
        rising.sort(key=_lower)
        joined: list[Span] = []
        for span in rising:
            if joined and _touch(joined[-1], span):
                last = joined[-1]
                far = max(last, span, key=_upper)
                joined[-1] = Span(last.low, far.high, last.low_open, far.high_open)
            else:
                joined.append(span)
        return cls(tuple(joined))

    def __contains__(self, value: Fraction) -> bool:
        return any(value in span for span in self.spans)

    def __and__(self, other: Numbers) -> Numbers:
        return Numbers.of([a & b for a in self.spans for b in other.spans])

    def __or__(self, other: Numbers) -> Numbers:
        return Numbers.of([*self.spans, *other.spans])

    def __invert__(self) -> Numbers:
        """All other numbers."""
        rest: list[Span] = []
        low, low_open, more = None, False, True
        for span in self.spans:
            if span.low is not None:
                rest.append(Span(low, span.low, low_open, not span.low_open))
            low, low_open, more = span.high, not span.high_open, span.high is not None
        return Numbers.of([*rest, Span(low, None, low_open)] if more else rest)

    def whole(self) -> Numbers:
        """The whole numbers in it."""
        return Numbers(tuple(span for span in (each.whole() for each in self.spans) if not span.empty))

    def stepped(self, step: Fraction) -> Numbers:
        """The intervals that contain a multiple of a step."""
        return Numbers(tuple(span for span in self.spans if not span.scaled(1 / step).whole().empty))

    def cut(self, ends: Iterable[Fraction]) -> Iterator[Numbers]:
        """Its parts between given ends, and the ends inside it as separate points."""
        below: Fraction | None = None
        for end in sorted(set(ends)):
            yield self & Numbers((Span(below, end, low_open=True, high_open=True),))
            yield self & Numbers((at(end),))
            below = end
        yield self & Numbers((Span(below, None, low_open=True),))

    def picks(self) -> Iterator[Fraction]:
        """Sample numbers, plain ones first: near the lower end of each interval, inside it, near its upper end."""
        seen: list[Fraction] = []
        for span in sorted(self.spans, key=lambda each: each.low is None):
            for value in _picks(span):
                if value in span and value not in seen:
                    seen.append(value)
                    yield value


def _touch(a: Span, b: Span) -> bool:
    """Whether no number is between two intervals, the first of which begins first."""
    if a.high is None or b.low is None:
        return True
    return a.high > b.low or (a.high == b.low and not (a.high_open and b.low_open))


def _picks(span: Span) -> Iterator[Fraction]:
    if span.low is None and span.high is None:
        yield from (Fraction(0), Fraction(1), Fraction(-1))
    elif span.high is None:
        assert span.low is not None
        step = _step(span.low)
        yield from (span.low + step, span.low, span.low + 10 * step)
    elif span.low is None:
        step = _step(span.high)
        yield from (span.high - step, span.high, span.high - 10 * step)
    elif span.high - span.low > _FAR * max(Fraction(1), min(abs(span.low), abs(span.high))):
        nearer = span.low if abs(span.low) <= abs(span.high) else span.high
        step = _step(nearer) if nearer == span.low else -_step(nearer)
        yield from (nearer + step, nearer, nearer + 10 * step)
    else:
        yield _plain((span.low + span.high) / 2, span)
        yield from (span.low, span.high)


def _step(end: Fraction) -> Fraction:
    """The power of ten of a number's first digit: 1 for 7, 10 for 25, 0.1 for 0.2."""
    size = abs(end)
    if not size:
        return Fraction(1)
    if size >= 1:
        return Fraction(10 ** (len(str(floor(size))) - 1))
    return next((step for step in _SMALL_STEPS if step <= size), _SMALL_STEPS[-1])


def _plain(value: Fraction, span: Span) -> Fraction:
    """A number near another, with as few decimals as are needed to be in an interval."""
    near = (round(value, digits) for digits in range(-9, 16))
    return next((each for each in near if each in span), value)


def snapped(value: Fraction) -> Fraction:
    """A threshold, rounded to 11 digits.

    Comparisons have a tolerance of 1e-12, so thresholds that differ by less mean the same. Rounded to 11 digits, they
    are equal.
    """
    below = ceil(abs(value)) - 1
    return round(value, _DIGITS - (len(str(below)) if below > 0 else 0))
