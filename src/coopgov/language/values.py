"""Run-time values: the two kinds of missing value, ranges, and aggregation.

Dates are day numbers (`date.toordinal`), money is in minor units where a currency is known, and everything else is as
given. A missing value is `UNKNOWN` (an observation is absent, or a value cannot be computed) or `NOT_SET` (an optional
setting was not made).
"""

from __future__ import annotations

import enum
import math
import sys
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "GREATEST",
    "LARGEST",
    "LAST_DAY",
    "NOT_SET",
    "UNKNOWN",
    "Bounds",
    "Calendar",
    "Nothing",
    "aggregate",
    "held",
    "held_day",
    "missing",
    "step_months",
]

LARGEST = 1e100
"""The limit of facts: a number this large, or infinite, is out of range."""
LAST_DAY = date.max.toordinal()
GREATEST = sys.float_info.max
"""The limit of arithmetic: a larger result is out of range."""


class Nothing(enum.Enum):
    """The two kinds of missing value."""

    UNKNOWN = "unknown"
    NOT_SET = "not set"


UNKNOWN = Nothing.UNKNOWN
NOT_SET = Nothing.NOT_SET


class Calendar(Protocol):
    """The working calendar that the language needs."""

    def add(self, day: date, n: int) -> date:
        """Return the day that many working days later."""

    def count(self, a: date, b: date) -> int:
        """Count the working days after a, up to and including b."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A count or share over items of which some are unknown: at least `low`, at most `high`."""

    low: float
    high: float


def missing(value: object) -> bool:
    """Whether a value is missing."""
    return value is UNKNOWN or value is NOT_SET


def held(value: float) -> Any:
    """The result of arithmetic, or UNKNOWN beyond the range of floats, which limits Python's whole numbers too."""
    return value if -GREATEST <= value <= GREATEST else UNKNOWN


def held_day(day: float) -> Any:
    """The result of arithmetic on dates, or UNKNOWN outside the years 1 to 9999."""
    return day if 1 <= day < LAST_DAY + 1 else UNKNOWN


def step_months(day: int, months: float) -> int:
    """Return the day that many months later, or the last day of a shorter month.

    Raises:
        ValueError: the day is outside the years 1 to 9999.
    """
    start = date.fromordinal(int(day))
    year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("a day outside the years 1 to 9999")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


Item = tuple[Any, Any]
"""Whether an item meets the `where` of an aggregate, and its value; either may be missing."""


def aggregate(function: str, items: Iterable[Item]) -> Any:
    """Apply an aggregate function to its items; an item whose condition is not set is left out."""
    return _AGGREGATES[function]([item for item in items if item[0] is not NOT_SET])


def _count(items: list[Item]) -> Any:
    certain = sum(where is True for where, _ in items)
    possible = certain + sum(where is UNKNOWN for where, _ in items)
    return certain if certain == possible else Bounds(certain, possible)


def _share(items: list[Item]) -> Any:
    kept = [(where, value) for where, value in items if value is not NOT_SET and where is not False]
    yes = sum(where is True and value is True for where, value in kept)
    no = sum(where is True and value is False for where, value in kept)
    could = sum(value is not False for where, value in kept) - yes
    could_not = sum(value is not True for where, value in kept) - no
    if yes + no + could + could_not == 0:
        return UNKNOWN
    low = yes / (yes + no + could_not) if yes + no + could_not else 0.0
    high = (yes + could) / (yes + could + no) if yes + could + no else 1.0
    if no + could_not + yes == 0 or yes + could + no == 0:
        return UNKNOWN
    return low if low == high else Bounds(low, high)


def _any(items: list[Item]) -> Any:
    outcomes = [_both(where, value) for where, value in items if value is not NOT_SET]
    return True if True in outcomes else UNKNOWN if UNKNOWN in outcomes else False


def _all(items: list[Item]) -> Any:
    outcomes = [_both(where, _negated(value)) for where, value in items if value is not NOT_SET]
    return False if True in outcomes else UNKNOWN if UNKNOWN in outcomes else True


def _both(a: object, b: object) -> object:
    if a is False or b is False:
        return False
    return True if a is True and b is True else UNKNOWN


def _negated(value: object) -> object:
    return UNKNOWN if missing(value) else not value


def _of_numbers(combine: Callable[[list[Any]], Any], items: list[Item]) -> Any:
    # Unlike a count, a sum or maximum has no bounds where it is open which items belong to it.
    if any(where is UNKNOWN for where, _ in items):
        return UNKNOWN
    values = [value for where, value in items if where is True]
    if NOT_SET in values:
        return NOT_SET
    return UNKNOWN if UNKNOWN in values else combine(values)


def _sum(values: list[Any]) -> Any:
    """The sum, rounded once; UNKNOWN if it is out of range."""
    try:
        return held(sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values))
    except OverflowError:
        return UNKNOWN


def _mean(values: list[Any]) -> Any:
    total = _sum(values)
    return UNKNOWN if total is UNKNOWN or not values else total / len(values)


_AGGREGATES: Mapping[str, Callable[[list[Item]], Any]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
    "sum": lambda items: _of_numbers(_sum, items),
    "mean": lambda items: _of_numbers(_mean, items),
    "min": lambda items: _of_numbers(lambda v: min(v, default=UNKNOWN), items),
    "max": lambda items: _of_numbers(lambda v: max(v, default=UNKNOWN), items),
}
