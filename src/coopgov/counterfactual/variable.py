"""One fact that may change: where it stands, how finely it is written, and an interpreter for which it is another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.types import DATE, Type
from coopgov.language.values import missing
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.language.interpreter import Interpreter, Record, Setting

__all__ = ["Point", "Variable", "around", "as_point", "as_value", "resolution"]

_DECIMALS = 2
"""Decimals of money whose currency is not told."""

Point = Fraction | str | bool | tuple[str, ...]
"""A value of a fact: numbers exactly (money in minor units, dates as day numbers), texts, truth values."""


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One base fact of one subject, or `as_of` (without a record).

    `step` is how finely its values are written: a day, a minor unit, 0.1 of a number with one decimal. `near` is where it
    stands, or where to begin to look.
    """

    record: Record | None
    about: str
    name: str
    type: Type
    step: Fraction
    near: Point

    @classmethod
    def of(cls, record: Record, about: str, name: str, interpreter: Interpreter) -> Variable:
        """A fact as a record holds it now; one that is absent is looked for around the date, or around 0."""
        kind = interpreter.definitions.declared(about, name)
        value = interpreter.value(s.Name(name, about=about, type=kind), record)
        near = _start(kind, interpreter) if missing(value) else as_point(value)
        return cls(record, about, name, kind, resolution(kind, value, interpreter.setting), near)

    @classmethod
    def as_of(cls, interpreter: Interpreter) -> Variable:
        """The date of the assessment."""
        return cls(None, "", "as_of", DATE, Fraction(1), _start(DATE, interpreter))

    def supposed(self, interpreter: Interpreter, point: Point) -> Interpreter:
        """An interpreter for which the fact has another value."""
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
    """A value of an evaluation, exactly: a binary number means the decimal figure it is written as."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(value)
    return Fraction(value) if isinstance(value, int) else Fraction(repr(float(value)))


def as_value(point: Point) -> Any:
    """A point as a value to evaluate with: whole numbers are int, others float."""
    if isinstance(point, Fraction):
        return point.numerator if point.denominator == 1 else float(point)
    return point


def resolution(kind: Type, value: Any, setting: Setting) -> Fraction:
    """How finely values of a type are written, as the present one is: a day, a minor unit, its last decimal.

    Plain numbers and quantities have at most 2 decimals, values of KPIs at most 4, percentages 1: what is shown of them.
    A minor unit of JPY is a whole one, and records can count money in units of the currency or in minor ones.
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
    """The values that can be written at and right beside each point, sorted; texts and truth values stay as they are."""
    numbers: set[Fraction] = set()
    others: dict[Point, None] = {}
    for point in points:
        if isinstance(point, Fraction):
            below = floor(point / step) * step
            numbers |= {below - step, below, below + step}
        else:
            others[point] = None
    return (*sorted(numbers), *others)
