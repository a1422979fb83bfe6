"""What evaluation works with: values, the two ways of having none, and comparisons that mean decimal figures.

Dates are day numbers (`date.toordinal`), money is in minor units where a currency is known, everything else is as
given. A value that is not there is `UNKNOWN` (an observation is absent, or something cannot be computed) or `NOT_SET`
(an optional setting was not made).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.errors import FactError
from coopgov.language.types import DATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.language.types import Type

__all__ = [
    "LARGEST",
    "MONEY_TOLERANCE",
    "NOT_SET",
    "TOLERANCE",
    "UNKNOWN",
    "Bounds",
    "Calendar",
    "Nothing",
    "above",
    "aggregate",
    "below",
    "hidden",
    "missing",
    "read",
    "step_months",
    "tolerance",
]

LARGEST = 1e100
"""Numbers from here on are no figures of an agreement: they count as absent, as infinity does."""
TOLERANCE = 1e-12
MONEY_TOLERANCE = 1e-5
"""Amounts that differ by less, in the unit they are counted in, are one amount: no currency has five decimals."""


class Nothing(enum.Enum):
    """The two ways of having no value."""

    UNKNOWN = "unknown"
    NOT_SET = "not set"


UNKNOWN = Nothing.UNKNOWN
NOT_SET = Nothing.NOT_SET


class Calendar(Protocol):
    """What the language needs of a working calendar."""

    def add(self, day: date, n: int) -> date:
        """The day that many working days later."""

    def count(self, a: date, b: date) -> int:
        """The working days after a, up to and with b."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A count or share of which some items are unknown: at least `low`, at most `high`."""

    low: float
    high: float


def missing(value: object) -> bool:
    """Whether there is no value."""
    return value is UNKNOWN or value is NOT_SET


def read(value: Any, kind: Type, name: str) -> Any:
    """A fact of a record as a value of its type; None where it is absent (None, NaN, infinite).

    Raises:
        FactError: the value is not of the fact's type.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind.numeric and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _finite(value)
    if kind.kind == "date" and isinstance(value, date):
        return value.toordinal()
    if kind.kind == "collection" and isinstance(value, (list, tuple)):
        return [_record(item, name) for item in value]
    if isinstance(value, _CLASSES.get(kind.kind, ())) and (not kind.choices or value in kind.choices):
        return value
    expected = f"one of {', '.join(kind.choices)}" if kind.choices else str(kind)
    raise FactError(name, value, expected)


_CLASSES: Mapping[str, type | tuple[type, ...]] = {
    "truth": bool,
    "text": str,
    "texts": (list, tuple),
}


def _record(item: Any, name: str) -> Any:
    if isinstance(item, (dict, Mapping)):
        return item
    raise FactError(name, item, "a mapping of facts")


def _finite(value: float | Decimal) -> float | None:
    if isinstance(value, Decimal):
        value = math.nan if value.is_nan() else float(value)
    return value if -LARGEST < value < LARGEST else None


def hidden(day: Any, name: str, as_of: date | None) -> bool:
    """Whether something observed on a day is not to be seen on the date."""
    ordinal = read(day, DATE, name)
    try:
        return as_of is not None and ordinal is not None and ordinal > as_of.toordinal()
    except AttributeError:
        raise FactError("as_of", as_of, "a date such as date(2026, 6, 30)") from None


def tolerance(right: float) -> float:
    """How far two numbers may lie apart and still be the same decimal figure."""
    return TOLERANCE * max(1.0, abs(right))


def above(a: float, b: float, *, exact: bool) -> bool:
    """Whether a is above b; `exact` for dates and for money that was only added."""
    return a - b > MONEY_TOLERANCE if exact else a > b + tolerance(b)


def below(a: float, b: float, *, exact: bool) -> bool:
    """Whether a is below b."""
    return b - a > MONEY_TOLERANCE if exact else a < b - tolerance(b)


def step_months(day: int, months: float) -> int:
    """The day that many months later, or the last of that month where it is shorter."""
    start = date.fromordinal(int(day))
    index = start.year * 12 + start.month - 1 + int(months)
    year, month = divmod(index, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = following.toordinal() - date(year, month + 1, 1).toordinal()
    return date(year, month + 1, min(start.day, last)).toordinal()


Item = tuple[Any, Any]
"""Whether an item meets the `where` of an aggregate, and its value; each may be missing."""


def aggregate(function: str, items: Iterable[Item]) -> Any:
    """Apply a function of a collection to its items; what is not set on an item leaves the item out of conditions."""
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
    if any(where is UNKNOWN for where, _ in items):
        return UNKNOWN
    values = [value for where, value in items if where is True]
    if NOT_SET in values:
        return NOT_SET
    return UNKNOWN if UNKNOWN in values else combine(values)


def _exact_sum(values: list[Any]) -> Any:
    return sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values)


_AGGREGATES: Mapping[str, Callable[[list[Item]], Any]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
    "sum": lambda items: _of_numbers(_exact_sum, items),
    "mean": lambda items: _of_numbers(lambda v: _exact_sum(v) / len(v) if v else UNKNOWN, items),
    "min": lambda items: _of_numbers(lambda v: min(v, default=UNKNOWN), items),
    "max": lambda items: _of_numbers(lambda v: max(v, default=UNKNOWN), items),
}
