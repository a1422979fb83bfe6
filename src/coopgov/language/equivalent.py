"""Expressions that mean the same as others, so that a backend has fewer classes of nodes to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.language import syntax as s
from coopgov.language.types import TRUTH

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPPOSITE", "alternatives", "both_ends"]

OPPOSITE: Mapping[type[s.Comparison], type[s.Comparison]] = s.by_comparison(
    above=s.AtMost, below=s.AtLeast, at_least=s.Below, at_most=s.Above, equal=s.NotEqual, not_equal=s.Equal
)
"""The comparison that holds exactly where another one does not, provided that both values are known."""


def both_ends(node: s.Between) -> s.And:
    """Return `a at least b and a at most c` for `a between b and c`."""
    low = s.AtLeast(node.operand, node.low, type=node.type)
    high = s.AtMost(node.operand, node.high, type=node.type)
    return s.And((low, high), type=node.type)


def alternatives(left: s.Expr, choices: s.Choices) -> s.Or:
    """Return `a is b or a is c` for `a in [b, c]`."""
    return s.Or(tuple(s.Equal(left, item, type=TRUTH) for item in choices.items), type=TRUTH)
