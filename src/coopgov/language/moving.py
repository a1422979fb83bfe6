"""Numbers that depend on the date: what they are, and how fast they can change."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from coopgov.language.values import LARGEST, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["ALWAYS", "Moving", "days_apart", "difference", "extreme", "moving", "plain", "product", "total"]

ALWAYS = LAST_DAY + 1
"""More days than there are."""
_MARGIN = 1e-9
"""The part of two numbers by which they must differ for their order to be certain: more than rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """A number that depends on the date: what it is now, and by how much it grows in a day, at least and at most.

    `size` is the size of the numbers that it was computed from, to which rounding is relative.
    It equals the number that it is now.
    """

    now: Any
    low: float
    high: float
    size: float

    def __eq__(self, other: object) -> bool:
        return bool(self.now == plain(other))

    def __hash__(self) -> int:
        return hash(self.now)

    @property
    def speed(self) -> float:
        """By how much it changes in a day at most."""
        return max(abs(self.low), abs(self.high))


def plain(value: Any) -> Any:
    """Return what a value is now."""
    return value.now if value.__class__ is Moving else value


def moving(value: Any) -> Moving:
    """Return a number as one that moves, if only by nothing a day."""
    return value if value.__class__ is Moving else Moving(value, 0.0, 0.0, abs(float(value)))


def days_apart(left: Moving, right: Moving) -> int:
    """The number of days, today included, during which two numbers certainly stay in their order.

    It is 1 where they are too close to each other.
    """
    gap = float(left.now) - float(right.now)
    closing = right.high - left.low if gap > 0 else left.high - right.low
    closing += _MARGIN * (left.speed + right.speed)
    distance = abs(gap) - _MARGIN * max(
        1.0, left.size, right.size, abs(float(left.now)), abs(float(right.now))
    )
    if not isfinite(closing) or distance <= 0:
        return 1
    return ALWAYS if distance >= ALWAYS * closing else max(1, ceil(distance / closing))


def total(now: Any, parts: Iterable[Any]) -> Moving | None:
    """The sum of numbers, which is `now`; None if its speed has no known bound."""
    known = [moving(part) for part in parts]
    return _sound(
        now,
        sum(part.low for part in known),
        sum(part.high for part in known),
        max(part.size for part in known),
    )


def difference(now: Any, left: Any, right: Any) -> Moving | None:
    """The difference of two numbers, which is `now`."""
    a, b = moving(left), moving(right)
    return _sound(now, a.low - b.high, a.high - b.low, max(a.size, b.size))


def product(now: Any, number: Moving, factor: float) -> Moving | None:
    """The product of a number and a constant, which is `now`."""
    if not isfinite(factor):
        return None
    ends = number.low * factor, number.high * factor
    return _sound(now, min(ends), max(ends), number.size * abs(factor))


def _sound(now: Any, low: float, high: float, size: float) -> Moving | None:
    """The number, unless it comes near the ends of the range of numbers."""
    size = max(size, abs(float(now)))
    return Moving(now, low, high, size) if size < LARGEST and max(abs(low), abs(high)) < LARGEST else None


def extreme(function: Callable[..., Any], values: Sequence[Any]) -> tuple[Any, int]:
    """The least or greatest number, by `min` or `max`, and for how many days it stays the same one."""
    known = [moving(value) for value in values]
    best = function(known, key=lambda each: each.now)
    low, high, days = best.low, best.high, ALWAYS
    for each in known:
        if each is best or (each.speed == best.speed == 0):
            continue
        apart = days_apart(best, each)
        if apart > 1:
            days = min(days, apart)
        else:  # one of them may overtake the other at any time
            low, high = min(low, each.low), max(high, each.high)
    size = max(each.size for each in known)
    return Moving(best.now, low, high, size) if low or high else best.now, days
