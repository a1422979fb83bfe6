"""Compile expressions into functions of facts that return their exact number, if it can be determined.

Each is compiled once from the tree, because a search for facts evaluates the same few expressions again and again.
"""

from __future__ import annotations

from fractions import Fraction
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.assignment import evaluated, key_of
from coopgov.analysis.logic.intervals import snapped
from coopgov.analysis.logic.linear_terms import constant_of, steps
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.analysis.logic.assignment import Given
    from coopgov.facts import Catalogue

    Evaluator = Callable[[Given], Fraction | None]

__all__ = ["Evaluators"]


class Evaluators:
    """The values of written-out expressions about one type of subject, for given facts."""

    def __init__(self, catalogue: Catalogue, about: str) -> None:
        self.catalogue = catalogue
        self.about = about
        self._made: dict[int, tuple[s.Expr, Evaluator]] = {}

    def of(self, node: s.Expr) -> Evaluator:
        """The function for an expression; it returns None if there is no number."""
        if id(node) not in self._made:
            # keep the node, so that no other node gets its id while it is a key
            self._made[id(node)] = (node, self._new(node))
        return self._made[id(node)][1]

    def _new(self, node: s.Expr) -> Evaluator:
        constant = constant_of(node)
        if constant is not None:
            return lambda _: constant
        if isinstance(node, s.Name):
            return _fact(node)
        if isinstance(node, s.Else):
            return self._else(node)
        operation = _OPERATIONS.get(node.function if isinstance(node, s.Call) else type(node))
        if operation is None or steps(node):
            return self._computed(node)
        parts = [self.of(part) for part in s.children(node)]
        return _both(operation, *parts) if len(parts) == 2 else _all(operation, parts)

    def _else(self, node: s.Else) -> Evaluator:
        left, right = self.of(node.left), self.of(node.right)

        def read(given: Given) -> Fraction | None:
            value = left(given)
            return right(given) if value is None else value

        return read

    def _computed(self, node: s.Expr) -> Evaluator:
        """The engine's value of the expression, as a number."""

        def read(given: Given) -> Fraction | None:
            value = evaluated(node, given, self.catalogue, self.about) if node.type.ordered else None
            return snapped(Fraction(value)) if isinstance(value, (int, float)) else None

        return read


def _fact(node: s.Name) -> Evaluator:
    key = key_of(node)

    def read(given: Given) -> Fraction | None:
        value = given.get(key)
        return value if isinstance(value, Fraction) else None

    return read


def _both(operation: Callable[..., Fraction | None], first: Evaluator, second: Evaluator) -> Evaluator:
    def read(given: Given) -> Fraction | None:
        left = first(given)
        right = None if left is None else second(given)
        return None if right is None else operation(left, right)

    return read


def _all(operation: Callable[..., Fraction | None], parts: list[Evaluator]) -> Evaluator:
    def read(given: Given) -> Fraction | None:
        values = [part(given) for part in parts]
        return None if None in values else operation(*values)

    return read


_OPERATIONS: Mapping[Any, Callable[..., Fraction | None]] = {
    s.Add: add,
    s.Negative: lambda value: -value,
    s.Subtract: sub,
    s.Multiply: mul,
    s.Divide: lambda left, right: left / right if right else None,
    "min": min,
    "max": max,
    "abs": abs,
}
