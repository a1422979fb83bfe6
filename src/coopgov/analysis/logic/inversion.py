"""Invert formulas: find base facts for which an expression has a given number as its value.

The wanted value of an operator is passed on to its operands: for `a - b` to be 12, `b` gets some value and `a` must be
12 more. The result is right if the operands share no facts, and a guess if they do.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, assert_never

from coopgov.analysis.logic.assignment import key_of, put
from coopgov.analysis.logic.items import collection
from coopgov.language import syntax as s
from coopgov.language import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.linear_terms import Sum
    from coopgov.analysis.logic.search import Search

__all__ = ["reach", "reach_sum", "settled"]

_FEW = 6


def value(search: Search, node: s.Expr, given: Given) -> Fraction | None:
    """The exact number that an expression has for given facts; None if it has none."""
    return search.evaluators.of(node)(given)


def settled(search: Search, total: Sum, given: Given) -> Fraction | None:
    """The number that a sum already has for given facts; None if it has none, or can have another one."""
    known = _sum(search, total.parts, total.constant, given)
    if known is None or any(_free(search, node, given) for node, _ in total.parts):
        return None
    return known


def _sum(
    search: Search, parts: Iterable[tuple[s.Expr, Fraction]], constant: Fraction, given: Given
) -> Fraction | None:
    """A constant and the numbers of some quantities, each times its factor; None if one has none."""
    found = constant
    for node, factor in parts:
        known = value(search, node, given)
        if known is None:
            return None
        term = known if factor == 1 else known * factor
        found = found + term if found else term
    return found


def reach_sum(search: Search, total: Sum, target: Fraction, given: Given) -> Iterator[Given]:
    """Facts for which a sum of quantities is a given number: all but one get some value, and that one the rest."""
    if total.single:
        yield from reach(search, total.parts[0][0], target, given)
        return
    for free, factor in total.parts:
        others = [(node, each) for node, each in total.parts if node is not free]
        for found in search.supposed([node for node, _ in others], given):
            rest = _sum(search, others, total.constant, found)
            if rest is not None:
                yield from reach(search, free, (target - rest) / factor, found)


def reach(search: Search, node: s.Expr, target: Fraction, given: Given) -> Iterator[Given]:
    """Facts for which an expression is a given number."""
    if not search.step():
        return
    known = value(search, node, given)
    if known is not None and not _free(search, node, given):
        if known == target:
            yield given
        return
    turned = _TURNED[type(node)]
    if turned is not None:
        yield from turned(search, node, target, given)


def _name(search: Search, node: s.Name, target: Fraction, given: Given) -> Iterator[Given]:
    ends = search.terms.reach(node)
    if not node.level and target in ends.span and not (ends.whole and target.denominator > 1):
        yield from put(given, key_of(node), target)


def _negative(search: Search, node: s.Negative, target: Fraction, given: Given) -> Iterator[Given]:
    yield from reach(search, node.operand, -target, given)


def _arithmetic(search: Search, node: s.Arithmetic, target: Fraction, given: Given) -> Iterator[Given]:
    for free, other in ((node.left, node.right), (node.right, node.left)):
        for found in islice(_other_side(search, node, free, target, given), _FEW):
            known = value(search, other, found)
            wanted = None if known is None else _inverse(node, target, known, left=free is node.left)
            if wanted is not None:
                yield from reach(search, free, wanted, found)


def _other_side(
    search: Search, node: s.Arithmetic, free: s.Expr, target: Fraction, given: Given
) -> Iterator[Given]:
    """Facts that give the other, fixed side a value: for a quotient, if possible, one that makes the dividend whole."""
    other = node.right if free is node.left else node.left
    if isinstance(node, s.Divide) and free is node.left and value(search, other, given) is None:
        for times in (1, 10, 100):
            yield from islice(reach(search, other, Fraction(target.denominator * times), given), 1)
    yield from search.suppose(other, given)


def _inverse(node: s.Arithmetic, target: Fraction, known: Fraction, *, left: bool) -> Fraction | None:
    """The value that one side must have, given the other side's, for the wanted result."""
    if isinstance(node, s.Add):
        return target - known
    if isinstance(node, s.Subtract):
        return target + known if left else known - target
    if isinstance(node, s.Multiply):
        return target / known if known else None
    if isinstance(node, s.Divide):
        if left:
            return target * known if known else None
        return known / target if target else None
    assert_never(node)


def _else(search: Search, node: s.Else, target: Fraction, given: Given) -> Iterator[Given]:
    needed = isinstance(node.left, s.Name) and to_text(node.left) in search.there
    if value(search, node.left, given) is None and not needed:
        yield from reach(search, node.right, target, given)
    yield from reach(search, node.left, target, given)


def _call(search: Search, node: s.Call, target: Fraction, given: Given) -> Iterator[Given]:
    if node.function == "abs":
        for each in dict.fromkeys((target, -target)):
            yield from reach(search, node.arguments[0], each, given)
    elif node.function == "known_if":
        yield from _known_if(search, node, target, given)
    elif node.function in ("min", "max"):
        away = Fraction(-1 if node.function == "max" else 1)
        for position, part in enumerate(node.arguments):
            others = [each for at, each in enumerate(node.arguments) if at != position]
            for found in reach(search, part, target, given):
                for beyond in _beyond(search, others, (target, away), found):
                    if value(search, node, beyond) == target:
                        yield beyond


def _known_if(search: Search, node: s.Call, target: Fraction, given: Given) -> Iterator[Given]:
    found = reach(search, node.arguments[0], target, given)
    yield from (each for each in found if value(search, node, each) == target)


def _beyond(
    search: Search, nodes: list[s.Expr], limit: tuple[Fraction, Fraction], given: Given
) -> Iterator[Given]:
    """Facts that give the other values of a min or max, on the side where they do not win."""
    if not nodes:
        yield given
        return
    first, *rest = nodes
    if value(search, first, given) is not None:
        yield from _beyond(search, rest, limit, given)
        return
    target, away = limit
    for far in (1, 0, 30):
        for found in islice(reach(search, first, target + away * far, given), 2):
            yield from _beyond(search, rest, limit, found)


def _free(search: Search, node: s.Expr, given: Given) -> bool:
    """Whether an expression already has a value that a fact before an `else` could still replace."""
    return any(key_of(name) not in given for name in search.terms.replaceable(node))


_TURNED: Mapping[type[s.Expr], Callable[..., Iterator[Given]] | None] = s.by_class(
    literal=None,
    choices=None,
    name=_name,
    negative=_negative,
    not_=None,
    known=None,
    and_=None,
    or_=None,
    add=_arithmetic,
    subtract=_arithmetic,
    multiply=_arithmetic,
    divide=_arithmetic,
    else_=_else,
    above=None,
    below=None,
    at_least=None,
    at_most=None,
    equal=None,
    not_equal=None,
    between=None,
    in_=None,
    call=_call,
    aggregate=collection,
)
"""None for what is no number, or has no facts in it."""
