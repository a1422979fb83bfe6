"""Model comparisons as the engine makes them: in binary arithmetic, with a tolerance that grows with the right side.

If one side is a constant, or all quantities are bounded, the tolerance is smaller than any written figure, and the
comparison is one of exact numbers. Otherwise amounts can be so large that the tolerance matters: `spent + 0.5 above
spent` is false beyond 1e12. Then *above* means that the difference minus the tolerance is above the limit, and *below*
that the difference plus the tolerance is below it: two numbers, the second of which is never less than the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.analysis.logic.intervals import Numbers, Span, at, snapped
from coopgov.analysis.logic.linear_terms import Sum, constant_of, steps
from coopgov.language import syntax as s
from coopgov.language import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.analysis.logic.linear_terms import Terms

__all__ = ["SETS", "Sides", "noisy", "sides_of"]

SETS: Mapping[type[s.Comparison], Callable[[Fraction], Numbers]] = s.by_comparison(
    above=lambda t: Numbers((Span(t, None, low_open=True),)),
    below=lambda t: Numbers((Span(None, t, high_open=True),)),
    at_least=lambda t: Numbers((Span(t),)),
    at_most=lambda t: Numbers((Span(None, t),)),
    equal=lambda t: Numbers((at(t),)),
    not_equal=lambda t: ~Numbers((at(t),)),
)
_MIRRORED: Mapping[type[s.Comparison], type[s.Comparison]] = s.by_comparison(
    above=s.Below, below=s.Above, at_least=s.AtMost, at_most=s.AtLeast, equal=s.Equal, not_equal=s.NotEqual
)
_SMALL = Fraction(10**7)
"""Quantities up to this size, which includes days, have a tolerance of at most a hundred-thousandth."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A comparison as `kind` of a number, the sum `total`, with `limit`.

    `key` says which comparisons are about the same number, `blurred` that its tolerance can be of any size, `right`
    what the tolerance grows with, where that is known, `noisy` that the engine's figure need not be near the exact
    one: sums of several quantities may cancel.
    """

    kind: type[s.Comparison]
    key: str
    total: Sum
    limit: Fraction
    blurred: bool = False
    right: Sum | None = None
    noisy: bool = False


def sides_of(terms: Terms, node: s.Comparison) -> Sides:
    """The number, relation and limit of a written-out comparison."""
    left, right = _Side.of(terms, node.left), _Side.of(terms, node.right)
    alike = left.text == right.text and left.constant == right.constant
    if alike or _exact(terms, left, right):
        return _difference(type(node), left.whole, right.whole)
    if not right.whole.parts:
        return _limited(type(node), left, right.whole.constant)
    if not left.whole.parts:
        return _limited(_MIRRORED[type(node)], right, left.whole.constant)
    # exact amounts are whole minor units, so their tolerance is constant and does not grow with the right side
    amounts = node.left.type.kind == "money" and node.left.type.exact and node.right.type.exact
    plain = left.plain and right.plain
    if amounts and plain and not left.constant and not right.constant:
        return _difference(type(node), left.whole, right.whole)
    kind = type(node)
    if left.text > right.text:  # so that `a above b` and `b below a` have one key
        kind, left, right = _MIRRORED[kind], right, left
    key = f"{left.text} | {right.text}" + (" as amounts" if amounts else "")
    total = left.rest + right.rest.scaled(Fraction(-1))
    limit = right.constant - left.constant
    grows = None if amounts else right.rest
    return Sides(kind, key, total, limit, blurred=True, right=grows, noisy=not plain)


def noisy(terms: Terms, node: s.Expr) -> bool:
    """Whether the engine's figure for an expression may be far from the exact one."""
    side = _Side.of(terms, node)
    return not side.plain and not side.tame and not _exact(terms, side, side)


def _difference(kind: type[s.Comparison], left: Sum, right: Sum) -> Sides:
    """The difference between both sides, as a multiple of its first quantity."""
    difference = left + right.scaled(Fraction(-1))
    if not difference.parts:
        return Sides(kind, "", difference, snapped(-difference.constant))
    factor = difference.parts[0][1]
    limit = snapped(-difference.constant / factor)
    total = Sum(difference.parts).scaled(1 / factor)
    key = " + ".join(f"{each} * ({to_text(part)})" for part, each in total.parts)
    return Sides(kind if factor > 0 else _MIRRORED[kind], key, total, limit)


def _limited(kind: type[s.Comparison], side: _Side, limit: Fraction) -> Sides:
    """Several quantities and a limit: the engine's figure depends on how the sum is written, so it is one number."""
    return Sides(kind, side.text, side.rest, snapped(limit - side.constant), noisy=not side.tame)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side: its key, its quantities, and its constant.

    `plain` says that it is a multiple of one quantity plus a constant, `tame` that it is at most a difference of two
    facts, in which no precision is lost.
    """

    text: str
    whole: Sum
    rest: Sum
    constant: Fraction
    plain: bool
    tame: bool

    @classmethod
    def of(cls, terms: Terms, node: s.Expr) -> _Side:
        whole = terms.sum_of(node)
        quantities = _quantities(node)
        if len(whole.parts) <= 1 and quantities == len(whole.parts):
            text = " + ".join(f"{factor} * ({to_text(part)})" for part, factor in whole.parts)
            return cls(text, whole, Sum(whole.parts), whole.constant, plain=True, tame=True)
        tame = quantities == len(whole.parts) == 2 and not whole.constant
        tame = tame and all(isinstance(part, s.Name) for part, _ in whole.parts)
        return cls(to_text(node), whole, whole, Fraction(0), plain=False, tame=tame)


def _quantities(node: s.Expr) -> int:
    """How many quantities are added, counting repetitions."""
    if constant_of(node) is not None:
        return 0
    if isinstance(node, s.Negative):
        return _quantities(node.operand)
    if isinstance(node, (s.Add, s.Subtract)) and not steps(node):
        return _quantities(node.left) + _quantities(node.right)
    if isinstance(node, s.Multiply) and constant_of(node.left) is not None:
        return _quantities(node.right)
    if isinstance(node, (s.Multiply, s.Divide)) and constant_of(node.right) is not None:
        return _quantities(node.left)
    return 1


def _exact(terms: Terms, left: _Side, right: _Side) -> bool:
    """Whether exact arithmetic predicts the engine's comparison: one quantity and a constant, or bounded quantities."""
    parts = [part for part, _ in (*left.whole.parts, *right.whole.parts)]
    if left.plain and right.plain and len(parts) <= 1:
        return True
    ends = [end for part in parts for span in (terms.reach(part).span,) for end in (span.low, span.high)]
    return all(end is not None and abs(end) <= _SMALL for end in ends)
