"""Overflow analysis: finds the arithmetic that can leave the range of floats although no fact is beyond ±1e100.

Generated code checks only such results. In ordinary rules these are quotients, whose divisor can be close to 0.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, assert_never

from coopgov.language import syntax as s
from coopgov.language.fold import number
from coopgov.language.values import GREATEST, LARGEST, LAST_DAY

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue

__all__ = ["Sizes"]

_MOST_ITEMS = float(sys.maxsize)
_MINOR_UNITS = 10_000
"""The most minor units in one unit of a currency."""
_CERTAIN = 1 + 1e-9
"""A margin for rounding errors, so that every bound is safe."""


class Sizes:
    """Computes upper bounds of the absolute values of expressions."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.known: dict[tuple[str, str], float] = {}

    def beyond(self, node: s.Expr) -> bool:
        """Whether the result of arithmetic on facts within their ranges can be out of range."""
        return isinstance(node, s.Arithmetic) and self._arithmetic(node) > GREATEST

    def of(self, node: s.Expr) -> float:
        """Return the largest absolute value of an expression; results out of range do not count: they are unknown."""
        if node.type.kind == "date":
            return LAST_DAY + 1.0
        if isinstance(node, s.Literal):
            return abs(float(number(node))) * (_MINOR_UNITS if node.type.kind == "money" else 1)
        if isinstance(node, s.Name):
            return self._name(node)
        if isinstance(node, s.Aggregate):
            return self._aggregate(node)
        if isinstance(node, s.Call) and node.function == "working_days":
            return float(LAST_DAY)
        if isinstance(node, s.Call) and node.function == "known_if":
            return self.of(node.arguments[0])
        if isinstance(node, s.Arithmetic):
            return min(self._arithmetic(node), GREATEST)
        if isinstance(node, (s.Negative, s.Else, s.Call)):
            return max(map(self.of, s.children(node)))
        assert not isinstance(node, (s.Condition, s.Choices)), "they have no size"
        assert_never(node)

    def _name(self, node: s.Name) -> float:
        key = (node.about, node.name)
        if key not in self.known:
            definition = self.catalogue.definition(*key)
            ends = self.catalogue.within(*key)
            span = (
                LARGEST if ends.least is None or ends.most is None else max(abs(ends.least), abs(ends.most))
            )
            self.known[key] = float(span) if definition is None else self.of(definition)
        return self.known[key]

    def _aggregate(self, node: s.Aggregate) -> float:
        if node.function in ("count", "share"):
            return _MOST_ITEMS
        size = self.of(node.value) if node.value is not None else LARGEST
        return min(size * _MOST_ITEMS if node.function == "sum" else size * _CERTAIN, GREATEST)

    def _arithmetic(self, node: s.Arithmetic) -> float:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node, s.Multiply):
            return left * right * _CERTAIN
        if isinstance(node, (s.Add, s.Subtract)):
            return (left + right) * _CERTAIN
        if isinstance(node, s.Divide):
            # A divisor that is not constant can be arbitrarily close to 0.
            if not isinstance(node.right, s.Literal):
                return math.inf
            return left / right * _CERTAIN if right else 0.0
        assert_never(node)
