"""What an expression is in columns: a value with what says that it is not set, or the two ways a condition is certain.

No engine's idea of null logic takes part. A value is null where it is missing; `unset` is true where that is because an optional
setting was not made, and never null. A condition is a pair of columns that are never null: certainly true, certainly false;
where neither holds it is unknown, or not set.

A column is an expression of narwhals where the frame is planned, a series where it is held: see `sheet`. `stage` is how many steps
of preparation must be done before an expression can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.value_ranges import EVERYTHING, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Column",
    "Condition",
    "NotExpressible",
    "Part",
    "Range",
    "Value",
    "Why",
    "all_of",
    "any_of",
    "false_of",
    "present",
    "unknown_of",
]

Column = Any
"""`nw.Expr | nw.Series`, which have the same operators but no common type; of a constant, the constant itself."""
Why = tuple[tuple[str, Column], ...]
"""Reasons, each with the rows where it is the one for which there is no value."""


class NotExpressible(Exception):  # noqa: N818  # becomes a BackendError, which says of which rule
    """An expression that has no meaning in columns."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a date (as its ordinal) or a text.

    `constant` is what it is where it is the same for all rows; `absent` says that no row has a value, `whole` that every one has;
    `there` says which have, where that was worked out. `why` has the columns that say why a base fact has no value, by reason;
    `span` says between which numbers all of them lie.
    """

    value: Column
    unset: Column | None = None
    stage: int = 0
    constant: float | str | None = None
    absent: bool = False
    whole: bool = False
    there: Column | None = None
    why: Why = ()
    span: Span = EVERYTHING


@dataclass(frozen=True, slots=True)
class Range:
    """A count or share of which only bounds may be known."""

    low: Column
    high: Column
    unset: Column | None = None
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition; None stands for a column that is false everywhere.

    Where it is `decided` everywhere, `false` need not be given: it is where `true` is not. `why` is that of a value.
    """

    true: Column | None
    false: Column | None
    unset: Column | None = None
    stage: int = 0
    decided: bool = False
    why: Why = ()


Part = Value | Range | Condition


def any_of(parts: Iterable[Column | None]) -> Column | None:
    """Where one of them holds."""
    given = [part for part in parts if part is not None]
    return reduce(or_, given) if given else None


def all_of(parts: Iterable[Column | None]) -> Column | None:
    """Where all of them hold."""
    given = list(parts)
    if any(part is None for part in given):
        return None
    return reduce(and_, given)


def false_of(condition: Condition) -> Column | None:
    """Where a condition is certainly false."""
    if condition.decided and condition.false is None and condition.true is not None:
        return ~condition.true
    return condition.false


def unknown_of(condition: Condition, always: Column) -> Column | None:
    """Where a condition is unknown, and not since something was not set."""
    if condition.decided:
        return None
    told = any_of([condition.true, condition.false, condition.unset])
    return always if told is None else ~told


def present(part: Value | Range) -> Column | None:
    """Where there is a value; None where there always is."""
    if isinstance(part, Range):
        return ~part.low.is_null()
    if part.whole or part.constant is not None:
        return None
    return ~part.value.is_null() if part.there is None else part.there
