"""What an expression is in columns: a value with what says that it is not set, or the two ways a condition is certain.

No engine's idea of null logic takes part. A value is null where it is missing; `unset` is true where that is because an optional
setting was not made, and never null. A condition is a pair of columns that are never null: certainly true, certainly false;
where neither holds it is unknown, or not set.

`stage` is how many steps of preparation must be done before a part can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Condition", "Part", "Range", "Value", "all_of", "any_of", "either", "number_of", "present"]


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a date (as its ordinal) or a text.

    `constant` is what it is where it is the same for all rows; `absent` says that no row has a value.
    """

    value: nw.Expr
    unset: nw.Expr | None = None
    stage: int = 0
    constant: float | str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A count or share of which only bounds may be known."""

    low: nw.Expr
    high: nw.Expr
    unset: nw.Expr | None = None
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition; None stands for a column that is false everywhere."""

    true: nw.Expr | None
    false: nw.Expr | None
    unset: nw.Expr | None = None
    stage: int = 0


Part = Value | Range | Condition


def any_of(parts: Iterable[nw.Expr | None]) -> nw.Expr | None:
    """Where one of them holds."""
    given = [part for part in parts if part is not None]
    return reduce(or_, given) if given else None


def all_of(parts: Iterable[nw.Expr | None]) -> nw.Expr | None:
    """Where all of them hold."""
    given = list(parts)
    if any(part is None for part in given):
        return None
    return reduce(and_, (part for part in given if part is not None))


def present(part: Value | Range) -> nw.Expr | None:
    """Where there is a value; None where there always is."""
    if isinstance(part, Value) and part.constant is not None:
        return None
    return ~(part.low if isinstance(part, Range) else part.value).is_null()


def number_of(part: Part) -> Value:
    """A count or share used other than in a comparison must be certain."""
    if isinstance(part, Range):
        return Value(nw.when(part.low == part.high).then(part.low), part.unset, part.stage)
    assert isinstance(part, Value)
    return part


def either(left: Value, right: Value | Range) -> Value | Range:
    """The left value, or the right one where that is missing."""
    unset = all_of([left.unset, right.unset])
    stage = max(left.stage, right.stage)
    if left.absent:
        return replace(right, unset=unset, stage=stage)
    there = ~left.value.is_null()
    if isinstance(right, Range):
        low, high = (nw.when(there).then(left.value).otherwise(end) for end in (right.low, right.high))
        return Range(low, high, unset, stage)
    return Value(nw.when(there).then(left.value).otherwise(right.value), unset, stage)
