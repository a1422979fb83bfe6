"""Bounds what an operator can make of operands that vary: the extents of its values.

An extent is the least and the greatest value that is not missing; false is 0 and true is 1. It may be too large, never
too small: a floating-point operation that is monotonic is so after rounding, too, so the ends suffice.
"""

from __future__ import annotations

from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, Any, assert_never

from coopgov.language import syntax as s
from coopgov.language.comparing import compared
from coopgov.language.values import Bounds, Nothing, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ANY", "EXTENTS", "Extent", "extent_of", "extent_of_items"]

Extent = tuple[float, float]

ANY: Extent = (-inf, inf)
_NONE: Extent = (inf, -inf)
"""The extent of what is always missing."""
_TRUTH: Extent = (0, 1)


def extent_of(value: Any) -> Extent:
    """The extent of a value that does not vary; texts have no order, and thus no limits."""
    if value.__class__ is Nothing:
        return _NONE
    if value.__class__ is Bounds:
        return value.low, value.high
    return (value, value) if isinstance(value, (bool, int, float)) else ANY


def extent_of_items(
    function: str, known: Sequence[tuple[Any, Any]], moving: Sequence[tuple[Extent, Extent]]
) -> Extent:
    """The extent of an aggregate: what is known of items that do not vary, and of the others both extents."""
    if function == "count":
        certain = sum(where is True for where, _ in known)
        return certain, len(known) + len(moving)
    if function == "sum":
        fixed = [each for each in known if each[0] is True]
        least = aggregate("sum", [*fixed, *((True, min(0, low)) for _, (low, _) in moving)])
        most = aggregate("sum", [*fixed, *((True, max(0, high)) for _, (_, high) in moving)])
        return ANY if Nothing in (least.__class__, most.__class__) else _sound(least, most)
    if function in ("min", "max"):
        values = [value for where, value in known if where is True and value.__class__ is not Nothing]
        ends = [*values, *(end for _, extent in moving for end in extent)]
        return _sound(*ends) if ends else _NONE
    return _TRUTH if function in ("any", "all", "share") else ANY


def _sound(*ends: float) -> Extent:
    """The extent of some values; any, if one is undefined, as a difference of infinities, or beyond all floats."""
    try:
        return ANY if any(map(isnan, ends)) else (min(ends), max(ends))
    except OverflowError:
        return ANY


def _unlimited(_node: s.Expr, _operands: Sequence[Extent]) -> Extent:
    return ANY


def _truth(_node: s.Expr, _operands: Sequence[Extent]) -> Extent:
    return _TRUTH


def _negative(_: s.Negative, operands: Sequence[Extent]) -> Extent:
    low, high = operands[0]
    return -high, -low


def _negation(_: s.Not, operands: Sequence[Extent]) -> Extent:
    low, high = operands[0]
    return 1 - high, 1 - low


def _all(_: s.And, operands: Sequence[Extent]) -> Extent:
    return all(1 <= low <= high for low, high in operands), all(high >= 1 for _, high in operands)


def _any(_: s.Or, operands: Sequence[Extent]) -> Extent:
    return any(1 <= low <= high for low, high in operands), any(high >= 1 for _, high in operands)


def _arithmetic(node: s.Arithmetic, operands: Sequence[Extent]) -> Extent:
    (a, b), (c, d) = operands
    if a > b or c > d:
        return _NONE
    if node.type.kind == "date" and node.right.type.unit != "day":
        return ANY
    if isinstance(node, s.Add):
        return _sound(a + c, b + d)
    if isinstance(node, s.Subtract):
        return _sound(a - d, b - c)
    if isinstance(node, s.Multiply):
        return _sound(a * c, a * d, b * c, b * d)
    if isinstance(node, s.Divide):
        return _sound(a / c, a / d, b / c, b / d) if c > 0 or d < 0 else ANY
    assert_never(node)


def _otherwise(_: s.Else, operands: Sequence[Extent]) -> Extent:
    (a, b), (c, d) = operands
    return min(a, c), max(b, d)


def _rising(node: s.Above | s.AtLeast, operands: Sequence[Extent]) -> Extent:
    (a, b), (c, d) = operands
    if a > b or c > d:
        return _NONE
    return _holds(type(node), node, a, d) is True, _holds(type(node), node, b, c) is not False


def _falling(node: s.Below | s.AtMost, operands: Sequence[Extent]) -> Extent:
    (a, b), (c, d) = operands
    if a > b or c > d:
        return _NONE
    return _holds(type(node), node, b, c) is True, _holds(type(node), node, a, d) is not False


def _equal(node: s.Equal, operands: Sequence[Extent]) -> Extent:
    (a, b), (c, d) = operands
    if a > b or c > d:
        return _NONE
    if not node.left.type.ordered:
        return _TRUTH
    reach = _holds(s.AtLeast, node, b, c) is not False and _holds(s.AtMost, node, a, d) is not False
    return 0, reach


def _holds(kind: type[s.Comparison], node: s.Comparison, left: float, right: float) -> Any:
    """Whether a comparison holds; None if it cannot be said of values without limits."""
    if not (isfinite(left) and isfinite(right)):
        return None
    return compared(kind, left, right, node.left.type, node.right.type)


def _call(node: s.Call, operands: Sequence[Extent]) -> Extent:
    if any(low > high for low, high in operands):
        return _NONE
    if node.function == "known_if":
        return operands[0] if operands[1][1] >= 1 else _NONE
    if node.function == "abs":
        low, high = operands[0]
        return (0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
    if node.function not in ("min", "max"):
        return ANY
    extreme = min if node.function == "min" else max
    return extreme(low for low, _ in operands), extreme(high for _, high in operands)


EXTENTS: Mapping[type[s.Expr], Callable[..., Extent]] = s.by_class(
    literal=_unlimited,
    choices=_unlimited,
    name=_unlimited,
    negative=_negative,
    not_=_negation,
    known=_truth,
    and_=_all,
    or_=_any,
    add=_arithmetic,
    subtract=_arithmetic,
    multiply=_arithmetic,
    divide=_arithmetic,
    else_=_otherwise,
    above=_rising,
    below=_falling,
    at_least=_rising,
    at_most=_falling,
    equal=_equal,
    not_equal=_truth,
    between=_truth,
    in_=_truth,
    call=_call,
    aggregate=_unlimited,
)
"""By class of node, the function of a node and the extents of its children."""
