"""Finds where an outcome changes by trying values, for conditions that cannot be solved: doubling, then bisection."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.counterfactual.variable import Variable

__all__ = ["changes"]

_DOUBLINGS = 22
_LAST_DAY = date.max.toordinal()


def changes(variable: Variable, outcome: Callable[[Fraction], object]) -> Iterator[Fraction]:
    """Yield the values of a fact, on both sides of the present one, where an outcome differs from that a step nearer.

    The result is exact for an outcome that changes once on each side, such as one that is monotonic in the fact. If it
    changes more often, one change between each two tried values with different outcomes is found. A change further than
    a step beyond the limits of the fact is left out: the value beside it that is nearer is beyond them, too.
    """
    near, step = variable.near, variable.step
    if not isinstance(near, Fraction):
        return
    start = floor(near / step)

    def tried(place: int) -> object:
        return outcome(Fraction(place * step.numerator, step.denominator))

    for sign in (1, -1):
        found = ((place, tried(place)) for place in _places(variable, start, sign))
        for (first, before), (last, after) in pairwise(found):
            if before != after:
                yield _closed_in(first, last, before, tried) * step


def _places(variable: Variable, start: int, sign: int) -> Iterator[int]:
    """Yield the present place and others further and further away, up to the first beyond the limit on that side."""
    limit = variable.high if sign > 0 else variable.low
    last = None if limit is None else floor(limit / variable.step * sign)
    dates = variable.type.kind == "date"
    for place in (start, *(start + sign * 2**power for power in range(_DOUBLINGS))):
        if not dates or 1 <= place <= _LAST_DAY:
            yield place
            if last is not None and place * sign > last:
                return


def _closed_in(first: int, last: int, before: object, outcome: Callable[[int], object]) -> int:
    """Bisect to the first place at which the outcome differs from that before."""
    while abs(last - first) > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if outcome(middle) == before else (first, middle)
    return last
