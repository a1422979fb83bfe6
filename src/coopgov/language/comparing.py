"""Compares values as decimal figures, exactly or with the tolerance, and numbers of which only bounds are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.tolerance import above, below
from coopgov.language.values import UNKNOWN, Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.language.types import Type

__all__ = ["compare_uncertain", "compared"]


def compared(kind: type[s.Comparison], left: Any, right: Any, a: Type, b: Type) -> Any:
    """Compare two values of these types, neither of which is missing."""
    if a.kind in ("truth", "text"):
        return (left == right) is (kind is s.Equal)
    if left.__class__ is Bounds or right.__class__ is Bounds:
        return compare_uncertain(kind, left, right)
    return _ORDER[kind](left, right, exact=_exact(a, b))


def compare_uncertain(kind: type[s.Comparison], left: Any, right: Any) -> Any:
    """Compare numbers of which only bounds may be known; UNKNOWN where the bounds disagree."""
    (low, high), (least, most) = _ends(left), _ends(right)
    # The ends suffice for the ordered comparisons, which are monotonic; not for `is`, which can hold only in between.
    outcomes = {_ORDER[kind](x, y, exact=False) for x in (low, high) for y in (least, most)}
    apart = high < least or most < low
    if kind in (s.Equal, s.NotEqual) and not apart and (low < high or least < most):
        return UNKNOWN
    return outcomes.pop() if len(outcomes) == 1 else UNKNOWN


def _ends(value: Any) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Bounds) else (value, value)


def _exact(a: Type, b: Type) -> bool:
    return a.kind == "date" or (a.kind == "money" and a.exact and b.exact)


_ORDER: Mapping[type[s.Comparison], Callable[..., bool]] = s.by_comparison(
    above=above,
    below=below,
    at_least=lambda a, b, *, exact: not below(a, b, exact=exact),
    at_most=lambda a, b, *, exact: not above(a, b, exact=exact),
    equal=lambda a, b, *, exact: not above(a, b, exact=exact) and not below(a, b, exact=exact),
    not_equal=lambda a, b, *, exact: above(a, b, exact=exact) or below(a, b, exact=exact),
)
