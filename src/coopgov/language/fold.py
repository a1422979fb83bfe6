"""Constant folding: evaluates arithmetic on literals once, when a rule is loaded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import add, mul, sub, truediv
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError
from coopgov.language import syntax as s
from coopgov.language.units import BUILT_IN, as_decimal, unit_name
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["constant", "fold", "minor_units_of", "number", "value_of"]

_TOO_LARGE = 10**31
_FOLDED: Mapping[type[s.Arithmetic], Callable[[Fraction, Fraction], Fraction]] = s.by_arithmetic(
    add=add, subtract=sub, multiply=mul, divide=truediv
)


def constant(node: s.Expr) -> bool:
    """Whether an expression folds to a literal."""
    return isinstance(node, s.Literal)


def number(node: s.Literal) -> Fraction:
    """The exact number of a literal in the base unit of its type; values in a KPI's own unit are not converted."""
    assert isinstance(node.value, Decimal)
    return _exact(node.value, "" if node.type.kind == "own" else node.unit)


@lru_cache(maxsize=4096)
def _exact(value: Decimal, unit: str) -> Fraction:
    known = BUILT_IN.get(unit)
    return Fraction(value) if known is None else Fraction(value) * known.factor


def value_of(node: s.Literal) -> object:
    """A literal as a run-time value: a whole number is an int, any other a float, a date its ordinal."""
    if isinstance(node.value, Decimal):
        exact = number(node)
        return exact.numerator if exact.denominator == 1 else float(exact)
    return node.value if isinstance(node.value, (bool, str)) else node.value.toordinal()


def minor_units_of(node: s.Literal, minor_units: int) -> int | float:
    """An amount of money in minor units, exactly: a binary product would be a cent off for large amounts."""
    exact = number(node)
    amount = exact.numerator * minor_units
    return amount if exact.denominator == 1 else amount / exact.denominator


def fold(node: s.Expr) -> s.Expr:
    """Replace arithmetic on numeric literals with its result."""
    if isinstance(node, s.Negative) and isinstance(node.operand, s.Literal):
        literal = node.operand
        assert isinstance(literal.value, Decimal)
        return replace(literal, value=literal.value.copy_negate(), start=node.start, end=node.end)
    if not isinstance(node, s.Arithmetic) or not node.type.numeric:
        return node
    left, right = node.left, node.right
    if not (isinstance(left, s.Literal) and isinstance(right, s.Literal)) or left.type.kind == "date":
        return node
    if right.type.kind == "date" or (
        left.type.kind == right.type.kind == "money" and left.unit != right.unit
    ):
        return node
    return _folded(node, left, right)


def _folded(node: s.Arithmetic, left: s.Literal, right: s.Literal) -> s.Expr:
    try:
        exact = _FOLDED[type(node)](number(left), number(right))
    except ZeroDivisionError:
        return node
    if abs(exact) >= _TOO_LARGE:
        found = phrase("language.result", number=f"{float(exact):.0e}")
        expected = phrase("language.thirty-digits")
        raise ExpressionError("number-too-large", found, expected, start=node.start, end=node.end)
    value, unit = as_decimal(exact), node.type.unit
    if node.type.percent:
        value, unit = as_decimal(exact * 100), "%"
    elif node.type.kind == "money":
        unit = left.type.unit or right.type.unit or "money"
    elif node.type.kind == "quantity":
        unit = unit_name(unit)
    return s.Literal(value, unit, start=node.start, end=node.end, type=node.type)
