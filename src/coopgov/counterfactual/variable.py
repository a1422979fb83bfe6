"""The variable of a counterfactual: one fact, its present value, the step of its values, and how to suppose others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.types import DATE, Type
from coopgov.language.values import missing
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.language.interpreter import Interpreter, Record, Setting
    from coopgov.language.residual import Fact

__all__ = ["Point", "Variable", "around", "as_point", "as_value", "resolution"]

_DECIMALS = 2
"""Decimals of money in an unknown currency."""

Point = Fraction | str | bool | tuple[str, ...]
"""A value of a fact: an exact number (money in minor units, dates as day numbers), a text, a truth value."""


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One base fact of one subject, or `as_of` (without a record).

    `step` is the precision of its values: a day, a minor unit, 0.1 for a number with one decimal. `near` is its present
    value, or where the search begins if it has none. Beyond `low` and `high`, nobody asks for changes.
    """

    record: Record | None
    about: str
    name: str
    type: Type
    step: Fraction
    near: Point
    low: Fraction | None = None
    high: Fraction | None = None

    @classmethod
    def of(cls, record: Record, about: str, name: str, interpreter: Interpreter) -> Variable:
        """The variable of a fact in a record; the search for an absent one begins at the date, or at 0."""
        kind = interpreter.definitions.declared(about, name)
        value = interpreter.value(s.Name(name, about=about, type=kind), record)
        near = _start(kind, interpreter) if missing(value) else as_point(value)
        return cls(record, about, name, kind, resolution(kind, value, interpreter.setting), near)

    @classmethod
    def as_of(cls, interpreter: Interpreter) -> Variable:
        """The variable of the date of the assessment."""
        return cls(None, "", "as_of", DATE, Fraction(1), _start(DATE, interpreter))

    @property
    def fact(self) -> Fact:
        """The fact, as a residual names it."""
        return self.record, self.about, self.name

    def within(self, low: Fraction | None, high: Fraction | None) -> Variable:
        """The variable with other limits."""
        return replace(self, low=low, high=high)

    def supposed(self, interpreter: Interpreter, point: Point) -> Interpreter:
        """Return an interpreter for which the fact has another value."""
        value = as_value(point)
        if self.record is None:
            return interpreter.supposing(as_of=date.fromordinal(value))
        return interpreter.supposing((self.record, self.about, self.name, value))


_STARTS: Mapping[str, Point] = {"truth": False, "text": "", "texts": ()}


def _start(kind: Type, interpreter: Interpreter) -> Point:
    if kind.kind == "date" and interpreter.setting.as_of is not None:
        return Fraction(interpreter.setting.as_of.toordinal())
    return _STARTS.get(kind.kind, Fraction(0))


def as_point(value: Any) -> Point:
    """Convert a run-time value to a point: a float means the decimal figure that it prints as, not its binary value."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(value)
    return Fraction(value) if isinstance(value, int) else Fraction(repr(float(value)))


def as_value(point: Point) -> Any:
    """Convert a point to a run-time value: an int if it is whole, else a float."""
    if isinstance(point, Fraction):
        return point.numerator if point.denominator == 1 else float(point)
    return point


def resolution(kind: Type, value: Any, setting: Setting) -> Fraction:
    """Return the precision of a fact's values, judged by the present one: a day, a minor unit, its last decimal.

    Plain numbers and quantities have at most 2 decimals, values of KPIs at most 4, percentages 1, as they are
    displayed. The minor unit of JPY is the yen itself, and records can count money in units of the currency or in
    minor units.
    """
    if kind.kind == "money":
        return Fraction(setting.minor_units, 10 ** MINOR_DIGITS.get(setting.currency, _DECIMALS))
    if not kind.numeric:
        return Fraction(1)
    scale = 100 if kind.kind == "number" and kind.percent else 1
    most = 1 if scale == 100 else 4 if kind.kind == "own" else 2
    exact = as_point(value) if isinstance(value, (int, float)) else Fraction(0)
    assert isinstance(exact, Fraction)
    places = next((n for n in range(most) if (exact * scale * 10**n).denominator == 1), most)
    return Fraction(1, 10**places * scale)


def around(points: Iterable[Point], step: Fraction) -> tuple[Point, ...]:
    """Return the multiples of `step` at and next to each point, sorted; texts and truth values are kept."""
    steps: set[int] = set()
    others: dict[Point, None] = {}
    for point in points:
        if isinstance(point, Fraction):
            below = point.numerator * step.denominator // (point.denominator * step.numerator)
            steps |= {below - 1, below, below + 1}
        else:
            others[point] = None
    return (*(Fraction(each * step.numerator, step.denominator) for each in sorted(steps)), *others)
