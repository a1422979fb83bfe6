"""Looking for a change by trying, where no algebra tells it: twice as far each time, then closing in."""

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
    """The nearest values of a fact on both sides at which an outcome is no longer what it is a step nearer.

    Exact for an outcome that changes once on each side, as what rises or falls with the fact does; where it changes more
    often, one of the changes between two values that were tried is found.
    """
    near, step = variable.near, variable.step
    if not isinstance(near, Fraction):
        return
    start = floor(near / step)
    for sign in (1, -1):
        places = [start, *(start + sign * 2**power for power in range(_DOUBLINGS))]
        for first, last in pairwise([place for place in places if _possible(variable, place)]):
            before = outcome(first * step)
            if before != outcome(last * step):
                yield _closed_in(first, last, before, lambda place: outcome(place * step)) * step


def _possible(variable: Variable, place: int) -> bool:
    return variable.type.kind != "date" or 1 <= place <= _LAST_DAY


def _closed_in(first: int, last: int, before: object, outcome: Callable[[int], object]) -> int:
    """The first place at which it is no longer as before."""
    while abs(last - first) > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if outcome(middle) == before else (first, middle)
    return last
