"""Checks the conditions of `clear`: each lies on the safe side of its band and of all worse ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgov.language import syntax as s
from coopgov.language.fold import number

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["inside"]

_RISING = (s.Above, s.AtLeast)
_FALLING = (s.Below, s.AtMost)


class _Range(NamedTuple):
    """The values from `low` to `high`, None for no end; an end is `open` if it is not itself among them."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False

    def meets(self, other: _Range) -> bool:
        """Whether a value is in both."""
        return not (self._below(other) or other._below(self))

    def _below(self, other: _Range) -> bool:
        """Whether all its values are less than all values of the other."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and (self.open_high or other.open_low))


def inside(clear: s.Expr, band: s.Expr) -> bool:
    """Whether a value of the measure can pass `clear` and hold a band, as far as constants and directions say.

    >>> from coopgov.facts import default_catalogue
    >>> from coopgov.language import parse
    >>> from coopgov.language.type_check import check
    >>> band, *limits = (
    ...     check(parse(f"delay {each}"), "phase", default_catalogue())
    ...     for each in ("above 10 days", "at most 8 days", "at most 12 days")
    ... )
    >>> [inside(limit, band) for limit in limits]
    [False, True]
    """
    for kinds in (_RISING, _FALLING):
        if isinstance(clear, kinds) and isinstance(band, kinds):
            return True
    ranges, bands = _ranges(clear), _ranges(band)
    return any(one.meets(other) for one in ranges for other in bands)


def _ranges(condition: s.Expr) -> list[_Range]:
    """The values of the measure for which a comparison with constants holds; empty for any other condition."""
    if isinstance(condition, s.Between):
        low, high = _constant(condition.low), _constant(condition.high)
        return [] if low is None or high is None else [_Range(low, high)]
    if isinstance(condition, s.In) and isinstance(condition.right, s.Choices):
        values = [_constant(each) for each in condition.right.items]
        return [_Range(each, each) for each in values if each is not None]
    value = _constant(condition.right) if isinstance(condition, s.Comparison) else None
    if value is None:
        return []
    if isinstance(condition, _RISING):
        return [_Range(low=value, open_low=isinstance(condition, s.Above))]
    if isinstance(condition, _FALLING):
        return [_Range(high=value, open_high=isinstance(condition, s.Below))]
    if isinstance(condition, s.NotEqual):
        return [_Range(high=value, open_high=True), _Range(low=value, open_low=True)]
    return [_Range(value, value)]


def _constant(node: s.Expr) -> Fraction | None:
    return number(node) if isinstance(node, s.Literal) and node.type.numeric else None
