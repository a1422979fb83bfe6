"""Compiles comparisons of columns: exact for dates and money that was only added, within a tolerance otherwise."""

from __future__ import annotations

from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.values import Column, Range, Value
from coopgov.language import syntax as s
from coopgov.language.tolerance import MONEY_TOLERANCE, TOLERANCE, tolerance
from coopgov.synonyms import spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.context import Sheet

__all__ = ["holds"]

Kind = type[s.Comparison]


def holds(sheet: Sheet, kind: Kind, node: s.Comparison, left: Value | Range, right: Value | Range) -> Column:
    """Where a comparison certainly holds; `node` gives the operands and `kind` the operator."""
    if node.left.type.kind == "text":
        assert isinstance(left, Value)
        assert isinstance(right, Value)
        return _text_holds(kind, node, left, right)
    exact = node.left.type.kind == "date" or (
        node.left.type.kind == "money" and node.left.type.exact and node.right.type.exact
    )
    constant = right.constant if isinstance(right, Value) else None

    def ordered(kind: Kind, left: Column, right: Column) -> Column:
        return _EXACT[kind](left, right) if exact else _tolerant(sheet, kind, left, right, constant)

    if kind is s.Equal:
        return _same(ordered, left, right)
    if kind is s.NotEqual:
        return _apart(ordered, left, right)
    if kind in (s.Above, s.AtLeast):
        return ordered(kind, _low(left), _high(right))
    return ordered(kind, _high(left), _low(right))


def _text_holds(kind: Kind, node: s.Comparison, left: Value, right: Value) -> Column:
    """Compare texts; where one side is a word of the vocabulary, its synonyms in a column are the same."""
    for column, other, of in ((left, right, node.left.type), (right, left, node.right.type)):
        words = spellings(other.constant, of.group) if of.group and isinstance(other.constant, str) else ()
        if len(words) > 1 and column.constant is None:
            found = column.value.is_in(words)
            return found if kind is s.Equal else ~found & ~column.value.is_null()
    return left.value == right.value if kind is s.Equal else left.value != right.value


def _apart(
    ordered: Callable[[Kind, Column, Column], Column], left: Value | Range, right: Value | Range
) -> Column:
    above = ordered(s.Above, _low(left), _high(right))
    return above | ordered(s.Below, _high(left), _low(right))


def _same(
    ordered: Callable[[Kind, Column, Column], Column], left: Value | Range, right: Value | Range
) -> Column:
    """Where both are certain, and neither is above the other."""
    same = ordered(s.AtLeast, _low(left), _high(right)) & ordered(s.AtMost, _high(left), _low(right))
    for part in (left, right):
        if isinstance(part, Range):
            same = same & (part.low == part.high)
    return same


def _tolerant(sheet: Sheet, kind: Kind, left: Column, right: Column, constant: Any) -> Column:
    compare, side = _TOLERANT[kind]
    if constant is not None:
        # Computed in Python, so that the column comparison is a single operation and rounds as in the interpreter.
        return compare(left, constant + side * tolerance(constant))
    size = right.abs()
    reach = sheet.choose(size <= 1.0, TOLERANCE, size * TOLERANCE)
    return compare(left, right + reach if side > 0 else right - reach)


def _low(part: Value | Range) -> Column:
    return part.low if isinstance(part, Range) else part.value


def _high(part: Value | Range) -> Column:
    return part.high if isinstance(part, Range) else part.value


_TOLERANT: Mapping[Kind, tuple[Callable[[Any, Any], Any], int]] = {
    s.Above: (gt, 1),
    s.AtMost: (le, 1),
    s.Below: (lt, -1),
    s.AtLeast: (ge, -1),
}
"""The operator, and the direction in which the tolerance moves the right-hand side."""
_EXACT: Mapping[Kind, Callable[[Any, Any], Any]] = {
    s.Above: lambda a, b: a - b > MONEY_TOLERANCE,
    s.AtMost: lambda a, b: a - b <= MONEY_TOLERANCE,
    s.Below: lambda a, b: b - a > MONEY_TOLERANCE,
    s.AtLeast: lambda a, b: b - a <= MONEY_TOLERANCE,
}
