"""Checks ladders: the bands on a measure must rise with severity, or fall for `below`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.backends.ir import Step
from coopgov.language import syntax as s
from coopgov.language.fold import constant, number
from coopgov.locales import phrase
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from coopgov.locales import Phrase
    from coopgov.severities import Severity

__all__ = ["step_of", "wrong_order"]

_RISING = (s.Above, s.AtLeast)
_FALLING = (s.Below, s.AtMost)


def step_of(severity: Severity, condition: s.Expr) -> Step:
    """Build a step of a ladder from its checked condition."""
    if isinstance(condition, s.Comparison):
        return Step(severity, condition, condition.right)
    if isinstance(condition, s.Between):
        return Step(severity, condition, condition.low)
    return Step(severity, condition)


def wrong_order(steps: Sequence[Step]) -> tuple[Step, Phrase] | None:
    """Return the first step, from mild to severe, that is no harder to reach than the one before, and a valid value.

    Only steps that compare with a constant are checked.
    """
    before: tuple[Step, Fraction] | None = None
    for step in steps:
        if _empty(step.condition):
            return step, phrase("rules.ladder-order.empty")
    for step in sorted(steps, key=lambda one: SEVERITIES.index(one.severity)):
        bound = _bound(step)
        if bound is None:
            continue
        if before is not None:
            milder, limit = before
            if isinstance(step.condition, _RISING) is not isinstance(milder.condition, _RISING):
                return step, phrase("rules.ladder-order.direction", severity=milder.severity)
            if isinstance(step.condition, _RISING) and bound <= limit:
                return step, phrase("rules.ladder-order.more", severity=milder.severity)
            if isinstance(step.condition, _FALLING) and bound >= limit:
                return step, phrase("rules.ladder-order.less", severity=milder.severity)
        before = (step, bound)
    return None


def _empty(condition: s.Expr) -> bool:
    """Whether there is no number between the two ends."""
    if not isinstance(condition, s.Between):
        return False
    low, high = condition.low, condition.high
    numbers = isinstance(low, s.Literal) and isinstance(high, s.Literal) and low.type.numeric
    return numbers and number(low) > number(high)  # type: ignore[arg-type]


def _bound(step: Step) -> Fraction | None:
    if not isinstance(step.condition, (*_RISING, *_FALLING)):
        return None
    right = step.condition.right
    if not constant(right) or not right.type.numeric:
        return None
    assert isinstance(right, s.Literal)
    return number(right)
