"""Compiled expressions: values, ranges and three-valued conditions, as columns that do not rely on null logic.

Engines differ in how they treat null in logic, so none of that is used. A value is null where it is missing; `unset`
is true where that is because an optional setting was not made, and is never null. A condition is a pair of columns that
are never null, *certainly true* and *certainly false*; where neither holds, it is unknown or not set.

A column is a narwhals expression if the frame is lazy, and a series if it is in memory: see `context`. `stage` is the
number of steps of the plan that must run before an expression can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.value_ranges import EVERYTHING, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.locales import Phrase

__all__ = [
    "Cells",
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
    "latest",
    "present",
    "undecided",
    "unknown_of",
]

Column = Any
"""`nw.Expr | nw.Series`, which have the same operators but no common type; for a constant, the constant itself."""
Why = tuple[tuple[str, Column], ...]
"""Reasons why there is no value, each with the rows where it applies."""


class NotExpressible(Exception):  # noqa: N818  # becomes a BackendError, which says of which rule
    """An expression that cannot be compiled to columns; `why` says what is in the way."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Cells:
    """A column read as a fact: its values, null where there are none; their range; where cells are faulty, and why."""

    values: Column
    span: Span = EVERYTHING
    why: Why = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a date (as its ordinal) or a text.

    `constant` is the value if it is the same in all rows. `absent` means that no row has a value, and `whole` that
    every row has one; `there` is the column that says which rows do, once computed. `why` has the reasons why a base
    fact has no value; `span` bounds all values.
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
    """A count or share, of which only bounds may be known."""

    low: Column
    high: Column
    unset: Column | None = None
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A three-valued condition; None means a column that is false everywhere.

    If it is `decided` in every row, `false` may be omitted: it holds where `true` does not. `why` is as in a value.
    """

    true: Column | None
    false: Column | None
    unset: Column | None = None
    stage: int = 0
    decided: bool = False
    why: Why = ()


Part = Value | Range | Condition


def any_of(parts: Iterable[Column | None]) -> Column | None:
    """Where at least one of the conditions holds."""
    given = [part for part in parts if part is not None]
    return reduce(or_, given) if given else None


def all_of(parts: Iterable[Column | None]) -> Column | None:
    """Where all of the conditions hold."""
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
    """Where a condition is unknown, as opposed to not set."""
    if condition.decided:
        return None
    known = any_of([condition.true, condition.false, condition.unset])
    return always if known is None else ~known


def undecided(unset: Column | None, decided: Column | None) -> Column | None:
    """Where a condition is not set, except where another operand decides it."""
    return unset if unset is None or decided is None else unset & ~decided


def latest(parts: Iterable[Part]) -> int:
    """The stage of what is computed from some parts."""
    return max((part.stage for part in parts), default=0)


def present(part: Value | Range) -> Column | None:
    """Where there is a value; None if every row has one."""
    if isinstance(part, Range):
        return ~part.low.is_null()
    if part.whole or part.constant is not None:
        return None
    return ~part.value.is_null() if part.there is None else part.there
